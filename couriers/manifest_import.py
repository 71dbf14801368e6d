"""The rows of a manifest are written part by part, so that no check-in waits for a long file."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from couriers import late_lists
from couriers.manifest_files import ParsedManifest
from couriers.models import ManifestState
from station import audit, clock, day_stats, stations
from station.actor import Actor
from station.db import act, sql

# So many rows an act: a few milliseconds, between which the scans of the desk are served.
CHUNK = 1000

Line = tuple[Any, ...]
Read = Callable[[], ParsedManifest]

# A large workbook takes its memory once, not once for each courier.
_reading = asyncio.Semaphore(1)


@act
async def announce(
    digest: str, filename: str, carrier: str, kind: str, *, by: Actor
) -> tuple[int, bool, bool]:
    """The manifest's id, whether it is new, and whether it is still to be imported. A failed file is tried again."""
    row = await sql.one(
        "INSERT INTO manifest (station_id, carrier, filename, sha256, state, file_error, format, encoding, columns,"
        " rows, imported, accepted, rejected, skipped, scanned, by_id, created_at)"
        " VALUES (?, ?, ?, ?, 'importing', '', ?, '', '{}', 0, 0, 0, 0, 0, 0, ?, ?)"
        " ON CONFLICT (station_id, sha256, carrier) DO NOTHING RETURNING id",
        by.station_id,
        carrier,
        filename,
        digest,
        kind,
        by.account_id,
        clock.now(),
    )
    if row:
        await audit.write(by, "manifest_sent", subject="manifest", subject_id=row["id"], carrier=carrier)
        return row["id"], True, True
    await sql.execute(
        "UPDATE manifest SET state = 'importing', file_error = '', format = ?, created_at = ? WHERE station_id = ?"
        " AND sha256 = ? AND carrier = ? AND state = 'failed'",
        kind,
        clock.now(),
        by.station_id,
        digest,
        carrier,
    )
    known = await sql.one(
        "SELECT id, state FROM manifest WHERE station_id = ? AND sha256 = ? AND carrier = ?",
        by.station_id,
        digest,
        carrier,
    )
    assert known is not None
    return known["id"], False, known["state"] == ManifestState.IMPORTING


async def run(manifest_id: int, read: Read, *, by: Actor) -> None:
    """Read the file and write its rows, from where an interrupted import stopped."""
    async with _reading:
        parsed, lines = await asyncio.to_thread(_parse, read)
    if parsed.file_error:
        await fail(manifest_id, parsed.file_error, parsed.format, parsed.encoding, by=by)
    else:
        done = await _begin(manifest_id, parsed, len(lines), by=by)
        for start in range(done, len(lines), CHUNK):
            await _write(manifest_id, start, lines[start : start + CHUNK], by=by)
        # Before it is finished: an import that a power cut interrupts here is resumed and meets them again.
        await late_lists.meet(manifest_id, by=by)
        await _finish(manifest_id, parsed, by=by)


def _parse(read: Read) -> tuple[ParsedManifest, list[Line]]:
    """Read the file and lay its rows out for the table; slow, for a thread."""
    parsed = read()
    lines: list[Line] = [
        (row.row, "accepted", "", row.waybill, row.piece_no or 1, row.carrier or "", _json(row.as_dict()))
        for row in parsed.accepted
    ]
    lines += [
        (row.row, "rejected", row.reason, (row.waybill or "")[:30], 1, "", _json(row.as_dict()))
        for row in parsed.rejected
    ]
    lines += [(row.row, "skipped", row.kind, "", 1, "", "{}") for row in parsed.skipped]
    return parsed, sorted(lines)


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


@act
async def _begin(manifest_id: int, parsed: ParsedManifest, rows: int, *, by: Actor) -> int:
    """Note what the file is; returns how many rows an interrupted import has written already."""
    row = await sql.one(
        "UPDATE manifest SET format = ?, encoding = ?, header_row = ?, columns = ?, rows = ?"
        " WHERE station_id = ? AND id = ? RETURNING imported",
        parsed.format or "",
        parsed.encoding or "",
        parsed.header_row,
        _json(parsed.columns),
        rows,
        by.station_id,
        manifest_id,
    )
    assert row is not None
    return int(row["imported"])


@act
async def _write(manifest_id: int, start: int, lines: list[Line], *, by: Actor) -> None:
    """Write the next rows, unless another process has. One line in the audit for the file, not for each chunk."""
    mine = await sql.execute(
        "UPDATE manifest SET imported = imported + ? WHERE station_id = ? AND id = ? AND imported = ?",
        len(lines),
        by.station_id,
        manifest_id,
        start,
    )
    if mine:
        await sql.many(
            "INSERT INTO manifest_line (station_id, manifest_id, row, kind, reason, waybill, piece_no, carrier,"
            " fields_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(by.station_id, manifest_id, *line) for line in lines],
        )


@act
async def _finish(manifest_id: int, parsed: ParsedManifest, *, by: Actor) -> None:
    counts = parsed.counts
    finished = await sql.execute(
        "UPDATE manifest SET state = 'ready', accepted = ?, rejected = ?, skipped = ? WHERE station_id = ? AND id = ?"
        " AND state = 'importing'",
        counts["accepted"],
        counts["rejected"],
        counts["skipped"],
        by.station_id,
        manifest_id,
    )
    if finished:
        zone = (await stations.profile(by.station_id)).zone
        await day_stats.count(by.station_id, clock.now(), zone, "announced", counts["accepted"])
        await audit.write(by, "manifest_imported", subject="manifest", subject_id=manifest_id, counts=counts)


@act
async def fail(manifest_id: int, error: str, format_: str | None, encoding: str | None, *, by: Actor) -> None:
    failed = await sql.execute(
        "UPDATE manifest SET state = 'failed', file_error = ?, format = ?, encoding = ? WHERE station_id = ? AND id = ?"
        " AND state = 'importing'",
        error,
        format_ or "",
        encoding or "",
        by.station_id,
        manifest_id,
    )
    if failed:
        await audit.write(by, "manifest_unreadable", subject="manifest", subject_id=manifest_id, error=error)
