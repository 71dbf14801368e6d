"""Money that is no sale, and money back to buyers as the keeper writes them down."""

import pytest

from station import freight, money_moves, orders, sales
from station.errors import Refusal
from station.models import OrderState
from tests.station.till import Till, open_till
from tests.village import Browser, Village


@pytest.fixture
async def till(open_village: Village) -> Till:
    return await open_till(open_village.wang)


async def balances(till: Till, *parties: str) -> list[int]:
    return [await till.balance(party) for party in parties]


async def test_other_money_goes_in_and_out_once(browse: Browser, till: Till) -> None:
    keeper = await browse(till.by)
    bill = {"party": "carrier", "carrier": "YTO", "yuan": "18.61", "purse": "bank", "scan_id": "bill-1122"}
    for _ in range(2):
        assert (await keeper.post("/money-moves", data=bill)).status_code == 303
    assert await balances(till, "carrier", "bank", "cash") == [-1861, -1861, 0]
    into_the_box = {"party": "bank", "yuan": "100", "scan_id": "refill-1122"}
    brought = {"party": "collective", "yuan": "5.05", "way": "in", "note": "修秤", "scan_id": "brought-1122"}
    for moved in (into_the_box, brought):
        assert (await keeper.post("/money-moves", data=moved)).status_code == 303
    assert await balances(till, "bank", "cash", "collective") == [-1861 - 10_000, 10_000 + 505, 505]
    page = (await keeper.get("/ledger")).text
    assert "修秤" in page
    assert "圆通" in page
    assert await till.faults() == []


async def test_what_is_unclear_is_kept_and_nothing_moves(browse: Browser, till: Till) -> None:
    keeper = await browse(till.by)
    for form, typed in (
        ({"party": "carrier", "yuan": "3.30"}, "3.30"),
        ({"party": "company", "yuan": "all of it"}, "all of it"),
        ({"party": "company", "yuan": "0"}, "0"),
    ):
        answer = await keeper.post("/money-moves", data={**form, "scan_id": "unclear-1"})
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
    assert await balances(till, "carrier", "company", "cash") == [0, 0, 0]
    with pytest.raises(Refusal, match="no_money_party"):
        await money_moves.settle("buyer", 1, "cash", "x", by=till.by)


async def test_a_buyer_gets_money_back_at_the_households_cost_after_it_was_paid_out(
    browse: Browser, till: Till
) -> None:
    await till.lot(till.xiang, 30)
    order = await till.order()
    await sales.book(order, by=till.by)
    keeper = await browse(till.by)
    number = (await keeper.get(f"/orders/{order}")).text.partition("<h1")[2].partition("</h1>")[0]
    number = next(word for word in number.replace("<", " ").replace(">", " ").split() if "-" in word)
    back = {"order": number, "amount": "0.07", "bearer": "household", "how": "cash", "scan_id": "refund-1122"}
    assert (await keeper.post("/refunds", data=back)).status_code == 422
    answers = [await keeper.post("/refunds", data=back | {"household": till.xiang}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await balances(till, "household", "cash") == [4800 - 7, -7]
    assert await till.faults() == []


async def test_the_keeper_writes_down_a_couriers_bill(browse: Browser, till: Till) -> None:
    await till.lot(till.zheng, 30)
    order = await till.order()
    keeper = await browse(till.by)
    answer = await keeper.post("/freight", data={"order": "0000-99", "amount": "8"})
    assert answer.status_code == 422
    assert 'value="0000-99"' in answer.text
    assert await freight.order_of(till.by.station_id, "0000-99") is None
    assert (await keeper.get("/freight")).status_code == 200
    with pytest.raises(Refusal, match="freight_no_carrier"):
        await freight.charge(order, 800, by=till.by)
    await orders.move(order, OrderState.PACKED, carrier="YTO", waybill="YT7700000000021", by=till.by)
    for state in (OrderState.HANDED_OVER, OrderState.DELIVERED):
        await orders.move(order, state, by=till.by)
    await sales.book(order, carrier="YTO", by=till.by)
    for path in ("/ledger", "/settlements"):
        assert 'href="/freight"' in (await keeper.get(path)).text
    assert "YT7700000000021" in (await keeper.get("/freight")).text
    bill = {"order": "YT7700000000021", "amount": "8.01"}
    assert (await keeper.post("/freight", data=bill)).status_code == 303
    assert "YT7700000000021" not in (await keeper.get("/freight")).text
    assert await balances(till, "carrier", "station") == [801, 250 + 240 - 801]
    assert await till.faults() == []
