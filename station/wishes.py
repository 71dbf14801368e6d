"""Standing wishes of buyers: 30 eggs every Saturday. A wish that has ended keeps nothing about its buyer."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

from station import addresses, audit, clock, phones, products, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.phones import Kind
from station.receivers import Receiver
from station.texts import plain

tell(
    {
        "wish_buyer": (422, N_("Write down who wishes it, and a number at which they can be called.")),
        "wish_address": (
            422,
            N_("It is not clear where it goes. Write province, city, county, and street or group and house."),
        ),
        "wish_units": (422, N_("Write down how many: a whole number from 1 to 10,000.")),
        "wish_day": (422, N_("Choose a day of the week, and a last day that is not over.")),
    }
)
MOST = 10_000
_CALLABLE = frozenset({Kind.MOBILE, Kind.LANDLINE, Kind.VIRTUAL_EXT, Kind.SERVICE})


@dataclass(frozen=True, slots=True)
class WishIn:
    """So many `units` of a product every week on `weekday` (0 Monday … 6 Sunday), until the ISO day `valid_until` or ""."""

    buyer_name: str
    phone: str
    address: str
    product_id: int
    units: int
    weekday: int
    valid_until: str = ""
    note: str = ""


async def write(wish: WishIn, *, by: Actor) -> int:
    """Write a wish down; returns its id. Raises Refusal `wish_buyer`, `wish_address`, `wish_units`, `wish_day`, `no_product`."""
    if not plain(wish.buyer_name) or phones.classify(wish.phone).kind not in _CALLABLE:
        raise Refusal("wish_buyer")
    if not 1 <= wish.units <= MOST:
        raise Refusal("wish_units")
    await receiver(wish.buyer_name, wish.phone, wish.address)
    today = await stations.today(by.station_id)
    if wish.weekday not in range(7) or not _not_over(wish.valid_until, today):
        raise Refusal("wish_day")
    return await _write(wish, by=by)


def _not_over(day: str, today: date) -> bool:
    try:
        return not day or date.fromisoformat(day).isoformat() == day >= today.isoformat()
    except ValueError:
        return False


async def receiver(name: str, phone: str, address: str) -> Receiver:
    """Whom and where, as an order needs it; raises Refusal `wish_address`."""
    # In a thread: the first address read loads the table of places.
    found = await asyncio.to_thread(addresses.parse, address)
    places = {
        place: getattr(found, place) or "" for place in ("province", "city", "county", "town", "village")
    }
    detail = " ".join(filter(None, (found.name, found.rest)))
    if not places["province"] or not (detail or places["village"]):
        raise Refusal("wish_address")
    return Receiver(plain(name), phones.classify(phone), **places, detail=detail)


@act
async def _write(wish: WishIn, *, by: Actor) -> int:
    await products.one(by.station_id, wish.product_id)
    wish_id = await sql.insert(
        "wish",
        station_id=by.station_id,
        product_id=wish.product_id,
        buyer_name=plain(wish.buyer_name)[:40],
        phone=plain(wish.phone)[:20],
        address=plain(wish.address)[:200],
        units=wish.units,
        weekday=wish.weekday,
        valid_until=wish.valid_until,
        active=True,
        note=plain(wish.note)[:200],
        created_at=clock.now(),
    )
    await audit.write(
        by, "wish_written", subject="wish", subject_id=wish_id, product_id=wish.product_id, units=wish.units
    )
    return wish_id


@act
async def end(wish_id: int, *, by: Actor) -> None:
    """The buyer wants no more; what was known about them goes. Again is harmless."""
    known = await sql.one("SELECT id FROM wish WHERE station_id = ? AND id = ?", by.station_id, wish_id)
    if known is None:
        raise Refusal("not_found")
    if await _end("id = ?", wish_id, by):
        await audit.write(by, "wish_ended", subject="wish", subject_id=wish_id)


@act
async def end_lapsed(*, by: Actor) -> int:
    """End the wishes whose last day is over; how many."""
    today = await stations.today(by.station_id)
    ended = await _end("valid_until <> '' AND valid_until < ?", today.isoformat(), by)
    if ended:
        await audit.write(by, "wishes_lapsed", subject="station", subject_id=by.station_id, wishes=ended)
    return ended


async def any_lapsed(station_id: int, today: date) -> bool:
    row = await sql.one(
        "SELECT id FROM wish WHERE station_id = ? AND active AND valid_until <> '' AND valid_until < ? LIMIT 1",
        *(station_id, today.isoformat()),
    )
    return row is not None


async def _end(which: str, value: object, by: Actor) -> int:
    return await sql.execute(
        "UPDATE wish SET active = ?, buyer_name = '', phone = '', address = '', note = ''"  # noqa: S608 (our own words)
        f" WHERE station_id = ? AND active AND {which}",
        *(False, by.station_id, value),
    )


async def standing(station_id: int) -> list[dict[str, Any]]:
    """Wishes that hold, by weekday, with `product` and `unit`. Phones are whole: mask them before showing."""
    return await sql.rows(
        "SELECT w.*, p.name AS product, p.unit FROM wish w JOIN product p ON p.id = w.product_id"
        " WHERE w.station_id = ? AND w.active ORDER BY w.weekday, w.id",
        station_id,
    )
