"""Orders: placed once, never more than there is, followed step by step to their end."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from station import audit, clock, listings, order_book, order_placing, orders, stock
from station.db import sql
from station.errors import Refusal
from station.models import OrderSource, OrderState
from station.order_book import by_token, one
from station.order_placing import LineIn
from station.phones import classify
from station.receivers import Receiver
from tests.station.market_stall import eggs_on_sale, ordered, product, wanted, written
from tests.village import Village, found_village

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 12:00 in the village


async def left(village: Village, listing_id: int) -> int:
    return int((await listings.one(village.id, listing_id))["packs"])


async def test_an_order_keeps_its_goods_and_says_what_it_costs(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen, packs=10)
    with clock.at(NOON):
        placed = await ordered(village.chen, eggs, 2, buyer_note="轻放")
    order = await order_book.one(village.id, placed.id)
    assert (placed.number, placed.new, len(placed.token)) == ("1122-01", True, 43)
    assert (order["state"], order["goods_fen"], order["paid_fen"], order["day"]) == (
        "reserved",
        9600,
        0,
        "2026-11-22",
    )
    assert sql.moment(order["expires_at"]) == NOON + order_placing.KEPT
    assert (order["tail"], order["phone_kind"], order["buyer_note"]) == ("2275", "mobile", "轻放")
    [line] = await order_book.lines(village.id, [placed.id])
    assert (line["qty"], line["units"], line["price_fen"], line["total_fen"], line["unit"]) == (
        2,
        60,
        4800,
        9600,
        "枚",
    )
    assert await left(village, eggs) == 8
    assert [
        (told.act, told.facts["goods_fen"]) for told in await audit.story(village.id, "order", placed.id)
    ] == [("order_placed", 9600)]


async def test_the_audit_of_an_order_knows_no_person(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    placed = await ordered(village.chen, eggs)
    await orders.cancel(placed.id, "买家不要了", by=village.chen)
    facts = str([told.facts for told in await audit.story(village.id, "order", placed.id)])
    for secret in ("周", "2275", "望月湖", placed.token):
        assert secret not in facts


async def test_numbers_run_on_each_day_and_never_twice(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    numbers = []
    for day in (NOON, NOON + timedelta(days=1), NOON + timedelta(days=1), NOON + timedelta(days=365)):
        with clock.at(day):
            numbers.append((await ordered(village.chen, eggs)).number)
    assert numbers == ["1122-01", "1123-01", "1123-02", "1122-02"]


async def test_the_same_scan_or_platform_number_again_is_the_same_order(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    first = await ordered(village.chen, eggs, scan_id="a-1")
    again = await ordered(village.chen, eggs, 3, scan_id="a-1")
    assert (again.id, again.token, again.new) == (first.id, first.token, False)
    douyin = await ordered(village.chen, eggs, source=OrderSource.DOUYIN, external_no="69")
    assert (await ordered(village.chen, eggs, source=OrderSource.DOUYIN, external_no="69")).id == douyin.id
    assert (await ordered(village.chen, eggs, source=OrderSource.PDD, external_no="69")).new
    assert await left(village, eggs) == 7


async def test_ten_posts_of_one_form_at_once_are_one_order(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    placed = await asyncio.gather(*(ordered(village.chen, eggs, scan_id="a-1") for _ in range(10)))
    assert len({one.id for one in placed}) == 1
    assert sum(one.new for one in placed) == 1
    assert await written(village.id) == (1, 1, 1, 0)


async def test_the_last_packs_are_sold_once(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen, packs=10)
    answers = await asyncio.gather(
        *(ordered(village.chen, eggs, scan_id=f"a-{n}") for n in range(50)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [answer.code for answer in refused] == ["sold_out"] * 40
    assert len({answer.number for answer in answers if not isinstance(answer, BaseException)}) == 10
    assert await written(village.id) == (10, 10, 10, 0)
    assert await left(village, eggs) == 0


async def test_an_order_of_two_things_is_kept_whole_or_not_at_all(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen, packs=1)
    other = await product(village.chen, "糍粑", "vacuum", "袋")
    lines = (LineIn(eggs), LineIn(product_id=other, name="糍粑", qty=2, units=2, price_fen=3200))
    with pytest.raises(Refusal, match="sold_out"):
        await order_placing.place(replace(wanted(eggs), lines=lines), by=village.chen)
    assert await written(village.id) == (0, 0, 0, 0)
    assert await left(village, eggs) == 1


@pytest.mark.parametrize("qty", [0, -1, 1000])
async def test_how_many_must_make_sense(village: Village, qty: int) -> None:
    eggs = await eggs_on_sale(village.chen)
    with pytest.raises(Refusal, match="too_many_packs"):
        await ordered(village.chen, eggs, qty)
    with pytest.raises(Refusal, match="nothing_ordered"):
        await order_placing.place(replace(wanted(eggs), lines=()), by=village.chen)


async def test_a_price_that_changed_meanwhile_is_told_before_anything_is_ordered(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    order = replace(wanted(eggs), lines=(LineIn(eggs, price_fen=4500),))
    with pytest.raises(Refusal) as refused:
        await order_placing.place(order, by=village.chen)
    assert (refused.value.code, refused.value.facts) == ("price_changed", {"price": "48.00"})


async def test_what_is_off_sale_or_another_stations_cannot_be_ordered(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    elsewhere = await found_village("shanwan", "杉湾驿站")
    with pytest.raises(Refusal, match="not_found"):
        await ordered(elsewhere.chen, eggs)
    await listings.set_open(eggs, False, by=village.chen)
    with pytest.raises(Refusal, match="listing_closed"):
        await ordered(village.chen, eggs)


async def test_an_order_from_elsewhere_may_name_what_nobody_knows_yet(village: Village) -> None:
    await eggs_on_sale(village.chen)
    order = replace(
        wanted(0),
        source=OrderSource.TAOBAO,
        external_no="T1",
        lines=(LineIn(name="乡下土货 " + "长" * 200, sku="S", qty=2, total_fen=990),),
        receiver=Receiver("李" * 70, classify(""), detail="x" * 400),
    )
    placed = await order_placing.place(order, by=village.chen)
    [line] = await order_book.lines(village.id, [placed.id])
    assert (line["product_id"], line["units"], line["total_fen"], line["unit"]) == (None, None, 990, "")
    assert await stock.lots_of_lines(village.id, [line["id"]]) == {}


async def test_a_held_order_keeps_nothing_until_it_is_confirmed(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen, packs=1)
    held = await ordered(village.chen, eggs, state=OrderState.HELD, reason="refund_pending")
    assert await left(village, eggs) == 1
    quicker = await ordered(village.chen, eggs)
    with pytest.raises(Refusal, match="sold_out"):
        await orders.confirm(held.id, by=village.chen)
    assert (await order_book.one(village.id, held.id))["state"] == "held"
    await orders.cancel(quicker.id, "", by=village.chen)
    await orders.confirm(held.id, by=village.chen)
    assert await left(village, eggs) == 0


async def test_a_cancelled_order_gives_its_goods_back_once(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    placed = await ordered(village.chen, eggs, 4)
    await orders.cancel(placed.id, "no longer", by=village.chen)
    await orders.cancel(placed.id, "no longer", by=village.chen)
    order = await order_book.one(village.id, placed.id)
    assert (order["state"], order["reason"], order["closed_at"] is not None) == (
        "cancelled",
        "no longer",
        True,
    )
    assert await left(village, eggs) == 10


async def test_what_nobody_confirms_in_time_is_for_sale_again(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    with clock.at(NOON):
        late, in_time = await ordered(village.chen, eggs), await ordered(village.chen, eggs)
    await orders.confirm(in_time.id, by=village.chen)
    early = NOON + order_placing.KEPT - timedelta(seconds=1)
    assert not await orders.any_due(early)
    assert await orders.expire_due(early) == 0
    assert await orders.any_due(NOON + order_placing.KEPT)
    assert await orders.expire_due(NOON + order_placing.KEPT) == 1
    assert await orders.expire_due(NOON + order_placing.KEPT) == 0
    assert (await order_book.one(village.id, late.id))["state"] == "expired"
    assert (await order_book.one(village.id, in_time.id))["state"] == "confirmed"
    assert await left(village, eggs) == 9


async def test_confirming_and_expiring_at_once_end_in_one_of_the_two(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    with clock.at(NOON):
        placed = [await ordered(village.chen, eggs) for _ in range(8)]
    await asyncio.gather(
        *(orders.confirm(one.id, by=village.chen) for one in placed),
        *(orders.expire_due(NOON + order_placing.KEPT) for _ in range(3)),
        return_exceptions=True,
    )
    states = [(await order_book.one(village.id, one.id))["state"] for one in placed]
    assert set(states) <= {"confirmed", "expired"}
    assert await left(village, eggs) == 10 - states.count("confirmed")


async def test_an_order_goes_its_way_step_by_step(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    placed = await ordered(village.chen, eggs)
    for step in ("confirmed", "packed", "confirmed", "packed", "handed_over", "packed"):
        await orders.move(placed.id, OrderState(step), by=village.chen)
    await orders.move(placed.id, OrderState.HANDED_OVER, by=village.chen, carrier="YTO", waybill="YT1")
    await orders.move(placed.id, OrderState.DELIVERED, by=village.chen)
    order = await order_book.one(village.id, placed.id)
    assert (order["state"], order["closed_at"] is not None) == ("delivered", True)
    sent = await one(village.id, placed.id)
    assert (sent["carrier"], sent["waybill"]) == ("YTO", "YT1")
    assert await left(village, eggs) == 9


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ([], "packed"),
        ([], "handed_over"),
        (["confirmed"], "handed_over"),
        (["confirmed"], "expired"),
        (["confirmed", "packed", "handed_over"], "cancelled"),
        (["confirmed", "packed", "handed_over", "delivered"], "handed_over"),
        (["cancelled"], "confirmed"),
        (["expired"], "confirmed"),
    ],
)
async def test_no_step_is_left_out_or_taken_twice(village: Village, steps: list[str], refused: str) -> None:
    placed = await ordered(village.chen, await eggs_on_sale(village.chen))
    for step in steps:
        await orders.move(placed.id, OrderState(step), by=village.chen)
    before = await order_book.one(village.id, placed.id)
    with pytest.raises(Refusal, match="order_moved_on"):
        await orders.move(placed.id, OrderState(refused), by=village.chen)
    assert await order_book.one(village.id, placed.id) == before


async def test_confirming_what_is_packed_already_unpacks_nothing(village: Village) -> None:
    placed = await ordered(village.chen, await eggs_on_sale(village.chen))
    await orders.confirm(placed.id, by=village.chen)
    await orders.move(placed.id, OrderState.PACKED, by=village.chen)
    await orders.confirm(placed.id, by=village.chen)
    assert (await order_book.one(village.id, placed.id))["state"] == "packed"


async def test_another_station_finds_and_moves_nothing_of_it(village: Village) -> None:
    placed = await ordered(village.chen, await eggs_on_sale(village.chen))
    elsewhere = await found_village("shanwan", "杉湾驿站")
    for try_ in (
        order_book.one(elsewhere.id, placed.id),
        by_token(elsewhere.id, placed.token),
        orders.confirm(placed.id, by=elsewhere.chen),
        orders.cancel(placed.id, "", by=elsewhere.chen),
        orders.tell_freight(placed.id, 1, by=elsewhere.chen),
    ):
        with pytest.raises(Refusal, match="not_found"):
            await try_
    assert (await order_book.one(village.id, placed.id))["state"] == "reserved"
    assert await order_book.listed(elsewhere.id) == []


async def test_the_freight_is_told_before_the_parcel_leaves(village: Village) -> None:
    placed = await ordered(village.chen, await eggs_on_sale(village.chen))
    await orders.tell_freight(placed.id, 650, by=village.chen)
    assert (await order_book.one(village.id, placed.id))["freight_fen"] == 650
    await orders.cancel(placed.id, "", by=village.chen)
    with pytest.raises(Refusal, match="order_moved_on"):
        await orders.tell_freight(placed.id, 700, by=village.chen)


async def test_the_book_shows_orders_by_where_they_are(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen)
    first, second = await ordered(village.chen, eggs), await ordered(village.chen, eggs, 2)
    await orders.confirm(first.id, by=village.chen)
    assert await order_book.counts(village.id) == {"confirm": 1, "pack": 1, "fetch": 0, "van": 0, "way": 0}
    [to_pack] = await order_book.listed(village.id, "pack")
    assert (to_pack["id"], to_pack["lines"][0]["qty"]) == (first.id, 1)
    assert [row["id"] for row in await order_book.listed(village.id)] == [second.id, first.id]
    assert len(await order_book.listed(village.id, most=1)) == 2  # one more: there is a next page
    assert [row["id"] for row in await order_book.listed(village.id, most=1, number=2)] == [first.id]
