"""Proof that the record is whole: the audit's seals, and the books they speak of."""

import shutil
from collections.abc import Sequence

from station import audit, stations
from station.areas import Area, Book
from station.db import sql
from station.i18n import gettext
from station.settings import Settings

_MB = 1024 * 1024
_LEAST_SPACE = 200 * _MB


async def everything(loaded: Sequence[Area]) -> list[str]:
    """Each fault found, in a sentence for the operator; none if all is in order."""
    books = [*_BOOKS, *(book for area in loaded for book in area.books)]
    faults: list[str] = []
    for station_id in await stations.all_ids():
        faults += await _seals(station_id)
        faults += await _balance(station_id, books)
    return faults


async def _seals(station_id: int) -> list[str]:
    """Recompute every seal from its lines."""
    before, last, faults = "", 0, []
    for seal in await sql.rows("SELECT * FROM audit_seal WHERE station_id = ? ORDER BY number", station_id):
        lines = await sql.rows(
            "SELECT * FROM audit_line WHERE station_id = ? AND id > ? AND id <= ? ORDER BY id",
            station_id,
            last,
            seal["last_line"],
        )
        if len(lines) != seal["lines"] or audit.hash_of(lines, before) != seal["hash"]:
            faults.append(
                f"station {station_id}: audit lines {seal['first_line']} to {seal['last_line']} do not fit seal"
                f" {seal['number']}: they were changed, removed or added after {seal['at']}"
            )
        before, last = seal["hash"], seal["last_line"]
    return faults


_BOOKS: Sequence[Book] = (
    (
        "slot {} says it holds other parcels than stand in it",
        (
            "SELECT s.label AS what FROM slot s LEFT JOIN parcel p ON p.slot_id = s.id AND p.station_id = s.station_id"
            " AND p.state = 'waiting' WHERE s.station_id = ? GROUP BY s.id, s.label, s.used HAVING s.used <>"
            " COALESCE(SUM(CASE p.size WHEN 'small' THEN 1 WHEN 'medium' THEN 2 WHEN 'large' THEN 4 END), 0)"
        ),
    ),
    (
        "code {} is waited for twice",
        "SELECT code AS what FROM parcel WHERE station_id = ? AND state = 'waiting' GROUP BY code HAVING count(*) > 1",
    ),
    (
        "waybill {} waits twice",
        (
            "SELECT waybill AS what FROM parcel WHERE station_id = ? AND state = 'waiting'"
            " GROUP BY carrier, waybill, piece_no HAVING count(*) > 1"
        ),
    ),
    (
        "parcel {} has no line in the audit",
        (
            "SELECT p.id AS what FROM parcel p WHERE p.station_id = ? AND NOT EXISTS (SELECT 1 FROM audit_line l"
            " WHERE l.station_id = p.station_id AND l.subject = 'parcel' AND l.subject_id = p.id)"
        ),
    ),
)


async def _balance(station_id: int, books: Sequence[Book]) -> list[str]:
    faults = []
    for sentence, query in books:
        rows = await sql.rows(query, station_id)
        faults += [f"station {station_id}: {sentence.format(row['what'])}" for row in rows]
    return faults


async def installation(settings: Settings) -> list[str]:
    """What would keep this installation from running well, each in a sentence that says what to do."""
    findings = []
    if not await stations.all_ids():
        findings.append(
            gettext(
                "There is no station yet: run `station account add NAME --role keeper`, or `station demo`."
            )
        )
    free = shutil.disk_usage(settings.data_dir).free
    if free < _LEAST_SPACE:
        findings.append(
            gettext("Only {free} MB are free at {folder}: make room before the disk is full.").format(
                free=free // _MB, folder=settings.data_dir
            )
        )
    if settings.gammu_dir is not None:
        findings += [
            gettext("STATION_GAMMU_DIR: {folder} is not there. Is gammu-smsd set up?").format(folder=folder)
            for folder in (settings.gammu_dir / name for name in ("out", "sent", "err"))
            if not folder.is_dir()
        ]
    return findings
