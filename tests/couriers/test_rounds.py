"""Parcels called in by phone: written down, fetched in the order of the places, or called off."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from couriers import consignment_list, rounds
from couriers.rounds import Call
from station import clock, residents
from station.db import sql
from station.errors import Refusal
from station.residents import ResidentIn
from tests.couriers.outgoing import consign
from tests.village import Browser, Village, found_village

# 9:00 in the village.
MORNING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 23)
ENGLISH = {"accept-language": "en"}


def call(scan_id: str = "c1", **more: Any) -> Call:
    said = {"name": "李奶奶", "phone": "13900000152", "place": "三组 井边", "goods": "干笋", **more}
    return Call(scan_id, **said)


async def rows() -> list[dict[str, Any]]:
    return await sql.rows("SELECT * FROM consignment ORDER BY id")


async def places(village: Village, day: date) -> list[str]:
    return [row["round_place"] for row in await rounds.of_day(village.id, day)]


async def test_a_call_is_written_down_before_anybody_knows_to_whom_it_goes(village: Village) -> None:
    with clock.at(MORNING):
        taken = await rounds.book(call(), by=village.chen)
        again = await rounds.book(call(), by=village.chen)
    (row,) = await rows()
    assert (taken.id, taken.new, again.id, again.new) == (row["id"], True, row["id"], False)
    assert (row["state"], row["round_day"], row["round_place"]) == ("booked", "2026-11-22", "三组 井边")
    assert (row["sender_name"], row["sender_phone"]) == ("李奶奶", "13900000152")
    assert (row["name"], row["phone"], row["phone_kind"], row["province"]) == ("", "", "missing", "")
    assert (row["waybill"], row["id_kind"], row["accepted_at"], row["freight_fen"]) == ("", "", None, 0)
    (line,) = await sql.rows("SELECT act, facts FROM audit_line WHERE subject = 'consignment'")
    assert line["act"] == "consignment_booked"
    assert not re.search("李|0152|井", line["facts"])


async def test_somebody_of_the_register_needs_to_say_neither_name_nor_phone(village: Village) -> None:
    known = await residents.keep(ResidentIn("郑秀英", ("13600002275",), group="五组"), by=village.wang)
    await rounds.book(call("c1", name="", phone="", resident_id=known), by=village.chen)
    await rounds.book(call("c2", name="别人", phone="0730-5550123", resident_id=known), by=village.chen)
    first, second = await rows()
    assert (first["resident_id"], first["sender_name"], first["sender_phone"]) == (
        known,
        "郑秀英",
        "13600002275",
    )
    assert (second["resident_id"], second["sender_name"], second["sender_phone"]) == (
        known,
        "郑秀英",
        "07305550123",
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": " "}, "sender_missing"),
        ({"phone": ""}, "sender_missing"),
        ({"phone": "139"}, "round_phone"),
        ({"phone": "139****0152"}, "round_phone"),
        ({"place": " "}, "round_place_missing"),
        ({"goods": ""}, "goods_missing"),
        ({"goods": "干笋和鞭炮"}, "prohibited_goods"),
        ({"day": "2026-11-21"}, "round_day"),
        ({"day": "2026-12-23"}, "round_day"),
        ({"day": "明天"}, "round_day"),
        ({"resident_id": 999_999}, "not_found"),
    ],
)
async def test_what_cannot_be_fetched_is_refused_on_the_phone(
    village: Village, said: dict[str, Any], code: str
) -> None:
    with clock.at(MORNING), pytest.raises(Refusal, match=code):
        await rounds.book(call(**said), by=village.chen)
    assert await rows() == []


async def test_somebody_of_another_villages_register_is_nobody_here(village: Village) -> None:
    other = await found_village("shiping", "石坪驿站")
    theirs = await residents.keep(ResidentIn("郑秀英", ("13600002275",)), by=other.wang)
    with pytest.raises(Refusal, match="not_found"):
        await rounds.book(call(resident_id=theirs), by=village.chen)


async def test_the_round_goes_by_place_as_people_count(village: Village) -> None:
    with clock.at(MORNING):
        said = ["十组", "村委会", "二组 10号", "十二组", "二组 9号", "三组"]
        for number, place in enumerate(said):
            await rounds.book(call(f"c{number}", place=place), by=village.chen)
        await rounds.book(call("c9", place="一组", day="2026-11-23"), by=village.chen)
        shown = await places(village, TODAY)
        assert await places(village, TOMORROW) == ["一组"]
    assert shown == ["村委会", "二组 9号", "二组 10号", "三组", "十组", "十二组"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2号", "10号"),
        ("九组", "十组"),
        ("十组", "十一组"),
        ("十九组", "二十组"),
        ("二十组", "二十一组"),
        ("二十组", "100组"),
    ],
)
def test_numbers_in_places_sort_by_their_size(earlier: str, later: str) -> None:
    assert rounds.place_order(earlier) < rounds.place_order(later)


@pytest.mark.parametrize("place", ["", "十十组", "零", "十", "9" * 5_000, "〇组", "²组", "组十二号楼3"])
def test_any_place_can_be_sorted(place: str) -> None:
    assert rounds.place_order(place) == rounds.place_order(place)
    assert sorted([place, "二组", "2组", "井边"], key=rounds.place_order)


async def test_what_nobody_fetched_is_on_the_next_days_round_as_late(village: Village) -> None:
    with clock.at(MORNING):
        await rounds.book(call("c1"), by=village.chen)
        await rounds.book(call("c2", place="五组", day="2026-11-24"), by=village.chen)
        assert [row["late"] for row in await rounds.of_day(village.id, TODAY)] == [False]
        assert await rounds.of_day(village.id, TOMORROW) == []
    with clock.at(MORNING.replace(day=23)):
        assert [row["late"] for row in await rounds.of_day(village.id, TOMORROW)] == [True]
        assert await rounds.days(village.id, TOMORROW) == [
            {"day": TOMORROW, "n": 1},
            {"day": date(2026, 11, 24), "n": 1},
        ]


async def test_a_call_is_called_off_once_and_for_a_reason(village: Village) -> None:
    taken = await rounds.book(call(), by=village.chen)
    with pytest.raises(Refusal, match="round_reason_missing"):
        await rounds.call_off(taken.id, "李奶奶的手机 13900000152", by=village.chen)
    await rounds.call_off(taken.id, rounds.REASONS[0], by=village.chen)
    with pytest.raises(Refusal, match="round_gone"):
        await rounds.call_off(taken.id, rounds.REASONS[0], by=village.chen)
    assert (await rows())[0]["state"] == "cancelled"
    told = await sql.rows("SELECT facts FROM audit_line WHERE act = 'consignment_cancelled'")
    assert len(told) == 1


async def test_what_was_fetched_meanwhile_or_is_another_stations_is_not_called_off(village: Village) -> None:
    here = await consign(village.chen)
    other = await found_village("shiping", "石坪驿站")
    theirs = await rounds.book(call(), by=other.chen)
    with pytest.raises(Refusal, match="round_gone"):
        await rounds.call_off(here.id, rounds.REASONS[0], by=village.chen)
    with pytest.raises(Refusal, match="no_consignment"):
        await rounds.call_off(theirs.id, rounds.REASONS[0], by=village.chen)
    assert {row["state"] for row in await rows()} == {"accepted", "booked"}
    assert await rounds.of_day(village.id, clock.today("Asia/Shanghai")) == []


async def test_a_call_is_written_down_at_the_desk_and_shown_masked(
    browse: Browser, open_village: Village
) -> None:
    chen = await browse(open_village.chen)
    sent = {"name": "李奶奶", "phone": "13900000152", "place": "三组 井边", "goods": "干笋", "scan_id": "x1"}
    with clock.at(MORNING):
        for _ in range(2):
            answer = await chen.post("/rounds", data={**sent, "day": "2026-11-23"})
            assert answer.status_code == 303
        page = (await chen.get(answer.headers["location"])).text
        sheet = (await chen.get("/rounds/sheet?day=2026-11-23")).text
        assert "三组 井边" not in (await chen.get("/rounds")).text
    (row,) = await rows()
    assert f'href="/send?booked={row["id"]}"' in page
    assert row["number"] in page
    for shown in (page, sheet):
        assert "三组 井边" in shown
        assert "13900000152" not in shown
        assert "李奶奶" not in shown
    assert 'class="sheet a4"' in sheet
    assert "*******0152" in sheet


async def test_a_refused_call_stays_typed(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    sent = {
        "name": "李奶奶",
        "phone": "139",
        "place": "三组 井边",
        "goods": "干笋",
        "scan_id": "x1",
        "day": "",
    }
    page = await chen.post("/rounds", data=sent, headers=ENGLISH)
    assert page.status_code == 422
    for value in ("李奶奶", "139", "三组 井边", "干笋", "x1"):
        assert f'value="{value}"' in page.text
    assert "is no phone number that can be rung" in page.text
    long = await chen.post("/rounds", data={**sent, "place": "组" * 121})
    assert (long.status_code, 'aria-invalid="true"' in long.text) == (422, True)
    assert await rows() == []


async def test_somebody_is_picked_from_the_register(browse: Browser, open_village: Village) -> None:
    known = await residents.keep(ResidentIn("郑秀英", ("13600002275",), group="五组"), by=open_village.wang)
    chen = await browse(open_village.chen)
    found = await chen.get("/rounds", params={"q": "五组", "day": "2026-11-22"})
    assert f"resident={known}" in found.text
    picked = await chen.get("/rounds", params={"resident": known})
    assert f'name="resident_id" value="{known}"' in picked.text
    assert 'value="五组"' in picked.text
    assert "13600002275" not in found.text + picked.text
    sent = {"resident_id": str(known), "phone": "", "place": "五组", "goods": "干笋", "scan_id": "x2"}
    assert (await chen.post("/rounds", data={**sent, "goods": ""})).status_code == 422
    assert (await chen.post("/rounds", data=sent)).status_code == 303
    assert [row["sender_phone"] for row in await rows()] == ["13600002275"]


@pytest.mark.parametrize(
    "address",
    [
        "?day=x",
        "?day=0001-01-01",
        "?day=9999-12-31",
        "?resident=x",
        "?resident=99999999999",
        "?resident=424242",
        "?q=%25",
        "?resident=%C2%B2",
    ],
)
async def test_a_strange_address_is_an_ordinary_page(
    browse: Browser, open_village: Village, address: str
) -> None:
    chen = await browse(open_village.chen)
    assert (await chen.get(f"/rounds{address}")).status_code == 200
    assert (await chen.get(f"/rounds/sheet{address}")).status_code == 200


async def test_a_call_is_called_off_on_the_page(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    taken = await rounds.book(call(), by=open_village.chen)
    wrong = await chen.post(f"/rounds/{taken.id}/cancellations", data={"reason": "x"})
    assert (wrong.status_code, 'data-state="refuse"' in wrong.text) == (422, True)
    address = f"/rounds/{taken.id}/cancellations?day=2026-11-22"
    gone = await chen.post(address, data={"reason": rounds.REASONS[1]})
    assert (gone.status_code, gone.headers["location"]) == (303, "/rounds?day=2026-11-22")
    assert (await consignment_list.one(open_village.id, taken.id))["state"] == "cancelled"
    assert (await chen.post(address, data={"reason": rounds.REASONS[1]})).status_code == 409


@pytest.mark.parametrize("login", ["liu", "zhao"])
async def test_only_the_desk_sees_the_round(browse: Browser, open_village: Village, login: str) -> None:
    other = await browse(getattr(open_village, login))
    assert (await other.get("/rounds")).status_code == 403
    assert (await other.get("/rounds/sheet")).status_code == 403
    assert (await other.post("/rounds", data={})).status_code == 403
