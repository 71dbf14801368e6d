"""Erasing what couriers' lists and old answers know of people, with the same patience as the station."""

import asyncio
from datetime import timedelta

from couriers import uploads
from station import audit, clock, stations
from station.actor import Actor
from station.db import act, sql
from station.settings import Settings

CHUNK = 1000


async def erase_lines(settings: Settings) -> None:
    for station_id in await stations.all_ids():
        while await _erase(station_id) >= CHUNK:
            pass
    importing = {row["id"] for row in await sql.rows("SELECT id FROM manifest WHERE state = 'importing'")}
    await asyncio.to_thread(uploads.drop_all_but, settings.data_dir / "uploads", importing)


@act
async def _erase(station_id: int) -> int:
    profile = await stations.profile(station_id)
    before = clock.now() - timedelta(days=profile.keep_days)
    lines = await sql.execute(
        "UPDATE manifest_line SET fields_json = '{}' WHERE id IN (SELECT l.id FROM manifest_line l"
        " JOIN manifest m ON m.id = l.manifest_id WHERE l.station_id = ? AND m.created_at < ?"
        " AND l.fields_json <> '{}' LIMIT ?)",
        station_id,
        before,
        CHUNK,
    )
    scans = await sql.execute(
        "UPDATE scan SET answer = '{}' WHERE id IN (SELECT id FROM scan WHERE station_id = ? AND at < ?"
        " AND answer <> '{}' LIMIT ?)",
        station_id,
        before,
        CHUNK,
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
