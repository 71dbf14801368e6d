"""Settlements: what each household gets for a period, drawn from the ledger, paid once, reopened only by entries.

A settlement takes every entry of the household up to its last day that no other one holds, so nothing is lost that was
written late, and brings in what the last one carried over. The statement it was drawn with is kept as it was printed.
"""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from station import audit, clock, ledger, statements, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.ledger import Entry
from station.models.money import Party, SettlementState
from station.running_numbers import next_number
from station.settlement_book import one, open_sums, posted, unsettled
from station.statements import Statement

tell(
    {
        "bad_period": (422, N_("Choose a first and a last day, the first not after the last.")),
        "nothing_to_settle": (
            409,
            N_("Nothing has come in for this household that is not settled yet. Choose a later last day."),
        ),
        "nothing_to_pay": (
            409,
            N_("There is nothing to pay out. What is owed goes into the household's next settlement."),
        ),
        "paid_otherwise": (409, N_("{number} was paid before. Nothing was paid a second time.")),
        "settlement_reopened": (409, N_("{number} was opened again. Draw it anew.")),
        "later_settlement": (
            409,
            N_("{number} was drawn after it. Open that one again first, then this one."),
        ),
        "no_reopening_reason": (422, N_("Choose why it is opened again.")),
    }
)

# Why a settlement is opened again; kept with what it takes back.
REASONS = {
    "missing": N_("something is missing"),
    "wrong": N_("an amount is wrong"),
    "unpaid": N_("it was not paid after all"),
}
_PAYMENT = "settlement:{}"


@act
async def draw(household_id: int, from_: str, until: str, *, by: Actor) -> int:
    """Settle a household up to the ISO day `until`; returns the settlement's id, also when it was drawn a moment ago.

    Raises Refusal `bad_period` or `nothing_to_settle`.
    """
    _check_period(from_, until)
    await stations.one_at_a_time(by.station_id)
    rows = await unsettled(by.station_id, household_id, until)
    last = await _last(household_id, by)
    if not rows:
        if last and (last["period_from"], last["period_until"]) == (from_, until):
            return int(last["id"])
        raise Refusal("nothing_to_settle")
    statement = statements.draw(list(map(posted, rows)), last["carry_out_fen"] if last else 0)
    settlement_id = await _keep(household_id, from_, until, statement, by)
    await sql.many(
        "INSERT INTO settlement_entry (station_id, settlement_id, entry_id, freed) VALUES (?, ?, ?, ?)",
        [(by.station_id, settlement_id, row["id"], False) for row in rows],
    )
    await audit.write(
        by,
        "settlement_drawn",
        subject="settlement",
        subject_id=settlement_id,
        also=[("household", household_id)],
        fen=statement.pay_fen,
        entries=len(rows),
    )
    return settlement_id


@act
async def draw_all(from_: str, until: str, *, by: Actor) -> list[int]:
    """Settle every household that has something unsettled up to the day `until`; the settlements' ids."""
    _check_period(from_, until)
    await stations.one_at_a_time(by.station_id)
    return [
        await draw(row["household_id"], from_, until, by=by) for row in await open_sums(by.station_id, until)
    ]


@act
async def pay(settlement_id: int, how: str, *, by: Actor) -> None:
    """The household gets its money, in `cash` or by `bank`; once, and the same again is harmless.

    Raises Refusal `not_found`, `no_payment_way`, `nothing_to_pay`, `paid_otherwise` or `settlement_reopened`.
    """
    if how not in (Party.CASH, Party.BANK):
        raise Refusal("no_payment_way")
    settlement = await one(by.station_id, settlement_id)
    fen = settlement["pay_fen"]
    if fen <= 0:
        raise Refusal("nothing_to_pay")
    paid = await sql.execute(
        "UPDATE settlement SET state = ?, paid_at = ?, paid_how = ? WHERE station_id = ? AND id = ? AND state = ?",
        *(SettlementState.PAID, clock.now(), how, by.station_id, settlement_id, SettlementState.DRAWN),
    )
    if not paid:
        now = await one(by.station_id, settlement_id)
        if now["state"] == SettlementState.REOPENED:
            raise Refusal("settlement_reopened", number=now["number"])
        if now["paid_how"] != how:
            raise Refusal("paid_otherwise", number=now["number"])
        return
    household_id = settlement["household_id"]
    entries = [
        Entry(Party.HOUSEHOLD, ledger.PAID_OUT, -fen, household_id=household_id),
        Entry(Party(how), ledger.PAID_OUT, -fen, household_id=household_id),
    ]
    if not await ledger.enter(entries, ref=_PAYMENT.format(settlement_id), by=by):
        raise ValueError(f"the payment of settlement {settlement_id} stands in the ledger already")
    await audit.write(
        by,
        "settlement_paid",
        subject="settlement",
        subject_id=settlement_id,
        also=[("household", household_id)],
        fen=fen,
        how=how,
    )


@act
async def reopen(settlement_id: int, reason: str, *, by: Actor) -> None:
    """Open the household's latest settlement again: its payment is reversed, its entries wait for a new one.

    `reason` is one of REASONS. Raises Refusal `not_found`, `later_settlement`, `settlement_reopened`, `no_reopening_reason`.
    """
    if reason not in REASONS:
        raise Refusal("no_reopening_reason")
    settlement = await one(by.station_id, settlement_id)
    await stations.one_at_a_time(by.station_id)
    last = await _last(settlement["household_id"], by)
    if last and last["id"] > settlement_id:
        raise Refusal("later_settlement", number=last["number"])
    opened = await sql.execute(
        "UPDATE settlement SET state = ?, reopened_at = ? WHERE station_id = ? AND id = ? AND state <> ?",
        *(SettlementState.REOPENED, clock.now(), by.station_id, settlement_id, SettlementState.REOPENED),
    )
    if not opened:
        raise Refusal("settlement_reopened", number=settlement["number"])
    await ledger.take_back(_PAYMENT.format(settlement_id), reason, by=by)
    await sql.execute(
        "UPDATE settlement_entry SET freed = ? WHERE station_id = ? AND settlement_id = ?",
        *(True, by.station_id, settlement_id),
    )
    await audit.write(
        by,
        "settlement_reopened",
        subject="settlement",
        subject_id=settlement_id,
        also=[("household", settlement["household_id"])],
        reason=reason,
    )


def _check_period(from_: str, until: str) -> None:
    try:
        if date.fromisoformat(from_) <= date.fromisoformat(until) and len(from_) == len(until) == 10:
            return
    except ValueError:
        pass
    raise Refusal("bad_period")


async def _last(household_id: int, by: Actor) -> dict[str, Any] | None:
    return await sql.one(
        "SELECT * FROM settlement WHERE station_id = ? AND household_id = ? AND state <> ? ORDER BY id DESC LIMIT 1",
        *(by.station_id, household_id, SettlementState.REOPENED),
    )


async def _keep(household_id: int, from_: str, until: str, drawn: Statement, by: Actor) -> int:
    today = await stations.today(by.station_id)
    number = await next_number(by.station_id, "settlement", f"JS-{today:%m%d}-", width=2)
    return await sql.insert(
        "settlement",
        station_id=by.station_id,
        number=number,
        household_id=household_id,
        period_from=from_,
        period_until=until,
        carry_in_fen=drawn.carry_in_fen,
        pay_fen=drawn.pay_fen,
        carry_out_fen=drawn.carry_out_fen,
        statement=json.dumps(asdict(drawn), ensure_ascii=False),
        state=SettlementState.DRAWN,
        drawn_at=clock.now(),
        paid_how="",
        by_id=by.account_id,
    )
