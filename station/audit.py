"""The audit: one line per act, sealed in batches so that no act waits for another."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from station import clock
from station.actor import Actor
from station.db import act, sql


async def write(
    by: Actor,
    what: str,
    /,
    *,
    subject: str,
    subject_id: int,
    also: Iterable[tuple[str, int]] = (),
    **facts: Any,
) -> None:
    """Record an act, inside it. `also` names further subjects whose story this belongs to.

    Facts stay for ever, beyond the erasure of people's data: no name, no phone, no address.
    """
    also = list(also)
    if also:
        # In the line itself too, because only lines are sealed.
        facts["also"] = also
    line = await sql.one(
        "INSERT INTO audit_line (station_id, at, account_id, act, subject, subject_id, facts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        by.station_id,
        clock.now(),
        by.account_id,
        what,
        subject,
        subject_id,
        json.dumps(facts, ensure_ascii=False, sort_keys=True),
    )
    assert line is not None
    for other, other_id in also:
        await sql.execute(
            "INSERT INTO audit_about (station_id, line_id, subject, subject_id) VALUES (?, ?, ?, ?)",
            by.station_id,
            line["id"],
            other,
            other_id,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a subject's story. `who` is the account's display name, None for the system."""

    at: datetime
    who: str | None
    act: str
    facts: dict[str, Any]


async def story(station_id: int, subject: str, subject_id: int) -> list[Told]:
    """Everything that happened to a subject, oldest first."""
    rows = await sql.rows(
        # Two indexes, each asked by itself: with OR between them the whole audit would be read.
        "SELECT l.at, l.act, l.facts, a.name AS who FROM"
        " (SELECT id FROM audit_line WHERE station_id = ? AND subject = ? AND subject_id = ? UNION"
        " SELECT line_id FROM audit_about WHERE station_id = ? AND subject = ? AND subject_id = ?) s"
        " JOIN audit_line l ON l.id = s.id LEFT JOIN account a ON a.id = l.account_id ORDER BY l.id",
        *(station_id, subject, subject_id) * 2,
    )
    return [Told(sql.moment(row["at"]), row["who"], row["act"], json.loads(row["facts"])) for row in rows]


@act
async def seal(station_id: int) -> int:
    """Seal the lines written since the last seal, at most 10,000 at once; returns how many."""
    if sql.dialect() == "postgres":
        # Wait for acts whose line has a lower id but is not committed yet; SQLite has one writer, ids come in order.
        await sql.execute("LOCK TABLE audit_line IN SHARE ROW EXCLUSIVE MODE")
    last = await sql.one(
        "SELECT number, last_line, hash FROM audit_seal WHERE station_id = ? ORDER BY number DESC LIMIT 1",
        station_id,
    ) or {"number": 0, "last_line": 0, "hash": ""}
    lines = await sql.rows(
        "SELECT * FROM audit_line WHERE station_id = ? AND id > ? ORDER BY id LIMIT 10000",
        station_id,
        last["last_line"],
    )
    if lines:
        await sql.execute(
            "INSERT INTO audit_seal (station_id, number, first_line, last_line, lines, hash, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            station_id,
            last["number"] + 1,
            lines[0]["id"],
            lines[-1]["id"],
            len(lines),
            hash_of(lines, last["hash"]),
            clock.now(),
        )
    return len(lines)


def hash_of(lines: list[dict[str, Any]], before: str) -> str:
    """SHA-256 over the seal before and every field of the lines, in order."""
    digest = hashlib.sha256(before.encode())
    for line in lines:
        fields = [line["id"], sql.moment(line["at"]).isoformat(), line["account_id"], line["act"]]
        fields += [line["subject"], line["subject_id"], line["facts"]]
        digest.update(json.dumps(fields, ensure_ascii=False).encode())
    return digest.hexdigest()
