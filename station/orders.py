"""Orders followed from the buyer's word to their end: confirmed, cancelled, packed, handed over, delivered.

They are placed in `station.order_placing` and looked up in `station.order_book`; both are offered here too.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from station import audit, clock, sales, stations, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.order_book import ELSEWHERE, counts, lines, listed, one
from station.order_placing import KEPT, MAX_QTY, LineIn, OrderIn, Placed, Receiver, keep_goods, place

__all__ = [
    "KEPT",
    "MAX_QTY",
    "LineIn",
    "OrderIn",
    "Placed",
    "Receiver",
    "any_due",
    "call_off",
    "cancel",
    "confirm",
    "counts",
    "drop_lines",
    "expire_due",
    "hand_out",
    "lines",
    "listed",
    "match_line",
    "move",
    "one",
    "place",
    "send_after_all",
    "set_aside",
    "show_phone",
    "take_back",
    "tell_freight",
]

_RESERVED, _HELD, _CONFIRMED = OrderState.RESERVED, OrderState.HELD, OrderState.CONFIRMED
_PACKED, _HANDED_OVER, _DELIVERED = OrderState.PACKED, OrderState.HANDED_OVER, OrderState.DELIVERED
_SET_ASIDE, _FETCHED = OrderState.SET_ASIDE, OrderState.FETCHED
# Where an order may come from, by where it goes.
MOVES: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.CONFIRMED: (_RESERVED, _HELD, _PACKED, _SET_ASIDE),
    OrderState.SET_ASIDE: (_RESERVED, _HELD, _CONFIRMED, _FETCHED),
    OrderState.FETCHED: (_SET_ASIDE,),
    OrderState.PACKED: (_CONFIRMED, _HANDED_OVER),
    OrderState.HANDED_OVER: (_PACKED,),
    # What was lost is found, and what came back is sent again: the courier's latest word holds.
    OrderState.DELIVERED: (_HANDED_OVER, OrderState.RETURNED, OrderState.LOST),
    OrderState.RETURNED: (_HANDED_OVER, _DELIVERED, OrderState.LOST),
    OrderState.LOST: (_HANDED_OVER, _DELIVERED, OrderState.RETURNED),
    OrderState.CANCELLED: (_RESERVED, _HELD, _CONFIRMED, _PACKED, _SET_ASIDE),
    OrderState.EXPIRED: (_RESERVED,),
}
_RELEASING = frozenset({OrderState.CANCELLED, OrderState.EXPIRED})
_CLOSED = _RELEASING | {_DELIVERED, _FETCHED, OrderState.RETURNED, OrderState.LOST}

tell(
    {
        "order_moved_on": (
            409,
            N_("Order {number} has moved on meanwhile. Load the page again and look where it is."),
        ),
        "too_many_in_pack": (422, N_("One pack holds 1 to {most}. Write down how many.")),
    }
)


@act
async def confirm(order_id: int, *, by: Actor) -> None:
    """The station takes the order on: its goods are kept without an end. Harmless for one that has gone further.

    Raises Refusal: `not_found`, `order_moved_on`, and `sold_out` for a held one that is confirmed too late.
    """
    further = (_PACKED, _HANDED_OVER, _DELIVERED, _SET_ASIDE, _FETCHED)
    if (await one(by.station_id, order_id))["state"] not in further:
        await move(order_id, _CONFIRMED, by=by)


@act
async def set_aside(order_id: int, *, by: Actor) -> None:
    """The buyer fetches it at the station: its goods are kept, and no parcel is made of it. Harmless if fetched already.

    Raises Refusal: `not_found`, `order_moved_on`, `sold_out`.
    """
    if (await one(by.station_id, order_id))["state"] != _FETCHED:
        await move(order_id, _SET_ASIDE, by=by)


@act
async def send_after_all(order_id: int, *, by: Actor) -> None:
    """What was to be fetched goes by parcel. Raises Refusal `not_found`, `order_moved_on`."""
    await _only_from((_SET_ASIDE, _CONFIRMED), order_id, by)
    await move(order_id, _CONFIRMED, by=by)


@act
async def hand_out(order_id: int, *, by: Actor) -> None:
    """The buyer has fetched it: it is sold and booked, once. Raises Refusal `not_found`, `order_moved_on`."""
    await move(order_id, _FETCHED, by=by)
    await sales.book(order_id, by=by)


@act
async def take_back(order_id: int, *, by: Actor) -> None:
    """It was not fetched after all: it waits again, and its money is taken back. Raises Refusal `not_found`,
    `order_moved_on`."""
    await _only_from((_FETCHED, _SET_ASIDE), order_id, by)
    await move(order_id, _SET_ASIDE, by=by)
    await sales.unbook(order_id, "not_fetched", by=by)


async def _only_from(states: tuple[OrderState, ...], order_id: int, by: Actor) -> None:
    order = await one(by.station_id, order_id)
    if order["state"] not in states:
        raise Refusal("order_moved_on", number=order["number"])


@act
async def call_off(order_id: int, *, by: Actor) -> None:
    """The buyer thinks better of it, as long as the station has not confirmed. Raises Refusal `order_moved_on`."""
    order = await one(by.station_id, order_id)
    if order["state"] not in (_RESERVED, OrderState.CANCELLED):
        raise Refusal("order_moved_on", number=order["number"])
    await move(order_id, OrderState.CANCELLED, by=by)


@act
async def show_phone(order_id: int, *, by: Actor) -> str:
    """The buyer's whole number, extension included; that somebody looked is on record."""
    order = await one(by.station_id, order_id)
    await audit.write(by, "phone_shown", subject="order", subject_id=order_id)
    return "-".join(filter(None, [order["phone"], order["phone_ext"]]))


@act
async def cancel(order_id: int, reason: str, *, by: Actor) -> None:
    """Call the order off and let its goods go. `reason` is for the staff's eyes and no place for names."""
    await sql.execute(
        "UPDATE orders SET reason = ? WHERE station_id = ? AND id = ? AND state IN ('reserved', 'held', 'confirmed', 'packed', 'set_aside')",
        reason[:24],
        by.station_id,
        order_id,
    )
    await move(order_id, OrderState.CANCELLED, by=by)


@act
async def move(order_id: int, to: OrderState, *, by: Actor, carrier: str = "", waybill: str = "") -> None:
    """Follow an order one step; already there is harmless. `carrier` and `waybill`: with what it is sent, for its buyer to
    see.

    Raises Refusal: `not_found`, `order_moved_on`, `sold_out`.
    """
    order = await one(by.station_id, order_id)
    if order["state"] == to:
        return
    moved = order["state"] in MOVES[to] and await sql.execute(
        "UPDATE orders SET state = ?, expires_at = NULL, closed_at = ?, carrier = ?, waybill = ?"
        " WHERE station_id = ? AND id = ? AND state = ?",
        to,
        clock.now() if to in _CLOSED else None,
        carrier or order["carrier"],
        waybill or order["waybill"],
        by.station_id,
        order_id,
        order["state"],
    )
    if not moved:
        raise Refusal("order_moved_on", number=order["number"])
    await _keep_or_release(order, to, by)
    sent: dict[str, Any] = {"carrier": carrier, "waybill": waybill} if waybill else {}
    await audit.write(
        by,
        "order_moved",
        subject="order",
        subject_id=order_id,
        number=order["number"],
        came_from=order["state"],
        to=to.value,
        **sent,
    )


async def _keep_or_release(order: dict[str, Any], to: OrderState, by: Actor) -> None:
    rows = await lines(by.station_id, [order["id"]])
    if to in _RELEASING:
        for row in sorted(rows, key=lambda row: row["product_id"] or 0):
            await stock.release(row["id"], to.value, by=by)
    elif order["state"] == _HELD:
        await keep_goods(rows, by)


@act
async def tell_freight(order_id: int, fen: int, *, by: Actor) -> None:
    """What the buyer pays for the way, told before it leaves."""
    told = await sql.one(
        "UPDATE orders SET freight_fen = ? WHERE station_id = ? AND id = ?"
        " AND state IN ('reserved', 'held', 'confirmed', 'packed', 'set_aside') RETURNING number",
        fen,
        by.station_id,
        order_id,
    )
    if told is None:
        raise Refusal("order_moved_on", number=(await one(by.station_id, order_id))["number"])
    await audit.write(
        by, "order_freight_told", subject="order", subject_id=order_id, number=told["number"], fen=fen
    )


# Where somebody may still say what an item is; held ones keep their goods when they are confirmed.
_MATCHABLE = (_RESERVED, _HELD, _CONFIRMED, _SET_ASIDE, _PACKED, _HANDED_OVER)
# A pack of more is a slip of the keyboard.
MOST_IN_PACK = 100_000


@act
async def match_line(line_id: int, product_id: int, per_pack: int, *, by: Actor) -> None:
    """Say what an item of a platform is here: `per_pack` units of a product in each pack; they are kept in the same act.

    What the line held as something else is let go. Raises Refusal: `not_found`, `no_such_product`, `too_many_in_pack`,
    `order_moved_on`, `sold_out`.
    """
    await stations.one_at_a_time(by.station_id)
    line = await sql.one(
        "SELECT l.order_id, l.qty, l.product_id, l.units, o.state, o.number, o.source FROM order_line l"
        " JOIN orders o ON o.id = l.order_id WHERE l.station_id = ? AND l.id = ? AND l.qty > 0",
        *(by.station_id, line_id),
    )
    if line is None or line["source"] not in ELSEWHERE:
        raise Refusal("not_found")
    if not await sql.one("SELECT id FROM product WHERE station_id = ? AND id = ?", by.station_id, product_id):
        raise Refusal("no_such_product")
    if not 1 <= per_pack <= MOST_IN_PACK:
        raise Refusal("too_many_in_pack", most=MOST_IN_PACK)
    units = per_pack * line["qty"]
    if (line["product_id"], line["units"]) == (product_id, units):
        return
    await _locked_as(line["order_id"], line["state"], by, allowed=_MATCHABLE)
    await stock.release(line_id, "", by=by)
    await sql.execute(
        "UPDATE order_line SET product_id = ?, units = ? WHERE station_id = ? AND id = ?",
        *(product_id, units, by.station_id, line_id),
    )
    if line["state"] != _HELD:
        await stock.reserve(line_id, product_id, units, by=by)
    await audit.write(
        by,
        "order_line_matched",
        subject="order",
        subject_id=line["order_id"],
        line=line_id,
        product=product_id,
        units=units,
    )


@act
async def drop_lines(order_id: int, line_ids: Sequence[int], *, by: Actor) -> None:
    """Part of an order is not wanted any more: these lines have no packs from now on, and their goods are let go.

    Raises Refusal: `not_found`, and `order_moved_on` once it is packed.
    """
    await stations.one_at_a_time(by.station_id)
    state = (await one(by.station_id, order_id))["state"]
    await _locked_as(order_id, state, by, allowed=(_RESERVED, _HELD, _CONFIRMED, _SET_ASIDE))
    for line_id in sorted(line_ids):
        await stock.release(line_id, "", by=by)
        await sql.execute(
            "UPDATE order_line SET qty = 0, units = 0, total_fen = 0 WHERE station_id = ? AND order_id = ? AND id = ?",
            *(by.station_id, order_id, line_id),
        )
    await sql.execute(
        "UPDATE orders SET goods_fen = (SELECT coalesce(sum(total_fen), 0) FROM order_line WHERE station_id = ?"
        " AND order_id = ?) WHERE station_id = ? AND id = ?",
        *(by.station_id, order_id) * 2,
    )
    await audit.write(by, "order_lines_dropped", subject="order", subject_id=order_id, lines=list(line_ids))


async def _locked_as(order_id: int, state: str, by: Actor, *, allowed: tuple[OrderState, ...]) -> None:
    """Inside an act: the order stays in this state until its end. Raises Refusal `order_moved_on`."""
    locked = state in allowed and await sql.execute(
        "UPDATE orders SET id = id WHERE station_id = ? AND id = ? AND state = ?",
        *(by.station_id, order_id, state),
    )
    if not locked:
        raise Refusal("order_moved_on", number=(await one(by.station_id, order_id))["number"])


async def expire_due(now: datetime) -> int:
    """Let the goods go of every reserved order, at every station, whose time is over; how many were due."""
    over = await sql.rows(
        "SELECT station_id, id FROM orders WHERE state = 'reserved' AND expires_at <= ? ORDER BY expires_at LIMIT 1000",
        now,
    )
    for row in over:
        # Confirmed or cancelled in this moment: then it is not over.
        with suppress(Refusal):
            await move(row["id"], OrderState.EXPIRED, by=Actor.system(row["station_id"]))
    return len(over)


async def any_due(now: datetime) -> bool:
    return bool(
        await sql.one("SELECT id FROM orders WHERE state = 'reserved' AND expires_at <= ? LIMIT 1", now)
    )
