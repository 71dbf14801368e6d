"""Payout files matched to orders: each row's money once, what differs shown and taken as a fee."""

import pytest

from station import agreements, payout_book, payouts, sales
from station.db import sql
from station.errors import Refusal
from station.models import OrderSource
from station.sharing import Terms
from tests.station.till import Till, open_till
from tests.village import Village


@pytest.fixture
async def till(village: Village) -> Till:
    till = await open_till(village.wang)
    terms = Terms(platform_fee_bp=600)
    await agreements.agree(agreements.AgreementIn(till.xiang, None, "2020-01-01", "", terms), by=till.by)
    await till.lot(till.xiang, 300)
    return till


async def on_douyin(till: Till, number: str) -> int:
    order = await till.order(source=OrderSource.DOUYIN, external_no=number)
    await sales.book(order, by=till.by)
    return order


async def hand_in(till: Till, *rows: str) -> dict[str, object]:
    text = "\n".join(["订单号,结算金额,平台服务费,结算时间", *rows])
    file_id, _ = await payouts.take_in(text.encode(), "动账.csv", by=till.by)
    return await payout_book.one(till.by.station_id, file_id)


async def test_a_payout_settles_what_the_platform_owes(till: Till) -> None:
    order = await on_douyin(till, "6950001")
    file = await hand_in(till, "6950001,45.12,2.88,2026-11-20")
    assert (file["counts"], file["platform"]) == ({"booked": 1, "already": 0, "unknown": 0}, "douyin")
    assert [await till.balance(party) for party in ("bank", "platform", "buyer")] == [4512, 0, 0]
    row = await sql.one("SELECT paid_fen FROM orders WHERE id = ?", order)
    assert row is not None
    assert row["paid_fen"] == 4800
    assert await payout_book.differences(till.by.station_id) == []
    assert await till.faults() == []


async def test_the_same_file_and_the_same_row_in_another_file_are_harmless(till: Till) -> None:
    await on_douyin(till, "6950001")
    first = await hand_in(till, "6950001,45.12,2.88,2026-11-20")
    again = await hand_in(till, "6950001,45.12,2.88,2026-11-20")
    assert again["id"] == first["id"]
    wider = await hand_in(till, "6950001,45.12,2.88,2026-11-20", "999000,1.00,0,2026-11-20")
    assert wider["counts"] == {"booked": 0, "already": 1, "unknown": 1}
    assert await till.balance("bank") == 4512
    assert await till.faults() == []


async def test_an_order_that_is_imported_later_is_found_by_the_same_file(till: Till) -> None:
    rows = ("6950001,45.12,2.88,2026-11-20", "6950002,45.12,2.88,2026-11-20")
    await on_douyin(till, "6950001")
    assert (await hand_in(till, *rows))["counts"] == {"booked": 1, "already": 0, "unknown": 1}
    await on_douyin(till, "6950002")
    assert (await hand_in(till, *rows))["counts"] == {"booked": 2, "already": 0, "unknown": 0}
    assert await till.balance("bank") == 9024


async def test_a_sum_that_differs_is_shown_and_taken_as_a_fee_once(till: Till) -> None:
    order = await on_douyin(till, "6950001")
    await hand_in(till, "6950001,44.00,4.00,2026-11-20")
    (row,) = await payout_book.differences(till.by.station_id)
    assert (row["order_id"], row["expected_fen"], row["got_fen"], row["fen"]) == (order, 4512, 4400, -112)
    assert await till.balance("station") == 0
    assert await payouts.accept(order, by=till.by) == -112
    assert (await till.balance("platform"), await till.balance("station")) == (0, -112)
    with pytest.raises(Refusal, match="no_difference"):
        await payouts.accept(order, by=till.by)
    assert await till.faults() == []


async def test_an_order_not_yet_booked_has_no_difference_until_it_is(till: Till) -> None:
    order = await till.order(source=OrderSource.DOUYIN, external_no="6950001")
    await hand_in(till, "6950001,45.12,2.88,2026-11-20")
    assert await payout_book.differences(till.by.station_id) == []
    await sales.book(order, by=till.by)
    assert await payout_book.differences(till.by.station_id) == []
    assert await till.balance("platform") == 0


async def test_each_part_of_an_order_counts_once_also_when_the_next_file_begins_with_it(till: Till) -> None:
    await on_douyin(till, "6950001")
    part, same, fee = "6950001,10.03,0,2026-11-20", "6950001,25.06,2.88,2026-11-20", ",-5.00,,2026-11-20"
    await hand_in(till, part)
    file = await hand_in(till, part, part, same, fee, "合计,45.12,,")
    assert file["counts"] == {"booked": 2, "already": 1, "unknown": 0}
    assert file["unread"] == [5]
    assert await till.balance("bank") == 1003 + 1003 + 2506
    assert await till.balance("platform") == 0
    assert await till.faults() == []


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"%PDF-1.7", "payout_unreadable"), ("姓名,电话\n".encode(), "payout_no_columns")],
)
async def test_a_file_that_is_no_list_of_payouts_is_refused(till: Till, data: bytes, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        await payouts.take_in(data, "x", by=till.by)
    assert await sql.rows("SELECT * FROM payout_file") == []
