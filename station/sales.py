"""What an order's money becomes in the ledger: booked when it is delivered, refunded, or taken back whole.

Each line is booked for each lot that it took, by the terms of the lot's household on the day of the order.
"""

from typing import Any

from station import audit, ledger, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.ledger import Entry
from station.models.money import Party
from station.models.orders import OrderState
from station.money import format_fen
from station.sale_parts import SALE, UNASSIGNED, Part, again, entries, parts

REFUND = "refund"
_NEVER_SOLD = frozenset({OrderState.CANCELLED, OrderState.EXPIRED})

tell(
    {
        "order_never_sold": (409, N_("This order was cancelled; there is nothing of it to book.")),
        "refund_without_household": (422, N_("Choose the household that bears this.")),
        "refund_too_large": (
            422,
            N_("At most {left} yuan of this order can still be given back. Type a smaller amount."),
        ),
        "nothing_to_assign": (409, N_("These goods are somebody's already. Look at the ledger again.")),
    }
)


@act
async def book(order_id: int, *, freight_fen: int = 0, carrier: str = "", by: Actor) -> bool:
    """Book an order; `freight_fen` is what the carrier charges. False if it is booked already.

    Raises Refusal `not_found` or `order_never_sold`.
    """
    order = await _locked(order_id, by)
    if order["state"] in _NEVER_SOLD:
        raise Refusal("order_never_sold")
    if await _booked(order_id, by):
        return False
    lines = await sql.rows(
        "SELECT l.*, p.name AS product FROM order_line l LEFT JOIN product p ON p.id = l.product_id"
        " WHERE l.station_id = ? AND l.order_id = ? ORDER BY l.id",
        *(by.station_id, order_id),
    )
    lots = await stock.lots_of_lines(by.station_id, [line["id"] for line in lines])
    for part in parts(order, lines, lots, freight_fen, carrier):
        await _enter(part, by)
    await audit.write(by, "order_booked", subject="order", subject_id=order_id, freight_fen=freight_fen)
    return True


async def _enter(part: Part, by: Actor) -> None:
    """Post one part. Its name counts how often it was taken back before, so that it can be booked anew."""
    taken_back = await sql.one(
        "SELECT count(*) AS times FROM ledger_entry WHERE station_id = ? AND order_id = ? AND line_id = ? AND party = ?"
        " AND kind = ? AND reverses_id IS NOT NULL",
        *(by.station_id, part.order["id"], part.line["id"], Party.BUYER, SALE),
    )
    assert taken_back is not None
    name = f"sale:{part.line['id']}:{part.lot_id or 0}:{part.household_id or 0}:{taken_back['times']}"
    await ledger.enter(await entries(by.station_id, part), ref=name, by=by)


@act
async def assign(line_id: int, household_id: int, *, by: Actor) -> None:
    """The keeper says whose goods a booked line without a lot was: its money becomes the household's by its terms.

    Raises Refusal `not_found` or `nothing_to_assign`.
    """
    known = (
        "SELECT l.*, p.name AS product FROM order_line l LEFT JOIN product p ON p.id = l.product_id"
        " JOIN household h ON h.station_id = l.station_id AND h.id = ? WHERE l.station_id = ? AND l.id = ?"
    )
    line = await sql.one(known, household_id, by.station_id, line_id)
    if line is None:
        raise Refusal("not_found")
    order = await _locked(line["order_id"], by)
    rows = [row for row in await _live(order["id"], by) if row["line_id"] == line_id]
    if not any(row["kind"] == UNASSIGNED for row in rows):
        raise Refusal("nothing_to_assign")
    await ledger.reverse_rows(rows, "assigned", by=by)
    await _enter(again(order, line, rows, household_id), by)
    await audit.write(
        by, "sale_assigned", subject="order", subject_id=order["id"], also=[("household", household_id)]
    )


@act
async def unbook(order_id: int, reason: str, *, by: Actor) -> bool:
    """An order came back after it was booked: each entry of its sale is taken back. False if there was none."""
    await _locked(order_id, by)
    if not await ledger.reverse_rows(await _live(order_id, by), reason, by=by):
        return False
    await audit.write(by, "order_unbooked", subject="order", subject_id=order_id)
    return True


@act
async def refund(
    order_id: int,
    fen: int,
    bearer: str,
    household_id: int | None = None,
    *,
    ref: str,
    by: Actor,
    how: str | None = None,
    carrier: str = "",
) -> bool:
    """The buyer gets `fen` back at the cost of `bearer` (a Party); with `how` (cash, bank, platform) he has it already.

    False if `ref` was known. Raises Refusal `not_found`, `no_amount`, `refund_too_large`, `refund_without_household`.
    """
    order = await _locked(order_id, by)
    party = Party(bearer)
    if fen <= 0:
        raise Refusal("no_amount")
    if party is Party.HOUSEHOLD and household_id is None:
        raise Refusal("refund_without_household")
    borne_by = household_id if party is Party.HOUSEHOLD else None
    given = [
        Entry(party, REFUND, -fen, household_id=borne_by, carrier=carrier, order_id=order_id),
        Entry(Party.BUYER, REFUND, fen, order_id=order_id),
    ]
    refunded = await _refunded(order_id, by)
    if not await ledger.enter(given, ref=f"refund:{ref}", by=by):
        return False
    left = order["goods_fen"] + order["freight_fen"] - refunded
    if fen > left:
        raise Refusal("refund_too_large", left=format_fen(max(left, 0)))
    if how:
        await ledger.pay(order_id, -fen, how, f"refund:{ref}", by=by)
    await audit.write(by, "order_refunded", subject="order", subject_id=order_id, fen=fen, bearer=party)
    return True


async def _refunded(order_id: int, by: Actor) -> int:
    row = await sql.one(
        "SELECT COALESCE(SUM(fen), 0) AS fen FROM ledger_entry WHERE station_id = ? AND order_id = ? AND party = ?"
        " AND kind = ?",
        *(by.station_id, order_id, Party.BUYER, REFUND),
    )
    assert row is not None
    return int(row["fen"])


async def _locked(order_id: int, by: Actor) -> dict[str, Any]:
    """The order, held until the act ends: its money is booked by one act at a time."""
    held = await sql.execute(
        "UPDATE orders SET id = id WHERE station_id = ? AND id = ?", by.station_id, order_id
    )
    order = await sql.one("SELECT * FROM orders WHERE station_id = ? AND id = ?", by.station_id, order_id)
    if not held or order is None:
        raise Refusal("not_found")
    return order


async def _live(order_id: int, by: Actor) -> list[dict[str, Any]]:
    """The entries of an order's sale that nothing has taken back."""
    return await sql.rows(
        "SELECT e.* FROM ledger_entry e WHERE e.station_id = ? AND e.order_id = ? AND e.reverses_id IS NULL"
        " AND substr(e.ref, 1, 5) = 'sale:' AND NOT EXISTS (SELECT 1 FROM ledger_entry r"
        " WHERE r.station_id = e.station_id AND r.reverses_id = e.id) ORDER BY e.id",
        *(by.station_id, order_id),
    )


async def _booked(order_id: int, by: Actor) -> bool:
    return bool(await _live(order_id, by))
