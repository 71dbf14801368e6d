"""Erasing the names of those who collected, with the same patience as the station. That it was collected stays."""

from station import audit, stations
from station.actor import Actor
from station.db import act, sql
from station.settings import Settings

CHUNK = 1000


async def erase_collectors(settings: Settings) -> None:
    for station_id in await stations.all_ids():
        while await _erase(station_id) == CHUNK:
            pass


@act
async def _erase(station_id: int) -> int:
    before = await stations.kept_since(station_id)
    erased = await sql.execute(
        "UPDATE collection SET collector_name = '', relation = '' WHERE id IN (SELECT id FROM collection"
        " WHERE station_id = ? AND at < ? AND collector_name <> '' LIMIT ?)",
        station_id,
        before,
        CHUNK,
    )
    if erased:
        system = Actor.system(station_id)
        await audit.write(
            system, "collectors_erased", subject="station", subject_id=station_id, people=erased
        )
    return erased
