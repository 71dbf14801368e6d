"""The manifests' pages: handing in without a script, what became of each row, and the file of those not taken."""

import csv
import io

import httpx2
import pytest

from couriers import manifests
from couriers.pages.manifests import uploads_folder
from station.db import act, sql
from station.settings import Settings
from station.texts import harmless
from tests.couriers import sample_lists
from tests.couriers.sample_lists import YTO, Sample
from tests.village import Browser, Village


async def hand_in(client: httpx2.AsyncClient, data: bytes, name: str, carrier: str = "") -> httpx2.Response:
    return await client.post(
        "/manifests", files={"file": (name, data)}, data={"carrier": carrier}, follow_redirects=True
    )


def numbers(html: str) -> list[int]:
    """Taken, to be noted, not taken; announced, scanned, on the shelf."""
    return [int(part.split("</dd>")[0]) for part in html.split("<dd>")[1:]]


@pytest.mark.parametrize("sample", sample_lists.TABLES, ids=str)
async def test_a_sample_file_is_shown_as_expected(
    browse: Browser, open_village: Village, sample: Sample
) -> None:
    wang = await browse(open_village.wang)
    page = await hand_in(wang, sample.data, sample.path.name, sample.carrier)
    assert page.status_code == 200
    counts, accepted = sample.expected["counts"], sample.expected["accepted"]
    warned = sum(bool(row["warnings"]) for row in accepted)
    assert numbers(page.text)[:3] == [counts["accepted"], warned, counts["rejected"]]
    assert numbers(page.text)[3:6] == [counts["accepted"], 0, 0]
    for which in ("all", "missing", "warned", "rejected"):
        rows = await wang.get(page.url.path, params={"rows": which})
        assert rows.status_code == 200
        shown = rows.text.count('<th scope="row">')
        assert shown == {
            "all": len(accepted) + counts["rejected"],
            "missing": len(accepted),
            "warned": warned,
        }.get(which, counts["rejected"])
    for row in accepted:
        assert (
            not row["phone"]["number"]
            or len(row["phone"]["number"]) < 8
            or row["phone"]["number"] not in page.text
        )
    download = await wang.get(f"{page.url.path}/rejected.csv")
    lines = list(csv.reader(io.StringIO(download.text.removeprefix("\ufeff"))))
    assert [int(line[0]) for line in lines[1:]] == [row["row"] for row in sample.expected["rejected"]]


@pytest.mark.parametrize("sample", sample_lists.NO_TABLES, ids=str)
async def test_a_file_that_is_no_table_says_what_to_do(
    browse: Browser, open_village: Village, sample: Sample
) -> None:
    page = await hand_in(await browse(open_village.wang), sample.data, sample.path.name, sample.carrier)
    assert page.status_code == 200
    assert 'data-state="refuse"' in page.text
    assert numbers(page.text) == []


async def test_the_same_file_again_is_said_to_be_known(browse: Browser, open_village: Village) -> None:
    liu = await browse(open_village.liu)
    first = await hand_in(liu, YTO.data, "today.csv")
    again = await hand_in(liu, YTO.data, "today.csv")
    assert (again.url.path, again.url.query) == (first.url.path, b"again")
    assert 'data-state="ok"' in again.text
    overview = await liu.get("/manifests")
    assert overview.text.count("today.csv") == 1


async def test_a_form_without_a_file_and_one_too_large_are_refused_on_the_page(
    browse: Browser, open_village: Village
) -> None:
    liu = await browse(open_village.liu)
    empty = await liu.post("/manifests", files={"file": ("", b"")})
    assert (empty.status_code, 'data-state="refuse"' in empty.text) == (422, True)
    large = await liu.post("/manifests", files={"file": ("x.csv", b"x" * (21 << 20))})
    assert large.status_code == 413
    assert "20 MB" in large.text
    unknown = await (await browse(open_village.wang)).post(
        "/manifests", files={"file": ("x.csv", b"x")}, data={"carrier": "飞毛腿"}
    )
    assert (unknown.status_code, "飞毛腿" in unknown.text) == (422, True)


async def test_what_is_on_the_shelf_missing_and_collected_is_counted(
    browse: Browser, open_village: Village
) -> None:
    liu = await browse(open_village.liu)
    page = await hand_in(liu, YTO.data, "today.csv")
    for row in YTO.expected["accepted"][:3]:
        await open_village.arrive(row["waybill"])
    seen = await liu.get(page.url.path, params={"rows": "missing"})
    assert numbers(seen.text)[3:6] == [24, 3, 3]
    assert YTO.expected["accepted"][3]["waybill"] in seen.text
    assert f'<td class="num">{YTO.expected["accepted"][0]["waybill"]}' not in seen.text


async def test_a_running_import_shows_how_far_it_is(
    browse: Browser, open_village: Village, settings: Settings
) -> None:
    liu = await browse(open_village.liu)
    receipt = await manifests.receive(
        sample_lists.long_list(8_000),
        "x.csv",
        "YTO",
        by=open_village.liu,
        folder=uploads_folder(settings),
        wait=0,
    )
    page = await liu.get(f"/manifests/{receipt.id}")
    assert "hx-get" in page.text
    running = await liu.get(f"/manifests/{receipt.id}/progress")
    assert (running.status_code, "<progress" in running.text, "hx-refresh" in running.headers) == (
        200,
        True,
        False,
    )
    await manifests.receive(
        sample_lists.long_list(8_000), "x.csv", "YTO", by=open_village.liu, folder=uploads_folder(settings)
    )
    done = await liu.get(f"/manifests/{receipt.id}/progress")
    assert done.headers["hx-refresh"] == "true"
    overview = await liu.get(f"/manifests/{receipt.id}", params={"rows": "all", "page": "2"})
    assert overview.text.count('<th scope="row">') == 100


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("YT1", "YT1"),
        ("", ""),
    ],
)
def test_a_downloaded_cell_is_never_a_formula(cell: str, shown: str) -> None:
    assert harmless(cell) == shown


async def test_the_file_of_rows_not_taken_opens_in_a_spreadsheet(
    browse: Browser, open_village: Village
) -> None:
    data = "运单号,收件人\n@SUM(1),瞿冬伢\n".encode()
    liu = await browse(open_village.liu)
    page = await hand_in(liu, data, "x.csv")
    answer = await liu.get(f"{page.url.path}/rejected.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'@SUM(1)" in answer.text
    assert "attachment" in answer.headers["content-disposition"]


async def test_another_companys_list_is_not_there_for_a_courier(
    browse: Browser, open_village: Village
) -> None:
    page = await hand_in(await browse(open_village.wang), YTO.data, "x.csv", "STO")
    liu = await browse(open_village.liu)
    for address in (page.url.path, f"{page.url.path}/progress", f"{page.url.path}/rejected.csv"):
        assert (await liu.get(address)).status_code == 404
    assert "x.csv" not in (await liu.get("/manifests")).text
    assert (await (await browse(open_village.zhao)).get(page.url.path)).status_code == 200


@act
async def erase() -> None:
    await sql.execute("UPDATE manifest_line SET fields_json = '{}'")


async def test_an_erased_list_still_opens(browse: Browser, open_village: Village) -> None:
    liu = await browse(open_village.liu)
    page = await hand_in(liu, YTO.data, "x.csv")
    await erase()
    for which in ("", "all", "missing", "warned", "rejected"):
        assert (await liu.get(page.url.path, params={"rows": which})).status_code == 200
    assert (await liu.get(f"{page.url.path}/rejected.csv")).status_code == 200
    assert (await liu.get(f"/api/v1{page.url.path}")).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "99999999"])
async def test_a_strange_page_number_is_the_first_page(
    browse: Browser, open_village: Village, number: str
) -> None:
    liu = await browse(open_village.liu)
    page = await hand_in(liu, YTO.data, "x.csv")
    answer = await liu.get(page.url.path, params={"rows": "all", "page": number})
    assert (answer.status_code, answer.text.count('<th scope="row">')) == (200, 26)
