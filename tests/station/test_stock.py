"""Stock as moves: first what must be eaten first, never more than there is, and every change on record."""

import asyncio
from datetime import UTC, datetime

import pytest

from station import clock, lot_stock, lots, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import Refusal
from station.lots import LotIn
from station.models import Order, OrderLine, OrderState
from tests.station.produce_goods import eggs, give_back, order, zheng
from tests.village import Village, found_village

NOVEMBER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


async def egg_lot(
    by: Actor, amount: int, best_before: str = "", product_id: int | None = None
) -> tuple[int, int]:
    """Product and lot."""
    product = await eggs(by=by) if product_id is None else product_id
    lot = LotIn(await zheng(by=by), product, amount, best_before=best_before)
    return product, await lots.take_in(lot, by=by)


async def test_what_must_be_eaten_first_is_sold_first_over_several_lots(village: Village) -> None:
    with clock.at(NOVEMBER):
        eggs, late = await egg_lot(village.wang, 30, "2026-12-20")
        _, always = await egg_lot(village.wang, 30, "", eggs)
        _, soon = await egg_lot(village.wang, 30, "2026-11-25", eggs)
        _, line = await order(70, eggs, by=village.wang)
        held = (await stock.lots_of_lines(village.id, [line]))[line]
    assert [(part["lot_id"], part["units"]) for part in held] == [(soon, 30), (late, 30), (always, 10)]
    assert [await stock.of_lot(village.id, lot) for lot in (soon, late, always)] == [0, 0, 20]
    assert await stock.available(village.id) == {eggs: 20}


async def test_what_is_past_its_day_is_not_sold(village: Village) -> None:
    with clock.at(NOVEMBER):
        eggs, _ = await egg_lot(village.wang, 30, "2026-11-25")
        assert await stock.available(village.id, eggs) == {eggs: 30}
        with clock.later(days=4):
            assert await stock.available(village.id, eggs) == {eggs: 0}
            with pytest.raises(Refusal) as refused:
                await order(1, eggs, by=village.wang)
    assert (refused.value.code, refused.value.facts["left"]) == ("sold_out", 0)


async def test_too_many_are_refused_with_what_is_left_and_nothing_is_kept(village: Village) -> None:
    eggs, lot = await egg_lot(village.wang, 30)
    with pytest.raises(Refusal) as refused:
        await order(31, eggs, by=village.wang)
    assert (refused.value.code, refused.value.facts["left"]) == ("sold_out", 30)
    assert await stock.of_lot(village.id, lot) == 30
    assert len(await lot_stock.story(village.id, lot)) == 1


async def test_a_line_asked_twice_keeps_once_and_gives_back_once(village: Village) -> None:
    eggs, lot = await egg_lot(village.wang, 30)
    _, line = await order(12, eggs, by=village.wang)

    @act
    async def again() -> list[tuple[int, int]]:
        return await stock.reserve(line, eggs, 12, by=village.wang)

    assert await again() == [(lot, 12)]
    assert await stock.of_lot(village.id, lot) == 18
    await give_back(line, by=village.wang)
    await give_back(line, by=village.wang)
    assert await stock.of_lot(village.id, lot) == 30
    assert [move["amount"] for move in await lot_stock.story(village.id, lot)] == [30, -12, 12]


@pytest.mark.parametrize(("packs", "buyers"), [(10, 50)])
async def test_fifty_buyers_at_once_get_exactly_what_there_is(
    village: Village, packs: int, buyers: int
) -> None:
    eggs, first = await egg_lot(village.wang, 30 * packs - 45)
    _, second = await egg_lot(village.wang, 45, "", eggs)
    answers = await asyncio.gather(
        *(ordering(number, eggs, village.wang) for number in range(buyers)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert {getattr(answer, "code", answer) for answer in refused} == {"sold_out"}
    assert len(answers) - len(refused) == packs
    assert all(answer.facts["left"] < 30 for answer in refused if isinstance(answer, Refusal))
    assert await stock.of_lot(village.id, first) == await stock.of_lot(village.id, second) == 0
    rows = await sql.rows("SELECT count(*) AS n FROM orders WHERE station_id = ?", village.id)
    assert rows[0]["n"] == packs


@act
async def ordering(number: int, product_id: int, by: Actor) -> int:
    """Like `order`, with a number that nobody else has."""
    placed = await Order.create(
        station_id=by.station_id,
        number=f"n{number}",
        source="market",
        token=f"t{number}",
        state=OrderState.RESERVED,
        day="2026-11-22",
        placed_at=clock.now(),
    )
    line = await OrderLine.create(
        station_id=by.station_id, order_id=placed.id, product_id=product_id, name="土鸡蛋", qty=1, units=30
    )
    await stock.reserve(line.id, product_id, 30, by=by)
    return line.id


async def test_two_give_one_line_back_at_once_and_it_comes_back_once(village: Village) -> None:
    eggs, lot = await egg_lot(village.wang, 30)
    _, line = await order(12, eggs, by=village.wang)
    await asyncio.gather(*(give_back(line, by=village.wang) for _ in range(8)))
    assert await stock.of_lot(village.id, lot) == 30


async def test_broken_eggs_go_out_with_a_reason_and_a_name(village: Village) -> None:
    _, lot = await egg_lot(village.wang, 30)
    await lot_stock.waste(lot, 2, "磕破", by=village.chen)
    last = (await lot_stock.story(village.id, lot))[-1]
    assert (last["kind"], last["amount"], last["reason"], last["who"], last["rest"]) == (
        "waste",
        -2,
        "磕破",
        "陈国",
        28,
    )


@pytest.mark.parametrize(
    ("units", "reason", "code"),
    [(31, "磕破", "lot_has_less"), (0, "磕破", "amount_missing"), (1, " ", "reason_missing")],
)
async def test_waste_that_cannot_be_changes_nothing(
    village: Village, units: int, reason: str, code: str
) -> None:
    _, lot = await egg_lot(village.wang, 30)
    with pytest.raises(Refusal) as refused:
        await lot_stock.waste(lot, units, reason, by=village.chen)
    assert refused.value.code == code
    assert await stock.of_lot(village.id, lot) == 30


async def test_a_count_includes_what_is_promised_and_not_what_is_packed(village: Village) -> None:
    eggs, lot = await egg_lot(village.wang, 100)
    await order(30, eggs, by=village.wang)
    await order(20, eggs, by=village.wang, state=OrderState.PACKED)
    # 100 - 20 in a box should lie there; 3 are missing.
    assert await lot_stock.correct(lot, 77, "数过", by=village.chen) == -3
    assert await stock.of_lot(village.id, lot) == 47
    assert await lot_stock.correct(lot, 77, "又数过", by=village.chen) == 0
    assert len([move for move in await lot_stock.story(village.id, lot) if move["kind"] == "correction"]) == 1
    with pytest.raises(Refusal) as refused:
        await lot_stock.correct(lot, 29, "数过", by=village.chen)
    assert refused.value.code == "lot_is_promised"


async def test_another_stations_stock_is_neither_seen_nor_moved(village: Village) -> None:
    eggs, lot = await egg_lot(village.wang, 30)
    there = await found_village("xiawan", "下湾驿站")
    assert await stock.available(there.id) == {}
    assert await stock.of_lot(there.id, lot) == 0
    for refused in (lot_stock.waste(lot, 1, "x", by=there.wang), order(1, eggs, by=there.wang)):
        with pytest.raises(Refusal):
            await refused
    assert await stock.of_lot(village.id, lot) == 30
