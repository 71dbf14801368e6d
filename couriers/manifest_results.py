"""What became of a manifest: its rows as they were taken, and what is missing or extra on the shelf."""

import json
from typing import Any

from station import phones
from station.actor import Actor, Role
from station.db import sql
from station.errors import Refusal

PAGE = 100
# Erased rows tell nothing any more.
_WARNED = "fields_json NOT LIKE '%\"warnings\": []%' AND fields_json <> '{}'"


async def seen(manifest_id: int, *, by: Actor) -> dict[str, Any]:
    """The manifest, if this person may see it: a courier sees only their company's. Raises Refusal `no_manifest`."""
    row = await sql.one("SELECT * FROM manifest WHERE station_id = ? AND id = ?", by.station_id, manifest_id)
    if row is None or (by.role is Role.COURIER and by.carrier != row["carrier"]):
        raise Refusal("no_manifest")
    return row


async def recent(*, by: Actor) -> list[dict[str, Any]]:
    """The newest manifests this person may see, with how many of each are still on the shelf."""
    own = "" if by.role is not Role.COURIER else " AND m.carrier = ?"
    return await sql.rows(
        "SELECT m.*, (SELECT count(*) FROM manifest_line l JOIN parcel p ON p.id = l.parcel_id"  # noqa: S608 - our own words
        " WHERE l.station_id = m.station_id AND l.manifest_id = m.id AND p.state = 'waiting') AS on_shelf"
        f" FROM manifest m WHERE m.station_id = ?{own} ORDER BY m.created_at DESC LIMIT 30",
        by.station_id,
        *([by.carrier] if own else []),
    )


async def result(manifest: dict[str, Any], *, mask: bool) -> dict[str, Any]:
    """The answer of the API: every row as it was read. `mask` hides phones from those who did not send them."""
    answer: dict[str, Any] = {
        "id": manifest["id"],
        "file": manifest["filename"],
        "carrier": manifest["carrier"] or None,
        "state": manifest["state"],
        "format": manifest["format"] or None,
        "encoding": manifest["encoding"] or None,
        "file_error": manifest["file_error"] or None,
        "header_row": manifest["header_row"],
        "columns": json.loads(manifest["columns"]),
        "counts": {
            "rows": manifest["accepted"] + manifest["rejected"] + manifest["skipped"],
            "accepted": manifest["accepted"],
            "rejected": manifest["rejected"],
            "skipped": manifest["skipped"],
        },
        "accepted": [],
        "rejected": [],
        "skipped": [],
    }
    rows = await sql.rows(
        "SELECT row, kind, reason, fields_json FROM manifest_line WHERE station_id = ? AND manifest_id = ? ORDER BY row",
        manifest["station_id"],
        manifest["id"],
    )
    for row in rows:
        answer[row["kind"]].append(shown(row, mask=mask))
    return answer


def shown(row: dict[str, Any], *, mask: bool) -> dict[str, Any]:
    """A line as it was read from the file."""
    if row["kind"] == "skipped":
        return {"row": row["row"], "kind": row["reason"]}
    fields: dict[str, Any] = json.loads(row["fields_json"]) or {"row": row["row"]}
    if mask and (phone := fields.get("phone")):
        number = phone.get("number")
        fields["phone"] = {**phone, "number": phones.mask(number) if number else None, "alt": []}
    return fields


async def counts_of_warned(manifest: dict[str, Any]) -> int:
    row = await sql.one(
        "SELECT count(*) AS n FROM manifest_line WHERE station_id = ? AND manifest_id = ? AND kind = 'accepted'"  # noqa: S608 - our own words
        f" AND {_WARNED}",
        manifest["station_id"],
        manifest["id"],
    )
    return int(row["n"]) if row else 0


async def rows(manifest: dict[str, Any], which: str, page: int) -> list[dict[str, Any]]:
    """One page of lines, and one more row if there is a further page. `which`: rejected, warned, missing or all."""
    conditions = {
        "rejected": "l.kind = 'rejected'",
        "warned": f"l.kind = 'accepted' AND {_WARNED}",
        "missing": "l.kind = 'accepted' AND l.parcel_id IS NULL",
        "all": "l.kind <> 'skipped'",
    }
    found = await sql.rows(
        "SELECT l.row, l.kind, l.reason, l.waybill, l.carrier, l.fields_json, p.id AS parcel_id, p.state,"  # noqa: S608 - our own words
        " s.label AS slot FROM manifest_line l LEFT JOIN parcel p ON p.id = l.parcel_id"
        " LEFT JOIN slot s ON s.id = p.slot_id WHERE l.station_id = ? AND l.manifest_id = ?"
        f" AND {conditions[which]} ORDER BY l.row LIMIT ? OFFSET ?",
        manifest["station_id"],
        manifest["id"],
        PAGE + 1,
        (page - 1) * PAGE,
    )
    return [{**row, "fields": shown(row, mask=True)} for row in found]


async def over(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Parcels scanned while this batch was unpacked that its list does not name."""
    return await sql.rows(
        "SELECT p.id, p.waybill, p.carrier, t.label AS slot, p.state FROM scan s JOIN parcel p ON p.id = s.parcel_id"
        " JOIN slot t ON t.id = p.slot_id WHERE s.station_id = ? AND s.manifest_id = ? AND s.status <> 'already_here'"
        " AND p.state <> 'undone' AND NOT EXISTS (SELECT 1 FROM manifest_line l WHERE l.station_id = s.station_id"
        " AND l.parcel_id = p.id AND l.manifest_id = s.manifest_id) ORDER BY s.id LIMIT 200",
        manifest["station_id"],
        manifest["id"],
    )


async def on_shelf(manifest: dict[str, Any]) -> int:
    row = await sql.one(
        "SELECT count(*) AS n FROM manifest_line l JOIN parcel p ON p.id = l.parcel_id WHERE l.station_id = ?"
        " AND l.manifest_id = ? AND p.state = 'waiting'",
        manifest["station_id"],
        manifest["id"],
    )
    return int(row["n"]) if row else 0
