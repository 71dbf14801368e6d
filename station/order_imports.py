"""Orders from platforms' exports: read whole, placed one by one, the same export again harmless.

A newer export of the same orders is the platform's word on them: who got the money back is no longer sent anything.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from station import audit, clock, order_book, order_placing, orders, products
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderSource, OrderState
from station.order_files import ParsedOrders, UnreadableOrders, parse
from station.order_placing import LineIn, OrderIn, Receiver
from station.order_products import Known, match
from station.order_rows import Line, Order
from station.phones import Kind, Phone
from station.shipping_files import Shipped

tell(
    {
        "empty_orders": (422, N_("There is nothing in this file. Export the orders once more.")),
        "no_order_column": (
            422,
            N_("No column of order numbers was found. Hand in the file as the platform made it."),
        ),
        "unreadable_orders": (
            422,
            N_("This is no order export that can be read. Hand in the file as the platform made it."),
        ),
    }
)
_REFUSED = {
    "empty_file": "empty_orders",
    "no_order_column": "no_order_column",
    "unreadable_file": "unreadable_orders",
}

# Nothing will ever be sent for these; the others wait for a person.
_OVER = frozenset({"closed", "refunded", "already_shipped"})

OUTCOMES = {
    "placed": N_("taken in, to be packed"),
    "held": N_("waits for you"),
    "again": N_("was here already"),
    "released": N_("may be sent now"),
    "cancelled": N_("cancelled here too"),
    "too_late": N_("has left already: ring the courier"),
    "skipped": N_("nothing to send"),
}
REASONS = {
    "unpaid": N_("not paid yet"),
    "closed": N_("closed on the platform"),
    "refunded": N_("paid back"),
    "refund_pending": N_("the buyer wants the money back"),
    "already_shipped": N_("shipped already"),
    "self_pickup": N_("the buyer fetches it"),
    "encrypted_receiver": N_("the receiver is encrypted: print the platform's own waybill"),
    "masked_receiver": N_("the receiver is hidden: export with whole names and phones"),
    "receiver_incomplete": N_("the receiver is not complete"),
    "no_stock": N_("not enough in stock"),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """`outcomes`: (order number of the platform, one of OUTCOMES, its id here or None, reason)."""

    id: int
    parsed: ParsedOrders
    outcomes: list[tuple[str, str, int | None, str]]
    new: bool


async def receive(data: bytes, filename: str, *, by: Actor) -> Imported:
    """Take an export in. Raises Refusal `empty_orders`, `no_order_column`, `unreadable_orders`."""
    try:
        parsed = await asyncio.to_thread(parse, data, filename)
    except UnreadableOrders as error:
        raise Refusal(_REFUSED.get(error.code, "unreadable_orders")) from error
    sha = hashlib.sha256(data).hexdigest()
    known = [Known(row["id"], row["name"], row["unit"]) for row in await products.all(by.station_id)]
    outcomes = [await _take(order, parsed, known, by) for order in parsed.orders]
    import_id, new = await _record(sha, parsed, outcomes, by=by)
    return Imported(import_id, parsed, outcomes, new)


@act
async def _record(sha: str, parsed: ParsedOrders, outcomes: Sequence[Any], *, by: Actor) -> tuple[int, bool]:
    counts = {name: sum(outcome[1] == name for outcome in outcomes) for name in OUTCOMES}
    result = json.dumps(
        {"counts": counts, "rejected": len(parsed.rejected), "outcomes": outcomes}, ensure_ascii=False
    )
    row = await sql.one(
        "INSERT INTO order_import (station_id, sha256, filename, platform, result, created_at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station_id, sha256) DO NOTHING RETURNING id",
        *(by.station_id, sha, parsed.file[:200], parsed.platform.value, result, clock.now(), by.account_id),
    )
    if row:
        await audit.write(by, "orders_imported", subject="order_import", subject_id=row["id"], **counts)
        return int(row["id"]), True
    old = await sql.one(
        "UPDATE order_import SET result = ? WHERE station_id = ? AND sha256 = ? RETURNING id",
        result,
        by.station_id,
        sha,
    )
    assert old is not None
    return int(old["id"]), False


async def _take(
    order: Order, parsed: ParsedOrders, known: Sequence[Known], by: Actor
) -> tuple[str, str, int | None, str]:
    source = OrderSource(parsed.platform.value)
    reason = order.reason or ""
    here = await order_book.by_external(by.station_id, source, order.order_no)
    if here:
        return order.order_no, await _again(here["id"], reason, by), here["id"], reason
    if reason in _OVER:
        return order.order_no, "skipped", None, reason
    wanted = _order_in(order, source, known)
    try:
        placed = await order_placing.place(wanted, by=by)
    except Refusal as refusal:
        if refusal.code != "sold_out":
            raise
        reason = "no_stock"
        placed = await order_placing.place(_order_in(order, source, known, reason), by=by)
    return order.order_no, "held" if reason else "placed", placed.id, reason


async def _again(order_id: int, reason: str, by: Actor) -> str:
    """The platform's newer word on an order that is here."""
    state = (await order_book.one(by.station_id, order_id))["state"]
    if reason in ("closed", "refunded"):
        if state in (OrderState.CONFIRMED, OrderState.HELD, OrderState.PACKED, OrderState.RESERVED):
            await orders.cancel(order_id, reason, by=by)
            return "cancelled"
        return "again" if state in (OrderState.CANCELLED, OrderState.EXPIRED) else "too_late"
    if not reason and state == OrderState.HELD:
        try:
            await orders.confirm(order_id, by=by)
        except Refusal as refusal:
            if refusal.code != "sold_out":
                raise
            return "again"
        return "released"
    return "again"


def _order_in(order: Order, source: OrderSource, known: Sequence[Known], reason: str = "") -> OrderIn:
    reason = reason or order.reason or ""
    who = order.receiver
    phone = who.phone if who.phone.kind is not Kind.ENCRYPTED else Phone(Kind.ENCRYPTED)
    freight = order.freight_fen or 0
    lines = order.items
    # An amount for the whole order has the freight in it; amounts of single rows have not.
    whole = (
        order.paid_fen - freight if len(lines) == 1 and order.paid_fen and lines[0].paid_fen is None else None
    )
    return OrderIn(
        source=source,
        lines=tuple(_line(line, known, whole) for line in lines),
        receiver=Receiver(
            name=who.name or "",
            phone=phone,
            province=who.province or "",
            city=who.city or "",
            county=who.county or "",
            town=who.town or "",
            detail=who.detail or "",
        ),
        buyer_note=order.buyer_note or "",
        seller_note=order.seller_note or "",
        external_no=order.order_no,
        platform_status=order.platform_status or "",
        reason=reason,
        paid_fen=order.paid_fen or 0,
        freight_fen=freight,
        state=OrderState.HELD if reason else OrderState.CONFIRMED,
    )


def _line(line: Line, known: Sequence[Known], whole: int | None) -> LineIn:
    qty = line.qty or 1
    product, per_pack = match(line.name or "", line.spec or "", known)
    total = line.paid_fen if line.paid_fen is not None else whole
    price = line.price_fen if line.price_fen is not None else (total or 0) // qty
    return LineIn(
        qty=qty,
        product_id=product,
        name=line.name or "",
        spec=line.spec or "",
        sku=line.sku or "",
        sub_no=line.sub_no or "",
        units=None if per_pack is None else per_pack * qty,
        price_fen=price,
        total_fen=price * qty if total is None else total,
    )


async def recent(station_id: int) -> list[dict[str, Any]]:
    """The last twenty exports handed in, with `counts`."""
    rows = await sql.rows(
        "SELECT id, filename, platform, result, created_at FROM order_import WHERE station_id = ? ORDER BY id DESC LIMIT 20",
        station_id,
    )
    return [{**row, **json.loads(row["result"])} for row in rows]


async def one(station_id: int, import_id: int) -> dict[str, Any]:
    row = await sql.one("SELECT * FROM order_import WHERE station_id = ? AND id = ?", station_id, import_id)
    if row is None:
        raise Refusal("not_found")
    return {**row, **json.loads(row["result"])}


async def shipped(station_id: int, source: OrderSource, since: str) -> list[Shipped]:
    """Orders of a platform that have a waybill, from the day `since` (ISO) on."""
    rows = await sql.rows(
        "SELECT external_no, carrier, waybill FROM orders WHERE station_id = ? AND source = ? AND waybill <> ''"
        " AND day >= ? AND external_no <> '' ORDER BY id",
        *(station_id, source, since),
    )
    return [Shipped(row["external_no"], row["carrier"], row["waybill"]) for row in rows]
