"""Check-in for programs and for the browser's scan queue, over HTTP."""

import csv
from pathlib import Path

import pytest

from couriers import patterns
from station.db import sql
from tests.village import Browser, Village, found_village

YTO, AMBIGUOUS, GRANDMA = "YT4902191309648", "123456789012", "13900007396"
SCAN = {"scan_id": "s1", "scanned": YTO, "phone": GRANDMA, "name": "瞿冬伢"}
WAYBILLS = Path(__file__).parents[1] / "samples" / "waybills.tsv"


async def test_a_scan_is_answered_with_slot_and_code(browse: Browser, open_village: Village) -> None:
    answer = await (await browse(open_village.chen)).post("/api/v1/checkins", json=SCAN)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["status"], told["parcel"]["waybill"], told["parcel"]["carrier"]) == ("ok", YTO, "YTO")
    assert (told["parcel"]["slot"], len(told["parcel"]["code"]), told["parcel"]["state"]) == (
        "1-1-1",
        5,
        "waiting",
    )
    assert (told["parcel"]["recipient"], told["parcel"]["phone"]) == ("瞿冬伢", "****7396")
    assert "needs" not in told
    assert GRANDMA not in answer.text


async def test_the_same_scan_id_is_answered_byte_for_byte(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    first = await chen.post("/api/v1/checkins", json=SCAN)
    again = await chen.post("/api/v1/checkins", json=SCAN)
    assert (again.status_code, again.content) == (201, first.content)
    other_desk = await (await browse(open_village.li)).post(
        "/api/v1/checkins", json={**SCAN, "scan_id": "s2"}
    )
    assert (other_desk.status_code, other_desk.json()["status"]) == (201, "already_here")


async def test_a_question_is_asked_and_answered(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    asked = (await chen.post("/api/v1/checkins", json={"scan_id": "q", "scanned": AMBIGUOUS})).json()
    assert asked["status"] == "needs_you"
    assert asked["parcel"]["code"]
    assert [need["kind"] for need in asked["needs"]] == ["carrier", "recipient"]
    bad = await chen.post("/api/v1/checkins/q/answers", json={"phone": "139"})
    assert (bad.status_code, bad.json()["code"]) == (422, "phone_bad")
    stranger = await chen.post("/api/v1/checkins/q/answers", json={"resident_id": 4711})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "no_recipient")
    done = await chen.post("/api/v1/checkins/q/answers", json={"carrier": "SF", "phone": GRANDMA})
    assert (done.status_code, done.json()["status"]) == (201, "ok")
    nobody = await chen.post("/api/v1/checkins/elsewhere/answers", json={"carrier": "SF"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "no_scan")


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("", "scan_empty"),
        (GRANDMA, "scan_is_phone"),
        ("6901234567892", "scan_is_goods"),
        (YTO * 2, "scan_glued"),
        ("7" * 300, "scan_too_long"),
        ("https://example.com/?p=1", "scan_is_text"),
        ("3-2-48215", "scan_is_ours"),
        ("\x00", "invalid"),
    ],
)
async def test_what_is_no_waybill_is_a_problem_with_a_sentence(
    browse: Browser, open_village: Village, scanned: str, code: str
) -> None:
    answer = await (await browse(open_village.chen)).post(
        "/api/v1/checkins", json={**SCAN, "scanned": scanned}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(("。", "."))
    assert await sql.rows("SELECT id FROM parcel") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"scan_id": ""},
        {"scan_id": "x" * 41},
        {"scan_id": "a\u200bb"},
        {"scan_id": None},
        {"scanned": None},
        {"scanned": "7" * 1001},
        {"size": "huge"},
        {"flags": ["hot"]},
        {"manifest": 2**63},
        {"manifest": "today"},
        {"name": "长" * 61},
        {"phone": ["139"]},
    ],
)
async def test_a_body_that_does_not_fit_is_refused_by_field(
    browse: Browser, open_village: Village, wrong: dict[str, object]
) -> None:
    answer = await (await browse(open_village.chen)).post("/api/v1/checkins", json={**SCAN, **wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert next(iter(answer.json()["errors"])).split(".")[0] == next(iter(wrong))


async def test_size_flags_and_batch_of_a_scan_count(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    rows = {"rows": [{"waybill": "YT4168021422322"}], "carrier": "SF"}
    batch = (await chen.post("/api/v1/manifests", json=rows)).json()["id"]
    sent = {**SCAN, "scanned": AMBIGUOUS, "size": "large", "flags": ["fragile"], "manifest": batch}
    parcel = (await chen.post("/api/v1/checkins", json=sent)).json()["parcel"]
    assert (parcel["carrier"], parcel["size"], parcel["flags"]) == ("SF", "large", ["fragile"])


@pytest.mark.parametrize("who", ["liu", "zhao", None])
async def test_only_the_stations_own_people_check_in(
    browse: Browser, open_village: Village, who: str | None
) -> None:
    client = await browse(open_village.people[who] if who else None)
    answer = await client.post("/api/v1/checkins", json=SCAN)
    assert answer.status_code == (403 if who else 401)


async def test_stations_do_not_see_each_others_scans(browse: Browser, open_village: Village) -> None:
    await (await browse(open_village.chen)).post("/api/v1/checkins", json=SCAN)
    other = await found_village("other", "他村驿站")
    answer = await (await browse(other.chen)).post("/api/v1/checkins", json=SCAN)
    assert answer.json()["status"] == "ok", "the same scan_id and waybill are another parcel elsewhere"
    stranger = await (await browse(other.chen)).post("/api/v1/checkins/s1/answers", json={"carrier": "SF"})
    assert stranger.status_code == 201


async def test_all_sample_waybills_are_recognised(browse: Browser, open_village: Village) -> None:
    with WAYBILLS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    raw = [row["raw"] for row in rows]
    client = await browse(open_village.liu)
    answer = await client.post("/api/v1/waybills", json={"raw": raw})
    assert answer.status_code == 200
    told = answer.json()["waybills"]
    assert [found["raw"] for found in told] == raw
    assert [found["status"] for found in told] == [row["status"] for row in rows]
    assert [found["normalized"] or "" for found in told] == [row["normalized"] for row in rows]
    assert [set(found["candidates"]) for found in told] == [
        set(filter(None, row["candidates"].split(","))) for row in rows
    ]
    assert await sql.rows("SELECT id FROM scan") == []


async def test_a_hint_and_the_stations_own_rule_decide(browse: Browser, open_village: Village) -> None:
    client = await browse(open_village.wang)
    hinted = await client.post("/api/v1/waybills", json={"raw": [AMBIGUOUS], "hint": "顺丰"})
    assert hinted.json()["waybills"][0]["carrier"] == "SF"
    await patterns.add("1234", 12, "ANE", by=open_village.wang)
    try:
        ruled = await client.post("/api/v1/waybills", json={"raw": [AMBIGUOUS]})
    finally:
        (rule,) = await patterns.listed(open_village.id)
        await patterns.remove(rule["id"], by=open_village.wang)
    assert (ruled.json()["waybills"][0]["status"], ruled.json()["waybills"][0]["carrier"]) == ("valid", "ANE")


async def test_an_id_that_is_no_text_names_nothing(browse: Browser, open_village: Village) -> None:
    answer = await (await browse(open_village.chen)).post(
        "/api/v1/checkins/%00/answers", json={"carrier": "SF"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    page = await (await browse(open_village.chen)).get("/checkins?scan=%00")
    assert page.status_code == 200
