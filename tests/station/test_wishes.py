"""Standing wishes and the lots of helped households, proposed to each other; the keeper decides."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from station import clock, lot_stock, lots, recalls, residents, wish_matches, wishes
from station.actor import Actor
from station.db import sql
from station.errors import Refusal
from station.lots import LotIn
from station.wishes import WishIn
from tests.station import market_stall
from tests.village import Village, found_village

# A Thursday, ten in the morning in the village.
THURSDAY = datetime(2026, 11, 19, 2, tzinfo=UTC)
SATURDAY, NEXT_SATURDAY = "2026-11-21", "2026-11-28"


@pytest.fixture(autouse=True)
async def on_thursday() -> AsyncIterator[None]:
    with clock.at(THURSDAY):
        yield


@pytest.fixture
async def listing(village: Village) -> int:
    """Thirty eggs for ¥48.00 on sale; ten packs of the helped 郑家 in stock."""
    return await market_stall.eggs_on_sale(village.wang)


async def eggs() -> int:
    row = await sql.one("SELECT id FROM product ORDER BY id LIMIT 1")
    assert row
    return int(row["id"])


async def wished(by: Actor, units: int = 30, **more: object) -> int:
    wish = {
        "buyer_name": "周小兰",
        "phone": "13607312275",
        "address": "湖南省长沙市岳麓区望月湖街道12栋301",
        "product_id": await eggs(),
        "units": units,
        "weekday": 5,
    }
    return await wishes.write(WishIn(**{**wish, **more}), by=by)  # type: ignore[arg-type]


async def proposed(village: Village) -> list[dict[str, object]]:
    await wish_matches.propose(by=village.wang)
    return await wish_matches.proposals(village.id)


async def refused(attempt: object) -> str:
    with pytest.raises(Refusal) as refusal:
        await attempt  # type: ignore[misc]
    return refusal.value.code


async def test_a_helped_households_lot_is_proposed_up_to_three_days_before(
    village: Village, listing: int
) -> None:
    await wished(village.chen)
    (match,) = await proposed(village)
    assert (match["household"], match["day"], match["unsold"]) == ("郑家", SATURDAY, 300)
    assert match["listing"] == {
        "id": listing,
        "title": "土鸡蛋 30 枚",
        "packs": 1,
        "total_fen": 4800,
    }
    await wished(village.chen, weekday=0)
    assert len(await proposed(village)) == 1, "Monday is four days off"


async def test_other_households_and_small_or_recalled_lots_are_not_proposed(village: Village) -> None:
    product = await market_stall.product(village.wang)
    strong = await market_stall.household(village.wang, "何家", "七组", helped=False)
    helped = await market_stall.household(village.wang)
    await lots.take_in(LotIn(strong, product, 300), by=village.chen)
    await lots.take_in(LotIn(helped, product, 29), by=village.chen)
    gone = await lots.take_in(LotIn(helped, product, 300), by=village.chen)
    await recalls.recall(gone, "破损", by=village.wang)
    await wished(village.chen)
    assert await proposed(village) == []


async def test_a_lot_that_will_be_past_its_day_is_not_proposed(village: Village) -> None:
    product = await market_stall.product(village.wang)
    house = await market_stall.household(village.wang)
    await lots.take_in(LotIn(house, product, 100, best_before="2026-11-20"), by=village.chen)
    await wished(village.chen)
    assert await proposed(village) == []


async def test_accepting_orders_out_of_that_lot_even_if_an_older_one_is_there(
    village: Village, listing: int
) -> None:
    product = await eggs()
    strong = await market_stall.household(village.wang, "何家", "七组", helped=False)
    await lots.take_in(LotIn(strong, product, 300, best_before="2026-11-25"), by=village.chen)
    await wished(village.chen, note="放传达室")
    (match,) = await proposed(village)
    order_id = await wish_matches.accept(match["id"], by=village.wang)  # type: ignore[arg-type]
    order = await sql.one("SELECT * FROM orders WHERE id = ?", order_id)
    assert order
    assert (order["source"], order["state"], order["goods_fen"]) == ("phone", "confirmed", 4800)
    assert (order["name"], order["county"], order["seller_note"]) == ("周小兰", "岳麓区", "放传达室")
    moves = await sql.rows("SELECT lot_id, amount FROM stock_move WHERE kind = 'reserved'")
    assert moves == [{"lot_id": match["lot_id"], "amount": -30}]
    assert await proposed(village) == [], "served for this Saturday"
    with clock.later(days=7):
        assert [each["day"] for each in await proposed(village)] == [NEXT_SATURDAY]


async def test_without_a_fitting_pack_the_keeper_names_the_price(village: Village, listing: int) -> None:
    await wished(village.chen, units=45)
    (match,) = await proposed(village)
    assert match["listing"] is None
    match_id: int = match["id"]  # type: ignore[assignment]
    for price in (None, 0, -5):
        assert await refused(wish_matches.accept(match_id, price, by=village.wang)) == "wish_price"
    assert await market_stall.written(village.id) == (0, 0, 0, 0)
    order_id = await wish_matches.accept(match_id, 7000, by=village.wang)
    line = await sql.one("SELECT qty, units, total_fen FROM order_line WHERE order_id = ?", order_id)
    assert line == {"qty": 1, "units": 45, "total_fen": 7000}


async def test_what_was_declined_is_not_proposed_again_that_day(village: Village, listing: int) -> None:
    await wished(village.chen)
    (match,) = await proposed(village)
    match_id: int = match["id"]  # type: ignore[assignment]
    await wish_matches.decline(match_id, by=village.wang)
    assert await proposed(village) == []
    assert await refused(wish_matches.decline(match_id, by=village.wang)) == "wish_decided"
    assert await refused(wish_matches.accept(match_id, by=village.wang)) == "wish_decided"
    assert await market_stall.written(village.id) == (0, 0, 0, 0)
    with clock.later(days=7):
        assert len(await proposed(village)) == 1


async def test_of_two_keepers_one_wins(village: Village, listing: int) -> None:
    await wished(village.chen)
    (match,) = await proposed(village)
    match_id: int = match["id"]  # type: ignore[assignment]
    results = await asyncio.gather(
        *(wish_matches.accept(match_id, by=village.wang) for _ in range(4)),
        wish_matches.decline(match_id, by=village.wang),
        return_exceptions=True,
    )
    assert [r.code for r in results if isinstance(r, Refusal)] == ["wish_decided"] * 4
    orders, _, reserved, _ = await market_stall.written(village.id)
    assert (orders, reserved) in ((1, 1), (0, 0))


async def test_of_two_lots_for_one_wish_one_is_taken(village: Village, listing: int) -> None:
    house = await sql.one("SELECT id FROM household")
    assert house
    await lots.take_in(LotIn(house["id"], await eggs(), 60), by=village.chen)
    await wished(village.chen)
    matches = await proposed(village)
    assert len(matches) == 2
    results = await asyncio.gather(
        *(wish_matches.accept(match["id"], by=village.wang) for match in matches),  # type: ignore[arg-type]
        return_exceptions=True,
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert (await market_stall.written(village.id))[0] == 1


async def test_what_was_sold_or_is_no_longer_helped_does_not_fit_any_more(
    village: Village, listing: int
) -> None:
    await wished(village.chen)
    (match,) = await proposed(village)
    match_id: int = match["id"]  # type: ignore[assignment]
    house = await sql.one("SELECT id FROM household")
    assert house
    await residents.help_household(house["id"], False, by=village.wang)
    assert await refused(wish_matches.accept(match_id, by=village.wang)) == "wish_unfit"
    await residents.help_household(house["id"], True, by=village.wang)
    await lot_stock.waste(match["lot_id"], 280, "摔了", by=village.chen)  # type: ignore[arg-type]
    assert await refused(wish_matches.accept(match_id, by=village.wang)) == "wish_unfit"
    assert await market_stall.written(village.id) == (0, 0, 0, 0)


async def test_the_hourly_job_has_something_to_do_once(village: Village, listing: int) -> None:
    assert not await wish_matches.any_new()
    await wished(village.chen, valid_until=SATURDAY)
    assert await wish_matches.any_new()
    await wish_matches.propose_all()
    assert not await wish_matches.any_new()
    assert len(await wish_matches.proposals(village.id)) == 1
    with clock.later(days=3):
        assert await wish_matches.any_new()
        await wish_matches.propose_all()
        assert not await wish_matches.any_new()
        assert await wishes.standing(village.id) == []


async def test_an_ended_wish_keeps_nothing_about_its_buyer(village: Village, listing: int) -> None:
    wish_id = await wished(village.chen, note="要大的")
    for _ in range(2):
        await wishes.end(wish_id, by=village.chen)
    row = await sql.one("SELECT * FROM wish")
    assert row
    assert not row["active"]
    assert [row[column] for column in ("buyer_name", "phone", "address", "note")] == [""] * 4
    assert await refused(wishes.end(9999, by=village.chen)) == "not_found"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"buyer_name": "  "}, "wish_buyer"),
        ({"phone": "123"}, "wish_buyer"),
        ({"phone": "136****2275"}, "wish_buyer"),
        ({"address": "东边的房子"}, "wish_address"),
        ({"units": 0}, "wish_units"),
        ({"units": 10_001}, "wish_units"),
        ({"weekday": 7}, "wish_day"),
        ({"valid_until": "2026-11-18"}, "wish_day"),
        ({"valid_until": "20261130"}, "wish_day"),
        ({"product_id": 9999}, "no_product"),
    ],
)
async def test_a_wish_that_nobody_could_serve_is_not_written(
    village: Village, listing: int, wrong: dict[str, object], code: str
) -> None:
    assert await refused(wished(village.chen, **wrong)) == code  # type: ignore[arg-type]
    assert await sql.rows("SELECT id FROM wish") == []


async def test_neither_the_orders_nor_the_lots_story_tells_who_is_helped(
    village: Village, listing: int
) -> None:
    await wished(village.chen)
    (match,) = await proposed(village)
    await wish_matches.accept(match["id"], by=village.wang)  # type: ignore[arg-type]
    lines = await sql.rows("SELECT act, subject, facts FROM audit_line")
    about = {line["act"] for line in lines if line["subject"] in ("order", "lot", "household")}
    assert about == {"order_placed", "order_moved"}
    assert not any("周小兰" in json.dumps(line, ensure_ascii=False) for line in lines)


async def test_stations_do_not_see_each_others_wishes(village: Village, listing: int) -> None:
    other = await found_village("other", "别的驿站")
    wish_id = await wished(village.chen)
    (match,) = await proposed(village)
    match_id: int = match["id"]  # type: ignore[assignment]
    assert await wishes.standing(other.id) == await wish_matches.proposals(other.id) == []
    for attempt in (
        wishes.end(wish_id, by=other.wang),
        wish_matches.accept(match_id, by=other.wang),
        wish_matches.decline(match_id, by=other.wang),
    ):
        assert await refused(attempt) == "not_found"
