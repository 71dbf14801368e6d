"""What a stall needs in tests: Granny Zheng's eggs in stock, a pack of thirty on sale, and a buyer in Changsha."""

from dataclasses import replace

from station import clock, listings, order_placing, stock
from station.actor import Actor
from station.db import act, sql
from station.listings import ListingIn
from station.models import OrderSource
from station.order_placing import LineIn, OrderIn, Placed
from station.phones import classify
from station.receivers import Receiver

ZHOU = Receiver("周小兰", classify("13607312275"), "湖南省", "长沙市", "岳麓区", "望月湖街道", "", "12栋301")
ZHOU_PASTED = "周小兰 13607312275 湖南省长沙市岳麓区望月湖街道12栋301"


@act
async def _row(table: str, **columns: object) -> int:
    row = await sql.one(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) RETURNING id",
        *columns.values(),
    )
    assert row is not None
    return int(row["id"])


async def household(by: Actor, name: str = "郑家", grp: str = "五组", helped: bool = True) -> int:
    return await _row(
        "household",
        station_id=by.station_id,
        name=name,
        grp=grp,
        helped=helped,
        note="",
        created_at=clock.now(),
    )


async def product(by: Actor, name: str = "土鸡蛋", kind: str = "eggs", unit: str = "枚") -> int:
    return await _row(
        "product",
        station_id=by.station_id,
        name=name,
        kind=kind,
        unit=unit,
        short=name[-1],
        active=True,
        created_at=clock.now(),
    )


@act
async def lot(
    by: Actor,
    household_id: int,
    product_id: int,
    units: int,
    label: str = "蛋 1121-1",
    certificate: int | None = 117,
) -> int:
    """A lot in stock, brought in on 21 November."""
    lot_id = await _row(
        "lot",
        station_id=by.station_id,
        household_id=household_id,
        product_id=product_id,
        label=label,
        trace_code=f"T{label[-6:].replace(' ', '')}",
        day="2026-11-21",
        amount=units,
        grade="",
        best_before="",
        origin="",
        photo="",
        certificate_no=certificate,
        certificate_by="",
        state="open",
        recall_reason="",
        note="",
        created_at=clock.now(),
    )
    await stock.take_in(lot_id, units, by=by)
    return lot_id


async def eggs_on_sale(by: Actor, packs: int = 10, **described: object) -> int:
    """Packs of thirty eggs at ¥48.00, so many of them in stock; returns the listing."""
    product_id = await product(by)
    if packs:
        await lot(by, await household(by), product_id, 30 * packs)
    pack = ListingIn(
        product_id, "土鸡蛋 30 枚", 30, 4800, title_en="30 farm eggs", story="散养的，前一天捡。"
    )
    listing_id = await listings.offer(replace(pack, **described), by=by)  # type: ignore[arg-type]
    await listings.set_open(listing_id, True, by=by)
    return listing_id


def wanted(listing_id: int, qty: int = 1, **more: object) -> OrderIn:
    """Zhou's order from the village's page."""
    order = OrderIn(OrderSource.MARKET, (LineIn(listing_id, qty),), ZHOU)
    return replace(order, **more)  # type: ignore[arg-type]


async def ordered(by: Actor, listing_id: int, qty: int = 1, **more: object) -> Placed:
    return await order_placing.place(wanted(listing_id, qty, **more), by=by)


async def written(station_id: int) -> tuple[int, int, int, int]:
    """How many orders, lines, reservations and ledger entries there are."""
    row = await sql.one(
        "SELECT (SELECT count(*) FROM orders WHERE station_id = ?) AS o, (SELECT count(*) FROM order_line WHERE station_id = ?) AS l,"
        " (SELECT count(*) FROM stock_move WHERE station_id = ? AND kind = 'reserved') AS r,"
        " (SELECT count(*) FROM ledger_entry WHERE station_id = ?) AS e",
        *[station_id] * 4,
    )
    assert row is not None
    return row["o"], row["l"], row["r"], row["e"]
