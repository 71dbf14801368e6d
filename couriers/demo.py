"""The demo village's last two days: two manifests, most of them on the shelf, some collected."""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from couriers import manifests
from couriers.checkin import ScanIn, check_in
from couriers.sending_demo import outbound
from pickup.collection import HandOut, collect
from pickup.models import Collector
from station import clock, stations
from station.actor import Actor
from station.db import sql
from station.models import Size
from station.produce_demo import person

_PEOPLE = Path(__file__).with_name("demo_people.tsv")
# Of the village alone: the sample files can still be uploaded and scanned afresh beside them.
_FIRST_WAYBILL = 900_000_000_001
_NOTES = ("", "", "生鲜 冷藏", "", "易碎 轻放", "", "")
_MONEY = ("", "", "", "12.00", "", "", "", "35.00")


async def days_of_work(station_id: int) -> None:
    """What came in, and what went out."""
    await two_days(station_id)
    await outbound(station_id)


async def two_days(station_id: int) -> None:
    """Yesterday's and today's manifests, scans and collections, as if they had happened."""
    desk = await person(station_id, "chen")
    people = _people()
    numbers = itertools.count(_FIRST_WAYBILL)
    zone = (await stations.profile(station_id)).zone
    now, midnight = clock.now(), clock.day_start(zone, clock.today(zone))
    with clock.at(now - timedelta(days=1)):
        await _manifest("圆通", people[:14], numbers, await person(station_id, "liu"))
        await _check_in_announced(station_id, desk, leave=0)
    with clock.at(max(now - timedelta(minutes=50), midnight)):
        await _manifest("圆通", people[8:29], numbers, await person(station_id, "liu"))
        await _check_in_announced(station_id, desk, leave=6)
        await check_in(ScanIn("demo-question", "605675152001", phone="138****0152", name="向*兰"), by=desk)
    with clock.at(max(now - timedelta(minutes=20), midnight)):
        await _collect_some(station_id, desk)


def _people() -> list[dict[str, str]]:
    with _PEOPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


async def _manifest(
    carrier: str, people: list[dict[str, str]], numbers: Iterator[int], courier: Actor
) -> None:
    rows = [
        {
            "waybill": f"YT{next(numbers):013d}",
            "name": person["name"],
            "phone": person["phone"],
            "address": person["address"],
            "collect": _MONEY[place % len(_MONEY)],
            "note": _NOTES[place % len(_NOTES)],
            "carrier": carrier,
        }
        for place, person in enumerate(people)
    ]
    await manifests.receive_rows(rows, f"{carrier}-{clock.now():%m%d}", courier.carrier, by=courier)


async def _check_in_announced(station_id: int, desk: Actor, *, leave: int) -> None:
    """Scan what is announced, but for the last few that the van has not brought yet."""
    lines = await sql.rows(
        "SELECT waybill FROM manifest_line WHERE station_id = ? AND kind = 'accepted' AND parcel_id IS NULL ORDER BY id",
        station_id,
    )
    sizes = itertools.cycle((Size.SMALL, Size.SMALL, Size.MEDIUM, Size.SMALL, Size.LARGE))
    for line in lines[: len(lines) - leave]:
        await check_in(ScanIn(f"demo-{line['waybill']}", line["waybill"], size=next(sizes)), by=desk)


async def _collect_some(station_id: int, desk: Actor) -> None:
    waiting = await sql.rows(
        "SELECT id FROM parcel WHERE station_id = ? AND state = 'waiting' AND collect_fen = 0 ORDER BY id",
        station_id,
    )
    for place, row in enumerate(waiting[:9]):
        hand = HandOut(f"demo-{row['id']}", (row["id"],))
        if place % 3 == 2:
            hand = replace(hand, collector=Collector.PROXY, name="覃小波", relation="grandchild")
        await collect(hand, by=desk)
