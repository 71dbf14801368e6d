"""What the check-in page shows beside the answer: the batch being unpacked, the last scans, the open questions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from station import clock
from station.actor import Actor
from station.db import sql

LAST = 10
_A_WORKING_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Batch:
    """A manifest at the desk: how much of it was scanned, and how many parcels it did not announce."""

    id: int
    carrier: str
    filename: str
    created_at: str
    accepted: int
    scanned: int
    over: int

    @property
    def missing(self) -> int:
        return max(0, self.accepted - self.scanned)


async def batch(station_id: int, manifest_id: int | None) -> Batch | None:
    """The chosen batch; without a choice the one that the last scanned parcel was announced in."""
    if manifest_id is None:
        last = await sql.one(
            "SELECT l.manifest_id FROM scan s JOIN manifest_line l ON l.station_id = s.station_id"
            " AND l.parcel_id = s.parcel_id WHERE s.station_id = ? AND s.at >= ? ORDER BY s.at DESC LIMIT 1",
            station_id,
            clock.now() - _A_WORKING_DAY,
        )
        if last is None:
            return None
        manifest_id = last["manifest_id"]
    row = await sql.one(
        "SELECT m.id, m.carrier, m.filename, m.created_at, m.accepted, m.scanned, (SELECT count(*) FROM scan s"
        " JOIN parcel p ON p.id = s.parcel_id WHERE s.station_id = m.station_id AND s.manifest_id = m.id"
        " AND s.status <> 'already_here' AND p.state <> 'undone' AND NOT EXISTS (SELECT 1 FROM manifest_line l"
        " WHERE l.station_id = s.station_id AND l.parcel_id = s.parcel_id)) AS over"
        " FROM manifest m WHERE m.station_id = ? AND m.id = ?",
        station_id,
        manifest_id,
    )
    return Batch(**row) if row else None


async def open_batches(station_id: int) -> list[dict[str, Any]]:
    """Manifests of the last days that still miss parcels: what the van may be unloading now."""
    return await sql.rows(
        "SELECT id, carrier, filename, created_at, accepted, scanned FROM manifest WHERE station_id = ?"
        " AND created_at >= ? AND state = 'ready' AND scanned < accepted ORDER BY created_at DESC LIMIT 9",
        station_id,
        clock.now() - 3 * _A_WORKING_DAY,
    )


async def last_scans(station_id: int) -> list[dict[str, Any]]:
    return await sql.rows(
        "SELECT s.scan_id, s.status, s.at, p.id, p.state, p.needs_carrier, p.needs_recipient, r.name, r.phone,"
        " t.label AS slot FROM scan s JOIN parcel p ON p.id = s.parcel_id"
        " JOIN recipient r ON r.id = p.recipient_id JOIN slot t ON t.id = p.slot_id"
        " WHERE s.station_id = ? ORDER BY s.at DESC, s.id DESC LIMIT ?",
        station_id,
        LAST,
    )


async def mine_today(by: Actor, zone: str) -> int:
    """How many parcels this person has checked in today."""
    row = await sql.one(
        "SELECT count(*) AS n FROM scan WHERE station_id = ? AND at >= ? AND by_id = ? AND status <> 'already_here'",
        by.station_id,
        clock.day_start(zone, clock.today(zone)),
        by.account_id,
    )
    return int(row["n"]) if row else 0


async def open_questions(station_id: int) -> list[dict[str, Any]]:
    """Waiting parcels whose company or person is still to be chosen, oldest first, each with its scan."""
    return await sql.rows(
        "SELECT p.id, p.waybill, p.carrier, p.needs_carrier, p.needs_recipient, p.arrived_at, r.name, r.phone,"
        " t.label AS slot, s.scan_id FROM parcel p JOIN recipient r ON r.id = p.recipient_id"
        " JOIN slot t ON t.id = p.slot_id JOIN scan s ON s.station_id = p.station_id AND s.parcel_id = p.id"
        " AND s.status <> 'already_here' WHERE p.station_id = ? AND p.state = 'waiting'"
        " AND (p.needs_carrier OR p.needs_recipient) ORDER BY p.arrived_at LIMIT 200",
        station_id,
    )
