"""`station verify` finds money that was tampered with, and nothing where it was not."""

import pytest

from station import ledger, refunds, sales, settlements
from station.db import act, sql
from tests.station.till import Till, open_till
from tests.village import Village


@pytest.fixture
async def till(village: Village) -> Till:
    """An order sold, paid, refunded in part, settled, opened again, settled and paid."""
    till = await open_till(village.wang)
    await till.lot(till.zheng, 30)
    order = await till.order()
    await sales.book(order, freight_fen=300, by=till.by)
    await ledger.pay(order, 4800, "cash", "p", by=till.by)
    await refunds.refund(order, 100, "household", till.zheng, ref="r", how="cash", by=till.by)
    for _ in range(2):
        settlement = await settlements.draw(till.zheng, "2020-01-01", "2099-12-31", by=till.by)
        await settlements.pay(settlement, "cash", by=till.by)
        if settlement == 1:
            await settlements.reopen(settlement, "wrong", by=till.by)
    return till


async def test_honest_books_have_no_fault(till: Till) -> None:
    assert await till.faults() == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE ledger_entry SET fen = fen + 1 WHERE id = 1", "does not balance"),
        ("DELETE FROM ledger_entry WHERE id = 1", "does not balance"),
        ("UPDATE orders SET paid_fen = paid_fen + 1", "another sum than the ledger"),
        ("UPDATE settlement SET pay_fen = pay_fen + 1 WHERE id = 2", "do not add up"),
        ("UPDATE settlement SET state = 'drawn' WHERE id = 2", "was paid another sum"),
        ("UPDATE settlement_entry SET freed = true, entry_id = 1 WHERE id = 1", "another household"),
        (
            "UPDATE ledger_entry SET fen = fen + 1 WHERE reverses_id IS NOT NULL AND party = 'cash'",
            "exact negative",
        ),
    ],
)
async def test_a_change_behind_the_ledgers_back_is_found(till: Till, change: str, says: str) -> None:
    @act
    async def tamper() -> None:
        assert await sql.execute(change)

    await tamper()
    assert any(says in fault for fault in await till.faults())
