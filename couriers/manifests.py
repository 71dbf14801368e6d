"""Manifests: a courier's list of the day, taken in row by row, so that no check-in waits for a long file."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from couriers import late_lists, manifest_files, patterns, uploads
from couriers.manifest_files import ParsedManifest
from couriers.models import ManifestState
from station import audit, clock, day_stats, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.texts import fold

# So many rows an act: a few milliseconds, between which the scans of the desk are served.
CHUNK = 1000

tell(
    {
        "empty_file": (422, N_("There is nothing in this file. Export it again and look at its size.")),
        "no_waybill_column": (
            422,
            N_(
                "No column of this file holds waybill numbers. Call the column 运单号 and send the file again."
            ),
        ),
        "unreadable_file": (
            422,
            N_(
                "This file is no table, or it is damaged or locked. Export it as xlsx or csv, without a password."
            ),
        ),
        "no_manifest": (404, N_("There is no such manifest here.")),
    }
)

Line = tuple[Any, ...]
Read = Callable[[], ParsedManifest]

# Imports under way in this process, by manifest; a second upload of the same file waits for the first.
_under_way: dict[int, asyncio.Task[None]] = {}
# A large workbook takes its memory once, not once for each courier.
_reading = asyncio.Semaphore(1)
# Two uploads of the same file at once shall not both begin to import it.
_starting = asyncio.Lock()


@dataclass(frozen=True, slots=True)
class Receipt:
    """`new` is False if the same file of the same carrier had come before."""

    id: int
    new: bool


async def receive(
    data: bytes, filename: str, carrier: str | None, *, by: Actor, folder: Path, wait: float | None = None
) -> Receipt:
    """Take a file in; `folder` keeps it until it is imported, so that a power cut loses nothing.

    Waits until the import is finished, or at most `wait` seconds. The result, a file error included, is then `result`.
    """
    digest = await asyncio.to_thread(lambda: sha256(data).hexdigest())
    manifest_id, new, importing = await _announce(digest, fold(filename)[-120:], carrier or "", by=by)
    async with _starting:
        if importing and manifest_id not in _under_way:
            await asyncio.to_thread(uploads.keep, folder, manifest_id, data)
            extra = await patterns.of_station(by.station_id)
            _start(manifest_id, _reader(data, filename, carrier, extra), by, folder)
    await _wait_for(manifest_id, wait)
    return Receipt(manifest_id, new)


async def receive_rows(
    rows: Sequence[Mapping[str, object]], name: str, carrier: str | None, *, by: Actor
) -> Receipt:
    """Take rows in as another program sends them; a repeat of the same rows is harmless like a file's."""
    digest = sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
    manifest_id, new, importing = await _announce(digest, fold(name)[-120:], carrier or "", by=by)
    extra = await patterns.of_station(by.station_id)
    if importing and manifest_id not in _under_way:
        _start(manifest_id, lambda: manifest_files.read_rows(rows, carrier, extra), by, None)
    await _wait_for(manifest_id, None)
    return Receipt(manifest_id, new)


async def resume(folder: Path) -> None:
    """Go on with imports that a power cut or a stop interrupted."""
    rows = await sql.rows("SELECT * FROM manifest WHERE state = 'importing' ORDER BY id")
    for row in rows:
        data = await asyncio.to_thread(uploads.kept, folder, row["id"])
        if data is None or row["id"] in _under_way:
            continue
        system = Actor.system(row["station_id"])
        extra = await patterns.of_station(row["station_id"])
        read = _reader(data, row["filename"], row["carrier"] or None, extra)
        _start(row["id"], read, system, folder)
        await _wait_for(row["id"], None)


async def interrupted() -> bool:
    """Whether any import waits to be resumed by this process."""
    rows = await sql.rows("SELECT id FROM manifest WHERE state = 'importing'")
    return any(row["id"] not in _under_way for row in rows)


def _reader(data: bytes, filename: str, carrier: str | None, extra: patterns.Patterns) -> Read:
    return lambda: manifest_files.read(data, filename, carrier, extra)


def _start(manifest_id: int, read: Read, by: Actor, folder: Path | None) -> None:
    task = asyncio.create_task(_import(manifest_id, read, by, folder))
    _under_way[manifest_id] = task
    task.add_done_callback(lambda _: _under_way.pop(manifest_id, None))


async def _wait_for(manifest_id: int, seconds: float | None) -> None:
    if task := _under_way.get(manifest_id):
        # Shielded: a courier whose connection drops has still handed in his list.
        done, _ = await asyncio.wait({task}, timeout=seconds)
        for finished in done:
            finished.result()


async def _import(manifest_id: int, read: Read, by: Actor, folder: Path | None) -> None:
    async with _reading:
        parsed, lines = await asyncio.to_thread(_parse, read)
    if parsed.file_error:
        await _fail(manifest_id, parsed, by=by)
    else:
        done = await _begin(manifest_id, parsed, len(lines), by=by)
        for start in range(done, len(lines), CHUNK):
            await _write(manifest_id, start, lines[start : start + CHUNK], by=by)
        # Before it is finished: an import that a power cut interrupts here is resumed and meets them again.
        await late_lists.meet(manifest_id, by=by)
        await _finish(manifest_id, parsed, by=by)
    if folder is not None:
        await asyncio.to_thread(uploads.drop, folder, manifest_id)


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
async def _announce(digest: str, filename: str, carrier: str, *, by: Actor) -> tuple[int, bool, bool]:
    """The manifest's id, whether it is new, and whether it is still to be imported. A failed file is tried again."""
    row = await sql.one(
        "INSERT INTO manifest (station_id, carrier, filename, sha256, state, file_error, format, encoding, columns,"
        " rows, imported, accepted, rejected, skipped, scanned, by_id, created_at)"
        " VALUES (?, ?, ?, ?, 'importing', '', '', '', '{}', 0, 0, 0, 0, 0, 0, ?, ?)"
        " ON CONFLICT (station_id, sha256, carrier) DO NOTHING RETURNING id",
        by.station_id,
        carrier,
        filename,
        digest,
        by.account_id,
        clock.now(),
    )
    if row:
        await audit.write(by, "manifest_sent", subject="manifest", subject_id=row["id"], carrier=carrier)
        return row["id"], True, True
    await sql.execute(
        "UPDATE manifest SET state = 'importing', file_error = '' WHERE station_id = ? AND sha256 = ? AND carrier = ?"
        " AND state = 'failed'",
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
async def _fail(manifest_id: int, parsed: ParsedManifest, *, by: Actor) -> None:
    await sql.execute(
        "UPDATE manifest SET state = 'failed', file_error = ?, format = ?, encoding = ? WHERE station_id = ? AND id = ?",
        parsed.file_error,
        parsed.format or "",
        parsed.encoding or "",
        by.station_id,
        manifest_id,
    )
    await audit.write(
        by, "manifest_unreadable", subject="manifest", subject_id=manifest_id, error=parsed.file_error
    )


def check(manifest: Mapping[str, Any]) -> None:
    """Raise the file's error as a Refusal, if it has one."""
    if manifest["file_error"]:
        raise Refusal(manifest["file_error"], id=manifest["id"])
