"""What households bring, by kind and unit: 土鸡蛋 counted in 枚, 腊肉 in 斤."""

from datetime import date, timedelta
from typing import Any

from station import audit, clock, packing_rules
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.texts import plain

tell(
    {
        "product_exists": (409, N_("There is already a product called {name}.")),
        "product_unclear": (
            422,
            N_("A product needs a name, a kind from the list, and what is counted, such as 枚."),
        ),
        "no_product": (404, N_("There is no such product here.")),
    }
)

# Days from intake in which each kind is usually still good; offered at the intake, where it can be changed. Usual
# practice, not law: None where nobody writes a day on it.
KEEPS_DAYS: dict[str, int | None] = {
    "eggs": 30,
    "dried": 180,
    "vacuum": 90,
    "chilled": 3,
    "poultry_killed": 3,
    "live": None,
    "vegetables": 4,
    "fruit": 10,
    "tea": 540,
    "grain": 180,
    "fish_live": None,
    "pork_fresh": 2,
    "other": None,
}


@act
async def add(name: str, kind: str, unit: str, short: str, *, by: Actor) -> int:
    """A new product; returns its id. `short` (blank: the name's first character) begins its lots' labels."""
    name, unit, short = plain(name)[:40], plain(unit)[:10], plain(short)[:4]
    if not name or not unit or kind not in packing_rules.RULES:
        raise Refusal("product_unclear")
    row = await sql.one(
        "INSERT INTO product (station_id, name, kind, unit, short, active, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (station_id, name) DO NOTHING RETURNING id",
        by.station_id,
        name,
        kind,
        unit,
        short or name[0],
        True,
        clock.now(),
    )
    if row is None:
        raise Refusal("product_exists", name=name)
    await audit.write(
        by, "product_added", subject="product", subject_id=row["id"], name=name, kind=kind, unit=unit
    )
    return int(row["id"])


@act
async def retire(product_id: int, *, by: Actor) -> None:
    """It is not taken in any more; what is in stock can still be sold."""
    await _set_active(product_id, False, by)


@act
async def bring_back(product_id: int, *, by: Actor) -> None:
    """It is taken in again."""
    await _set_active(product_id, True, by)


async def _set_active(product_id: int, active: bool, by: Actor) -> None:
    touched = await sql.execute(
        "UPDATE product SET active = ? WHERE station_id = ? AND id = ?", active, by.station_id, product_id
    )
    if not touched:
        raise Refusal("no_product")
    what = "product_brought_back" if active else "product_retired"
    await audit.write(by, what, subject="product", subject_id=product_id)


async def all(station_id: int) -> list[dict[str, Any]]:  # noqa: A001 - read as products.all
    """Every product with its columns, those still taken in first, by age."""
    return await sql.rows(
        "SELECT * FROM product WHERE station_id = ? ORDER BY CASE WHEN active THEN 0 ELSE 1 END, id",
        station_id,
    )


async def one(station_id: int, product_id: int) -> dict[str, Any]:
    """A product's columns. Raises Refusal `no_product`."""
    row = await sql.one("SELECT * FROM product WHERE station_id = ? AND id = ?", station_id, product_id)
    if row is None:
        raise Refusal("no_product")
    return row


def keeps_until(kind: str, day: date) -> str:
    """The best-before day (ISO) that is usual for what came in on `day`; "" where none is written."""
    days = KEEPS_DAYS.get(kind)
    return "" if days is None else (day + timedelta(days=days)).isoformat()
