"""Orders from platforms' exports: read whole, placed one by one, the same export again harmless.

A newer export of the same orders is the platform's word on them: who got the money back is no longer sent anything.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from station import audit, clock, order_book, order_goods, order_placing, order_updates
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.own_labels import OWN_LABEL
from station.platforms.orders import ParsedOrders, UnreadableOrders, parse
from station.platforms.rows import Line, Order
from station.platforms.shipping import Shipped
from station.receivers import of_export
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

# Who has more of them looks at the first.
_MOST_REJECTED = 50

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
    known = await order_goods.goods(by.station_id)
    outcomes = [await _take(order, parsed, known, by) for order in parsed.orders]
    import_id, new = await _record(sha, parsed, outcomes, by=by)
    return Imported(import_id, parsed, outcomes, new)


@act
async def _record(sha: str, parsed: ParsedOrders, outcomes: Sequence[Any], *, by: Actor) -> tuple[int, bool]:
    counts = {name: sum(outcome[1] == name for outcome in outcomes) for name in OUTCOMES}
    rejected = [(row.row, row.reason) for row in parsed.rejected[:_MOST_REJECTED]]
    result = json.dumps(
        {
            "counts": counts,
            "rejected": len(parsed.rejected),
            "rejected_rows": rejected,
            "outcomes": outcomes,
        },
        ensure_ascii=False,
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
    order: Order, parsed: ParsedOrders, known: order_goods.Goods, by: Actor
) -> tuple[str, str, int | None, str]:
    source = OrderSource(parsed.platform.value)
    reason = order.reason or ""
    here = await order_book.by_external(by.station_id, source, order.order_no)
    if here:
        return order.order_no, await order_updates.heard(here["id"], order, by), here["id"], reason
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
    outcome = "to_fetch" if reason in order_updates.FETCHED else "held" if reason else "placed"
    return order.order_no, outcome, placed.id, reason


def _order_in(order: Order, source: OrderSource, known: order_goods.Goods, reason: str = "") -> OrderIn:
    reason = reason or order.reason or ""
    freight = order.freight_fen or 0
    return OrderIn(
        source=source,
        lines=tuple(
            _line(line, known, whole) for line, whole in zip(order.items, _whole(order, freight), strict=True)
        ),
        receiver=of_export(order.receiver),
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
    if reason in order_updates.FETCHED:
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


def _line(line: Line, known: order_goods.Goods, whole: int | None) -> LineIn:
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
    """The last twenty exports handed in, each as `one` has it."""
    rows = await sql.rows(
        # Their ids first: to be sorted whole, every result there ever was would be read.
        "SELECT id, filename, platform, result, created_at FROM order_import WHERE id IN"
        " (SELECT id FROM order_import WHERE station_id = ? ORDER BY id DESC LIMIT 20) ORDER BY id DESC",
        station_id,
    )
    return [{**row, **json.loads(row["result"])} for row in rows]


async def one(station_id: int, import_id: int) -> dict[str, Any]:
    """An export handed in, with `counts` by outcome, `outcomes`, how many rows were `rejected`, and of the first of them
    `rejected_rows`: number of the row and one of `platforms.reader.REJECTED`."""
    row = await sql.one("SELECT * FROM order_import WHERE station_id = ? AND id = ?", station_id, import_id)
    if row is None:
        raise Refusal("not_found")
    return {**row, **json.loads(row["result"])}


async def shipped(station_id: int, source: OrderSource, since: str) -> list[Shipped]:
    """Orders of a platform that have a waybill it does not know yet, from the day `since` (ISO) on."""
    rows = await sql.rows(
        "SELECT external_no, carrier, waybill FROM orders WHERE station_id = ? AND source = ? AND waybill <> ''"
        " AND day >= ? AND external_no <> '' AND reason <> ? ORDER BY id",
        *(station_id, source, since, OWN_LABEL),
    )
    return [Shipped(row["external_no"], row["carrier"], row["waybill"]) for row in rows]
