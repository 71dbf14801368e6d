"""The counter's page without any script: found, handed out, taken back, refused with a sentence."""

import re
from html import unescape
from typing import Any

import pytest

from station.db import act, sql
from tests.village import Browser, Village

MEI, STRANGER = "13912341907", "13777771907"


@pytest.fixture
async def waiting(open_village: Village) -> list[dict[str, Any]]:
    """王小梅's two parcels."""
    answers = [await open_village.arrive(f"YT100000000000{n}", MEI, name="王小梅") for n in (1, 2)]
    return [dict(answer["parcel"]) for answer in answers]


@act
async def change(query: str) -> None:
    await sql.execute(query)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return unescape(found.group(1))


def ticked(html: str) -> list[str]:
    boxes = re.findall(r'<input type="checkbox" form="hand"[^>]*>', html)
    return [re.findall(r'value="(\d+)"', box)[0] for box in boxes if " checked" in box]


async def test_an_empty_counter_waits_for_the_next_one(browse: Browser, open_village: Village) -> None:
    page = await (await browse(open_village.chen)).get("/counter")
    assert page.status_code == 200
    assert 'id="answer"' not in page.text


async def test_the_household_is_ticked_and_masked(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    page = await (await browse(open_village.chen)).get("/counter", params={"q": waiting[1]["code"]})
    assert page.status_code == 200
    assert sorted(ticked(page.text)) == sorted(str(parcel["id"]) for parcel in waiting)
    assert "王*梅" in page.text
    assert "王小梅" not in page.text
    assert MEI not in page.text


async def test_a_household_is_handed_out_and_taken_back(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    chen = await browse(open_village.chen)
    found = (await chen.get("/counter", params={"q": "1907"})).text
    sent = {
        "q": "1907",
        "scan_id": hidden(found, "scan_id"),
        "parcel": ticked(found),
        "collector": "proxy",
        "name": "覃小波",
        "relation": "grandchild",
    }
    answer = await chen.post("/collections", data=sent)
    assert answer.status_code == 303
    again = await chen.post("/collections", data=sent)
    assert again.headers["location"] == answer.headers["location"], "the form sent twice is one collection"
    done = await chen.get(answer.headers["location"])
    assert "覃*波" in done.text
    assert "覃小波" not in done.text
    undo = re.findall(r'action="(/collections/\d+/undos)"', done.text)[0]
    undone = await chen.post(undo, data={"reason": "wrong parcel"})
    assert undone.status_code == 303
    page = await chen.get(undone.headers["location"])
    assert 'data-state="again"' in page.text
    assert "undos" not in page.text, "it is taken back once"
    states = [row["state"] for row in await sql.rows("SELECT state FROM parcel")]
    assert states == ["waiting", "waiting"]


async def test_somebody_with_the_same_tail_is_one_key_away(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    await open_village.arrive("YT1000000000009", STRANGER, name="赵芬")
    chen = await browse(open_village.chen)
    first = (await chen.get("/counter", params={"q": "1907"})).text
    other = unescape(re.findall(r'<a class="house-head" href="([^"]+)" data-key="2"', first)[0])
    assert set(ticked(first)).isdisjoint(ticked((await chen.get(other)).text))


async def test_a_refused_text_stays_in_the_box(browse: Browser, open_village: Village) -> None:
    page = await (await browse(open_village.chen)).get("/counter", params={"q": "3-2-00001"})
    assert page.status_code == 422
    assert 'value="3-2-00001"' in page.text
    assert 'data-state="ask"' in page.text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><b>', "7" * 5000, "\x00", "王二麻子", "٣٤٥٦"]
)
async def test_whatever_is_typed_gets_a_page(browse: Browser, open_village: Village, text: str) -> None:
    page = await (await browse(open_village.chen)).get("/counter", params={"q": text})
    assert page.status_code in (200, 404, 422)
    assert "<script>alert" not in page.text


async def test_what_was_typed_is_kept_when_handing_out_is_refused(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    await change("UPDATE parcel SET collect_fen = NULL")
    chen = await browse(open_village.chen)
    ids = [str(parcel["id"]) for parcel in waiting]
    sent = {
        "q": "1907",
        "scan_id": "s1",
        "parcel": ids,
        "collector": "proxy",
        "name": "覃小波",
        "relation": "grandchild",
        "amount_of": ids,
        "amount": ["12.5", ""],
    }
    refused = await chen.post("/collections", data=sent)
    assert refused.status_code == 422
    assert 'value="覃小波"' in refused.text
    assert 'value="12.5"' in refused.text
    assert hidden(refused.text, "scan_id") == "s1"
    assert ticked(refused.text) == ids
    wrong = await chen.post("/collections", data={**sent, "amount": ["twelve", "1"]})
    assert (wrong.status_code, "twelve" in wrong.text) == (422, True)
    paid = await chen.post("/collections", data={**sent, "nothing_due": [ids[1]]})
    assert paid.status_code == 303
    (collection,) = await sql.rows("SELECT money_fen FROM collection")
    assert collection["money_fen"] == 1250


async def test_nothing_ticked_is_said(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    chen = await browse(open_village.chen)
    answer = await chen.post("/collections", data={"q": "1907", "scan_id": "s1"})
    assert answer.status_code == 422
    assert 'data-state="refuse"' in answer.text


async def test_a_proxy_without_a_name_is_typed_on_where_the_name_lacks(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    chen = await browse(open_village.chen)
    sent = {
        "q": waiting[0]["code"],
        "scan_id": "s1",
        "parcel": waiting[0]["id"],
        "collector": "proxy",
        "name": "",
    }
    refused = await chen.post("/collections", data=sent)
    assert refused.status_code == 422
    (focused,) = re.findall(r"<input[^>]* autofocus", refused.text)
    assert 'id="f-name"' in focused


async def test_a_parcel_is_moved_from_its_page(
    browse: Browser, open_village: Village, waiting: list[dict[str, Any]]
) -> None:
    chen = await browse(open_village.chen)
    moved = await chen.post(f"/parcels/{waiting[0]['id']}/moves", data={"label": "3-4-6"})
    assert moved.status_code == 303
    assert "3-4-6" in (await chen.get("/parcels")).text
    nowhere = await chen.post(f"/parcels/{waiting[0]['id']}/moves", data={"label": "9-9-9"})
    assert nowhere.status_code == 404
    assert "9-9-9" in nowhere.text
