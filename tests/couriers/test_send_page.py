"""The desk for sending: everything typed stays, the server asks for every look, and works the price out itself."""

import io
import re
from typing import Any

import httpx2
import pytest
from PIL import Image

from couriers import consignments, number_pool, vans
from couriers.acceptance import ConsignmentIn, Sender
from station import residents
from station.db import sql
from station.residents import ResidentIn
from tests.couriers.test_consignments import PARCEL, TO, with_prices
from tests.village import Browser, Village

PASTED = "周晓梅 136 0000 2275 湖南省长沙市岳麓区桔子洲街道枫林路18号3栋502"
FORM = {
    "do": "accept",
    "scan_id": "desk-1",
    "name": "周晓梅",
    "phone": "136 0000 2275",
    "province": "湖南省",
    "city": "长沙市",
    "county": "岳麓区",
    "town": "桔子洲街道",
    "detail": "枫林路18号3栋502",
    "sender_name": "郑秀英",
    "sender_phone": "139 0000 0152",
    "goods": "干香菇",
    "weight": "3.62",
    "size": "30×20×15",
    "carrier": "ZTO",
    "waybill": "73120000000011",
    "id_kind": "id_card",
    "id_seen": "true",
    "inspected": "true",
}
# Sent by 中通, though numbers that begin so are usually of 申通.
DOUBTFUL = "773000000000001"
# The county is found by the town, and there are two phones.
UNSURE = "周晓梅 136 0000 2275 怀化市桥江镇新田村5组 13900000152"
HTMX = {"hx-request": "true"}
PLACES = ("name", "phone", "province", "city", "county", "town", "village", "detail")


@pytest.fixture
async def desk(open_village: Village) -> Village:
    return await with_prices(open_village)


async def chen(browse: Browser, desk: Village) -> httpx2.AsyncClient:
    client = await browse(desk.chen)
    client.headers["accept-language"] = "en"
    client.cookies.set("lang", "en")
    return client


def value(page: str, name: str) -> str:
    """What stands in a field."""
    (found,) = re.findall(rf'<input [^>]*\bname="{name}"[^>]*>', page)
    (typed,) = re.findall(r'\bvalue="([^"]*)"', found)
    return str(typed)


async def taken() -> list[dict[str, Any]]:
    return await sql.rows("SELECT * FROM consignment ORDER BY id")


async def test_a_parcel_taken_in_shows_what_to_take_from_the_sender(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    answer = await client.post("/send", data=FORM, follow_redirects=True)
    (sent,) = await taken()
    assert str(answer.url).endswith(f"/consignments/{sent['id']}?new")
    assert f"¥{sent['freight_fen'] / 100:.2f}" in answer.text
    assert "Take from the sender" in answer.text
    assert (sent["weight_g"], sent["length_mm"], sent["height_mm"]) == (3620, 300, 150)
    assert (sent["phone"], sent["sender_phone"], sent["state"]) == (
        "13600002275",
        "139 0000 0152",
        "accepted",
    )


async def test_pressed_twice_is_one_parcel(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    first = await client.post("/send", data=FORM)
    again = await client.post("/send", data=FORM)
    assert first.headers["location"] == again.headers["location"]
    assert len(await taken()) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"sender_name": ""}, "Write down who sends it"),
        ({"detail": "", "village": ""}, "Name, phone and address of the receiver are needed"),
        ({"goods": ""}, "Write down what is in the parcel"),
        ({"goods": "腊肉、打火机"}, "打火机 may not be sent"),
        ({"goods": "充电宝"}, "充电宝 may be sent only under a condition"),
        ({"id_seen": ""}, "ID first"),
        ({"inspected": ""}, "look inside first"),
        ({"weight": ""}, "Weigh the parcel first"),
        ({"weight": "heavy"}, "This is no weight"),
        ({"weight": "0"}, "This is no weight"),
        ({"phone": "1360000"}, "This number cannot be rung"),
        ({"declared": "much"}, "This is no amount"),
        ({"size": "big"}, "such as 30×20×15"),
        ({"carrier": ""}, "Choose the company"),
        ({"carrier": "JD"}, "There is no price of"),
        ({"weight": "90"}, "does not take this parcel"),
        ({"waybill": "?!"}, "is no waybill number"),
        ({"waybill": "SF1234567890123"}, "is a number of 顺丰速运, not of 中通快递"),
        ({"waybill": ""}, "No waybill numbers of"),
    ],
)
async def test_the_server_asks_for_everything_and_keeps_what_was_typed(
    browse: Browser, desk: Village, changed: dict[str, str], sentence: str
) -> None:
    client = await chen(browse, desk)
    form = {
        key: text for key, text in {**FORM, **changed}.items() if text or key not in ("id_seen", "inspected")
    }
    answer = await client.post("/send", data=form)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert await taken() == []
    for name in ("name", "sender_name", "goods", "weight", "size", "waybill", "detail"):
        assert value(answer.text, name) == form.get(name, "")
    assert value(answer.text, "scan_id") == "desk-1"


async def test_a_freight_from_elsewhere_is_not_believed(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    await client.post("/send", data=FORM | {"freight_fen": "1", "freight": "0.01", "quote": "{}"})
    await client.post("/send", data=FORM | {"scan_id": "desk-2", "waybill": "73120000000012"})
    tampered, honest = await taken()
    assert tampered["freight_fen"] == honest["freight_fen"] > 1


async def test_enter_in_a_field_works_out_the_prices_and_takes_nothing_in(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    page = (await client.get("/send")).text
    first = re.search(r'<form[^>]*id="send-form".*?<button[^>]*>', page, re.DOTALL)
    assert first
    assert 'value="quote"' in first[0]
    assert "formnovalidate" in first[0]
    answer = await client.post("/send", data=FORM | {"do": "quote", "carrier": ""})
    assert await taken() == []
    prices = [float(price) for price in re.findall(r'class="money">¥([0-9.]+)<', answer.text)]
    assert len(prices) == 4
    assert prices == sorted(prices)
    assert value(answer.text, "weight") == "3.62"


async def test_companies_that_do_not_take_it_say_why(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    fresh = FORM | {"do": "quote", "province": "新疆维吾尔自治区", "fresh": "true"}
    page = (await client.post("/send", data=fresh, headers=HTMX)).text
    assert "Takes nothing fresh to 新疆" in page
    assert "disabled" in page


async def test_pasted_text_fills_the_fields_and_says_what_to_look_at(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    part = (await client.post("/send", data={"do": "fill", "paste": PASTED}, headers=HTMX)).text
    assert "<html" not in part
    assert 'id="send-to"' in part
    assert [
        value(part, name) for name in ("name", "phone", "province", "city", "county", "town", "detail")
    ] == [
        "周晓梅",
        "13600002275",
        "湖南省",
        "长沙市",
        "岳麓区",
        "桔子洲街道",
        "枫林路18号3栋502",
    ]
    assert part.count('class="got"') == 7
    part = (
        await client.post("/send", data={"do": "fill", "paste": "周晓梅 湖南省长沙市岳麓区"}, headers=HTMX)
    ).text
    assert "There is no phone number." in part
    assert 'class="ask"' in part
    assert value(part, "name") == "周晓梅"
    emptied = {"do": "fill", "paste": "", "read": PASTED, "name": "周小梅"}
    assert value((await client.post("/send", data=emptied)).text, "name") == "周小梅"


async def filled_in(client: httpx2.AsyncClient, pasted: str) -> dict[str, str]:
    """The form with the pasted text in its fields, as a browser without scripts has it."""
    page = (await client.post("/send", data=FORM | {"do": "fill", "paste": pasted})).text
    return FORM | {"paste": pasted, "read": pasted} | {place: value(page, place) for place in PLACES}


async def test_every_doubt_of_the_pasted_text_is_ticked_or_corrected_before_it_is_taken(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    form: dict[str, Any] = await filled_in(client, UNSURE)
    assert form["detail"] == "5组", "the other phone is printed nowhere"
    refused = await client.post("/send", data=form)
    assert refused.status_code == 422
    assert "Part of the receiver is doubtful" in refused.text
    codes = re.findall(r'name="sure" value="(\w+)"', refused.text)
    assert codes == ["several_phones", "inferred"]
    half = await client.post("/send", data=form | {"sure": codes[:1]})
    assert half.status_code == 422
    assert re.findall(r'value="(\w+)"[^>]* checked>Checked, it is right', half.text) == codes[:1]
    assert (value(half.text, "county"), value(half.text, "goods")) == (form["county"], "干香菇")
    assert await taken() == []
    again = form | {"do": "fill", "paste": f"{UNSURE} ", "sure": codes}
    assert "checked>Checked" in (await client.post("/send", data=again)).text
    another = UNSURE.replace("周晓梅", "田文斌")
    other = (await client.post("/send", data=again | {"paste": another})).text
    assert "checked>Checked" not in other, "what was ticked is not true of another text"
    assert (
        await client.post("/send", data=form | {"sure": codes[:1], "county": "辰溪县"})
    ).status_code == 303
    assert [row["county"] for row in await taken()] == ["辰溪县"]


async def test_a_tick_is_no_phone_number(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    form: dict[str, Any] = await filled_in(client, PASTED.replace("136 0000 2275", ""))
    assert (await client.post("/send", data=form | {"sure": "no_phone"})).status_code == 422
    assert await taken() == []
    assert (await client.post("/send", data=form | {"phone": "136 0000 2275"})).status_code == 303


async def test_a_text_pasted_over_another_is_not_sent_to_the_first_ones_address(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    form = await filled_in(client, PASTED)
    answer = await client.post("/send", data=form | {"paste": UNSURE})
    assert answer.status_code == 422
    assert "not in the fields below yet" in answer.text
    assert value(answer.text, "name") == "周晓梅"
    assert await taken() == []


async def test_without_a_script_the_button_fills_in_and_keeps_the_rest(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    page = (
        await client.post("/send", data={"do": "fill", "paste": PASTED, "goods": "干香菇", "weight": "2"})
    ).text
    assert "<html" in page
    assert 'value="fill"' in page
    assert (value(page, "name"), value(page, "goods"), value(page, "weight")) == ("周晓梅", "干香菇", "2")


async def test_the_sender_is_found_in_the_register_and_shown_masked(browse: Browser, desk: Village) -> None:
    person = await residents.keep(ResidentIn("郑秀英", ("13900000152",), group="五组"), by=desk.wang)
    client = await chen(browse, desk)
    part = (await client.post("/send", data={"do": "quote", "sender_name": "zxy"}, headers=HTMX)).text
    assert f'id="r-{person}"' in part
    assert "郑*英" in part
    assert "13900000152" not in part
    await client.post(
        "/send", data=FORM | {"sender_name": "zxy", "sender_phone": "", "resident_id": str(person)}
    )
    (sent,) = await taken()
    assert (sent["sender_name"], sent["sender_phone"], sent["resident_id"]) == (
        "郑秀英",
        "13900000152",
        person,
    )


async def test_digits_that_fit_one_phone_mean_that_person(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    person = await residents.keep(ResidentIn("郑秀英", ("13900005178",), group="五组"), by=desk.wang)
    for name, meant in (("5178", person), ("郑秀英", 0)):
        page = await client.post(
            "/send", data=FORM | {"do": "quote", "sender_name": name, "sender_phone": ""}
        )
        assert re.findall(r'name="resident_id" value="(\d+)" checked', page.text) == [str(meant)]


async def test_goods_are_checked_as_they_are_typed(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    part = (await client.post("/send", data={"do": "quote", "goods": "腊肉、打火机"}, headers=HTMX)).text
    assert "打火机 may not be sent" in part
    assert "Class 4" in part
    assert "1 thing is to be taken out" in part
    part = (await client.post("/send", data={"do": "quote", "goods": "充电宝"}, headers=HTMX)).text
    assert 'name="condition_met"' in part
    assert 'data-state="refuse"' not in part


async def test_a_label_that_may_be_another_companys_is_asked_about_and_taken(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    doubtful = FORM | {"waybill": DOUBTFUL}
    part = (await client.post("/send", data=doubtful | {"do": "quote"}, headers=HTMX)).text
    assert "This number looks like one of" in part
    part = (await client.post("/send", data=FORM | {"do": "quote"}, headers=HTMX)).text
    assert "This number looks like one of" not in part
    await client.post("/send", data=doubtful)
    assert [row["waybill"] for row in await taken()] == [DOUBTFUL]


async def test_the_next_van_and_what_waits_for_it_stand_beside(browse: Browser, desk: Village) -> None:
    await vans.put("县共配车", (), "17:00", by=desk.wang)
    await consignments.accept(PARCEL, by=desk.chen)
    page = (await (await chen(browse, desk)).get("/send")).text
    assert "17:00" in page
    assert "<b>县共配车</b> · 1 parcel waits for it." in page


async def test_a_parcel_called_in_by_phone_is_brought_and_taken_in(browse: Browser, desk: Village) -> None:
    await number_pool.fill("ZTO", ["73129000000001"], by=desk.wang)
    booked = ConsignmentIn(
        "call-1", Sender("郑秀英", "13900000152"), TO, "干香菇", fetch_day="2026-11-22", fetch_place="五组"
    )
    booked_id = (await consignments.accept(booked, by=desk.chen)).id
    client = await chen(browse, desk)
    page = (await client.get(f"/send?booked={booked_id}")).text
    assert (value(page, "name"), value(page, "goods"), value(page, "booked")) == (
        "周晓梅",
        "干香菇",
        str(booked_id),
    )
    form = FORM | {"booked": str(booked_id), "waybill": ""}
    for _ in range(2):
        answer = await client.post("/send", data=form)
        assert answer.headers["location"] == f"/consignments/{booked_id}?new"
    (sent,) = await taken()
    assert (sent["state"], sent["waybill"], sent["weight_g"]) == ("accepted", "73129000000001", 3620)
    assert (await client.get(f"/send?booked={booked_id}")).headers["location"] == f"/consignments/{booked_id}"


async def test_too_long_is_said_and_stays(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    answer = await client.post("/send", data=FORM | {"goods": "菇" * 201, "payer": "nobody"})
    assert answer.status_code == 422
    assert value(answer.text, "goods") == "菇" * 201
    assert "at most 200" in answer.text
    assert await taken() == []


def picture() -> tuple[str, bytes, str]:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "PNG")
    return ("open.png", drawn.getvalue(), "image/png")


async def test_the_photo_of_the_open_parcel_outlives_a_refusal_and_stays_with_it(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    refused = await client.post("/send", data=FORM | {"weight": ""}, files={"picture": picture()})
    assert refused.status_code == 422
    name = value(refused.text, "photo")
    assert (await client.get(f"/photos/{name}")).headers["content-type"] == "image/jpeg"
    answer = await client.post("/send", data=FORM | {"photo": name}, follow_redirects=True)
    assert f"/photos/{name}" in answer.text
    assert [row["photo"] for row in await taken()] == [name]


async def test_a_photo_sent_at_once_is_the_look_inside(browse: Browser, desk: Village) -> None:
    client = await chen(browse, desk)
    only = {"do": "photo", "scan_id": "desk-1"}
    part = (await client.post("/send", data=only, files={"picture": picture()}, headers=HTMX)).text
    assert "<html" not in part
    assert re.search(r'name="inspected" value="true" checked', part)
    assert value(part, "photo")
    damaged = {"picture": ("open.png", b"no picture", "image/png")}
    part = (await client.post("/send", data=only, files=damaged, headers=HTMX)).text
    assert "This is not a picture" in part
    assert value(part, "photo") == ""
    assert not re.search(r'name="inspected" value="true" checked', part)


@pytest.mark.parametrize("name", ["0" * 32 + ".jpg", "../1.jpg"])
async def test_a_photo_that_is_not_the_stations_own_is_not_believed(
    browse: Browser, desk: Village, name: str
) -> None:
    client = await chen(browse, desk)
    answer = await client.post("/send", data=FORM | {"photo": name})
    assert answer.status_code in (404, 422)
    assert value(answer.text, "photo") == ""
    assert await taken() == []


async def test_chilled_goods_cost_what_chilled_goods_cost_and_their_label_says_so(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    far = FORM | {"do": "quote", "province": "新疆维吾尔自治区", "cold": "true"}
    assert "Takes nothing fresh to 新疆" in (await client.post("/send", data=far, headers=HTMX)).text
    sent = FORM | {"carrier": "SF", "waybill": "SF1234567890123"}
    await client.post("/send", data=sent)
    await client.post(
        "/send",
        data=sent | {"cold": "true", "valuable": "true", "scan_id": "desk-2", "waybill": "SF1234567890124"},
    )
    warm, cold = await taken()
    assert (cold["flags"], cold["freight_fen"] - warm["freight_fen"]) == ("fresh cold valuable", 800)
    label = (await client.get(f"/consignments/{cold['id']}/label")).text
    assert "<li>chilled</li><li>valuable</li>" in label


async def test_the_receipt_hides_the_senders_phone_and_says_what_was_checked(
    browse: Browser, desk: Village
) -> None:
    client = await chen(browse, desk)
    await client.post("/send", data=FORM | {"declared": "200", "fragile": "true"})
    (sent,) = await taken()
    slip = (await client.get(f"/consignments/{sent['id']}/receipt")).text
    assert "郑*英 *******0152" in slip
    assert "139 0000" not in slip
    for said in ("taken in by 陈*", "3.62 kg", "¥200.00", "fragile", "identity card", "contents, opened"):
        assert said in slip, said
