"""The desk's page without any script, and the fragment that a script asks for."""

import re
from html import unescape

import pytest

from couriers import manifests
from couriers.checkin import ScanIn, check_in
from station import clock
from station.db import sql
from tests.village import Browser, Village

YTO, OTHER, AMBIGUOUS, GRANDMA = "YT4902191309648", "YT4168021422322", "123456789012", "13900007396"
FRAGMENT = {"hx-request": "true"}


def state(html: str) -> str:
    found = re.search(r'id="answer"[^>]*data-state="(\w*)"', html)
    assert found
    return found.group(1)


def value(html: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return unescape(found.group(1))


async def announce(village: Village, *waybills: str) -> int:
    rows = [{"waybill": waybill, "name": "瞿冬伢", "phone": GRANDMA} for waybill in waybills]
    return (await manifests.receive_rows(rows, "早班.csv", "YTO", by=village.liu)).id


async def test_a_form_sent_without_script_is_answered_with_the_whole_page(
    browse: Browser, open_village: Village
) -> None:
    await announce(open_village, YTO)
    chen = await browse(open_village.chen)
    page = await chen.post("/checkins", data={"scanned": YTO})
    assert (page.status_code, state(page.text)) == (200, "ok")
    assert "<html" in page.text
    (parcel,) = await sql.rows("SELECT code FROM parcel")
    assert f"1-1-{parcel['code']}" in page.text
    assert "瞿*伢" in page.text
    assert "瞿冬伢" not in page.text
    assert GRANDMA not in page.text


async def test_a_script_gets_the_answer_and_the_side_alone(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    page = await chen.post("/checkins", data={"scanned": YTO, "scan_id": "a"}, headers=FRAGMENT)
    assert page.status_code == 200
    assert "<html" not in page.text
    assert re.findall(r'<\w+ id="(\w+)"', page.text) == ["answer", "side"]
    assert "HX-Request" in page.headers["vary"]
    again = await chen.post("/checkins", data={"scanned": YTO, "scan_id": "b"}, headers=FRAGMENT)
    assert state(again.text) == "again"


@pytest.mark.parametrize(
    "scanned", ["", GRANDMA, "6901234567892", YTO * 2, "7" * 300, "https://example.com/?a=1", "3-2-48215"]
)
async def test_a_refused_scan_says_so_and_stays_in_the_box(
    browse: Browser, open_village: Village, scanned: str
) -> None:
    page = await (await browse(open_village.chen)).post("/checkins", data={"scanned": scanned})
    assert (page.status_code, state(page.text)) == (422, "refuse")
    assert 'role="alert"' in page.text
    assert value(page.text, "scanned") == scanned
    assert await sql.rows("SELECT id FROM scan") == []


async def test_the_company_and_then_the_phone_are_asked_and_answered(
    browse: Browser, open_village: Village
) -> None:
    chen = await browse(open_village.chen)
    page = await chen.post("/checkins", data={"scanned": AMBIGUOUS, "scan_id": "q"})
    assert state(page.text) == "ask"
    assert re.findall(r'name="carrier" value="(\w+)"', page.text) == ["SF", "ANE", "UC"]
    assert 'name="phone"' not in page.text, "one question at a time"
    page = await chen.post("/checkins/q/answers", data={"carrier": "SF"})
    assert state(page.text) == "ask"
    page = await chen.post("/checkins/q/answers", data={"phone": GRANDMA, "name": "瞿冬伢"})
    assert (page.status_code, state(page.text)) == (200, "ok")


async def test_a_wrong_phone_is_refused_and_what_was_typed_stays(
    browse: Browser, open_village: Village
) -> None:
    chen = await browse(open_village.chen)
    await chen.post("/checkins", data={"scanned": YTO, "scan_id": "q"})
    page = await chen.post("/checkins/q/answers", data={"phone": "1390000", "name": "瞿冬伢"})
    assert (page.status_code, state(page.text)) == (422, "ask")
    assert (value(page.text, "phone"), value(page.text, "name")) == ("1390000", "瞿冬伢")
    assert value(page.text, "scanned") == "", "the scan box is for scans"
    assert "1390000 " in page.text


async def test_a_known_person_is_offered_masked(browse: Browser, open_village: Village) -> None:
    await open_village.arrive(OTHER, GRANDMA, name="瞿冬伢")
    await check_in(ScanIn("q", YTO, phone="139****7396", name="瞿*伢"), by=open_village.chen)
    page = await (await browse(open_village.chen)).get("/checkins", params={"scan": "q"})
    (offered,) = re.findall(r'name="recipient_id" value="(\d+)"', page.text)
    assert "瞿冬伢" not in page.text
    chosen = await (await browse(open_village.chen)).post(
        "/checkins/q/answers", data={"recipient_id": offered}
    )
    assert state(chosen.text) == "ok"


async def test_the_batch_is_counted_with_what_is_missing_and_too_many(
    browse: Browser, open_village: Village
) -> None:
    batch = str(await announce(open_village, YTO, OTHER))
    chen = await browse(open_village.chen)
    page = await chen.get("/checkins", params={"manifest": batch})
    assert "早班.csv" in page.text
    page = await chen.post("/checkins", data={"scanned": YTO, "manifest": batch})
    assert "<b>1</b> / 2" in page.text
    assert value(page.text, "manifest") == batch, "the batch stays chosen"
    await chen.post("/checkins", data={"scanned": "YT3291589769230", "manifest": batch, "scan_id": "over"})
    page = await chen.post("/checkins/over/answers", data={"phone": GRANDMA, "manifest": batch})
    assert value(page.text, "manifest") == batch
    assert "<b>1</b> / 2" in page.text
    assert "多 1" in page.text.split('class="tally"')[1].split("</div>")[0]
    manifest = await chen.get(f"/manifests/{batch}", params={"rows": "missing"})
    assert OTHER in manifest.text
    assert "…9230" in manifest.text


async def test_the_batch_of_the_last_scan_is_shown_without_a_choice(
    browse: Browser, open_village: Village
) -> None:
    await announce(open_village, YTO)
    page = await (await browse(open_village.chen)).post("/checkins", data={"scanned": YTO})
    assert "<b>1</b> / 1" in page.text


async def test_a_scan_is_taken_back_on_the_page(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    await chen.post("/checkins", data={"scanned": YTO, "scan_id": "a"})
    page = await chen.post("/checkins/a/undos")
    assert (page.status_code, state(page.text)) == (200, "")
    (parcel,) = await sql.rows("SELECT state FROM parcel")
    assert parcel["state"] == "undone"
    with clock.later(minutes=11):
        twice = await chen.post("/checkins/a/undos")
    assert (twice.status_code, state(twice.text)) == (409, "refuse")


async def test_the_last_ten_scans_are_listed(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    for number in range(12):
        page = await chen.post("/checkins", data={"scanned": f"YT49021913096{number:02d}"}, headers=FRAGMENT)
    assert page.text.count("<li") == 10
    assert "12" in page.text.split('class="tally"')[1].split("</div>")[0]


async def test_open_questions_wait_on_their_page(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    assert "/checkins?scan=" not in (await chen.get("/questions")).text
    await chen.post("/checkins", data={"scanned": AMBIGUOUS, "scan_id": "q1"})
    await open_village.arrive(YTO, GRANDMA)
    page = await chen.get("/questions")
    assert re.findall(r'href="/checkins\?scan=([^"]+)"', page.text) == ["q1"]
    reopened = await chen.get("/checkins", params={"scan": "q1"})
    assert state(reopened.text) == "ask"
    await chen.post("/checkins/q1/answers", data={"carrier": "SF", "phone": GRANDMA})
    assert "q1" not in (await chen.get("/questions")).text


async def test_what_the_form_cannot_hold_is_refused(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    for sent in (
        {"scanned": "7" * 2001},
        {"scanned": YTO, "size": "huge"},
        {"scanned": YTO, "scan_id": "a b"},
    ):
        assert (await chen.post("/checkins", data=sent)).status_code == 422
    strange = await chen.post("/checkins", data={"scanned": YTO, "manifest": "۹۹"})
    assert strange.status_code == 200, "no scan is lost to a strange batch"
