"""What becomes of a claim: who bears the loss, paid once or refused with a reason."""

from typing import Any

from couriers import claims
from couriers.models import Bearer, ConsignmentState
from station import clock, ledger, refunds
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.ledger import Entry
from station.models import Party

BEARERS = {
    "carrier": N_("the courier company"),
    "station": N_("the station"),
    "household": N_("the household"),
    "buyer": N_("nobody: the buyer bears it"),
}
# Why nothing is paid; kept in English and shown in the reader's language.
REASONS = (
    N_("told too late"),
    N_("the photos do not show it"),
    N_("nothing was wrong"),
    N_("settled otherwise"),
)

# What never reached its buyer: its sale is not in the books.
GONE = (ConsignmentState.LOST, ConsignmentState.RETURNED)

tell(
    {
        "claim_bearer": (422, N_("Choose who bears the loss.")),
        "claim_amount": (422, N_("Type how much is paid, like 12 or 12.50.")),
        "claim_reason": (422, N_("Choose why nothing is paid.")),
        "claim_undecided": (409, N_("Decide first how much is paid and who bears it.")),
    }
)


@act
async def decide(claim_id: int, amount_fen: int | None, bearer: str, *, by: Actor) -> None:
    """How much is paid back, and whose loss it is; can be decided anew until it is paid. Borne by the buyer: nothing."""
    if bearer not in BEARERS:
        raise Refusal("claim_bearer")
    amount = 0 if bearer == Bearer.BUYER else amount_fen
    if amount is None or (amount <= 0 and bearer != Bearer.BUYER):
        raise Refusal("claim_amount")
    claim = await claims.held(claim_id, by)
    if claim["state"] not in ("open", "decided"):
        raise Refusal("claim_closed")
    await sql.execute(
        "UPDATE claim SET state = 'decided', amount_fen = ?, bearer = ?, decided_at = ? WHERE station_id = ? AND id = ?",
        amount,
        bearer,
        clock.now(),
        by.station_id,
        claim_id,
    )
    await claims.told(by, "claim_decided", claim_id, claim, amount_fen=amount, bearer=bearer)


@act
async def pay(claim_id: int, household_id: int | None = None, *, by: Actor) -> None:
    """The decided amount becomes entries of the ledger, once: the buyer's plus, the bearer's minus.

    Of an order that was lost or came back the buyer owes nothing: there it is for the households whose goods they were. A
    parcel without an order: the sender is paid in cash. Borne by a household, `household_id` says by which one.
    Raises Refusal: `claim_undecided`, `claim_closed`, and what `station.refunds` refuses.
    """
    claim = await claims.held(claim_id, by)
    if claim["state"] == "open":
        raise Refusal("claim_undecided")
    if claim["state"] != "decided":
        raise Refusal("claim_closed")
    if claim["amount_fen"]:
        await _enter(claim, household_id, by)
    await _close(claim_id, "paid", by)
    await claims.told(
        by, "claim_paid", claim_id, claim, amount_fen=claim["amount_fen"], bearer=claim["bearer"]
    )


async def _enter(claim: dict[str, Any], household_id: int | None, by: Actor) -> None:
    fen, bearer = claim["amount_fen"], claim["bearer"]
    carrier = claim["carrier"] if bearer == Bearer.CARRIER else ""
    name = f"claim:{claim['id']}"
    if claim["order_id"]:
        gone = claim["parcel_state"] in GONE
        give = refunds.compensate if gone else refunds.refund
        await give(claim["order_id"], fen, bearer, household_id, ref=name, carrier=carrier, by=by)
        return
    party, borne_by = refunds.whose_loss(bearer, household_id)
    entries = [
        Entry(party, "claim", -fen, household_id=borne_by, carrier=carrier),
        Entry(Party.CASH, "claim", -fen),
    ]
    await ledger.post(entries, ref=name, by=by)


@act
async def refuse(claim_id: int, reason: str, *, by: Actor) -> None:
    """Nothing is paid; `reason` of REASONS."""
    if reason not in REASONS:
        raise Refusal("claim_reason")
    claim = await claims.held(claim_id, by)
    if claim["state"] not in ("open", "decided"):
        raise Refusal("claim_closed")
    await _close(claim_id, "refused", by, reason)
    await claims.told(by, "claim_refused", claim_id, claim, reason=reason)


async def _close(claim_id: int, state: str, by: Actor, reason: str = "") -> None:
    await sql.execute(
        "UPDATE claim SET state = ?, reason = ?, paid_at = ? WHERE station_id = ? AND id = ?",
        state,
        reason,
        clock.now() if state == "paid" else None,
        by.station_id,
        claim_id,
    )
