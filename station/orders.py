"""Orders followed from the buyer's word to their end: confirmed, cancelled, packed, handed over, delivered."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from station import audit, clock, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import Refusal
from station.models import OrderState
from station.order_book import held, held_in, lines, one
from station.order_placing import keep_goods

_RESERVED, _HELD, _CONFIRMED = OrderState.RESERVED, OrderState.HELD, OrderState.CONFIRMED
_PACKED, _HANDED_OVER, _DELIVERED = OrderState.PACKED, OrderState.HANDED_OVER, OrderState.DELIVERED
_SET_ASIDE, _FETCHED = OrderState.SET_ASIDE, OrderState.FETCHED
# Where an order may come from, by where it goes.
MOVES: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.CONFIRMED: (_RESERVED, _HELD, _PACKED, _SET_ASIDE),
    OrderState.SET_ASIDE: (_RESERVED, _HELD, _CONFIRMED, _FETCHED),
    OrderState.FETCHED: (_SET_ASIDE,),
    OrderState.PACKED: (_CONFIRMED, _HANDED_OVER),
    # A held one: by the platform's own label, see `station.own_labels`.
    OrderState.HANDED_OVER: (_PACKED, _HELD),
    # What was lost is found, and what came back is sent again: the courier's latest word holds.
    OrderState.DELIVERED: (_HANDED_OVER, OrderState.RETURNED, OrderState.LOST),
    OrderState.RETURNED: (_HANDED_OVER, _DELIVERED, OrderState.LOST),
    OrderState.LOST: (_HANDED_OVER, _DELIVERED, OrderState.RETURNED),
    OrderState.CANCELLED: (_RESERVED, _HELD, _CONFIRMED, _PACKED, _SET_ASIDE),
    OrderState.EXPIRED: (_RESERVED,),
}
_RELEASING = frozenset({OrderState.CANCELLED, OrderState.EXPIRED})
_CLOSED = _RELEASING | {_DELIVERED, _FETCHED, OrderState.RETURNED, OrderState.LOST}


@act
async def confirm(order_id: int, *, by: Actor) -> None:
    """The station takes the order on: its goods are kept without an end. Harmless for one that has gone further.

    Raises Refusal: `not_found`, `order_moved_on`, and `sold_out` for a held one that is confirmed too late.
    """
    further = (_PACKED, _HANDED_OVER, _DELIVERED, _SET_ASIDE, _FETCHED)
    if (await held(order_id, by))["state"] not in further:
        await move(order_id, _CONFIRMED, by=by)


@act
async def call_off(order_id: int, *, by: Actor) -> None:
    """The buyer thinks better of it, as long as the station has not confirmed. Raises Refusal `order_moved_on`."""
    await held_in((_RESERVED, OrderState.CANCELLED), order_id, by)
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
    # Held: two who move it to the same place at once are both right.
    order = await held(order_id, by)
    if order["state"] == to:
        return
    if order["state"] not in MOVES[to]:
        raise Refusal("order_moved_on", number=order["number"])
    await sql.execute(
        "UPDATE orders SET state = ?, expires_at = NULL, closed_at = ?, carrier = ?, waybill = ?"
        " WHERE station_id = ? AND id = ?",
        to,
        clock.now() if to in _CLOSED else None,
        carrier or order["carrier"],
        waybill or order["waybill"],
        by.station_id,
        order_id,
    )
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
