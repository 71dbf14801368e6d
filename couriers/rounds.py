"""The round to the doors: parcels called in by phone, fetched on a day, in the order of the places."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from couriers import consignment_list, consignments, prohibited
from couriers.acceptance import ConsignmentIn, Sender
from couriers.consignments import Taken
from couriers.prohibited import Severity
from station import phones, residents, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.receivers import Receiver

tell(
    {
        "round_day": (422, N_("{day} is no day on which we can come. Choose one of the next {most} days.")),
        "round_place_missing": (422, N_("Ask where to fetch it: group, house, a mark to find it by.")),
        "round_phone": (
            422,
            N_("This is no phone number that can be rung: {phone}. Ask for it once more."),
        ),
        "round_reason_missing": (422, N_("Choose why nobody needs to go there any more.")),
        "round_gone": (
            409,
            N_("{number} is not waiting at the door any more: it was fetched or called off already."),
        ),
    }
)
MOST_DAYS = 30
# Why nobody needs to go; the audit keeps these words, so that nobody types a name into it.
REASONS = (
    N_("does not want to send it any more"),
    N_("brings it to the station"),
    N_("nobody was at home"),
    N_("was written down twice"),
)
_RINGS = frozenset({phones.Kind.MOBILE, phones.Kind.LANDLINE, phones.Kind.VIRTUAL_EXT, phones.Kind.SERVICE})
_NOBODY = Receiver("", phones.Phone(phones.Kind.MISSING), "")
_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Call:
    """What was said on the phone. `day` ISO, blank is today.

    With `resident_id` the name is the register's, and the phone too unless another was typed.
    """

    scan_id: str
    name: str
    phone: str
    place: str
    goods: str
    day: str = ""
    resident_id: int | None = None


async def book(call: Call, *, by: Actor) -> Taken:
    """Remember to fetch a parcel. To whom it goes is asked when it is taken in; what may not go is told already now.

    Raises Refusal `sender_missing`, `goods_missing`, `prohibited_goods`, `round_phone`, `round_place_missing`,
    `round_day`, and `not_found` for an unknown resident.
    """
    sender = await _caller(call, by.station_id)
    if not call.place.strip():
        raise Refusal("round_place_missing")
    _check_goods(call.goods)
    parcel = ConsignmentIn(
        scan_id=call.scan_id,
        sender=sender,
        to=_NOBODY,
        goods=call.goods,
        fetch_day=(await _day(by.station_id, call.day)).isoformat(),
        fetch_place=call.place,
    )
    return await consignments.accept(parcel, by=by)


async def _caller(call: Call, station_id: int) -> Sender:
    name, typed = call.name, call.phone
    if call.resident_id is not None:
        person = await residents.one(station_id, call.resident_id)
        name, typed = person["name"], typed.strip() or person["phone"] or ""
    if not name.strip() or not typed.strip():
        raise Refusal("sender_missing")
    phone = phones.classify(typed)
    if phone.kind not in _RINGS or phone.number is None:
        raise Refusal("round_phone", phone=typed.strip()[:20])
    return Sender(name, "-".join(filter(None, [phone.number, phone.ext])), call.resident_id)


def _check_goods(goods: str) -> None:
    if not goods.strip():
        raise Refusal("goods_missing")
    for finding in prohibited.check(goods):
        if finding.severity is Severity.REFUSE:
            raise Refusal("prohibited_goods", word=finding.word)


async def _day(station_id: int, typed: str) -> date:
    today = await stations.today(station_id)
    try:
        day = date.fromisoformat(typed.strip()) if typed.strip() else today
    except ValueError as error:
        raise Refusal("round_day", day=typed.strip()[:20], most=MOST_DAYS) from error
    if not today <= day <= today + timedelta(days=MOST_DAYS):
        raise Refusal("round_day", day=typed.strip()[:20], most=MOST_DAYS)
    return day


async def of_day(station_id: int, day: date) -> list[dict[str, Any]]:
    """What is to be fetched on a day, by place; on today's round also what was left over from days before (`late`)."""
    today = await stations.today(station_id)
    since = "" if day == today else day.isoformat()
    rows = await sql.rows(
        "SELECT id, number, sender_name, sender_phone, goods, round_day, round_place FROM consignment"
        " WHERE station_id = ? AND state = 'booked' AND round_day >= ? AND round_day <= ?",
        *(station_id, since, day.isoformat()),
    )
    found = [{**row, "late": row["round_day"] < day.isoformat()} for row in rows]
    return sorted(found, key=lambda row: (place_order(row["round_place"]), row["id"]))


async def days(station_id: int, today: date) -> list[dict[str, Any]]:
    """The days on which something is to be fetched, from today on: `day` (date) and `n`; what is late counts as today's."""
    rows = await sql.rows(
        "SELECT CASE WHEN round_day < ? THEN ? ELSE round_day END AS day, count(*) AS n FROM consignment"
        " WHERE station_id = ? AND state = 'booked' GROUP BY 1 ORDER BY 1",
        *(today.isoformat(), today.isoformat(), station_id),
    )
    return [{"day": date.fromisoformat(row["day"]), "n": int(row["n"])} for row in rows]


def place_order(place: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts as people count: 二组 before 三组 before 十组, 2号 before 10号."""
    parts = re.findall(r"[0-9]+|[零一二三四五六七八九十]+|[^0-9零一二三四五六七八九十]+", place.strip())
    return tuple((_number(part), "" if _number(part) >= 0 else part) for part in parts)


def _number(part: str) -> int:
    """`十二` → 12, `20` → 20, anything else → -1."""
    if part.isascii() and part.isdecimal():
        return int(part[:9])
    if not set(part) <= set(_NUMERALS + "十"):
        return -1
    tens, ten, ones = part.rpartition("十")
    if "十" in tens:
        return -1
    value = int("".join(str(_NUMERALS.index(sign)) for sign in ones) or "0")
    return value + (10 * (int("".join(str(_NUMERALS.index(sign)) for sign in tens) or "1")) if ten else 0)


@act
async def call_off(consignment_id: int, reason: str, *, by: Actor) -> None:
    """Nobody needs to go there any more. What was fetched meanwhile stays: it is called back from its own page."""
    if reason not in REASONS:
        raise Refusal("round_reason_missing")
    booked = await consignment_list.held(by.station_id, consignment_id)
    if booked["state"] != "booked":
        raise Refusal("round_gone", number=booked["number"])
    await consignments.cancel(consignment_id, reason, by=by)
