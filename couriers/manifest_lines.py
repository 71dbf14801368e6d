"""Lines of manifests at the desk: the announcement a scan finds, and what it still waits for."""

import json
from dataclasses import dataclass
from typing import Any

from station.db import sql
from station.recipients import Person

# What couriers write beside a row, and what it means for the shelf.
_NOTED = {
    "fresh": ("生鲜", "冷藏", "冷冻", "保鲜", "水果", "活鲜"),
    "fragile": ("易碎", "轻放", "玻璃", "陶瓷"),
    "valuable": ("贵重", "保价"),
}


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An announced parcel that nobody scanned yet."""

    id: int
    manifest_id: int
    carrier: str
    person: Person
    pieces: int
    weight_g: int | None
    collect_fen: int | None
    cod_fen: int | None
    flags: tuple[str, ...]


async def open_line(station_id: int, waybill: str, piece_no: int) -> OpenLine | None:
    """The newest announcement of this number that waits for its scan; its own piece first."""
    row = await sql.one(
        "SELECT id, manifest_id, carrier, fields_json FROM manifest_line WHERE station_id = ? AND waybill = ?"
        " AND kind = 'accepted' AND parcel_id IS NULL"
        " ORDER BY CASE WHEN piece_no = ? THEN 0 ELSE 1 END, id DESC LIMIT 1",
        station_id,
        waybill,
        piece_no,
    )
    return _line(row) if row else None


async def by_id(station_id: int, line_id: int) -> OpenLine | None:
    row = await sql.one(
        "SELECT id, manifest_id, carrier, fields_json FROM manifest_line WHERE station_id = ? AND id = ?"
        " AND parcel_id IS NULL",
        station_id,
        line_id,
    )
    return _line(row) if row else None


def _line(row: dict[str, Any]) -> OpenLine:
    fields = json.loads(row["fields_json"])
    phone = fields.get("phone") or {}
    person = Person(
        (fields.get("name") or "")[:60],
        (phone.get("number") or "")[:30],
        phone.get("kind") or "missing",
        (phone.get("ext") or "")[:8],
    )
    return OpenLine(
        id=row["id"],
        manifest_id=row["manifest_id"],
        carrier=row["carrier"],
        person=person,
        pieces=fields.get("piece_count") or fields.get("pieces") or 1,
        weight_g=fields.get("weight_g"),
        collect_fen=_money(fields, "collect"),
        cod_fen=_money(fields, "cod"),
        flags=noted(fields.get("note") or ""),
    )


def _money(fields: dict[str, Any], what: str) -> int | None:
    """Nothing if the file has no such column; unknown (None) if its amount could not be read."""
    if f"{what}_unreadable" in fields.get("warnings", ()):
        return None
    return fields.get(f"{what}_cents") or 0


def noted(note: str) -> tuple[str, ...]:
    """The flags that a row's note asks for."""
    return tuple(flag for flag, words in _NOTED.items() if any(word in note for word in words))


async def mark_scanned(line: OpenLine, parcel_id: int) -> None:
    """The announcement has become a parcel, once."""
    if await sql.execute(
        "UPDATE manifest_line SET parcel_id = ? WHERE id = ? AND parcel_id IS NULL", parcel_id, line.id
    ):
        await sql.execute("UPDATE manifest SET scanned = scanned + 1 WHERE id = ?", line.manifest_id)


async def reopen(station_id: int, parcel_id: int) -> None:
    """A check-in was taken back: its line waits again."""
    row = await sql.one(
        "UPDATE manifest_line SET parcel_id = NULL WHERE station_id = ? AND parcel_id = ? RETURNING manifest_id",
        station_id,
        parcel_id,
    )
    if row:
        await sql.execute("UPDATE manifest SET scanned = scanned - 1 WHERE id = ?", row["manifest_id"])
