"""Messages inside the acts that are their reason: written, written anew, withdrawn."""

from datetime import datetime

from station import clock
from station.db import sql


async def put(station_id: int, kind: str, phone: str, due_at: datetime, text: str = "") -> int:
    """A new message to leave at `due_at`; returns its id. Its words may come later, by `write`."""
    row = await sql.one(
        "INSERT INTO message (station_id, kind, phone, text, state, attempts, due_at, gateway, gateway_ref, error,"
        " created_at) VALUES (?, ?, ?, ?, 'queued', 0, ?, '', '', '', ?) RETURNING id",
        station_id,
        kind,
        phone,
        text,
        due_at,
        clock.now(),
    )
    assert row is not None
    return int(row["id"])


async def still_queued(station_id: int, kind: str, phone: str) -> int | None:
    """The message of this kind to this phone that was never tried. An update, because it keeps the worker from taking
    the message until the act that adds to it is done."""
    row = await sql.one(
        "UPDATE message SET kind = kind WHERE station_id = ? AND kind = ? AND phone = ? AND state = 'queued'"
        " AND attempts = 0 RETURNING id",
        station_id,
        kind,
        phone,
    )
    return int(row["id"]) if row else None


async def hold(station_id: int, message_id: int) -> None:
    """Inside an act, before its words are worked out: whoever else writes it anew waits, and reads what this act did."""
    await sql.execute(
        "UPDATE message SET kind = kind WHERE station_id = ? AND id = ?", station_id, message_id
    )


async def write(station_id: int, message_id: int, text: str) -> None:
    """Give a message that has not left its words. One that was withdrawn has its reason again, and waits to leave."""
    await sql.execute(
        "UPDATE message SET text = ?, state = CASE state WHEN 'withdrawn' THEN 'queued' ELSE state END"
        " WHERE station_id = ? AND id = ? AND state IN ('queued', 'needs_person', 'withdrawn')",
        text,
        station_id,
        message_id,
    )


async def withdraw(station_id: int, message_id: int) -> None:
    """A message whose reason is gone before it left, or before anybody rang in its place."""
    await sql.execute(
        "UPDATE message SET state = 'withdrawn' WHERE station_id = ? AND id = ? AND state IN ('queued', 'needs_person')",
        station_id,
        message_id,
    )
