"""Orders in the ledger: booked by the terms of each lot's household, refunded, taken back, assigned afterwards."""

import asyncio

import pytest

from station import agreements, ledger, order_placing, orders, phones, receivers, refunds, sales
from station.db import sql
from station.errors import Refusal
from station.models import OrderSource
from station.sharing import Terms
from tests.station.till import Till, open_till
from tests.village import Village


@pytest.fixture
async def till(village: Village) -> Till:
    return await open_till(village.wang)


async def sums(order_id: int) -> dict[tuple[str, str], int]:
    """What each party has of an order, by kind; nothing where it is 0."""
    rows = await sql.rows(
        "SELECT party, kind, SUM(fen) AS fen FROM ledger_entry WHERE order_id = ? GROUP BY party, kind",
        order_id,
    )
    return {(row["party"], row["kind"]): int(row["fen"]) for row in rows if row["fen"]}


async def count() -> int:
    row = await sql.one("SELECT count(*) AS n FROM ledger_entry")
    assert row is not None
    return int(row["n"])


async def test_a_sale_is_divided_by_the_households_terms(till: Till) -> None:
    await till.lot(till.zheng, 60)
    order = await till.order(packs=2, freight_fen=800)
    assert await sales.book(order, freight_fen=650, carrier="YTO", by=till.by)
    assert await sums(order) == {
        ("buyer", "sale"): -10400,
        ("household", "sale"): 9600,
        ("household", "packing"): -500,
        ("station", "packing"): 500,
        ("household", "commission"): -480,
        ("station", "commission"): 480,
        ("station", "freight_paid"): 800,
        ("station", "freight"): -650,
        ("carrier", "freight"): 650,
    }
    assert await till.faults() == []


async def test_booking_again_and_at_once_changes_nothing(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    booked = await asyncio.gather(*(sales.book(order, by=till.by) for _ in range(5)))
    assert sorted(booked) == [False] * 4 + [True]
    before = await count()
    assert not await sales.book(order, freight_fen=900, by=till.by)
    assert await count() == before
    lines = await sql.rows("SELECT * FROM audit_line WHERE act = 'order_booked'")
    assert len(lines) == 1


async def test_a_line_out_of_two_households_lots_is_split_by_units_to_the_fen(till: Till) -> None:
    await till.lot(till.zheng, 10, best_before="2099-01-01")
    await till.lot(till.xiang, 20, best_before="2099-02-01")
    order = await till.order(price_fen=1000, freight_fen=100)
    await sales.book(order, freight_fen=50, by=till.by)
    # A third of 1000 fen; the odd one lands where most was cut off.
    assert await till.balance("household", till.zheng) == 333 - round(333 * 0.05)
    assert await till.balance("household", till.xiang) == 667
    assert await till.balance("buyer") == -1100
    assert await till.faults() == []


async def test_freight_goes_over_the_lines_by_what_they_cost(till: Till) -> None:
    await till.lot(till.xiang, 100)
    lines = [
        order_placing.LineIn(qty=1, product_id=till.eggs, name="土鸡蛋", units=units, price_fen=fen)
        for units, fen in ((30, 3000), (10, 1000))
    ]
    placed = await order_placing.place(
        order_placing.OrderIn(
            OrderSource.PHONE,
            tuple(lines),
            receivers.Receiver("陈先生", phones.classify("13900000188")),
            freight_fen=801,
        ),
        by=till.by,
    )
    await sales.book(placed.id, freight_fen=402, by=till.by)
    rows = await sql.rows(
        "SELECT kind, fen FROM ledger_entry WHERE (party, kind) IN (('station', 'freight_paid'), ('carrier', 'freight'),"
        " ('household', 'sale')) ORDER BY kind, line_id"
    )
    assert [(row["kind"], row["fen"]) for row in rows] == [
        ("freight", 302),
        ("freight", 100),
        ("freight_paid", 601),
        ("freight_paid", 200),
        ("sale", 3000),
        ("sale", 1000),
    ]
    assert await till.faults() == []


async def test_the_terms_are_those_of_the_orders_day_and_no_fee_without_a_platform(till: Till) -> None:
    terms = Terms(platform_fee_bp=600)
    await agreements.agree(agreements.AgreementIn(till.xiang, None, "2020-01-01", "", terms), by=till.by)
    await till.lot(till.xiang, 60)
    by_phone = await till.order()
    on_douyin = await till.order(source=OrderSource.DOUYIN, external_no="6950001")
    await sales.book(by_phone, by=till.by)
    await sales.book(on_douyin, by=till.by)
    assert await sums(by_phone) == {("buyer", "sale"): -4800, ("household", "sale"): 4800}
    assert (await sums(on_douyin))["platform", "platform_fee"] == 288


async def test_goods_of_nobody_wait_for_the_keeper_who_says_whose_they_are(till: Till) -> None:
    order = await till.order(known=False, freight_fen=500)
    await sales.book(order, freight_fen=400, carrier="ZTO", by=till.by)
    assert (await sums(order))["station", "unassigned"] == 4800
    assert await till.balance("household") == 0
    line = await sql.one("SELECT id FROM order_line WHERE order_id = ?", order)
    assert line is not None
    await sales.assign(line["id"], till.zheng, by=till.by)
    after = await sums(order)
    assert ("station", "unassigned") not in after
    assert after["household", "sale"] == 4800
    assert (after["carrier", "freight"], after["station", "freight_paid"]) == (400, 500)
    with pytest.raises(Refusal, match="nothing_to_assign"):
        await sales.assign(line["id"], till.xiang, by=till.by)
    assert await sums(order) == after
    assert await till.faults() == []


async def test_an_order_that_came_back_leaves_nothing_and_can_be_booked_anew(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await sales.book(order, freight_fen=300, by=till.by)
    booked = await sums(order)
    assert await sales.unbook(order, "退回来了", by=till.by)
    assert await sums(order) == {}
    assert not await sales.unbook(order, "退回来了", by=till.by)
    assert await sales.book(order, freight_fen=300, by=till.by)
    assert await sums(order) == booked
    assert await till.faults() == []


async def test_a_cancelled_order_is_never_booked(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await orders.cancel(order, "buyer", by=till.by)
    with pytest.raises(Refusal, match="order_never_sold"):
        await sales.book(order, by=till.by)
    assert await count() == 0


async def test_a_refund_is_borne_once_and_handed_over_when_said_how(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await sales.book(order, by=till.by)
    await ledger.pay(order, 4800, "cash", "p", by=till.by)
    before = await till.balance("household", till.zheng)
    for _ in range(2):
        await refunds.refund(order, 500, "household", till.zheng, ref="r1", how="cash", by=till.by)
    assert await till.balance("household", till.zheng) == before - 500
    assert (await till.balance("cash"), await till.balance("buyer")) == (4300, 0)
    await refunds.refund(order, 300, "station", ref="r2", by=till.by)
    assert await till.balance("buyer") == 300
    assert await till.faults() == []


@pytest.mark.parametrize(
    ("fen", "bearer", "code"),
    [
        (0, "station", "no_amount"),
        (4801, "station", "refund_too_large"),
        (100, "household", "refund_without_household"),
    ],
)
async def test_a_refund_that_cannot_be_is_refused_and_writes_nothing(
    till: Till, fen: int, bearer: str, code: str
) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await sales.book(order, by=till.by)
    before = await count()
    with pytest.raises(Refusal, match=code):
        await refunds.refund(order, fen, bearer, ref="r1", by=till.by)
    assert await count() == before


async def test_an_order_that_came_back_after_a_refund_gives_the_buyer_no_more_than_he_paid(
    till: Till,
) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    await ledger.pay(order, 4800, "bank", "paid", by=till.by)
    await sales.book(order, by=till.by)
    await refunds.refund(order, 1001, "station", ref="six-broken", how="cash", by=till.by)
    await sales.unbook(order, "returned", by=till.by)
    balances = [await till.balance(party) for party in ("buyer", "bank", "cash", "station", "household")]
    assert balances == [4800 - 1001, 4800, -1001, 0, 0]
    assert await till.faults() == []
