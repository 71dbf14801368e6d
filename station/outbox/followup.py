"""What people do about messages: look at them, send one again, ring instead."""

from datetime import timedelta
from typing import Any

from station import audit, clock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.gateways import WITH_RECEIPTS, GatewayDown
from station.models import MessageState
from station.outbox.sending import JOB, RECEIPTS_FOR

PAGE_SIZE = 50
SILENT = timedelta(hours=1)

tell(
    {
        "no_message": (404, N_("There is no such message at this station.")),
        "message_settled": (
            409,
            N_("This message is settled already: somebody was quicker, or the parcel is gone."),
        ),
    }
)

# What the Messages page shows under each heading; `all` is without a limit.
SHOWN = {
    "waiting": (MessageState.QUEUED, MessageState.SENDING),
    "needs_person": (MessageState.NEEDS_PERSON,),
    "sent": (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.CALLED),
}


async def listing(station_id: int, show: str = "all", page: int = 1) -> tuple[list[dict[str, Any]], bool]:
    """One page of messages, newest first, and whether there are older ones."""
    where = "m.station_id = ?"
    if show in SHOWN:
        # In words, not as arguments: the index of those that need a person is a partial one.
        where += f" AND m.state IN ({', '.join(repr(str(state)) for state in SHOWN[show])})"
    rows = await sql.rows(
        f"{_SEEN} WHERE {where} ORDER BY m.id DESC LIMIT ? OFFSET ?",
        station_id,
        PAGE_SIZE + 1,
        (page - 1) * PAGE_SIZE,
    )
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


@act
async def send_again(message_id: int, *, by: Actor) -> None:
    """Give a message that was left to a person another series of tries."""
    await _settle(message_id, MessageState.QUEUED, by)
    await sql.execute(
        "UPDATE message SET attempts = 0, error = '', due_at = ? WHERE station_id = ? AND id = ?",
        clock.now(),
        by.station_id,
        message_id,
    )
    await audit.write(by, "message_sent_again", subject="message", subject_id=message_id)


@act
async def told_by_phone(message_id: int, *, by: Actor) -> None:
    """Somebody rang the person instead."""
    await _settle(message_id, MessageState.CALLED, by)
    await audit.write(by, "message_called", subject="message", subject_id=message_id)


@act
async def unmask(message_id: int, *, by: Actor) -> None:
    """Put on record that somebody looks at the whole number, to ring it."""
    await _exists(by.station_id, message_id)
    await audit.write(by, "phone_shown", subject="message", subject_id=message_id)


async def _settle(message_id: int, state: MessageState, by: Actor) -> None:
    """Take a message off the list of those that need a person, if it is still there."""
    if not await sql.execute(
        "UPDATE message SET state = ? WHERE station_id = ? AND id = ? AND state = 'needs_person'",
        state,
        by.station_id,
        message_id,
    ):
        await _exists(by.station_id, message_id)
        raise Refusal("message_settled")


async def _exists(station_id: int, message_id: int) -> None:
    if not await sql.one(
        "SELECT 1 AS one FROM message WHERE station_id = ? AND id = ?", station_id, message_id
    ):
        raise Refusal("no_message")


async def unsent(station_id: int) -> int:
    """How many messages wait for a person."""
    return await _count("FROM message WHERE station_id = ? AND state = 'needs_person'", station_id)


async def held_up(station_id: int) -> int:
    """How many messages do not get out because the channel takes none, or took them an hour ago and says nothing."""
    now = clock.now()
    held = await _count(
        "FROM message m JOIN job_run j ON j.name = ? AND j.error = ? WHERE m.station_id = ? AND m.state = 'queued'",
        JOB,
        GatewayDown.__name__,
        station_id,
    )
    for gateway in WITH_RECEIPTS:
        held += await _count(
            "FROM message WHERE state = 'accepted' AND gateway = ? AND sent_at BETWEEN ? AND ? AND station_id = ?",
            gateway,
            now - RECEIPTS_FOR,
            now - SILENT,
            station_id,
        )
    return held


async def _count(rest: str, *args: Any) -> int:
    row = await sql.one(f"SELECT count(*) AS n {rest}", *args)
    return int(row["n"]) if row else 0


_SEEN = (
    "SELECT m.id, m.kind, m.phone, m.text, m.state, m.attempts, m.due_at, m.sent_at, m.created_at, m.gateway, m.error"
    " FROM message m"
)
