"""Erasing what couriers' lists and old answers know of people, with the same patience as the station."""

import asyncio
from datetime import datetime

from couriers import uploads
from station import audit, stations
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
    before = await stations.kept_since(station_id)
    lines = await sql.execute(
        "UPDATE manifest_line SET fields_json = '{}' WHERE id IN (SELECT l.id FROM manifest m JOIN manifest_line l"
        " ON l.station_id = m.station_id AND l.manifest_id = m.id WHERE m.station_id = ? AND m.created_at < ?"
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
    sent = await _erase_sent(station_id, before)
    if lines or scans or sent:
        await audit.write(
            Actor.system(station_id),
            "lists_erased",
            subject="station",
            subject_id=station_id,
            lines=lines,
            scans=scans,
            consignments=sent,
        )
    return max(lines, scans, sent)


async def _erase_sent(station_id: int, before: datetime) -> int:
    """Who sent what to whom, and who signed for it, long after it arrived or was called back."""
    await sql.execute(
        "UPDATE handover SET signed_by = '', signature = '' WHERE station_id = ? AND opened_at < ?"
        " AND (signed_by <> '' OR signature <> '')",
        station_id,
        before,
    )
    return await sql.execute(
        "UPDATE consignment SET sender_name = '', sender_phone = '', name = '', phone = '', phone_ext = '',"
        " phone_kind = 'erased', tail = '', town = '', village = '', detail = '', round_place = '', photo = '',"
        " resident_id = NULL"
        " WHERE id IN (SELECT id FROM consignment WHERE station_id = ? AND closed_at < ? AND phone_kind <> 'erased' LIMIT ?)",
        station_id,
        before,
        CHUNK,
    )
