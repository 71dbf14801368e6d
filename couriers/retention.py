"""Erasing what couriers' lists and old answers know of people, with the same patience as the station."""

from datetime import timedelta

from station import audit, clock, stations
from station.actor import Actor
from station.db import act, sql
from station.settings import Settings

CHUNK = 1000


async def erase_lines(settings: Settings) -> None:
    for station_id in await stations.all_ids():
        while await _erase(station_id) >= CHUNK:
            pass


@act
async def _erase(station_id: int) -> int:
    profile = await stations.profile(station_id)
    before = clock.now() - timedelta(days=profile.keep_days)
    lines = await sql.execute(
        "UPDATE manifest_line SET fields_json = '{}' WHERE id IN (SELECT l.id FROM manifest_line l"
        " JOIN manifest m ON m.id = l.manifest_id WHERE l.station_id = ? AND m.created_at < ?"
        f" AND l.fields_json <> '{{}}' LIMIT {CHUNK})",
        station_id,
        before,
    )
    scans = await sql.execute(
        "UPDATE scan SET answer = '{}' WHERE id IN (SELECT id FROM scan WHERE station_id = ? AND at < ?"
        f" AND answer <> '{{}}' LIMIT {CHUNK})",
        station_id,
        before,
    )
    if lines or scans:
        await audit.write(
            Actor.system(station_id),
            "lists_erased",
            subject="station",
            subject_id=station_id,
            lines=lines,
            scans=scans,
        )
    return max(lines, scans)
