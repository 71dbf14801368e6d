"""Vans: which vehicle calls when, and whose parcels it takes along."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from station import audit, carriers, clock, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.texts import fold

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：.]([0-5][0-9])")
# What the column holds. Nearly all companies in one van: then it takes all.
_LONGEST = 80

tell(
    {
        "van_needs_name": (422, N_("Give the van a name, such as the company or the driver's round.")),
        "van_time": (422, N_("{leaves} is no time of day. Type it like 17:00.")),
        "van_carriers": (422, N_("These are nearly all companies. Tick none: then the van takes every one.")),
        "no_van": (404, N_("There is no such van here. Look at the list of vans.")),
    }
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """The next van for a carrier's parcels; `at` is aware, in UTC."""

    van: dict[str, Any]
    at: datetime


@act
async def put(name: str, codes: tuple[str, ...], leaves: str, *, by: Actor) -> int:
    """Add a van, or settle anew what the van of this name takes and when it leaves (HH:MM, local). Returns its id."""
    name, found = fold(name)[:40], _TIME.fullmatch(fold(leaves))
    if not name:
        raise Refusal("van_needs_name")
    if found is None:
        raise Refusal("van_time", leaves=leaves[:20])
    chosen = " ".join(carrier.code for carrier in carriers.CARRIERS if carrier.code in codes)
    if len(chosen) > _LONGEST:
        raise Refusal("van_carriers")
    leaving = f"{int(found[1]):02d}:{found[2]}"
    van = await sql.one(
        "INSERT INTO van (station_id, name, carriers, leaves, active, created_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (station_id, name) DO UPDATE SET carriers = excluded.carriers, leaves = excluded.leaves,"
        " active = excluded.active RETURNING id",
        by.station_id,
        name,
        chosen,
        leaving,
        True,
        clock.now(),
    )
    assert van is not None
    await audit.write(by, "van_put", subject="van", subject_id=van["id"], carriers=chosen, leaves=leaving)
    return int(van["id"])


@act
async def retire(van_id: int, *, by: Actor) -> None:
    """A van that does not come any more; its handovers stay. Once more is harmless."""
    changed = await sql.execute(
        "UPDATE van SET active = ? WHERE station_id = ? AND id = ? AND active", False, by.station_id, van_id
    )
    if changed:
        await audit.write(by, "van_retired", subject="van", subject_id=van_id)
    else:
        await one(by.station_id, van_id)


async def all(station_id: int) -> list[dict[str, Any]]:  # noqa: A001
    """The vans that come, by the time they leave: id, name, leaves, carriers (tuple of codes; empty takes all)."""
    rows = await sql.rows(
        "SELECT id, name, carriers, leaves FROM van WHERE station_id = ? AND active ORDER BY leaves, name",
        station_id,
    )
    return [row | {"carriers": tuple(row["carriers"].split())} for row in rows]


async def one(station_id: int, van_id: int) -> dict[str, Any]:
    """A van, also one that does not come any more; Refusal `no_van`."""
    row = await sql.one(
        "SELECT id, name, carriers, leaves, active FROM van WHERE station_id = ? AND id = ?",
        station_id,
        van_id,
    )
    if row is None:
        raise Refusal("no_van")
    return row | {"carriers": tuple(row["carriers"].split())}


async def next_leaving(station_id: int, carrier: str, now: datetime) -> Leaving | None:
    """The van that takes this carrier's parcels next, today or tomorrow; None if no van takes them. Blank: any van."""
    zone, vans = (await stations.profile(station_id)).zone, await all(station_id)
    if not carrier:
        vans = [van | {"carriers": ()} for van in vans]
    return soonest(vans, carrier, now, zone)


def soonest(vans: list[dict[str, Any]], carrier: str, now: datetime, zone: str) -> Leaving | None:
    """The same from vans already read. A van without companies of its own takes all."""
    leaving = [Leaving(van, leaves_at(van, now, zone)) for van in vans if takes(van, carrier)]
    return min(leaving, key=lambda each: each.at, default=None)


def takes(van: dict[str, Any], carrier: str) -> bool:
    return not van["carriers"] or carrier in van["carriers"]


def leaves_at(van: dict[str, Any], now: datetime, zone: str) -> datetime:
    """When the van leaves next: today if its time has not passed, else tomorrow."""
    local = now.astimezone(ZoneInfo(zone))
    at = datetime.combine(local.date(), time.fromisoformat(van["leaves"]), ZoneInfo(zone))
    if at < local:
        at = datetime.combine(local.date() + timedelta(days=1), at.time(), ZoneInfo(zone))
    return at.astimezone(now.tzinfo)
