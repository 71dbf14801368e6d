"""Parcels taken in to be sent: every look is asked for, each parcel is one, priced by the station's own tariffs."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from couriers import consignment_list, consignments, number_pool, packing, tariff_book, tariffs
from couriers.acceptance import ConsignmentIn, Sender
from couriers.packing import PackIn
from station import clock, order_book, order_placing, phones, receivers
from station.db import sql
from station.errors import Refusal
from station.models import OrderSource, OrderState
from station.receivers import Receiver
from tests.couriers.outgoing import packed_order
from tests.village import Browser, Village, found_village

TO = Receiver(
    "周晓梅",
    phones.classify("13600002275"),
    "湖南省",
    "长沙市",
    "岳麓区",
    "桔子洲街道",
    "",
    "枫林路18号3栋502",
)
PARCEL = ConsignmentIn(
    scan_id="send-1",
    sender=Sender("郑秀英", "13900000152"),
    to=TO,
    goods="干香菇",
    weight_g=3620,
    carrier="ZTO",
    waybill="73120000000011",
    id_kind="id_card",
    inspected=True,
)
NUMBERS = number_pool.numbers("73129000000001 … 73129000000012")


async def with_prices(village: Village) -> Village:
    for terms in tariffs.demo():
        await tariff_book.enter(json.dumps(terms, ensure_ascii=False), "2020-01-01", "", by=village.wang)
    return village


@pytest.fixture
async def desk(village: Village) -> Village:
    return await with_prices(village)


async def taken() -> list[dict[str, Any]]:
    return await sql.rows("SELECT * FROM consignment ORDER BY id")


async def free_numbers(station_id: int) -> int:
    return sum(row["n"] for row in await number_pool.left(station_id))


async def test_a_parcel_is_taken_in_with_its_price_its_looks_and_who_did_them(desk: Village) -> None:
    done = await consignments.accept(PARCEL, by=desk.chen)
    sent = await consignment_list.one(desk.id, done.id)
    assert (done.new, sent["state"], sent["waybill"]) == (True, "accepted", "73120000000011")
    day = clock.today("Asia/Shanghai")
    quotes = await tariff_book.quotes(desk.id, PARCEL.outgoing(), day)
    assert [sent["freight_fen"]] == [quote.fen for quote in quotes if quote.carrier == "ZTO"]
    assert sent["freight_fen"] > 0
    assert (sent["id_kind"], sent["id_by_name"], sent["inspected_by_name"]) == ("id_card", "陈国", "陈国")
    assert sent["id_checked_at"]
    assert sent["inspected_at"]


@pytest.mark.parametrize(
    ("code", "lacking"),
    [
        ("sender_missing", {"sender": Sender("", "13900000152")}),
        ("sender_missing", {"sender": Sender("郑秀英", " ")}),
        ("receiver_missing", {"to": replace(TO, name="")}),
        ("receiver_missing", {"to": replace(TO, phone=phones.classify(""))}),
        ("receiver_missing", {"to": replace(TO, province="")}),
        ("receiver_missing", {"to": replace(TO, detail=" ")}),
        ("address_unsure", {"unsure": ("conflict",)}),
        ("goods_missing", {"goods": " "}),
        ("prohibited_goods", {"goods": "腊肉、打火机"}),
        ("prohibited_goods", {"goods": "打火机", "condition_met": True}),
        ("restricted_goods", {"goods": "充电宝"}),
        ("id_unchecked", {"id_kind": ""}),
        ("id_unchecked", {"id_kind": "library card"}),
        ("not_inspected", {"inspected": False}),
        ("not_weighed", {"weight_g": None}),
        ("not_weighed", {"weight_g": 0}),
        ("company_missing", {"carrier": ""}),
        ("company_missing", {"carrier": "XX"}),
        ("waybill_unclear", {"waybill": "?!"}),
        ("waybill_of_another", {"waybill": "SF1234567890123"}),
        ("no_tariff", {"carrier": "JD"}),
        ("carrier_declines", {"weight_g": 90_000}),
        ("pool_empty", {"waybill": ""}),
    ],
)
async def test_nothing_is_taken_while_something_is_missing(
    desk: Village, code: str, lacking: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match=code):
        await consignments.accept(replace(PARCEL, **lacking), by=desk.chen)
    assert await taken() == []


async def test_goods_with_a_condition_go_once_the_condition_is_confirmed(desk: Village) -> None:
    await consignments.accept(replace(PARCEL, goods="充电宝", condition_met=True), by=desk.chen)
    assert [row["goods"] for row in await taken()] == ["充电宝"]


async def test_the_same_parcel_sent_twice_is_taken_once(desk: Village) -> None:
    await number_pool.fill("ZTO", NUMBERS, by=desk.wang)
    parcel = replace(PARCEL, waybill="")
    first = await consignments.accept(parcel, by=desk.chen)
    again = await consignments.accept(parcel, by=desk.li)
    assert (again.id, again.number, again.new) == (first.id, first.number, False)
    assert await free_numbers(desk.id) == 11


async def test_a_waybill_is_on_one_parcel_only_at_a_station(desk: Village) -> None:
    await consignments.accept(PARCEL, by=desk.chen)
    with pytest.raises(Refusal, match="waybill_taken"):
        await consignments.accept(replace(PARCEL, scan_id="send-2"), by=desk.chen)
    assert len(await taken()) == 1


async def test_a_pool_number_scanned_by_hand_is_not_given_again(desk: Village) -> None:
    await number_pool.fill("ZTO", NUMBERS, by=desk.wang)
    await consignments.accept(replace(PARCEL, waybill=NUMBERS[0]), by=desk.chen)
    done = await consignments.accept(replace(PARCEL, scan_id="send-2", waybill=""), by=desk.chen)
    assert (await consignment_list.one(desk.id, done.id))["waybill"] == NUMBERS[1]


async def test_a_number_scanned_before_the_pool_knew_it_is_not_given_again(desk: Village) -> None:
    await consignments.accept(replace(PARCEL, waybill=NUMBERS[0]), by=desk.chen)
    await number_pool.fill("ZTO", NUMBERS, by=desk.wang)
    assert await free_numbers(desk.id) == len(NUMBERS) - 1
    done = await consignments.accept(replace(PARCEL, scan_id="send-2", waybill=""), by=desk.chen)
    assert (await consignment_list.one(desk.id, done.id))["waybill"] == NUMBERS[1]


async def test_twelve_parcels_at_the_same_moment_take_twelve_numbers(desk: Village) -> None:
    await number_pool.fill("ZTO", NUMBERS, by=desk.wang)
    parcels = [replace(PARCEL, scan_id=f"send-{number}", waybill="") for number in range(12)]
    done = await asyncio.gather(*(consignments.accept(parcel, by=desk.chen) for parcel in parcels))
    rows = await taken()
    assert sorted(row["waybill"] for row in rows) == NUMBERS
    assert len({one.number for one in done}) == 12
    assert await free_numbers(desk.id) == 0


async def test_two_stations_know_nothing_of_each_others_parcels(desk: Village) -> None:
    there = await with_prices(await found_village("xinhe", "新河驿站"))
    here = await consignments.accept(PARCEL, by=desk.chen)
    other = await consignments.accept(PARCEL, by=there.chen)
    assert other.new
    assert other.id != here.id
    assert other.number == here.number
    with pytest.raises(Refusal, match="no_consignment"):
        await consignment_list.one(there.id, here.id)
    with pytest.raises(Refusal, match="no_consignment"):
        await consignments.cancel(here.id, "误收", by=there.chen)
    assert [row["id"] for row in await consignment_list.listed(there.id, "here", "", 1)] == [other.id]
    assert {row["state"] for row in await taken()} == {"accepted"}


async def test_a_parcel_called_in_by_phone_needs_its_looks_when_it_is_fetched(desk: Village) -> None:
    booked = ConsignmentIn(
        scan_id="call-1", sender=PARCEL.sender, to=TO, goods="", fetch_day="2026-11-22", fetch_place="五组"
    )
    done = await consignments.accept(booked, by=desk.chen)
    with pytest.raises(Refusal, match="id_unchecked"):
        await consignments.fetched(done.id, replace(PARCEL, id_kind=""), by=desk.chen)
    assert (await consignment_list.one(desk.id, done.id))["state"] == "booked"
    await consignments.fetched(done.id, PARCEL, by=desk.li)
    sent = await consignment_list.one(desk.id, done.id)
    assert (sent["state"], sent["id_by_name"], sent["waybill"]) == ("accepted", "李珍", "73120000000011")
    with pytest.raises(Refusal, match="consignment_gone"):
        await consignments.fetched(done.id, replace(PARCEL, waybill="73120000000012"), by=desk.li)
    assert sent["freight_fen"] > 0


async def test_of_two_parcels_with_one_waybill_at_the_same_moment_one_is_taken(desk: Village) -> None:
    call = ConsignmentIn(
        scan_id="call-1", sender=PARCEL.sender, to=TO, goods="", fetch_day="2026-11-22", fetch_place="五组"
    )
    booked = await consignments.accept(call, by=desk.chen)
    outcomes = await asyncio.gather(
        consignments.accept(PARCEL, by=desk.chen),
        consignments.fetched(booked.id, PARCEL, by=desk.li),
        return_exceptions=True,
    )
    assert [each.code for each in outcomes if isinstance(each, Refusal)] == ["waybill_taken"]
    assert [row["waybill"] for row in await taken() if row["state"] == "accepted"] == [PARCEL.waybill]


async def test_a_parcel_called_back_is_no_more_among_those_here(desk: Village) -> None:
    done = await consignments.accept(PARCEL, by=desk.chen)
    await consignments.cancel(done.id, "寄件人改主意", by=desk.chen)
    assert await consignment_list.here(desk.id) == []
    assert [row["id"] for row in await consignment_list.listed(desk.id, "off", "", 1)] == [done.id]
    with pytest.raises(Refusal, match="consignment_gone"):
        await consignments.cancel(done.id, "再来一次", by=desk.chen)


async def test_a_packed_order_is_sent_by_the_station_and_its_condition_is_confirmed(desk: Village) -> None:
    line = order_placing.LineIn(name="自家米酒", qty=1, price_fen=6800)
    receiver = receivers.Receiver(
        "周先生", phones.classify("13800001234"), province="湖南省", detail="五一大道1号"
    )
    order = order_placing.OrderIn(OrderSource.PHONE, (line,), receiver, state=OrderState.CONFIRMED)
    placed = await order_placing.place(order, by=desk.chen)
    box = PackIn(placed.id, 2150, "ZTO", PARCEL.waybill)
    with pytest.raises(Refusal, match="restricted_goods"):
        await packing.pack(box, by=desk.chen)
    assert (await taken(), (await order_book.one(desk.id, placed.id))["state"]) == ([], "confirmed")
    await packing.pack(replace(box, condition_met=True), by=desk.chen)
    assert [(row["payer"], row["sender_name"]) for row in await taken()] == [("order", "青禾驿站")]


async def test_the_receipt_of_a_packed_order_names_the_station(
    browse: Browser, open_village: Village
) -> None:
    order_id = await packed_order(open_village.chen)
    sent = await consignments.for_order(
        order_id, 1840, "ZTO", PARCEL.waybill, scan_id="packed", by=open_village.chen
    )
    slip = (await (await browse(open_village.chen)).get(f"/consignments/{sent.id}/receipt")).text
    assert "青禾驿站 0730-5550123" in slip
    assert "13800001234" not in slip
