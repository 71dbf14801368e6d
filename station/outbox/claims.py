"""Messages in somebody's hands: claimed, given back, their outcome on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from station import audit, clock, day_stats, metrics
from station.actor import Actor
from station.db import act, sql
from station.gateways import Outcome, Outgoing, Receipt
from station.models import MessageError, MessageState
from station.patience import after_quiet, pause_after

AT_ONCE = 10
CHANNEL_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """An outcome counts as long as the message still has this `state` and `claimed_at`."""

    id: int
    station_id: int
    zone: str
    quiet: tuple[str, str]
    gateway: str
    state: MessageState
    attempts: int
    claimed_at: datetime
    error: str
    message: Outgoing


@act
async def claim_due(gateway: str) -> list[Claim]:
    """Take some due messages by conditional update. In quiet hours they are put off instead: a laptop that was off all
    day does not wake the village at night."""
    now = clock.now()
    taken = []
    for row in await _rows(
        "m.state = 'queued' AND m.due_at <= ? ORDER BY m.due_at, m.id LIMIT ?", now, AT_ONCE
    ):
        wakes = after_quiet(now, row["zone"], row["quiet_from"], row["quiet_until"])
        if wakes > now:
            await sql.execute(
                "UPDATE message SET due_at = ? WHERE id = ? AND state = 'queued'", wakes, row["id"]
            )
        elif await sql.execute(
            "UPDATE message SET state = 'sending', claimed_at = ?, attempts = attempts + 1, gateway = ?"
            " WHERE id = ? AND state = 'queued'",
            now,
            gateway,
            row["id"],
        ):
            # Read again: another act may have changed the words until the update locked them.
            taken += await claimed("m.id = ?", row["id"])
    return taken


async def claimed(where: str, *args: Any) -> list[Claim]:
    """Messages that are or were claimed, by a condition on m. `where` is our own text, never anybody's input."""
    return [
        Claim(
            id=row["id"],
            station_id=row["station_id"],
            zone=row["zone"],
            quiet=(row["quiet_from"], row["quiet_until"]),
            gateway=row["gateway"],
            state=MessageState(row["state"]),
            attempts=row["attempts"],
            claimed_at=sql.moment(row["claimed_at"]),
            error=row["error"],
            message=Outgoing(_reference(row), row["phone"], row["sms_signature"], row["text"]),
        )
        for row in await _rows(where, *args)
    ]


@act
async def stand_back(claims: list[Claim]) -> None:
    """The channel is down: these tries do not count, and nothing is tried for a minute."""
    for claim in claims:
        await sql.execute(
            "UPDATE message SET state = 'queued', attempts = attempts - 1, claimed_at = NULL"
            " WHERE id = ? AND state = 'sending' AND claimed_at = ?",
            claim.id,
            claim.claimed_at,
        )
    again = clock.now() + CHANNEL_PAUSE
    await sql.execute("UPDATE message SET due_at = ? WHERE state = 'queued' AND due_at < ?", again, again)


async def settle(claim: Claim, receipt: Receipt) -> None:
    """Record what became of a message: gone, to be tried again after a pause, or left to a person."""
    if receipt.outcome is not Outcome.FAILED:
        state = await _gone(claim, MessageState(receipt.outcome))
    else:
        state = await _failed(claim, receipt.error or MessageError.NO_ANSWER)
    if state:
        metrics.MESSAGES.labels(claim.gateway, state).inc()


@act
async def _gone(claim: Claim, state: MessageState) -> MessageState | None:
    """None (here and below): the message is not in these hands any more, and nothing was written."""
    now = clock.now()
    if not await sql.execute(
        "UPDATE message SET state = ?, error = '', gateway_ref = ?, sent_at = coalesce(sent_at, ?)"
        " WHERE id = ? AND state = ? AND claimed_at = ?",
        state,
        claim.message.reference,
        now,
        *_held(claim),
    ):
        return None
    if claim.state is MessageState.SENDING:
        await day_stats.count(claim.station_id, now, claim.zone, "messages_sent")
    await _record(claim, state)
    return state


@act
async def _failed(claim: Claim, error: MessageError) -> MessageState | None:
    now, pause = clock.now(), _pause(claim, error)
    state = MessageState.QUEUED if pause else MessageState.NEEDS_PERSON
    due_at = after_quiet(now + (pause or timedelta()), claim.zone, *claim.quiet)
    if not await sql.execute(
        "UPDATE message SET state = ?, error = ?, due_at = ?, sent_at = NULL"
        " WHERE id = ? AND state = ? AND claimed_at = ?",
        state,
        error,
        due_at,
        *_held(claim),
    ):
        return None
    if state is MessageState.NEEDS_PERSON:
        await day_stats.count(claim.station_id, now, claim.zone, "messages_failed")
    await _record(claim, state, error=error)
    return state


def _pause(claim: Claim, error: MessageError) -> timedelta | None:
    lost_before = claim.error == error == MessageError.UNCLEAR
    return pause_after(claim.attempts) if error.passing and not lost_before else None


def _held(claim: Claim) -> tuple[int, MessageState, datetime]:
    return claim.id, claim.state, claim.claimed_at


async def _record(claim: Claim, state: MessageState, **facts: Any) -> None:
    await audit.write(
        Actor.system(claim.station_id),
        f"message_{state}",
        subject="message",
        subject_id=claim.id,
        gateway=claim.gateway,
        attempts=claim.attempts,
        **facts,
    )


def _reference(row: dict[str, Any]) -> str:
    """The same for every try, and another one in a database that was begun anew."""
    return f"{sql.moment(row['created_at']):%Y%m%d-%H%M%S}-{row['id']}"


_SEEN = (
    "SELECT m.*, s.zone, s.quiet_from, s.quiet_until, s.sms_signature FROM message m"
    " JOIN station s ON s.id = m.station_id"
)


async def _rows(where: str, *args: Any) -> list[dict[str, Any]]:
    return await sql.rows(f"{_SEEN} WHERE {where}", *args)
