"""Parcels going out, for tests: consignments as the desk leaves them, with orders behind them where asked."""

from itertools import count
from typing import Any

from couriers.models import Consignment, ConsignmentState
from station import clock, order_placing, orders, phones, receivers
from station.actor import Actor
from station.db import act, sql
from station.models import OrderSource, OrderState

STROKES = "M10 20L30 40L50 20M70 20L70 60"
_numbers = count(1)


async def consign(
    by: Actor, carrier: str = "ZTO", *, order_id: int | None = None, **more: Any
) -> Consignment:
    """One parcel, taken in and ready to leave unless `more` says otherwise."""
    return (await consign_many(by, 1, carrier, order_ids=(order_id,), **more))[0]


@act
async def consign_many(
    by: Actor, number: int, carrier: str = "ZTO", *, order_ids: tuple[int | None, ...] = (), **more: Any
) -> list[Consignment]:
    made = []
    for place in range(number):
        running = next(_numbers)
        values: dict[str, Any] = {
            "station_id": by.station_id,
            "number": f"JC{running:06d}",
            "scan_id": f"test-{running}",
            "order_id": order_ids[place] if place < len(order_ids) else None,
            "sender_name": "郑春梅",
            "sender_phone": "13900000152",
            "name": "周先生",
            "phone": "13800001234",
            "phone_kind": "mobile",
            "province": "湖南省",
            "city": "长沙市",
            "detail": "五一大道1号",
            "goods": "土鸡蛋",
            "weight_g": 1840,
            "carrier": carrier,
            "waybill": f"7312{running:010d}",
            "state": ConsignmentState.ACCEPTED,
            "day": clock.today("Asia/Shanghai").isoformat(),
            "created_at": clock.now(),
            "accepted_at": clock.now(),
            "by_id": by.account_id,
        }
        made.append(Consignment(**values | more))
    await Consignment.bulk_create(made)
    numbers = {each.number: each for each in made}
    for row in await sql.rows("SELECT id, number FROM consignment WHERE station_id = ?", by.station_id):
        if row["number"] in numbers:
            numbers[row["number"]].id = row["id"]
    return made


async def packed_order(by: Actor, total_fen: int = 6800) -> int:
    """An order of eggs that is packed and waits for its van."""
    line = order_placing.LineIn(name="土鸡蛋 30 枚", qty=1, price_fen=total_fen)
    receiver = receivers.Receiver(
        "周先生", phones.classify("13800001234"), province="湖南省", detail="五一大道1号"
    )
    placed = await order_placing.place(
        order_placing.OrderIn(OrderSource.PHONE, (line,), receiver, state=OrderState.CONFIRMED), by=by
    )
    await orders.move(placed.id, OrderState.PACKED, by=by)
    return placed.id


async def state_of(consignment: Consignment) -> str:
    (row,) = await sql.rows("SELECT state FROM consignment WHERE id = ?", consignment.id)
    return str(row["state"])


async def order_state(order_id: int) -> str:
    (row,) = await sql.rows("SELECT state FROM orders WHERE id = ?", order_id)
    return str(row["state"])
