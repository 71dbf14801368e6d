"""Lots: taken in once, labelled in order, certified once, and called back for good."""

import asyncio
from datetime import UTC, datetime

import pytest

from station import audit, certificates, clock, lot_stock, lots, products, recalls, stock, traces
from station.db import sql
from station.errors import Refusal
from station.lots import LotIn
from station.models import OrderState
from tests.station.produce_goods import egg_lot, eggs, give_back, order, zheng
from tests.village import Village, found_village

NOVEMBER = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


async def test_a_lot_has_a_label_a_code_a_day_and_all_of_its_stock(village: Village) -> None:
    with clock.at(NOVEMBER):
        _, _, lot_id = await egg_lot(by=village.chen, weight_g=11_340, grade="一级", best_before="2026-12-21")
    lot = await lots.lot(village.id, lot_id)
    assert (lot["label"], lot["day"], lot["amount"], lot["unsold"]) == ("蛋1121-1", "2026-11-21", 210, 210)
    assert (lot["product"], lot["household"], lot["grp"], lot["weight_g"]) == (
        "土鸡蛋",
        "郑家",
        "五组",
        11_340,
    )
    assert lot["origin"] == "云溪县河口镇青禾村"
    assert traces.is_trace_code(lot["trace_code"])
    assert [line.act for line in await audit.story(village.id, "lot", lot_id)] == ["lot_taken_in"]


async def test_lots_of_one_day_are_numbered_also_when_they_come_at_once_and_next_year(
    village: Village,
) -> None:
    home, product = await zheng(by=village.chen), await eggs(by=village.wang)
    duck = await products.add("鸭蛋", "eggs", "枚", "蛋", by=village.wang)
    with clock.at(NOVEMBER):
        await asyncio.gather(
            *(lots.take_in(LotIn(home, (product, duck)[n % 2], 30 + n), by=village.chen) for n in range(6))
        )
    with clock.at(NOVEMBER.replace(year=2027)):
        await lots.take_in(LotIn(home, product, 99), by=village.chen)
    labels = [
        row["label"] for row in await sql.rows("SELECT label FROM lot WHERE station_id = ?", village.id)
    ]
    assert sorted(labels) == [f"蛋1121-{number}" for number in range(1, 8)]


async def test_the_same_form_sent_twice_is_one_lot_and_other_goods_are_another(village: Village) -> None:
    home, product = await zheng(by=village.chen), await eggs(by=village.wang)
    code = traces.new_trace_code()
    first = await lots.take_in(LotIn(home, product, 30, trace_code=code), by=village.chen)
    assert await lots.take_in(LotIn(home, product, 30, trace_code=code), by=village.chen) == first
    other = await lots.take_in(LotIn(home, product, 31, trace_code=code), by=village.chen)
    assert other != first
    assert await stock.available(village.id, product) == {product: 61}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": 0}, "lot_amount"),
        ({"amount": 100_001}, "lot_amount"),
        ({"weight_g": 0}, "lot_weight"),
        ({"best_before": "2020-01-01"}, "lot_best_before"),
        ({"best_before": "2026-02-30"}, "lot_best_before"),
        ({"household_id": 99}, "not_found"),
        ({"product_id": 99}, "no_product"),
    ],
)
async def test_what_cannot_be_is_not_taken_in(
    village: Village, changed: dict[str, object], code: str
) -> None:
    home, product = await zheng(by=village.chen), await eggs(by=village.wang)
    given = {"household_id": home, "product_id": product, "amount": 30, **changed}
    with pytest.raises(Refusal) as refused:
        await lots.take_in(LotIn(**given), by=village.chen)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert await sql.rows("SELECT id FROM lot WHERE station_id = ?", village.id) == []


async def test_households_and_products_of_another_station_are_not_there(village: Village) -> None:
    home, product, lot_id = await egg_lot(by=village.chen)
    there = await found_village("xiawan", "下湾驿站")
    own = await zheng(by=there.chen)
    for given in (LotIn(home, product, 1), LotIn(own, product, 1)):
        with pytest.raises(Refusal):
            await lots.take_in(given, by=there.chen)
    for asked in (lots.lot(there.id, lot_id), certificates.certify(lot_id, "x", by=there.wang)):
        with pytest.raises(Refusal):
            await asked
    with pytest.raises(Refusal):
        await recalls.recall(lot_id, "x", by=there.wang)
    assert await stock.of_lot(village.id, lot_id) == 210


async def test_a_product_no_longer_taken_in_is_refused_and_its_stock_still_sells(village: Village) -> None:
    home, product, _ = await egg_lot(by=village.wang)
    await products.retire(product, by=village.wang)
    with pytest.raises(Refusal) as refused:
        await lots.take_in(LotIn(home, product, 30), by=village.chen)
    assert refused.value.code == "product_retired"
    await order(30, product, by=village.chen)
    await products.bring_back(product, by=village.wang)
    await lots.take_in(LotIn(home, product, 30), by=village.chen)
    assert await stock.available(village.id, product) == {product: 210}


async def test_certificates_are_numbered_through_the_station_and_issued_once(village: Village) -> None:
    home, product, first = await egg_lot(by=village.wang)
    others = [await lots.take_in(LotIn(home, product, n), by=village.chen) for n in (1, 2, 3)]
    numbers = await asyncio.gather(
        *(certificates.certify(each, "郑桂香", by=village.chen) for each in [first, *others])
    )
    assert sorted(numbers) == [1, 2, 3, 4]
    assert await certificates.certify(first, "somebody else", by=village.chen) == numbers[0]
    assert (await lots.lot(village.id, first))["certificate_by"] == "郑桂香"
    there = await found_village("xiawan", "下湾驿站")
    _, _, theirs = await egg_lot(by=there.wang)
    assert await certificates.certify(theirs, "王", by=there.wang) == 1


async def test_a_recalled_lot_sells_nothing_more_and_says_who_has_some(village: Village) -> None:
    home, product, bad = await egg_lot(by=village.wang, best_before="2099-01-01")
    good = await lots.take_in(LotIn(home, product, 30), by=village.chen)
    placed, line = await order(60, product, by=village.chen)
    _, cancelled = await order(10, product, by=village.chen)
    await give_back(cancelled, by=village.chen)
    assert await recalls.recall(bad, "鸡吃了药", by=village.wang) == 150
    lot = await lots.lot(village.id, bad)
    assert (lot["recalled"], lot["unsold"], lot["recall_reason"]) == (True, 0, "鸡吃了药")
    buyers = await recalls.buyers_of(village.id, bad)
    assert [(each["id"], each["units"], each["state"]) for each in buyers] == [
        (placed, 60, OrderState.CONFIRMED)
    ]
    assert (await stock.lots_of_lines(village.id, [line]))[line][0]["recalled"]
    # What comes back of it stays out, and only the good lot sells.
    await give_back(line, by=village.chen)
    assert await stock.available(village.id, product) == {product: 30}
    assert await stock.of_lot(village.id, bad) == 0
    assert (await order(30, product, by=village.chen))[0]
    assert await stock.of_lot(village.id, good) == 0
    for refused in (
        recalls.recall(bad, "once more", by=village.wang),
        lot_stock.waste(bad, 1, "x", by=village.wang),
        lot_stock.correct(bad, 5, "x", by=village.wang),
        certificates.certify(bad, "x", by=village.wang),
    ):
        with pytest.raises(Refusal) as told:
            await refused
        assert told.value.code == "lot_recalled"


async def test_recalling_while_others_buy_leaves_no_egg_in_between(village: Village) -> None:
    _, product, lot_id = await egg_lot(by=village.wang, amount=300)
    answers = await asyncio.gather(
        *(give_and_take(product, village) for _ in range(10)),
        recalls.recall(lot_id, "x", by=village.wang),
        return_exceptions=True,
    )
    bought = sum(30 for answer in answers[:-1] if answer is None)
    assert answers[-1] == 300 - bought
    assert await stock.of_lot(village.id, lot_id) == 0
    assert sum(each["units"] for each in await recalls.buyers_of(village.id, lot_id)) == bought


async def give_and_take(product: int, village: Village) -> None:
    await order(30, product, by=village.chen)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("郑家", "郑家"),
        ("郑大山", "郑家"),
        ("郑大山家", "郑家"),
        ("老郑家", "郑家"),
        ("欧阳春家", "欧阳家"),
        ("老", "老家"),
    ],
)
def test_a_family_is_told_by_its_family_name_alone(name: str, family: str) -> None:
    assert traces.family(name) == family
