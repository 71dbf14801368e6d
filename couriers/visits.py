"""Who came or comes today: the couriers whose lists are here and what of them is missing, the vans that still leave."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from couriers import consignment_list, vans
from station import carriers, clock, stations
from station.db import sql
from station.i18n import gettext

# When, who, how many pieces, how many of them are scanned (None: a van that takes them along later), and where to look.
Coming = tuple[datetime, str, int, int | None, str]


async def of_today(station_id: int) -> list[Coming]:
    """By the clock: today's lists, read by their date alone, then the vans that leave later today."""
    zone = ZoneInfo((await stations.profile(station_id)).zone)
    now = clock.now().astimezone(zone)
    return [*await _lists(station_id, now), *await _vans(station_id, now)]


async def _lists(station_id: int, now: datetime) -> list[Coming]:
    rows = await sql.rows(
        "SELECT id, carrier, created_at, accepted, scanned FROM manifest WHERE station_id = ? AND created_at >= ?"
        " AND state = 'ready' AND accepted > 0 ORDER BY created_at DESC LIMIT 12",
        station_id,
        datetime.combine(now.date(), time.min, now.tzinfo).astimezone(clock.now().tzinfo),
    )
    return [
        (
            sql.moment(row["created_at"]),
            carriers.short(row["carrier"]) if row["carrier"] else gettext("several companies"),
            row["accepted"],
            row["scanned"],
            f"/manifests/{row['id']}",
        )
        for row in reversed(rows)
    ]


async def _vans(station_id: int, now: datetime) -> list[Coming]:
    leaving = [(vans.leaves_at(van, now, str(now.tzinfo)), van) for van in await vans.all(station_id)]
    coming = [(at, van) for at, van in leaving if at.date() == now.date()]
    here = await consignment_list.here(station_id) if coming else []
    return [
        (at, van["name"], sum(vans.takes(van, row["carrier"]) for row in here), None, "/handovers")
        for at, van in coming
    ]
