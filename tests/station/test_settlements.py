"""Settlements: drawn from the ledger, paid once, carried over, opened again by reversing entries alone."""

import asyncio
from typing import Any

import pytest

from station import agreements, clock, ledger, refunds, sales, settlement_book, settlements, statements
from station.db import sql
from station.errors import Refusal
from station.ledger import Entry
from station.models.money import Party
from station.sharing import Terms
from tests.station.till import Till, open_till
from tests.village import Village

FIRST = "2020-01-01"
UNTIL = "2099-12-31"


@pytest.fixture
async def till(village: Village) -> Till:
    till = await open_till(village.wang)
    await till.lot(till.zheng, 300, best_before="2099-01-01")
    await till.lot(till.xiang, 300, best_before="2099-02-01")
    return till


async def sold(till: Till, packs: int = 1) -> int:
    order = await till.order(packs)
    await sales.book(order, by=till.by)
    return order


async def take(till: Till, household_id: int, fen: int, ref: str) -> None:
    """A loss that the household bears."""
    loss = [
        Entry(Party.HOUSEHOLD, "claim", -fen, household_id=household_id),
        Entry(Party.CARRIER, "claim", fen, carrier="YTO"),
    ]
    await ledger.post(loss, ref=ref, by=till.by)


async def drawn(till: Till, household_id: int) -> dict[str, Any]:
    settlement_id = await settlements.draw(household_id, FIRST, UNTIL, by=till.by)
    return await settlement_book.one(till.by.station_id, settlement_id)


async def replayed(till: Till) -> bool:
    """Every settlement's statement is the one that the ledger tells once more."""
    for row in await settlement_book.recent(till.by.station_id):
        entries = await sql.rows(
            "SELECT e.* FROM settlement_entry s JOIN ledger_entry e ON e.id = s.entry_id"
            " WHERE s.station_id = ? AND s.settlement_id = ?",
            *(till.by.station_id, row["id"]),
        )
        again = statements.draw(list(map(settlement_book.posted, entries)), row["carry_in_fen"])
        if again != settlement_book.statement(row):
            return False
    return True


async def test_fourteen_orders_make_the_slip_that_was_agreed(till: Till) -> None:
    await till.lot(till.zheng, 120, best_before="2099-01-01")
    for _ in range(14):
        await sold(till)
    settlement = await drawn(till, till.zheng)
    statement = settlement_book.statement(settlement)
    assert [(line.kind, line.fen, line.quantity, line.orders) for line in statement.lines] == [
        ("sale", 67200, 420, 14),
        ("packing", -3500, 14, 14),
        ("commission", -3360, 0, 14),
    ]
    assert (settlement["pay_fen"], settlement["carry_out_fen"]) == (60340, 0)
    assert str(settlement["number"]).startswith("JS-")
    assert await replayed(till)
    assert await till.faults() == []


async def test_a_settlement_is_paid_once(till: Till) -> None:
    await sold(till)
    settlement = await drawn(till, till.zheng)
    settlement_id = settlement["id"]
    await asyncio.gather(*(settlements.pay(settlement_id, "cash", by=till.by) for _ in range(5)))
    assert (await till.balance("cash"), await till.balance("household", till.zheng)) == (
        -settlement["pay_fen"],
        0,
    )
    with pytest.raises(Refusal, match="paid_otherwise"):
        await settlements.pay(settlement_id, "bank", by=till.by)
    assert await till.balance("bank") == 0
    assert await till.faults() == []


async def test_two_keepers_who_draw_at_once_get_one_settlement(till: Till) -> None:
    await sold(till)
    both = await asyncio.gather(
        settlements.draw(till.zheng, FIRST, UNTIL, by=till.by),
        settlements.draw(till.zheng, FIRST, UNTIL, by=till.by),
        settlements.draw_all(FIRST, UNTIL, by=till.by),
        return_exceptions=True,
    )
    ids = {found for each in both for found in (each if isinstance(each, list) else [each])}
    assert len(ids) == 1
    rows = await sql.rows("SELECT * FROM settlement_entry")
    assert len({row["entry_id"] for row in rows}) == len(rows) == 3


async def test_what_comes_after_the_last_day_waits_and_what_was_written_late_is_not_lost(till: Till) -> None:
    await sold(till)
    row = await sql.one("SELECT day FROM ledger_entry")
    assert row is not None
    today = row["day"]
    with clock.later(days=2):
        await sold(till, 2)
        settlement_id = await settlements.draw(till.zheng, today, today, by=till.by)
        first = await settlement_book.one(till.by.station_id, settlement_id)
        assert first["pay_fen"] == 4310
        late = await settlements.draw(till.zheng, UNTIL, UNTIL, by=till.by)
    assert (await settlement_book.one(till.by.station_id, late))["pay_fen"] == 8620
    assert await till.faults() == []


async def test_a_debt_pays_nothing_and_goes_into_the_next_one(till: Till) -> None:
    await take(till, till.xiang, 700, "loss")
    first = await drawn(till, till.xiang)
    assert (first["pay_fen"], first["carry_out_fen"]) == (0, -700)
    with pytest.raises(Refusal, match="nothing_to_pay"):
        await settlements.pay(first["id"], "cash", by=till.by)
    await take(till, till.xiang, -1000, "gain")
    second = await drawn(till, till.xiang)
    assert (second["carry_in_fen"], second["pay_fen"], second["carry_out_fen"]) == (-700, 300, 0)
    assert await replayed(till)
    assert await till.faults() == []


async def test_only_the_latest_is_opened_again_and_drawn_anew_it_is_the_same(till: Till) -> None:
    await sold(till)
    first = await drawn(till, till.zheng)
    await settlements.pay(first["id"], "bank", by=till.by)
    await sold(till)
    second = await drawn(till, till.zheng)
    second_id = second["id"]
    with pytest.raises(Refusal, match="later_settlement"):
        await settlements.reopen(first["id"], "wrong", by=till.by)
    await settlements.pay(second_id, "cash", by=till.by)
    before = await sql.rows("SELECT * FROM ledger_entry ORDER BY id")
    await settlements.reopen(second_id, "wrong", by=till.by)
    after = await sql.rows("SELECT * FROM ledger_entry ORDER BY id")
    assert after[: len(before)] == before
    assert [row["reverses_id"] for row in after[len(before) :]] == [row["id"] for row in before[-2:]]
    assert (await till.balance("cash"), await till.balance("bank")) == (0, -first["pay_fen"])
    for refused in (
        settlements.reopen(second_id, "wrong", by=till.by),
        settlements.pay(second_id, "cash", by=till.by),
    ):
        with pytest.raises(Refusal, match="settlement_reopened"):
            await refused
    third = await drawn(till, till.zheng)
    assert third["id"] != second["id"]
    assert third["statement"] == second["statement"]
    await settlements.pay(third["id"], "cash", by=till.by)
    assert await till.balance("household", till.zheng) == 0
    assert await replayed(till)
    assert await till.faults() == []


@pytest.mark.parametrize("period", [("2026-11-02", "2026-11-01"), ("", ""), ("2026-11", "2026-11-30")])
async def test_a_period_that_is_none_is_refused(till: Till, period: tuple[str, str]) -> None:
    await sold(till)
    with pytest.raises(Refusal, match="bad_period"):
        await settlements.draw(till.zheng, *period, by=till.by)


async def test_a_household_with_nothing_new_gets_no_settlement(till: Till) -> None:
    with pytest.raises(Refusal, match="nothing_to_settle"):
        await settlements.draw(till.xiang, FIRST, UNTIL, by=till.by)
    assert await settlements.draw_all(FIRST, UNTIL, by=till.by) == []
    assert await sql.rows("SELECT * FROM settlement") == []


async def test_a_season_of_two_households_ends_with_every_fen_where_it_belongs(till: Till) -> None:
    """Three orders (one out of both households' lots), a refund, a return after settling, carry-over, reopening."""
    await sold(till, 9)
    shared = await till.order(2)
    await sales.book(shared, freight_fen=600, carrier="YTO", by=till.by)
    of_xiang = await sold(till)
    await refunds.refund(shared, 501, "household", till.zheng, ref="claim:1", by=till.by)
    ids = await settlements.draw_all(FIRST, UNTIL, by=till.by)
    assert len(ids) == 2
    for settlement_id in ids:
        await settlements.pay(settlement_id, "cash", by=till.by)
    paid = -await till.balance("cash")
    assert paid == 43200 - 2250 - 2160 + 4800 - 250 - 240 - 501 + 4800 + 4800
    assert await till.balance("household") == 0
    # The third one comes back, and 向家 owes what it was paid for it; the next eggs pay the debt off.
    await sales.unbook(of_xiang, "退回", by=till.by)
    debt = await drawn(till, till.xiang)
    assert (debt["pay_fen"], debt["carry_out_fen"]) == (0, -4800)
    await sold(till, 2)
    balanced = await drawn(till, till.xiang)
    assert (balanced["carry_in_fen"], balanced["pay_fen"]) == (-4800, 4800)
    await settlements.reopen(balanced["id"], "missing", by=till.by)
    await settlements.reopen(debt["id"], "missing", by=till.by)
    once = await drawn(till, till.xiang)
    assert (once["carry_in_fen"], once["pay_fen"], once["carry_out_fen"]) == (0, 4800, 0)
    assert await till.balance("household", till.xiang) == 4800
    assert isinstance(settlement_book.statement(once), statements.Statement)
    assert await replayed(till)
    assert await till.faults() == []


async def test_one_fen_for_three_is_whole_through_refund_debt_and_reopening(till: Till) -> None:
    thirds = Terms(shares=(("household", 1), ("collective", 1), ("company", 1)))
    ours = agreements.AgreementIn(till.xiang, None, "2020-01-01", "", thirds)
    await agreements.agree(ours, by=till.by)
    await till.lot(till.xiang, 90, best_before="2098-01-01")
    orders = [await till.order(price_fen=fen) for fen in (1, 2, 7)]
    for order in orders:
        await ledger.pay(order, 1, "cash", f"paid-{order}", by=till.by)
        await sales.book(order, by=till.by)
    three = [await till.balance(party) for party in ("household", "collective", "company")]
    assert three == [1 + 1 + 3, 1 + 2, 2]
    first = await drawn(till, till.xiang)
    await settlements.pay(first["id"], "cash", by=till.by)
    await refunds.refund(orders[2], 7, "household", till.xiang, ref="mould", by=till.by)
    second = await drawn(till, till.xiang)
    assert (first["pay_fen"], second["pay_fen"], second["carry_out_fen"]) == (5, 0, -7)
    for settlement in (second, first):
        await settlements.reopen(settlement["id"], "wrong", by=till.by)
    assert await till.balance("cash") == 3
    third = await drawn(till, till.xiang)
    assert (third["pay_fen"], third["carry_out_fen"]) == (0, -2)
    assert await replayed(till)
    assert await till.faults() == []
