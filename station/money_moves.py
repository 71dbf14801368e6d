"""Money that is no sale: given to or got from couriers, the collective, a company; taken out for the station; and money that
goes from the bank into the cash box or back."""

from station import audit, ledger
from station.actor import Actor
from station.db import act
from station.errors import N_, Refusal, tell
from station.ledger import Entry
from station.models.money import Party

MOVE = "moved"
PARTIES = (Party.CARRIER, Party.COLLECTIVE, Party.COMPANY, Party.STATION)

tell(
    {
        "no_money_party": (422, N_("Choose who gets the money or brings it.")),
        "no_money_carrier": (422, N_("Choose which courier company it is.")),
    }
)


@act
async def settle(
    party: str, fen: int, how: str, ref: str, *, by: Actor, carrier: str = "", note: str = ""
) -> bool:
    """`party` of PARTIES gets `fen` (below zero: brings it) in `cash` or by `bank`; False if `ref` was known.

    Raises Refusal `no_money_party`, `no_money_carrier`, `no_payment_way` or `no_amount`.
    """
    if party not in PARTIES:
        raise Refusal("no_money_party")
    if party == Party.CARRIER and not carrier:
        raise Refusal("no_money_carrier")
    whose = carrier if party == Party.CARRIER else ""
    return await _move(Party(party), fen, how, ref, by, whose, note)


@act
async def refill(fen: int, ref: str, *, by: Actor, note: str = "") -> bool:
    """`fen` go from the bank into the cash box (below zero: back); False if `ref` was known. Raises Refusal `no_amount`."""
    return await _move(Party.BANK, fen, Party.CASH, ref, by, "", note)


async def _move(whose: Party, fen: int, how: str, ref: str, by: Actor, carrier: str, note: str) -> bool:
    if how not in ledger.PURSES:
        raise Refusal("no_payment_way")
    if not fen:
        raise Refusal("no_amount")
    into = fen if whose in ledger.PURSES else -fen
    entries = [
        Entry(whose, MOVE, -fen, carrier=carrier, note=note[:60]),
        Entry(Party(how), MOVE, into, carrier=carrier, note=note[:60]),
    ]
    new = await ledger.enter(entries, ref=f"move:{ref}", by=by)
    if new:
        await audit.write(
            by, "money_moved", subject="station", subject_id=by.station_id, fen=fen, whose=whose, how=how
        )
    return new
