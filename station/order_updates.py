"""A platform's newer word on an order that is here already: released, wanted less, called off, or gone too far for it."""

from station import audit, order_book, order_goods, order_pickup, orders
from station.actor import Actor
from station.db import act, sql
from station.errors import Refusal
from station.models import OrderState
from station.platforms.rows import Order
from station.receivers import of_export

# Reasons of orders that wait for their buyers, and for nobody else.
FETCHED = frozenset({"self_pickup", "local_delivery"})
_OPEN = (OrderState.RESERVED, OrderState.HELD, OrderState.CONFIRMED, OrderState.SET_ASIDE)


async def heard(order_id: int, order: Order, by: Actor) -> str:
    """Follow the platform's newer word; what became of the order is one of `order_imports.OUTCOMES`."""
    try:
        return await _follow(order_id, order, by)
    except Refusal as refusal:
        if refusal.code != "order_moved_on":
            raise
        # Packed, handed over or called off since it was looked at: looked at once more, so that the file is read to its end.
        return await _follow(order_id, order, by)


async def _follow(order_id: int, order: Order, by: Actor) -> str:
    reason, state = order.reason or "", (await order_book.one(by.station_id, order_id))["state"]
    if reason in ("closed", "refunded"):
        if state in (*_OPEN, OrderState.PACKED):
            await orders.cancel(order_id, reason, by=by)
            return "cancelled"
        return "again" if state in (OrderState.CANCELLED, OrderState.EXPIRED) else "too_late"
    gone = await _gone(order_id, order, by.station_id)
    if gone and state == OrderState.PACKED:
        return "repack"
    if gone and state in _OPEN:
        await order_goods.drop_lines(order_id, gone, by=by)
    if state == OrderState.HELD and (not reason or reason in FETCHED):
        try:
            await _release(order_id, order, by=by)
        except Refusal as refusal:
            if refusal.code != "sold_out":
                raise
            return "again"
        return "to_fetch" if reason else "released"
    if gone and state in _OPEN:
        return "less"
    if state == OrderState.HELD and reason:
        await _hold_for(order_id, reason, by=by)
    return "look" if _doubtful(reason, state) else "again"


@act
async def _hold_for(order_id: int, reason: str, *, by: Actor) -> None:
    """A held order is held for another reason now."""
    held = await sql.one(
        "UPDATE orders SET reason = ? WHERE station_id = ? AND id = ? AND state = 'held' AND reason <> ? RETURNING number",
        *(reason[:24], by.station_id, order_id, reason[:24]),
    )
    if held:
        await audit.write(
            by, "order_held", subject="order", subject_id=order_id, number=held["number"], reason=reason
        )


def _doubtful(reason: str, state: str) -> bool:
    """The platform says now why it should not go, and it is about to."""
    if state == OrderState.SET_ASIDE:
        return reason not in ("", *FETCHED)
    if state == OrderState.PACKED:
        # Its number was given back already, and the van has not come yet.
        return reason not in ("", "already_shipped")
    return bool(reason) and state in (OrderState.RESERVED, OrderState.CONFIRMED)


async def _gone(order_id: int, order: Order, station_id: int) -> list[int]:
    """Lines here that the platform does not want sent any more, while the rest of the order may go."""

    def item(sub_no: str | None, name: str | None, spec: str | None) -> tuple[str, str, str]:
        return (sub_no or "")[:60], (name or "")[:120], (spec or "")[:120]

    wanted = {item(line.sub_no, line.name, line.spec) for line in order.items}
    over = {item(line.sub_no, line.name, line.spec) for line in order.lines} - wanted
    rows = await order_book.lines(station_id, [order_id])
    return [row["id"] for row in rows if item(row["sub_no"], row["name"], row["spec"]) in over]


@act
async def _release(order_id: int, order: Order, *, by: Actor) -> None:
    """A held order may go, or be fetched; to whom, its newer export says, which hides nothing any more."""
    if order.reason:
        await order_pickup.set_aside(order_id, by=by)
        return
    told = of_export(order.receiver).columns()
    await sql.execute(
        f"UPDATE orders SET {', '.join(f'{name} = ?' for name in told)}, reason = ''"  # noqa: S608 (our own names)
        " WHERE station_id = ? AND id = ? AND state = 'held'",
        *(*told.values(), by.station_id, order_id),
    )
    await orders.confirm(order_id, by=by)
