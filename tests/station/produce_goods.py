"""What produce tests have in common: a household with people, a product, a lot, and orders that hold some of it."""

import io
from typing import Any

from PIL import Image

from station import clock, lots, products, residents, stock
from station.actor import Actor
from station.db import act, sql
from station.lots import LotIn
from station.models import Order, OrderLine, OrderState
from station.residents import ResidentIn


async def zheng(*, by: Actor, name: str = "郑桂香", group: str = "五组") -> int:
    """The household 郑家 of 五组, its people in the register."""
    person = await residents.keep(ResidentIn(name, ("13987654321",), "郑家", group), by=by)
    return int((await residents.one(by.station_id, person))["household_id"])


async def eggs(*, by: Actor) -> int:
    return await products.add("土鸡蛋", "eggs", "枚", "蛋", by=by)


async def egg_lot(*, by: Actor, amount: int = 210, **more: Any) -> tuple[int, int, int]:
    """Household, product and lot."""
    home, product = await zheng(by=by), await eggs(by=by)
    return home, product, await lots.take_in(LotIn(home, product, amount, **more), by=by)


@act
async def order(
    units: int, product_id: int, *, by: Actor, state: OrderState = OrderState.CONFIRMED
) -> tuple[int, int]:
    """An order of one line that holds `units`; the order's and the line's id."""
    row = await sql.one("SELECT count(*) AS n FROM orders WHERE station_id = ?", by.station_id)
    assert row is not None
    placed = await Order.create(
        station_id=by.station_id,
        number=f"1122-{row['n'] + 1:02d}",
        source="market",
        token=f"token-{row['n'] + 1}",
        name="刘小芳",
        phone="13612345678",
        state=state,
        day="2026-11-22",
        placed_at=clock.now(),
    )
    line = await OrderLine.create(
        station_id=by.station_id, order_id=placed.id, product_id=product_id, name="土鸡蛋", qty=1, units=units
    )
    await stock.reserve(line.id, product_id, units, by=by)
    return placed.id, line.id


@act
async def give_back(line_id: int, *, by: Actor) -> None:
    await stock.release(line_id, "changed her mind", by=by)


def picture(size: tuple[int, int] = (640, 480), kind: str = "JPEG", **how: Any) -> bytes:
    """A picture whose upper left corner is red."""
    drawn = Image.new("RGB", size, "white")
    drawn.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    written = io.BytesIO()
    drawn.save(written, kind, **how)
    return written.getvalue()
