"""Manifests: a courier's list of the day is handed in, once, and lost by no power cut."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from couriers import manifest_files, manifest_import, patterns, uploads
from couriers.manifest_import import Read
from station import clock
from station.actor import Actor
from station.db import sql
from station.errors import N_, Refusal, tell
from station.texts import fold

log = logging.getLogger("couriers.manifests")

# No upload takes longer from its announcement to its being on disk.
LOST_AFTER = timedelta(hours=1)

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
        "not_arrived": (422, N_("This file did not arrive whole. Send it again.")),
        "no_manifest": (404, N_("There is no such manifest here.")),
    }
)

# The format of rows that a program sent; a file's own is found out by reading it.
_JSON = "json"

# Imports under way in this process, by manifest; a second upload of the same file waits for the first.
_under_way: dict[int, asyncio.Task[None]] = {}
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

    Waits until the import is finished, or at most `wait` seconds; a file error is then told by `check`.
    """
    return await _take_in(data, filename, carrier, "", by, folder, wait)


async def receive_rows(
    rows: Sequence[Mapping[str, object]],
    name: str,
    carrier: str | None,
    *,
    by: Actor,
    folder: Path | None = None,
) -> Receipt:
    """Take rows in as another program sends them; a repeat of the same rows is harmless like a file's."""
    data = await asyncio.to_thread(json.dumps, rows, default=str)
    return await _take_in(data.encode(), name, carrier, _JSON, by, folder, None)


async def _take_in(
    data: bytes,
    filename: str,
    carrier: str | None,
    kind: str,
    by: Actor,
    folder: Path | None,
    wait: float | None,
) -> Receipt:
    digest = await asyncio.to_thread(lambda: sha256(data).hexdigest())
    manifest_id, new, importing = await manifest_import.announce(
        digest, fold(filename)[-120:], carrier or "", kind, by=by
    )
    async with _starting:
        if importing and manifest_id not in _under_way:
            if folder is not None:
                await asyncio.to_thread(uploads.keep, folder, manifest_id, data)
            extra = await patterns.of_station(by.station_id)
            _start(manifest_id, _reader(data, filename, carrier, kind, extra), by, folder)
    await _wait_for(manifest_id, wait)
    return Receipt(manifest_id, new)


async def resume(folder: Path) -> None:
    """Go on with imports that a power cut or a stop interrupted."""
    rows = await sql.rows("SELECT * FROM manifest WHERE state = 'importing' ORDER BY id")
    for row in rows:
        if row["id"] not in _under_way:
            try:
                await _resume(row, folder)
            except Exception:
                # It is tried again in a while; the others are not kept waiting for it.
                log.exception("manifest %d could not be imported", row["id"])


async def _resume(row: dict[str, Any], folder: Path) -> None:
    system = Actor.system(row["station_id"])
    data = await asyncio.to_thread(uploads.kept, folder, row["id"])
    if data is None:
        # The file never arrived, or its process is about to write it down: old ones are given up.
        if sql.moment(row["created_at"]) < clock.now() - LOST_AFTER:
            await manifest_import.fail(row["id"], "not_arrived", row["format"], row["encoding"], by=system)
        return
    extra = await patterns.of_station(row["station_id"])
    read = _reader(data, row["filename"], row["carrier"] or None, row["format"], extra)
    _start(row["id"], read, system, folder)
    await _wait_for(row["id"], None)


async def leave() -> None:
    """Stop importing here. What is not finished is gone on with by the next start, as after a power cut."""
    left = list(_under_way.values())
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def interrupted() -> bool:
    """Whether any import waits to be resumed by this process."""
    rows = await sql.rows("SELECT id FROM manifest WHERE state = 'importing'")
    return any(row["id"] not in _under_way for row in rows)


def _reader(data: bytes, filename: str, carrier: str | None, kind: str, extra: patterns.Patterns) -> Read:
    if kind == _JSON:
        return lambda: manifest_files.read_rows(json.loads(data), carrier, extra)
    return lambda: manifest_files.read(data, filename, carrier, extra)


def _start(manifest_id: int, read: Read, by: Actor, folder: Path | None) -> None:
    task = asyncio.create_task(_import(manifest_id, read, by, folder))
    _under_way[manifest_id] = task
    task.add_done_callback(lambda _: _under_way.pop(manifest_id, None))


async def _import(manifest_id: int, read: Read, by: Actor, folder: Path | None) -> None:
    await manifest_import.run(manifest_id, read, by=by)
    if folder is not None:
        await asyncio.to_thread(uploads.drop, folder, manifest_id)


async def _wait_for(manifest_id: int, seconds: float | None) -> None:
    if task := _under_way.get(manifest_id):
        # Shielded: a courier whose connection drops has still handed in his list.
        done, _ = await asyncio.wait({task}, timeout=seconds)
        for finished in done:
            finished.result()


def check(manifest: Mapping[str, Any]) -> None:
    """Raise the file's error as a Refusal, if it has one."""
    if manifest["file_error"]:
        raise Refusal(manifest["file_error"], id=manifest["id"])
