"""The ledger of produce: signed entries in fen, never changed and never deleted.

A party's balance, the sum of its entries, is what the station owes it; below zero it owes the station. The purses `cash` and
`bank` hold their balance. Entries come in postings, and in every posting, so in every order and in the whole ledger,

    sum of all parties = sum of the purses

    an order is booked    buyer − what he has to pay; household, station, carrier, platform … + their parts   (sums to 0)
    the buyer pays        cash or bank +, buyer +; through a platform: platform − (it owes it to the station), buyer +
    a platform pays out   bank +, platform +
    a refund              who bears it −, buyer +; when it is handed to him: cash or bank −, buyer −
    goods were lost       who bears it −, household +
    a settlement is paid  household −, cash or bank −
    a courier is paid     carrier −, cash or bank −; the cash box filled: bank −, cash +

The refs of a posting's entries are its name, `/` and a number; a name is posted once, and posting it again is harmless.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from station import audit, clock, order_book, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models.money import Party

PURSES = frozenset({Party.CASH, Party.BANK})
PAYMENT = "payment"
# What a household was handed for a settlement; no settlement counts it again.
PAID_OUT = "paid_out"
_LONGEST_REF = 74
# Entries of a posting that are looked up at once; nearly none has more.
_TOGETHER = 20

tell(
    {
        "already_reversed": (409, N_("This entry was taken back before. Nothing was changed.")),
        "reversal_stays": (
            409,
            N_("This entry takes another one back, and that stays. Write down what is right anew."),
        ),
        "settlement_holds_it": (
            409,
            N_("This money belongs to a settlement. Open the settlement again instead."),
        ),
        "no_payment_way": (422, N_("Say how it was paid: cash, bank or platform.")),
        "no_amount": (422, N_("Type an amount of at least one fen.")),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What `party` gets (plus) or gives (minus). Label, quantity, price and rate are for the settlement's slip; `note` is
    why it was taken back."""

    party: Party
    kind: str
    fen: int
    household_id: int | None = None
    carrier: str = ""
    order_id: int | None = None
    line_id: int | None = None
    lot_id: int | None = None
    label: str = ""
    quantity: int = 0
    each_fen: int | None = None
    rate_bp: int | None = None
    note: str = ""


@act
async def post(entries: Sequence[Entry], *, ref: str, by: Actor) -> bool:
    """Post `entries` under the name `ref`; False if it was posted before. ValueError if they do not balance."""
    new = await enter(entries, ref=ref, by=by)
    if new:
        subject, subject_id = _about(entries[0], by)
        await audit.write(by, "money_posted", subject=subject, subject_id=subject_id, ref=ref)
    return new


async def enter(entries: Sequence[Entry], *, ref: str, by: Actor) -> bool:
    """What `post` does, for acts that write their own line of the audit."""
    if balance(entries):
        raise ValueError(f"the posting {ref} does not balance")
    if len(ref) > _LONGEST_REF:
        raise ValueError(f"{ref} is too long for a posting's name")
    day = (await stations.today(by.station_id)).isoformat()
    rows = [_row(entry, f"{ref}/{number}", day, None, by) for number, entry in enumerate(entries)]
    if await sql.one(f"{_INSERT} ON CONFLICT (station_id, ref) DO NOTHING RETURNING id", *rows[0]) is None:
        return False
    await sql.many(_INSERT, rows[1:])
    return True


def balance(entries: Sequence[Entry]) -> int:
    """All parties less the purses: 0 for every posting."""
    return sum(-entry.fen if entry.party in PURSES else entry.fen for entry in entries)


@act
async def reverse(entry_id: int, reason: str, *, by: Actor) -> int:
    """Take back the posting that this entry belongs to, each entry by its exact negative; returns how many.

    Raises Refusal `already_reversed`, `reversal_stays`, `settlement_holds_it` or `not_found`.
    """
    row = await sql.one("SELECT * FROM ledger_entry WHERE station_id = ? AND id = ?", by.station_id, entry_id)
    if row is None:
        raise Refusal("not_found")
    if row["reverses_id"] is not None:
        raise Refusal("reversal_stays")
    if row["kind"] == PAID_OUT:
        raise Refusal("settlement_holds_it")
    if row["order_id"] is not None:
        # Held: what is worked out of an order's entries, and what takes them back, wait for each other.
        await order_book.held(row["order_id"], by)
    count = await take_back(row["ref"].rpartition("/")[0], reason, by=by)
    if not count:
        raise Refusal("already_reversed")
    subject = ("order", row["order_id"]) if row["order_id"] else ("station", by.station_id)
    await audit.write(by, "money_reversed", subject=subject[0], subject_id=subject[1], entry=entry_id)
    return count


async def take_back(ref: str, reason: str, *, by: Actor) -> int:
    """Inside an act: reverse the posting `ref`; 0 if there is none, or it was taken back before."""
    rows: list[dict[str, Any]] = []
    # By their whole refs, some at once: no index leads from the name alone to them.
    while len(rows) % _TOGETHER == 0:
        refs = [f"{ref}/{number}" for number in range(len(rows), len(rows) + _TOGETHER)]
        more = await sql.rows(
            f"SELECT * FROM ledger_entry WHERE station_id = ? AND ref IN ({', '.join('?' * _TOGETHER)}) ORDER BY id",  # noqa: S608
            *(by.station_id, *refs),
        )
        if not more:
            break
        rows += more
    return await reverse_rows(rows, reason, by=by)


async def of_order(station_id: int, order_id: int) -> list[dict[str, Any]]:
    """All entries of an order as they were posted, reversals too. Few: what is counted of them is counted here, because
    SQLite would go through the entries of a party that is asked for, and those are the whole station's."""
    return await sql.rows(
        "SELECT * FROM ledger_entry WHERE station_id = ? AND order_id = ? ORDER BY id", station_id, order_id
    )


async def reverse_rows(rows: Sequence[dict[str, Any]], reason: str, *, by: Actor) -> int:
    """Inside an act: an exact negative for each of these rows that has none yet; returns how many."""
    day = (await stations.today(by.station_id)).isoformat()
    count = 0
    for row in rows:
        opposite = _opposite(row, reason)
        values = _row(opposite, f"reverse:{row['id']}/0", day, row["id"], by)
        # Any conflict: with another reversal of the same entry.
        if await sql.one(f"{_INSERT} ON CONFLICT DO NOTHING RETURNING id", *values) is None:
            continue
        count += 1
        if row["kind"] == PAYMENT and row["party"] == Party.BUYER:
            await _paid(row["order_id"], -row["fen"], by)
    return count


def _opposite(row: dict[str, Any], reason: str) -> Entry:
    same = (
        "kind",
        "household_id",
        "carrier",
        "order_id",
        "line_id",
        "lot_id",
        "label",
        "each_fen",
        "rate_bp",
    )
    return Entry(
        party=Party(row["party"]),
        fen=-row["fen"],
        quantity=-row["quantity"],
        note=reason[:60],
        **{name: row[name] for name in same},
    )


@act
async def pay(order_id: int, fen: int, how: str, ref: str, *, by: Actor) -> bool:
    """The buyer pays `fen` (below zero: gets it back) in `cash`, by `bank` or `platform`; False if `ref` was known.

    Raises Refusal `not_found`, `no_amount` or `no_payment_way`.
    """
    if how not in (Party.CASH, Party.BANK, Party.PLATFORM):
        raise Refusal("no_payment_way")
    if not fen:
        raise Refusal("no_amount")
    if not await sql.one("SELECT id FROM orders WHERE station_id = ? AND id = ?", by.station_id, order_id):
        raise Refusal("not_found")
    kept = -fen if how == Party.PLATFORM else fen
    entries = [
        Entry(Party(how), PAYMENT, kept, order_id=order_id),
        Entry(Party.BUYER, PAYMENT, fen, order_id=order_id),
    ]
    new = await enter(entries, ref=f"pay:{ref}", by=by)
    if new:
        await _paid(order_id, fen, by)
        await audit.write(by, "order_paid", subject="order", subject_id=order_id, fen=fen, how=how)
    return new


async def _paid(order_id: int, fen: int, by: Actor) -> None:
    await sql.execute(
        "UPDATE orders SET paid_fen = paid_fen + ? WHERE station_id = ? AND id = ?",
        *(fen, by.station_id, order_id),
    )


def _about(entry: Entry, by: Actor) -> tuple[str, int]:
    if entry.order_id:
        return "order", entry.order_id
    return ("household", entry.household_id) if entry.household_id else ("station", by.station_id)


# The party of an entry `e`, beside its order or household. Asked for by its bare name, SQLite, which has no statistics here,
# would take the index of the parties and go through all of the station's entries, once for each order.
PARTY = "e.party || ''"

_INSERT = (
    "INSERT INTO ledger_entry (station_id, day, at, party, household_id, carrier, kind, fen, order_id, line_id, lot_id,"
    " label, quantity, each_fen, rate_bp, note, reverses_id, ref, by_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _row(entry: Entry, ref: str, day: str, reverses: int | None, by: Actor) -> tuple[Any, ...]:
    landed = (by.station_id, day, clock.now(), entry.party, entry.household_id, entry.carrier, entry.kind)
    of = (entry.fen, entry.order_id, entry.line_id, entry.lot_id)
    how = (entry.label, entry.quantity, entry.each_fen, entry.rate_bp, entry.note)
    return (*landed, *of, *how, reverses, ref, by.account_id)


def new_ref() -> str:
    """A name that no posting has, for a form that will be sent once."""
    return secrets.token_hex(8)
