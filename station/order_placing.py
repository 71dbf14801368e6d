"""An order is placed: what it costs, its running number, its goods kept for it, all in one act."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from station import audit, clock, listings, stations, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderSource, OrderState
from station.order_book import by_external, by_scan
from station.receivers import Receiver
from station.running_numbers import next_number

# How long the goods of an order from the village's page wait for the station's confirmation: long enough that a
# volunteer sees it the next morning.
KEPT = timedelta(hours=24)
MAX_QTY = 999
# What a platform has sold in one go is not ours to refuse; units of it must still fit their column.
_MAX_ELSEWHERE = 20_000

tell(
    {
        "nothing_ordered": (422, N_("Nothing is ordered yet. Say how many packs.")),
        "too_many_packs": (422, N_("One order takes 1 to {most} packs of a thing.")),
        "price_changed": (
            409,
            N_("The price is ¥{price} now. Look whether it suits you, then order again."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class LineIn:
    """So many packs: of a listing, or (orders from elsewhere) of what is named here.

    `units` are the product's units in all packs together; None with no product: nobody has said yet what it is here.
    With a listing, `price_fen` is the price of one pack that the buyer saw (None: whatever it costs now).
    """

    listing_id: int | None = None
    qty: int = 1
    product_id: int | None = None
    name: str = ""
    spec: str = ""
    sku: str = ""
    sub_no: str = ""
    units: int | None = None
    price_fen: int | None = None
    total_fen: int | None = None


@dataclass(frozen=True, slots=True)
class OrderIn:
    """An order to be placed. The same `scan_id`, or `external_no` of a `source`, again is the same order.

    `paid_fen`: what a platform says that the buyer paid there; for the record, the ledger knows nothing of it.
    `hold_minutes`: how long a reserved order's goods are kept (None: KEPT).
    """

    source: OrderSource
    lines: tuple[LineIn, ...]
    receiver: Receiver
    buyer_note: str = ""
    seller_note: str = ""
    scan_id: str = ""
    external_no: str = ""
    platform_status: str = ""
    reason: str = ""
    paid_fen: int = 0
    freight_fen: int = 0
    hold_minutes: int | None = None
    state: OrderState = OrderState.RESERVED
    # 256 random bits: whoever has the link may look, nobody else finds it. Drawn here, not inside the act.
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class Placed:
    """`new` is False if it had been placed before; then the other fields are those of the first time."""

    id: int
    number: str
    token: str
    new: bool


@act
async def place(order: OrderIn, *, by: Actor) -> Placed:
    """Write an order and keep its goods for it, or neither. A held order keeps none until it is confirmed.

    Raises Refusal: `nothing_ordered`, `too_many_packs`, `listing_closed`, `out_of_season`, `price_changed`, `sold_out`.
    """
    # One order after the other at a station: the running number, repeats, and what is left of the stock.
    await stations.one_at_a_time(by.station_id)
    known = (order.scan_id and await by_scan(by.station_id, order.scan_id)) or (
        order.external_no and await by_external(by.station_id, order.source, order.external_no)
    )
    if known:
        return Placed(known["id"], known["number"], known["token"], new=False)
    rows = await _priced(by.station_id, order.lines)
    order_id, number = await _insert(order, sum(row["total_fen"] for row in rows), by)
    for row in rows:
        row["id"] = await sql.insert("order_line", station_id=by.station_id, order_id=order_id, **row)
    if order.state is not OrderState.HELD:
        await keep_goods(rows, by)
    await audit.write(
        by,
        "order_placed",
        subject="order",
        subject_id=order_id,
        number=number,
        source=order.source.value,
        state=order.state.value,
        goods_fen=sum(row["total_fen"] for row in rows),
        paid_elsewhere_fen=order.paid_fen,
    )
    return Placed(order_id, number, order.token, new=True)


async def _priced(station_id: int, wanted: Sequence[LineIn]) -> list[dict[str, Any]]:
    """The lines as rows, what they cost decided; a listing's price is ours, not the form's."""
    if not wanted:
        raise Refusal("nothing_ordered")
    for line in wanted:
        most = _MAX_ELSEWHERE if line.listing_id is None else MAX_QTY
        if not 1 <= line.qty <= most:
            raise Refusal("too_many_packs", most=most)
    return [
        await listings.as_line(station_id, line.listing_id, line.qty, line.price_fen)
        if line.listing_id is not None
        else _as_named(line)
        for line in wanted
    ]


def _as_named(line: LineIn) -> dict[str, Any]:
    price = line.price_fen or 0
    return {
        "listing_id": None,
        "product_id": line.product_id,
        "name": line.name[:120],
        "spec": line.spec[:120],
        "sku": line.sku[:60],
        "sub_no": line.sub_no[:60],
        "qty": line.qty,
        "units": line.units,
        "price_fen": price,
        "total_fen": price * line.qty if line.total_fen is None else line.total_fen,
    }


async def _insert(order: OrderIn, goods_fen: int, by: Actor) -> tuple[int, str]:
    station, now = await stations.profile(by.station_id), clock.now()
    day = clock.today(station.zone)
    reserved = order.state is OrderState.RESERVED
    kept = KEPT if order.hold_minutes is None else timedelta(minutes=order.hold_minutes)
    columns: dict[str, Any] = {
        "station_id": by.station_id,
        "number": await next_number(by.station_id, "orders", f"{day:%m%d}-", width=2),
        "source": order.source,
        "external_no": order.external_no[:60],
        "scan_id": order.scan_id[:40],
        "token": order.token,
        **order.receiver.columns(),
        "buyer_note": order.buyer_note[:500],
        "seller_note": order.seller_note[:500],
        "platform_status": order.platform_status[:60],
        "reason": order.reason[:24],
        "goods_fen": goods_fen,
        "freight_fen": order.freight_fen,
        "paid_fen": 0,
        "state": order.state,
        "day": day.isoformat(),
        "placed_at": now,
        "expires_at": now + kept if reserved else None,
        "closed_at": None,
        "carrier": "",
        "waybill": "",
        "by_id": by.account_id,
    }
    return await sql.insert("orders", **columns), columns["number"]


async def keep_goods(rows: Sequence[dict[str, Any]], by: Actor) -> None:
    """Inside an act: reserve what the lines hold; a line that nobody has matched to a product yet holds nothing."""
    # In one order everywhere, so that two acts never wait for each other in a circle.
    known = [row for row in rows if row["product_id"] and row["units"]]
    for row in sorted(known, key=lambda row: int(row["product_id"])):
        await stock.reserve(row["id"], row["product_id"], row["units"], by=by)
