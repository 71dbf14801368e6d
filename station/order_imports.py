"""Orders from platforms' exports: read whole, placed one by one, the same export again harmless.

A newer export of the same orders is the platform's word on them: who got the money back is no longer sent anything.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from station import audit, clock, order_book, order_placing, orders, products
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderSource, OrderState
from station.order_book import ELSEWHERE
from station.order_placing import LineIn, OrderIn, Receiver
from station.phones import Kind, Phone
from station.platforms.orders import ParsedOrders, UnreadableOrders, parse
from station.platforms.products import Known, match
from station.platforms.rows import Line, Order
from station.platforms.shipping import Shipped
from station.platforms.status import REASONS as STATUS_REASONS
from station.sharing import split

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
# These wait for their buyers, nobody else.
_FETCHED = frozenset({"self_pickup", "local_delivery"})
_OPEN = (OrderState.RESERVED, OrderState.HELD, OrderState.CONFIRMED, OrderState.SET_ASIDE)

OUTCOMES = {
    "placed": N_("taken in, to be packed"),
    "to_fetch": N_("kept here for the buyer"),
    "held": N_("waits for you"),
    "again": N_("was here already"),
    "released": N_("may be sent now"),
    "less": N_("part of it is not wanted any more: less to send"),
    "look": N_("look at it before you send it"),
    "repack": N_("packed already: take out what is not wanted any more"),
    "cancelled": N_("cancelled here too"),
    "too_late": N_("has left already: ring the courier"),
    "skipped": N_("nothing to send"),
}
REASONS = STATUS_REASONS | {
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
class Goods:
    """What items are here: the station's products, and by an item's name and spec what a person has said before: a product
    and its units in one pack."""

    known: Sequence[Known]
    said: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def of(self, line: Line) -> tuple[int | None, int | None]:
        name, spec = line.name or "", line.spec or ""
        return self.said.get((name[:120], spec[:120])) or match(name, spec, self.known)


async def goods(station_id: int) -> Goods:
    """The products, and what earlier orders' lines of every name were; the newest one holds."""
    known = [Known(row["id"], row["name"], row["unit"]) for row in await products.all(station_id)]
    rows = await sql.rows(
        "SELECT l.name, l.spec, l.product_id, l.units / l.qty AS per_pack FROM order_line l JOIN (SELECT max(n.id) AS id"  # noqa: S608
        " FROM order_line n JOIN orders o ON o.id = n.order_id JOIN product p ON p.id = n.product_id AND p.active"
        f" WHERE n.station_id = ? AND o.source IN ({_marks(ELSEWHERE)}) AND n.qty > 0 AND n.units > 0"
        " GROUP BY n.name, n.spec) newest ON newest.id = l.id WHERE l.station_id = ?",
        *(station_id, *ELSEWHERE, station_id),
    )
    return Goods(
        known, {(row["name"], row["spec"]): (row["product_id"], int(row["per_pack"])) for row in rows}
    )


_UNKNOWN = (  # of orders that are not at their end
    " FROM orders o JOIN order_line l ON l.station_id = o.station_id AND l.order_id = o.id WHERE o.station_id = ?"
    " AND o.state IN ('reserved', 'held', 'confirmed', 'set_aside', 'packed', 'handed_over')"
    " AND o.source IN ('douyin', 'taobao', 'youzan', 'pdd', 'other') AND l.qty > 0"
    " AND (l.product_id IS NULL OR l.units IS NULL)"
)


async def unknown_goods(station_id: int) -> list[dict[str, Any]]:
    """Items of which nobody has said what they are here: `name`, `spec`, in how many `orders`, how many `packs`, and the
    product (`product_id`) if only its units in a pack are not known."""
    return await sql.rows(
        "SELECT l.name, l.spec, max(l.product_id) AS product_id, count(DISTINCT o.id) AS orders, sum(l.qty) AS packs"
        f"{_UNKNOWN} GROUP BY l.name, l.spec ORDER BY orders DESC, l.name, l.spec",
        station_id,
    )


async def match_goods(
    name: str, spec: str, product_id: int, per_pack: int, *, by: Actor
) -> tuple[int, Refusal | None]:
    """Say what an item is in every open order that has it, one act each; how many were matched, and why not the rest.

    Raises Refusal: `no_such_product`, `too_many_in_pack`.
    """
    rows = await sql.rows(
        f"SELECT l.id{_UNKNOWN} AND l.name = ? AND l.spec = ? ORDER BY l.id", by.station_id, name, spec
    )
    matched, refused = 0, None
    for row in rows:
        try:
            await orders.match_line(row["id"], product_id, per_pack, by=by)
            matched += 1
        except Refusal as refusal:
            if refusal.code not in ("sold_out", "order_moved_on"):
                raise
            refused = refusal
    return matched, refused


@dataclass(frozen=True, slots=True)
class Imported:
    """`outcomes`: (order number of the platform, one of OUTCOMES, its id here or None, reason)."""

    id: int
    parsed: ParsedOrders
    outcomes: list[tuple[str, str, int | None, str]]
    new: bool


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


async def receive(data: bytes, filename: str, *, by: Actor) -> Imported:
    """Take an export in. Raises Refusal `empty_orders`, `no_order_column`, `unreadable_orders`."""
    try:
        parsed = await asyncio.to_thread(parse, data, filename)
    except UnreadableOrders as error:
        raise Refusal(_REFUSED.get(error.code, "unreadable_orders")) from error
    sha = hashlib.sha256(data).hexdigest()
    known = await goods(by.station_id)
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
    order: Order, parsed: ParsedOrders, known: Goods, by: Actor
) -> tuple[str, str, int | None, str]:
    source = OrderSource(parsed.platform.value)
    reason = order.reason or ""
    here = await order_book.by_external(by.station_id, source, order.order_no)
    if here:
        return order.order_no, await _again(here["id"], order, by), here["id"], reason
    if reason in _OVER or not order.items:
        return order.order_no, "skipped", None, reason or "items_missing"
    wanted = _order_in(order, source, known)
    try:
        placed = await order_placing.place(wanted, by=by)
    except Refusal as refusal:
        if refusal.code == "too_many_packs":
            return order.order_no, "skipped", None, "quantity_unreadable"
        if refusal.code != "sold_out":
            raise
        reason = "no_stock"
        placed = await order_placing.place(_order_in(order, source, known, reason), by=by)
    outcome = "to_fetch" if reason in _FETCHED else "held" if reason else "placed"
    return order.order_no, outcome, placed.id, reason


async def _again(order_id: int, order: Order, by: Actor) -> str:
    """The platform's newer word on an order that is here."""
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
        await orders.drop_lines(order_id, gone, by=by)
    if state == OrderState.HELD and (not reason or reason in _FETCHED):
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
        return reason not in ("", *_FETCHED)
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
        await orders.set_aside(order_id, by=by)
        return
    told = order_placing.columns_of(_receiver(order))
    await sql.execute(
        f"UPDATE orders SET {', '.join(f'{name} = ?' for name in told)}, reason = ''"  # noqa: S608 (our own names)
        " WHERE station_id = ? AND id = ? AND state = 'held'",
        *(*told.values(), by.station_id, order_id),
    )
    await orders.confirm(order_id, by=by)


def _receiver(order: Order) -> Receiver:
    who = order.receiver
    return Receiver(
        name=who.name or "",
        phone=who.phone if who.phone.kind is not Kind.ENCRYPTED else Phone(Kind.ENCRYPTED),
        province=who.province or "",
        city=who.city or "",
        county=who.county or "",
        town=who.town or "",
        detail=who.detail or "",
    )


def _order_in(order: Order, source: OrderSource, known: Goods, reason: str = "") -> OrderIn:
    reason = reason or order.reason or ""
    freight = order.freight_fen or 0
    return OrderIn(
        source=source,
        lines=tuple(
            _line(line, known, whole) for line, whole in zip(order.items, _whole(order, freight), strict=True)
        ),
        receiver=_receiver(order),
        buyer_note=order.buyer_note or "",
        seller_note=order.seller_note or "",
        external_no=order.order_no,
        platform_status=order.platform_status or "",
        reason=reason,
        paid_fen=order.paid_fen or 0,
        freight_fen=freight,
        state=_state(reason),
    )


def _state(reason: str) -> OrderState:
    if reason in _FETCHED:
        return OrderState.SET_ASIDE
    return OrderState.HELD if reason else OrderState.CONFIRMED


def _whole(order: Order, freight: int) -> Sequence[int | None]:
    """What an amount for the whole order makes for each item: it has the freight in it; amounts of single rows have not."""
    lines = order.items
    if not order.paid_fen or any(line.paid_fen is not None for line in lines):
        return [None] * len(lines)
    priced = [(line.price_fen or 0) * (line.qty or 1) for line in lines]
    return split(
        max(order.paid_fen - freight, 0), priced if all(priced) else [line.qty or 1 for line in lines]
    )


def _line(line: Line, known: Goods, whole: int | None) -> LineIn:
    qty = line.qty or 1
    product, per_pack = known.of(line)
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
