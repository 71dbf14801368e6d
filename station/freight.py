"""What carriers charge for orders, as their bill says: told when it was not known, corrected by entries.

A correction is what the sale would have been divided into with this freight, less what it was divided into without: so the
household's shares move along to the fen, and a slip that was paid already is made good by the next one.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from station import agreements, audit, ledger, order_book, sale_parts, sales, sharing, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.ledger import PARTY, Entry
from station.models.money import Party
from station.sale_parts import Part

# Dearer than any parcel of a village, in fen: a slip of the finger.
DEAREST = 1_000_000

tell(
    {
        "freight_not_booked": (
            409,
            N_("Order {number} is not in the books: it did not arrive, or it came back. Nothing was changed."),
        ),
        "freight_no_carrier": (409, N_("Order {number} went with no courier. There is no freight to write down.")),
        "freight_amount": (422, N_("Type the freight in yuan as the courier's bill says it, like 8 or 8.50.")),
    }
)  # fmt: skip

# Entries of what a carrier charges for an order that nothing has taken back; an amount of 0 says that it is free.
_CHARGED = (
    f"SELECT 1 FROM ledger_entry e WHERE e.station_id = o.station_id AND e.order_id = o.id AND {PARTY} = 'carrier'"  # noqa: S608
    " AND e.kind = 'freight' AND e.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry r"
    " WHERE r.station_id = e.station_id AND r.reverses_id = e.id)"
)
_UNKNOWN = f" AND o.state = 'delivered' AND o.carrier <> '' AND NOT EXISTS ({_CHARGED})"


@act
async def charge(order_id: int, fen: int, *, by: Actor) -> bool:
    """The carrier charges `fen` for this order, whatever was booked before; False if the books say so already.

    Raises Refusal `not_found`, `freight_amount`, `freight_no_carrier` or `freight_not_booked`.
    """
    if not 0 <= fen <= DEAREST:
        raise Refusal("freight_amount")
    order = await order_book.held(order_id, by)
    if not order["carrier"]:
        raise Refusal("freight_no_carrier", number=order["number"])
    rows = await sales.live(order_id, by)
    if not rows:
        raise Refusal("freight_not_booked", number=order["number"])
    lines = await order_book.lines(by.station_id, [order_id])
    lots = await stock.lots_of_lines(by.station_id, [line["id"] for line in lines])
    entries: list[Entry] = []
    for part in sale_parts.parts(order, lines, lots, fen, order["carrier"]):
        entries += await _difference(by.station_id, part, rows)
    if not entries:
        if fen or any(row["party"] == Party.CARRIER for row in rows):
            return False
        entries = [Entry(Party.CARRIER, "freight", 0, carrier=order["carrier"], order_id=order_id)]
    known = len(await ledger.of_order(by.station_id, order_id))
    await ledger.enter(entries, ref=f"sale:freight:{order_id}:{known}", by=by)
    await audit.write(by, "freight_charged", subject="order", subject_id=order_id, freight_fen=fen)
    return True


async def _difference(station_id: int, part: Part, rows: list[dict[str, Any]]) -> list[Entry]:
    """What this part's freight changes for everybody; goods without a lot are whose the keeper said they are."""
    of = [row for row in rows if (row["line_id"], row["lot_id"]) == (part.line["id"], part.lot_id)]
    whose = part.household_id or next((row["household_id"] for row in of if row["household_id"]), None)
    before = sum(row["fen"] for row in of if (row["party"], row["kind"]) == (Party.CARRIER, "freight"))
    after = replace(part, household_id=whose)
    old = replace(after, sale=replace(part.sale, freight_fen=before))
    return list(_less(await sale_parts.entries(station_id, after), await sale_parts.entries(station_id, old)))


def _less(after: list[Entry], before: list[Entry]) -> Iterator[Entry]:
    """Entries that make the one out of the other, of the same parties and kinds."""
    kinds = {(entry.party, entry.kind): entry for entry in (*after, *before)}
    for (party, kind), entry in kinds.items():
        fen = sum(one.fen for one in after if (one.party, one.kind) == (party, kind))
        fen -= sum(one.fen for one in before if (one.party, one.kind) == (party, kind))
        if fen:
            yield replace(entry, fen=fen, label="", quantity=0, each_fen=None, rate_bp=None)


async def unknown(station_id: int) -> list[dict[str, Any]]:
    """Orders that arrived and of which nobody knows what the carrier charges, the oldest first: order_id, number,
    carrier, waybill, day, and `paid_fen` that the buyer paid for freight."""
    return await sql.rows(
        "SELECT o.id AS order_id, o.number, o.carrier, o.waybill, o.day, o.freight_fen AS paid_fen FROM orders o"  # noqa: S608
        f" WHERE o.station_id = ?{_UNKNOWN} ORDER BY o.id LIMIT 200",
        station_id,
    )


async def order_of(station_id: int, typed: str) -> int | None:
    """The order of this number, or that went with this waybill."""
    row = await sql.one(
        "SELECT id FROM orders WHERE station_id = ? AND (number = ? OR waybill = ?) ORDER BY id DESC LIMIT 1",
        *(station_id, typed, typed),
    )
    return int(row["id"]) if row else None


async def still_open(station_id: int, settlement_id: int, household_id: int) -> int:
    """Of how many orders in a settlement the household bears a freight that is not known yet."""
    rows = await sql.rows(
        "SELECT DISTINCT o.id, o.day, l.product_id FROM settlement_entry s JOIN ledger_entry k ON k.id = s.entry_id"  # noqa: S608
        " JOIN orders o ON o.id = k.order_id JOIN order_line l ON l.id = k.line_id"
        f" WHERE s.station_id = ? AND s.settlement_id = ?{_UNKNOWN}",
        *(station_id, settlement_id),
    )
    found = set()
    terms: dict[tuple[Any, Any], sharing.Terms] = {}
    for row in rows:
        key = (row["product_id"], row["day"])
        if key not in terms:
            terms[key] = await agreements.terms_for(station_id, household_id, *key)
        if terms[key].freight == sharing.HOUSEHOLD:
            found.add(row["id"])
    return len(found)
