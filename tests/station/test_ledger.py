"""The ledger: postings that balance, once each, and never changed."""

import asyncio
import json
from importlib import import_module
from types import SimpleNamespace

import pytest

from station import freight, ledger, money_books, payout_book, sales, settlement_book
from station.db import act, sql
from station.errors import Refusal
from station.ledger import PARTY, Entry
from station.models.money import Party
from tests.station.till import Till, open_till
from tests.village import Village


@pytest.fixture
async def till(village: Village) -> Till:
    return await open_till(village.wang)


async def entries() -> list[dict[str, object]]:
    return await sql.rows("SELECT * FROM ledger_entry ORDER BY id")


async def paid(order_id: int) -> int:
    row = await sql.one("SELECT paid_fen FROM orders WHERE id = ?", order_id)
    assert row is not None
    return int(row["paid_fen"])


async def test_a_posting_that_does_not_balance_is_refused(till: Till) -> None:
    lonely = [Entry(Party.HOUSEHOLD, "claim", 100, household_id=till.zheng)]
    with pytest.raises(ValueError, match="balance"):
        await ledger.post(lonely, ref="claim:1", by=till.by)
    assert await entries() == []


async def test_a_long_posting_is_taken_back_whole_and_no_other_one_with_it(till: Till) -> None:
    pairs = [Entry(party, "moved", 1) for party in (Party.STATION, Party.CASH)]
    await ledger.post(pairs * 20, ref="move:1", by=till.by)
    await ledger.post(pairs * 2, ref="move:11", by=till.by)
    first, *_ = await entries()
    assert await ledger.reverse(int(str(first["id"])), "again", by=till.by) == 40
    assert len(await entries()) == 40 + 4 + 40


@pytest.mark.only_on("sqlite")
async def test_what_is_asked_of_one_order_or_household_reads_nobody_elses_entries(till: Till) -> None:
    unsettled = settlement_book._UNSETTLED.format(party=PARTY)
    for query, whole_parties in (
        (payout_book._DIFFERENCES, 1),
        (f"SELECT o.id FROM orders o WHERE o.station_id = ?{freight._UNKNOWN}", 0),
        (f"SELECT e.*{unsettled} AND e.household_id = ?", 0),
        *((query, 0) for _, query in money_books.BOOKS),
    ):
        plan = await sql.rows(f"EXPLAIN QUERY PLAN {query}", *[1] * query.count("?"))
        assert sum("party=?" in step["detail"] for step in plan) <= whole_parties, plan


async def test_a_posting_with_a_known_name_changes_nothing(till: Till) -> None:
    compensation = [
        Entry(Party.CARRIER, "claim", -700, carrier="YTO"),
        Entry(Party.HOUSEHOLD, "claim", 700, household_id=till.zheng),
    ]
    assert await ledger.post(compensation, ref="claim:1", by=till.by)
    assert not await ledger.post(compensation, ref="claim:1", by=till.by)
    assert [(row["party"], row["fen"], row["ref"]) for row in await entries()] == [
        ("carrier", -700, "claim:1/0"),
        ("household", 700, "claim:1/1"),
    ]
    told = await sql.rows("SELECT * FROM audit_line WHERE act = 'money_posted'")
    assert len(told) == 1
    assert await till.faults() == []


@pytest.mark.parametrize(
    ("how", "purse"), [("cash", 4800), ("bank", 4800), ("platform", -4800)], ids=["cash", "bank", "platform"]
)
async def test_what_a_buyer_pays_is_in_the_ledger_and_on_the_order_once(
    till: Till, how: str, purse: int
) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    assert await ledger.pay(order, 4800, how, "p1", by=till.by)
    assert not await ledger.pay(order, 4800, how, "p1", by=till.by)
    assert (await till.balance(how), await till.balance("buyer"), await paid(order)) == (purse, 4800, 4800)
    assert await till.faults() == []


async def test_ten_presses_at_once_pay_once(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await asyncio.gather(*(ledger.pay(order, 4800, "cash", "p1", by=till.by) for _ in range(10)))
    assert (await till.balance("cash"), await paid(order)) == (4800, 4800)


@pytest.mark.parametrize(("fen", "how", "code"), [(0, "cash", "no_amount"), (5, "stone", "no_payment_way")])
async def test_a_payment_of_nothing_or_in_no_known_way_is_refused(
    till: Till, fen: int, how: str, code: str
) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    with pytest.raises(Refusal, match=code):
        await ledger.pay(order, fen, how, "p1", by=till.by)
    assert await entries() == []


async def test_a_reversal_takes_the_whole_posting_back_once(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await ledger.pay(order, 4800, "cash", "p1", by=till.by)
    first = (await entries())[0]
    assert await ledger.reverse(int(str(first["id"])), "记错了", by=till.by) == 2
    after = await entries()
    assert [row["fen"] for row in after] == [4800, 4800, -4800, -4800]
    assert [row["reverses_id"] for row in after[2:]] == [after[0]["id"], after[1]["id"]]
    assert (await till.balance("cash"), await till.balance("buyer"), await paid(order)) == (0, 0, 0)
    for row, code in (
        (after[0], "already_reversed"),
        (after[1], "already_reversed"),
        (after[2], "reversal_stays"),
    ):
        with pytest.raises(Refusal, match=code):
            await ledger.reverse(int(str(row["id"])), "again", by=till.by)
    assert len(await entries()) == 4
    assert await till.faults() == []


async def test_the_books_notice_an_entry_that_was_changed(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await ledger.pay(order, 4800, "cash", "p1", by=till.by)

    @act
    async def tamper() -> None:
        await sql.execute("UPDATE ledger_entry SET fen = 4700 WHERE party = 'buyer'")

    await tamper()
    assert len(await till.faults()) == 3


FACTS = ("label", "quantity", "each_fen", "rate_bp")


@act
async def as_the_program_before_wrote(rows: list[dict[str, object]]) -> None:
    """What an entry says of itself stood in its note, what is nothing was left out."""
    for row in rows:
        facts = {name: row[name] for name in FACTS if row[name] not in (None, "", 0)}
        if row["note"]:
            facts["words"] = row["note"]
        await sql.execute(
            "UPDATE ledger_entry SET label = '', quantity = 0, each_fen = NULL, rate_bp = NULL, note = ? WHERE id = ?",
            json.dumps(facts, ensure_ascii=False, separators=(",", ":")) if facts else "",
            row["id"],
        )


@act
async def bring_over() -> None:
    move = import_module("station.migrations.0006_ledger_columns").move
    await move(
        None, SimpleNamespace(DIALECT=sql.dialect(), client=SimpleNamespace(execute_query=sql.execute))
    )


async def test_the_migration_moves_what_entries_say_of_themselves_out_of_their_notes(till: Till) -> None:
    await till.lot(till.zheng, 60)
    order = await till.order(2)
    await sales.book(order, by=till.by)
    await sales.unbook(order, 'sent back: "broken"', by=till.by)
    before = await entries()
    assert {"土鸡蛋", 'sent back: "broken"', 250, 500, -2} <= {
        row[name] for row in before for name in (*FACTS, "note")
    }
    await as_the_program_before_wrote(before)
    assert await entries() != before
    await bring_over()
    await bring_over()
    assert await entries() == before
