"""Manifests for couriers' own systems: every row answered, the same file harmless, phones for their sender alone."""

import asyncio
import io
import zipfile
from typing import Any

import httpx2
import pytest

from station.db import sql
from tests.couriers import sample_lists
from tests.couriers.sample_lists import YTO, Sample
from tests.village import Browser, Village, found_village

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
ROW = {"waybill": "YT4902191309648", "name": "瞿冬伢", "phone": "13900007396"}


async def hand_in(
    client: httpx2.AsyncClient, data: bytes, name: str = "today.csv", **more: str
) -> httpx2.Response:
    return await client.post("/api/v1/manifests", files={"file": (name, data)}, data=more)


def told(answer: dict[str, Any], sample: Sample) -> dict[str, Any]:
    return {key: answer[key] for key in sample.told}


@pytest.mark.parametrize("sample", sample_lists.TABLES, ids=str)
async def test_a_sample_file_is_answered_as_expected(
    browse: Browser, open_village: Village, sample: Sample
) -> None:
    wang = await browse(open_village.wang)
    answer = await hand_in(wang, sample.data, sample.path.name, carrier=sample.carrier)
    assert answer.status_code == 201
    assert told(answer.json(), sample) == sample.told
    shown = await wang.get(f"/api/v1/manifests/{answer.json()['id']}")
    assert (shown.status_code, shown.json()) == (200, answer.json())


@pytest.mark.parametrize("sample", sample_lists.NO_TABLES, ids=str)
async def test_a_file_that_is_no_table_is_a_problem_with_its_code(
    browse: Browser, open_village: Village, sample: Sample
) -> None:
    wang = await browse(open_village.wang)
    answer = await hand_in(wang, sample.data, sample.path.name, carrier=sample.carrier)
    assert (answer.status_code, answer.json()["code"]) == (422, sample.expected["file_error"])
    shown = (await wang.get(f"/api/v1/manifests/{answer.json()['id']}")).json()
    assert (shown["file_error"], shown["state"]) == (sample.expected["file_error"], "failed")
    again = await hand_in(wang, sample.data, sample.path.name, carrier=sample.carrier)
    assert (again.status_code, again.json()["id"]) == (422, answer.json()["id"])


async def test_the_same_file_again_is_the_same_manifest(browse: Browser, open_village: Village) -> None:
    liu = await browse(open_village.liu)
    first = await hand_in(liu, YTO.data)
    before = await sql.rows("SELECT * FROM manifest_line ORDER BY id")
    again = await hand_in(liu, YTO.data, "renamed.csv")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await sql.rows("SELECT * FROM manifest_line ORDER BY id") == before


async def test_two_uploads_of_one_file_at_once_are_one_manifest(
    browse: Browser, open_village: Village
) -> None:
    liu = await browse(open_village.liu)
    answers = await asyncio.gather(*[hand_in(liu, YTO.data) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert all(answer.json() == answers[0].json() for answer in answers)
    (lines,) = await sql.rows("SELECT count(*) AS n FROM manifest_line")
    assert lines["n"] == YTO.expected["counts"]["rows"]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (200 << 20))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty_file"),
        (PNG, "unreadable_file"),
        (bytes(1000), "unreadable_file"),
    ],
    ids=["nothing", "blank", "picture", "zeros"],
)
async def test_what_is_no_list_is_refused(
    browse: Browser, open_village: Village, data: bytes, code: str
) -> None:
    answer = await hand_in(await browse(open_village.liu), data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_zip_bomb_is_not_opened(browse: Browser, open_village: Village) -> None:
    answer = await hand_in(await browse(open_village.liu), bomb(), "today.xlsx")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_file")


@pytest.mark.parametrize("size", [20 * 1024 * 1024 + 1, 21 * 1024 * 1024])
async def test_a_file_above_twenty_megabytes_is_too_large(
    browse: Browser, open_village: Village, size: int
) -> None:
    answer = await hand_in(await browse(open_village.liu), b"x" * size)
    assert answer.status_code == 413
    assert "20 MB" in answer.json()["detail"]
    assert await sql.rows("SELECT id FROM manifest") == []


async def test_a_form_without_a_file_is_refused(browse: Browser, open_village: Village) -> None:
    liu = await browse(open_village.liu)
    answer = await liu.post("/api/v1/manifests", files={"other": ("x.csv", b"x")})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_file")
    wang = await browse(open_village.wang)
    unknown = await hand_in(wang, YTO.data, carrier="飞毛腿")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "no_carrier")


async def test_rows_come_as_json_too(browse: Browser, open_village: Village) -> None:
    liu = await browse(open_village.liu)
    rows = [{**ROW, "cod": 35}, {"waybill": "nonsense"}]
    answer = await liu.post("/api/v1/manifests", json={"rows": rows})
    assert answer.status_code == 201
    sent = answer.json()
    assert sent["counts"] == {"rows": 2, "accepted": 1, "rejected": 1, "skipped": 0}
    assert (sent["accepted"][0]["waybill"], sent["accepted"][0]["cod_cents"]) == (ROW["waybill"], 3500)
    assert (sent["rejected"][0]["row"], sent["rejected"][0]["reason"]) == (2, "waybill_bad_format")
    again = await liu.post("/api/v1/manifests", json={"rows": rows})
    assert (again.status_code, again.json()) == (200, sent)


@pytest.mark.parametrize(
    ("rows", "code"),
    [([], "empty_file"), ([{"colour": "red"}], "no_waybill_column"), ([1], "invalid"), (None, "invalid")],
)
async def test_json_that_is_no_list_is_refused(
    browse: Browser, open_village: Village, rows: object, code: str
) -> None:
    answer = await (await browse(open_village.liu)).post("/api/v1/manifests", json={"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    ("strange", "status"),
    [
        ('"name": "瞿\\ud800"', 201),
        ('"name": "瞿", "phone": "\\ud83d"', 201),
        ('"name": "瞿", "weight": NaN, "cod": 1e400', 201),
        ('"name": "瞿", "\\udfffextra": [{"x": 1}]', 201),
        ('"name": "瞿\\u0000"', 422),
    ],
)
async def test_strange_text_in_json_does_no_harm(
    browse: Browser, open_village: Village, strange: str, status: int
) -> None:
    sent = f'{{"rows": [{{"waybill": "YT4902191309648", {strange}}}]}}'
    liu = await browse(open_village.liu)
    answer = await liu.post(
        "/api/v1/manifests",
        content=sent,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == status
    assert [row["name"] for row in answer.json().get("accepted", [])] == ["瞿"] * (status == 201)


async def test_values_beyond_the_columns_break_nothing(browse: Browser, open_village: Village) -> None:
    long = {
        "waybill": "YT9999999999999",
        "name": "长" * 500,
        "phone": "电" * 500,
        "address": "村" * 5000,
        "note": "字" * 5000,
        "staff": "员" * 500,
    }
    chen = await browse(open_village.chen)
    rows = {"rows": [long, {"waybill": "9" * 4000}], "filename": "f" * 120}
    answer = await chen.post("/api/v1/manifests", json=rows)
    assert (answer.status_code, answer.json()["counts"]["accepted"]) == (201, 1)
    file = await hand_in(chen, YTO.data, "夜" * 200 + ".csv", carrier="YTO")
    assert file.status_code == 201
    scan = await chen.post("/api/v1/checkins", json={"scan_id": "s", "scanned": long["waybill"]})
    assert (scan.status_code, len(scan.json()["parcel"]["recipient"])) == (201, 60)


async def test_phones_are_shown_to_their_sender_alone(browse: Browser, open_village: Village) -> None:
    sent = await (await browse(open_village.chen)).post(
        "/api/v1/manifests", json={"rows": [ROW], "carrier": "YTO"}
    )
    address = f"/api/v1/manifests/{sent.json()['id']}"
    for name, phone in {
        "chen": "13900007396",
        "liu": "13900007396",
        "wang": "****7396",
        "li": "****7396",
        "zhao": "****7396",
    }.items():
        seen = await (await browse(open_village.people[name])).get(address)
        assert (name, seen.json()["accepted"][0]["phone"]["number"]) == (name, phone)


async def test_a_courier_sees_only_the_lists_of_their_company(browse: Browser, open_village: Village) -> None:
    wang, liu = await browse(open_village.wang), await browse(open_village.liu)
    other = (await wang.post("/api/v1/manifests", json={"rows": [ROW], "carrier": "STO"})).json()["id"]
    answer = await liu.get(f"/api/v1/manifests/{other}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_manifest")
    own = await liu.post("/api/v1/manifests", json={"rows": [ROW], "carrier": "STO"})
    assert own.json()["carrier"] == "YTO", "a courier's own company, whatever is claimed"
    stranger = await browse((await found_village("other", "他村驿站")).wang)
    assert (await stranger.get(f"/api/v1/manifests/{other}")).status_code == 404
    assert (await wang.get("/api/v1/manifests/4711")).status_code == 404


async def test_county_and_strangers_hand_nothing_in(browse: Browser, open_village: Village) -> None:
    assert (await hand_in(await browse(open_village.zhao), YTO.data)).status_code == 403
    assert (await hand_in(await browse(None), YTO.data)).status_code == 401
