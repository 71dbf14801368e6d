"""The worker's rounds: send what is due, and hear what became of it."""

import asyncio
import logging
from datetime import timedelta

from station import clock, metrics
from station.db import sql
from station.gateways import WITH_RECEIPTS, Gateway, GatewayDown, Outcome, Outgoing, Receipt, choose
from station.models import MessageError
from station.outbox.claims import claim_due, claimed, settle, stand_back
from station.settings import Settings

log = logging.getLogger("station.outbox")

# The name under which the worker keeps when send_due last ran, and how.
JOB = "messages"
ANSWER_WITHIN = 30.0
# A claim that old belongs to a process that was stopped: no gateway is waited for longer than ANSWER_WITHIN.
LOST_AFTER = timedelta(minutes=5)
# Nothing more is heard of a message that was accepted so long ago.
RECEIPTS_FOR = timedelta(days=3)


async def any_due() -> bool:
    """Whether there is anything to send. Only reads."""
    now = clock.now()
    row = await sql.one(
        "SELECT EXISTS (SELECT 1 FROM message WHERE state = 'queued' AND due_at <= ?)"
        " OR EXISTS (SELECT 1 FROM message WHERE state = 'sending' AND claimed_at < ?) AS due",
        now,
        now - LOST_AFTER,
    )
    return bool(row and row["due"])


async def send_due(settings: Settings) -> int:
    """Send a handful of the messages that are due; returns how many were tried. Raises GatewayDown."""
    return await send_through(choose(settings))


async def send_through(gateway: Gateway) -> int:
    """Claim, send, record: two short acts around the sending, which is in none.

    A message is sent at least once. When the process dies between handing over and recording, nobody can know whether
    it left; it is tried once more (two messages are a nuisance, none is a parcel nobody knows of), under the same
    reference, by which a gateway can recognise it. Lost a second time it is left to a person.
    """
    for lost in await claimed("m.state = 'sending' AND m.claimed_at < ?", clock.now() - LOST_AFTER):
        await settle(lost, Receipt(lost.message.reference, Outcome.FAILED, MessageError.UNCLEAR))
    claims = await claim_due(gateway.name)
    receipts = await asyncio.gather(*(_hand_over(gateway, claim.message) for claim in claims))
    refused = [claim for claim, receipt in zip(claims, receipts, strict=True) if receipt is None]
    for claim, receipt in zip(claims, receipts, strict=True):
        if receipt:
            await settle(claim, receipt)
    if refused:
        await stand_back(refused)
    metrics.MESSAGES_WAITING.set(await waiting())
    if refused:
        raise GatewayDown(f"{gateway.name} takes no messages")
    return len(claims)


async def _hand_over(gateway: Gateway, message: Outgoing) -> Receipt | None:
    """The receipt; None if the gateway takes nothing at all. A fault with one message must not strand the others."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await gateway.send(message)
    except GatewayDown as down:
        log.warning("%s: %s", gateway.name, down)
        return None
    except Exception:
        log.exception("message %s could not be handed over", message.reference)
        return Receipt(message.reference, Outcome.FAILED, MessageError.NO_ANSWER)


async def waiting() -> int:
    row = await sql.one("SELECT count(*) AS n FROM message WHERE state = 'queued'")
    return int(row["n"]) if row else 0


async def awaiting_receipts() -> bool:
    """Whether a gateway may still tell something of a message it accepted. Only reads."""
    since = clock.now() - RECEIPTS_FOR
    for name in WITH_RECEIPTS:
        if await claimed(f"{_ACCEPTED} LIMIT 1", name, since):
            return True
    return False


async def collect_receipts(settings: Settings) -> int:
    """Ask the gateway what became of the messages it accepted; returns of how many it knew."""
    return await collect_from(choose(settings))


async def collect_from(gateway: Gateway) -> int:
    accepted = await claimed(_ACCEPTED, gateway.name, clock.now() - RECEIPTS_FOR)
    by_reference = {claim.message.reference: claim for claim in accepted}
    receipts = await gateway.receipts(list(by_reference))
    for receipt in receipts:
        await settle(by_reference[receipt.reference], receipt)
    await gateway.forget([receipt.reference for receipt in receipts])
    return len(receipts)


_ACCEPTED = "m.state = 'accepted' AND m.gateway = ? AND m.sent_at > ?"
