"""What a carrier charges, told late or corrected: by entries, and every fen lands."""

import pytest

from station import agreements, audit, freight, orders, sales, settlement_book, settlements, sharing
from station.db import sql
from station.errors import Refusal
from station.models import OrderState
from tests.station.till import Till, open_till
from tests.village import Village, found_village

# 9:1 with the collective, and the household bears the freight.
NINE_TO_ONE = sharing.Terms(freight="household", shares=(("household", 9), ("collective", 1)))
ALL_DAYS = ("2020-01-01", "2030-12-31")


@pytest.fixture
async def till(village: Village) -> Till:
    till = await open_till(village.wang)
    await agreements.agree(
        agreements.AgreementIn(till.xiang, None, "2020-01-01", "", NINE_TO_ONE), by=till.by
    )
    return till


async def arrived(till: Till, freight_fen: int = 0, **order: object) -> int:
    """An order that went with YTO and is booked as it arrives."""
    order_id = await till.order(**order)  # type: ignore[arg-type]
    await orders.move(order_id, OrderState.PACKED, carrier="YTO", waybill=f"YT7700{order_id:09}", by=till.by)
    for state in (OrderState.HANDED_OVER, OrderState.DELIVERED):
        await orders.move(order_id, state, by=till.by)
    await sales.book(order_id, freight_fen=freight_fen, carrier="YTO", by=till.by)
    return order_id


async def unknown(till: Till) -> list[int]:
    return [row["order_id"] for row in await freight.unknown(till.by.station_id)]


async def test_freight_told_late_moves_the_shares_by_what_it_would_have_been(till: Till) -> None:
    await till.lot(till.xiang, 90)
    late, known = await arrived(till, price_fen=4801), await arrived(till, 653, price_fen=4801)
    assert await unknown(till) == [late]
    assert await freight.charge(late, 653, by=till.by)
    assert await unknown(till) == []
    per_order = [
        await sql.rows(
            "SELECT party, SUM(fen) AS fen FROM ledger_entry WHERE order_id = ? GROUP BY party ORDER BY party",
            one,
        )
        for one in (late, known)
    ]
    assert per_order[0] == per_order[1]
    assert not await freight.charge(late, 653, by=till.by)
    assert (await audit.story(till.by.station_id, "order", late))[-1].act == "freight_charged"
    assert await till.faults() == []


async def test_a_bill_after_the_settlement_was_paid_is_in_the_next_one(till: Till) -> None:
    await till.lot(till.xiang, 30)
    late = await arrived(till)
    paid = await settlements.draw(till.xiang, *ALL_DAYS, by=till.by)
    await settlements.pay(paid, "cash", by=till.by)
    assert await freight.still_open(till.by.station_id, paid, till.xiang) == 1
    await freight.charge(late, 1000, by=till.by)
    assert await freight.still_open(till.by.station_id, paid, till.xiang) == 0
    after = settlement_book.statement(
        await settlement_book.one(
            till.by.station_id, await settlements.draw(till.xiang, *ALL_DAYS, by=till.by)
        )
    )
    assert (after.freight_fen, after.shares_fen, after.pay_fen, after.carry_out_fen) == (-1000, 100, 0, -900)
    assert await till.balance("carrier") == 1000
    assert await till.faults() == []


async def test_a_bill_can_be_corrected_again_and_goes_when_the_parcel_comes_back(till: Till) -> None:
    await till.lot(till.zheng, 10)
    await till.lot(till.xiang, 20)
    order = await arrived(till, 600, price_fen=1)
    for bill in (651, 0, 77):
        assert await freight.charge(order, bill, by=till.by)
        assert await till.balance("carrier") == bill
        assert await till.faults() == []
    await sales.unbook(order, "returned", by=till.by)
    assert [await till.balance(party) for party in ("carrier", "household", "station", "buyer")] == [
        0,
        0,
        0,
        0,
    ]
    with pytest.raises(Refusal, match="freight_not_booked"):
        await freight.charge(order, 600, by=till.by)


async def test_a_parcel_that_went_for_nothing_is_known_then(till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await arrived(till)
    assert await freight.charge(order, 0, by=till.by)
    assert await unknown(till) == []
    assert not await freight.charge(order, 0, by=till.by)


async def test_goods_that_the_keeper_gave_to_a_household_stay_theirs(till: Till) -> None:
    order = await arrived(till, known=False)
    (line,) = await sql.rows("SELECT id FROM order_line WHERE order_id = ?", order)
    await sales.assign(line["id"], till.xiang, by=till.by)
    await freight.charge(order, 800, by=till.by)
    assert await till.balance("carrier") == 800
    assert await till.balance("household", till.xiang) == (4800 - 800) * 9 // 10
    assert await till.faults() == []


async def test_what_has_no_freight_is_refused(till: Till) -> None:
    await till.lot(till.zheng, 30)
    fetched = await till.order()
    for order, fen, refused in ((fetched, 100, "freight_no_carrier"), (fetched, -1, "freight_amount")):
        with pytest.raises(Refusal, match=refused):
            await freight.charge(order, fen, by=till.by)
    far = await open_till((await found_village("other", "别处")).wang)
    with pytest.raises(Refusal, match="not_found"):
        await freight.charge(fetched, 100, by=far.by)
