"""What an order's money becomes in the ledger: booked when it is delivered, or taken back whole.

Each line is booked for each lot that it took, by the terms of the lot's household on the day of the order.
"""

from typing import Any

from station import audit, ledger, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models.money import Party
from station.models.orders import OrderState
from station.order_book import held, lines
from station.sale_parts import SALE, UNASSIGNED, Part, again, entries, parts

_NEVER_SOLD = frozenset({OrderState.CANCELLED, OrderState.EXPIRED})

tell(
    {
        "order_never_sold": (409, N_("This order was cancelled; there is nothing of it to book.")),
        "nothing_to_assign": (409, N_("These goods are somebody's already. Look at the ledger again.")),
    }
)


@act
async def book(order_id: int, *, freight_fen: int = 0, carrier: str = "", by: Actor) -> bool:
    """Book an order; `freight_fen` is what the carrier charges, 0 with a `carrier`: not known yet, see `station.freight`.
    False if it is booked already.

    Raises Refusal `not_found` or `order_never_sold`.
    """
    order = await held(order_id, by)
    if order["state"] in _NEVER_SOLD:
        raise Refusal("order_never_sold")
    if await live(order_id, by):
        return False
    its_lines = await lines(by.station_id, [order_id])
    lots = await stock.lots_of_lines(by.station_id, [line["id"] for line in its_lines])
    for part in parts(order, its_lines, lots, freight_fen, carrier):
        await _enter(part, by)
    await audit.write(by, "order_booked", subject="order", subject_id=order_id, freight_fen=freight_fen)
    return True


async def _enter(part: Part, by: Actor) -> None:
    """Post one part. Its name counts how often it was taken back before, so that it can be booked anew."""
    taken_back = sum(
        (row["line_id"], row["party"], row["kind"]) == (part.line["id"], Party.BUYER, SALE)
        for row in await ledger.of_order(by.station_id, part.order["id"])
        if row["reverses_id"] is not None
    )
    name = f"sale:{part.line['id']}:{part.lot_id or 0}:{part.household_id or 0}:{taken_back}"
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
    order = await held(line["order_id"], by)
    rows = [row for row in await live(order["id"], by) if row["line_id"] == line_id]
    if not any(row["kind"] == UNASSIGNED for row in rows):
        raise Refusal("nothing_to_assign")
    await ledger.reverse_rows(rows, "assigned", by=by)
    await _enter(again(order, line, rows, household_id), by)
    await audit.write(
        by, "sale_assigned", subject="order", subject_id=order["id"], also=[("household", household_id)]
    )


@act
async def unbook(order_id: int, reason: str, *, by: Actor) -> bool:
    """An order came back after it was booked: its sale is taken back, and what was refunded of it, for the buyer gets all
    of his money back now. False if it was not booked."""
    await held(order_id, by)
    if not await ledger.reverse_rows(await live(order_id, by), reason, by=by):
        return False
    await ledger.reverse_rows(await live(order_id, by, "refund:"), reason, by=by)
    await audit.write(by, "order_unbooked", subject="order", subject_id=order_id)
    return True


async def live(order_id: int, by: Actor, names: str = "sale:") -> list[dict[str, Any]]:
    """The entries of an order's sale, or of other postings whose names begin so, that nothing has taken back."""
    rows = await ledger.of_order(by.station_id, order_id)
    taken_back = {row["reverses_id"] for row in rows}
    return [
        row
        for row in rows
        if row["reverses_id"] is None and row["id"] not in taken_back and row["ref"].startswith(names)
    ]
