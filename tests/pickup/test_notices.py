"""Arrival notices: one SMS for the parcels of one phone, its words true until it leaves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from pickup import code_book, notices
from pickup.codes import shown
from station import clock, parcels, phones, racks, stations
from station.actor import Actor
from station.db import Database, act, sql
from station.models import ParcelState
from station.parcels import Arrival
from station.recipients import Person

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 12:00 in the village
NIGHT = datetime(2026, 11, 22, 14, tzinfo=UTC)  # 22:00
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 07:30 of the next day

GRANNY = "13900000152"
XIAOBO = "13900000153"

waybills = (f"YT{number:013d}" for number in count(1))


@dataclass(frozen=True)
class Parcel:
    id: int
    code: str


@pytest.fixture
async def station(database: Database) -> AsyncIterator[int]:
    with clock.at(NOON):
        station_id = await stations.found(
            "qinghe", "青禾驿站", phone="0730-5550123", hours="8:30-18:00", zone="Asia/Shanghai"
        )
        await racks.lay_out(
            racks.Layout(number=3, layers=2, bays=5, capacity=12), by=Actor.system(station_id)
        )
        yield station_id


@act
async def arrive(
    station_id: int,
    phone: str = GRANNY,
    carrier: str = "YTO",
    collect_fen: int | None = 0,
    cod_fen: int | None = 0,
) -> Parcel:
    person = Person.printed("李桂兰", phones.classify(phone))
    code, desk = await code_book.draw(station_id)
    arrival = Arrival(carrier, next(waybills), person, collect_fen=collect_fen, cod_fen=cod_fen)
    placed = await parcels.receive(station_id, arrival, code)
    await notices.announce(station_id, placed.id, person, desk)
    return Parcel(placed.id, shown(placed.slot, code))


@act
async def collect(station_id: int, *taken: Parcel) -> None:
    ids = [parcel.id for parcel in taken]
    assert len(await parcels.leave(station_id, ids, ParcelState.COLLECTED)) == len(ids)
    await notices.refresh(station_id, ids)


@act
async def take_back(station_id: int, parcel: Parcel) -> None:
    assert await parcels.come_back(station_id, [parcel.id], ParcelState.COLLECTED)
    await notices.refresh(station_id, [parcel.id])


@act
async def set_message(state: str, attempts: int = 1) -> None:
    await sql.execute("UPDATE message SET state = ?, attempts = ?", state, attempts)


async def messages() -> list[dict[str, Any]]:
    return await sql.rows("SELECT phone, text, state, due_at FROM message ORDER BY id")


async def message() -> dict[str, Any]:
    (only,) = await messages()
    return only


async def test_a_parcel_is_announced_with_its_code_after_a_little_patience(station: int) -> None:
    parcel = await arrive(station)
    told = await message()
    assert (told["phone"], told["state"]) == (GRANNY, "queued")
    assert told["text"] == (
        f"您有1件圆通快递到站，取件码{parcel.code}，8:30-18:00凭码领取，可请家人代取。电话0730-5550123"
    )
    assert sql.moment(told["due_at"]) == NOON + timedelta(minutes=3)


async def test_two_parcels_of_one_phone_within_three_minutes_are_one_sms_with_both_codes(
    station: int,
) -> None:
    first = await arrive(station)
    with clock.later(minutes=2):
        second = await arrive(station, carrier="ZTO")
    told = await message()
    assert "您有2件快递到站" in told["text"]
    assert first.code in told["text"]
    assert second.code in told["text"]
    assert sql.moment(told["due_at"]) == NOON + timedelta(minutes=3)


async def test_two_phones_are_two_messages(station: int) -> None:
    await arrive(station, GRANNY)
    await arrive(station, XIAOBO)
    assert [told["phone"] for told in await messages()] == [GRANNY, XIAOBO]


async def test_a_parcel_that_comes_after_the_message_left_gets_its_own(station: int) -> None:
    await arrive(station)
    await set_message("accepted")
    late = await arrive(station)
    told = await messages()
    assert len(told) == 2
    assert told[1]["text"].startswith(f"您有1件圆通快递到站，取件码{late.code}，")


async def test_a_message_that_was_tried_and_may_have_left_gets_no_further_parcel(station: int) -> None:
    await arrive(station)
    await set_message("queued", attempts=1)
    await arrive(station)
    assert ["您有1件" in told["text"] for told in await messages()] == [True, True]


async def test_a_parcel_collected_before_the_message_left_is_taken_out_of_it(station: int) -> None:
    gone, left = await arrive(station), await arrive(station)
    await collect(station, gone)
    told = await message()
    assert told["text"].startswith(f"您有1件圆通快递到站，取件码{left.code}，")
    assert told["state"] == "queued"


@pytest.mark.parametrize("state", ["queued", "needs_person"])
async def test_a_message_without_a_waiting_parcel_is_withdrawn(station: int, state: str) -> None:
    one, other = await arrive(station), await arrive(station)
    await set_message(state)
    await collect(station, one, other)
    assert (await message())["state"] == "withdrawn"


async def test_a_message_withdrawn_for_a_collection_that_was_undone_leaves_after_all(station: int) -> None:
    parcel = await arrive(station)
    await collect(station, parcel)
    await take_back(station, parcel)
    told = await message()
    assert told["state"] == "queued"
    assert parcel.code in told["text"]


@pytest.mark.parametrize("state", ["sending", "accepted", "delivered", "called"])
async def test_a_message_that_is_under_way_is_not_touched(station: int, state: str) -> None:
    parcel = await arrive(station)
    await set_message(state)
    before = await message()
    await collect(station, parcel)
    assert await message() == before


async def test_a_parcel_that_comes_at_night_is_announced_in_the_morning(station: int) -> None:
    with clock.at(NIGHT):
        await arrive(station)
    assert sql.moment((await message())["due_at"]) == MORNING


async def test_freight_to_collect_and_cash_on_delivery_are_announced_together(station: int) -> None:
    await arrive(station, collect_fen=1200, cod_fen=3550)
    assert "，需付47.50元，" in (await message())["text"]


@pytest.mark.parametrize(("collect_fen", "cod_fen"), [(None, 0), (0, None), (1200, None)])
async def test_an_unreadable_amount_is_announced_as_something_to_pay(
    station: int, collect_fen: int | None, cod_fen: int | None
) -> None:
    await arrive(station, collect_fen=collect_fen, cod_fen=cod_fen)
    assert "，取件时有款要付，" in (await message())["text"]


async def test_many_parcels_of_one_phone_still_fit_one_sms(station: int) -> None:
    codes = [(await arrive(station, collect_fen=100)).code for _ in range(12)]
    told = await message()
    assert "您有12件" in told["text"]
    assert "需付12元" in told["text"]
    assert any(code in told["text"] for code in codes)
    assert len(f"【青禾驿站】{told['text']}") <= 70


@pytest.mark.parametrize("phone", ["139****0152", "17000000001-1234", "0730-5550188", ""])
async def test_whoever_cannot_get_an_sms_has_a_notice_without_a_message(station: int, phone: str) -> None:
    parcel = await arrive(station, phone)
    assert await messages() == []
    assert await sql.rows("SELECT parcel_id, message_id FROM notice") == [
        {"parcel_id": parcel.id, "message_id": None}
    ]


async def test_the_message_holds_neither_name_nor_number_nor_waybill(station: int) -> None:
    await arrive(station)
    words = (await message())["text"]
    for secret in ("李", "桂", "0152", "YT0"):
        assert secret not in words


@pytest.mark.only_on("sqlite")
async def test_the_messages_of_several_parcels_are_found_without_all_there_ever_were(station: int) -> None:
    for many in (1, 2, 20):
        query = notices._still_here(many)
        plan = await sql.rows(f"EXPLAIN QUERY PLAN {query}", *[1] * query.count("?"))
        (step,) = (row["detail"] for row in plan if "SEARCH notice" in row["detail"])
        assert "parcel_id=?" in step
