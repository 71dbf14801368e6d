"""The book of parcels, and one parcel with its whole story."""

import re
from datetime import timedelta

import pytest

from pickup import relocation, undo
from pickup.collection import HandOut, collect
from station import audit, clock, i18n
from station.db import act, sql
from station.storytelling import sentence
from tests.village import Browser, Village, found_village

MEI = "13912341907"


@pytest.fixture
async def parcel_id(open_village: Village) -> int:
    answer = await open_village.arrive("YT1000000000001", MEI, name="王小梅")
    return int(answer["parcel"]["id"])


def shown(html: str) -> list[str]:
    """The waybills of the list."""
    return re.findall(r'href="/parcels/\d+">\D* (YT\d{13})', html)


@act
async def change(query: str) -> None:
    await sql.execute(query)


async def test_the_book_lists_by_state(browse: Browser, open_village: Village) -> None:
    with clock.at(clock.now() - timedelta(days=5)):
        await open_village.arrive("YT1000000000001", MEI)
    await open_village.arrive("YT1000000000002", MEI)
    await open_village.arrive("YT1000000000003", "138****0152", name="向*兰")
    gone = await open_village.arrive("YT1000000000004", MEI)
    await collect(HandOut("s1", (gone["parcel"]["id"],)), by=open_village.chen)
    chen = await browse(open_village.chen)
    for show, endings in {
        "waiting": "321",
        "overdue": "1",
        "needs": "3",
        "today": "432",
        "all": "4321",
        "nonsense": "4321",
    }.items():
        page = await chen.get("/parcels", params={"show": show})
        assert page.status_code == 200
        assert "".join(waybill[-1] for waybill in shown(page.text)) == endings, show


@pytest.mark.parametrize("q", ["YT1000000000001", "0001", "1907", "王小", "wxm", MEI])
async def test_the_book_is_searched_like_the_counter(
    browse: Browser, open_village: Village, parcel_id: int, q: str
) -> None:
    await open_village.arrive("YT1000000000002", "13800005530", name="李军")
    page = await (await browse(open_village.chen)).get("/parcels", params={"q": q, "show": "all"})
    assert shown(page.text) == ["YT1000000000001"]


async def test_the_book_has_pages_of_fifty(browse: Browser, open_village: Village) -> None:
    for number in range(53):
        await open_village.arrive(f"YT10000000000{number:02d}", MEI)
    chen = await browse(open_village.chen)
    first, second = [(await chen.get("/parcels", params={"page": n})).text for n in ("1", "2")]
    assert (len(shown(first)), len(shown(second))) == (50, 3)
    assert not set(shown(first)) & set(shown(second))


async def test_a_parcel_tells_its_whole_story(browse: Browser, open_village: Village, parcel_id: int) -> None:
    by = open_village.chen
    await relocation.move(parcel_id, "3-4-6", by=by)
    await undo.undo(await collect(HandOut("s1", (parcel_id,)), by=by), "wrong parcel", by=by)
    chen = await browse(by)
    page = await chen.get(f"/parcels/{parcel_id}", headers={"accept-language": "en"})
    assert page.status_code == 200
    story = re.findall(r"<li><time>[^<]*</time><span>([^<]*)</span>", page.text)
    assert story[0].startswith("Checked in.")
    assert story[1].endswith("to 3-4-6.")
    assert story[2:] == ["Handed out to the person.", "Taken back onto the shelf (wrong parcel)."]


async def test_a_phone_is_masked_until_somebody_looks_and_that_is_on_record(
    browse: Browser, open_village: Village, parcel_id: int
) -> None:
    chen = await browse(open_village.chen)
    masked = await chen.get(f"/parcels/{parcel_id}")
    assert MEI not in masked.text
    whole = await chen.post(f"/parcels/{parcel_id}/unmaskings")
    assert MEI in whole.text
    told = (await audit.story(open_village.id, "parcel", parcel_id))[-1]
    assert (told.act, told.who, told.facts) == ("phone_shown", "陈国", {})
    assert MEI not in (await chen.get(f"/parcels/{parcel_id}")).text, "once, and not kept"


async def test_the_county_reads_without_codes_and_cannot_look_at_phones(
    browse: Browser, open_village: Village, parcel_id: int
) -> None:
    zhao = await browse(open_village.zhao)
    row = await sql.one("SELECT code FROM parcel WHERE id = ?", parcel_id)
    assert row is not None
    for address in ("/parcels", f"/parcels/{parcel_id}"):
        page = await zhao.get(address)
        assert page.status_code == 200
        assert row["code"] not in page.text
        assert "unmaskings" not in page.text
    assert (await zhao.post(f"/parcels/{parcel_id}/unmaskings")).status_code == 403


async def test_another_stations_parcel_is_not_there(
    browse: Browser, open_village: Village, parcel_id: int
) -> None:
    stranger = await browse((await found_village("other", "他村驿站")).chen)
    for address in (f"/parcels/{parcel_id}", "/parcels/999999", f"/parcels/{2**40}"):
        page = await stranger.get(address)
        assert page.status_code == 404
        assert 'data-state="refuse"' in page.text
    assert (await stranger.post(f"/parcels/{parcel_id}/unmaskings")).status_code == 404
    assert shown((await stranger.get("/parcels", params={"show": "all"})).text) == []


async def test_an_intercepted_parcel_says_so(browse: Browser, open_village: Village, parcel_id: int) -> None:
    await change("UPDATE parcel SET intercepted = (1 = 1)")
    page = await (await browse(open_village.chen)).get(f"/parcels/{parcel_id}")
    assert 'class="notice" data-state="refuse"' in page.text


@pytest.mark.parametrize(
    ("what", "facts", "told"),
    [
        ("checked_in", {"slot": "3-2-5", "reason": "least_loaded"}, "Checked in. It stands in 3-2-5."),
        (
            "checked_in",
            {"slot": "3-1", "reason": "heavy_low"},
            "Checked in. It is heavy and stands low, in 3-1.",
        ),
        (
            "collected",
            {"collector": "proxy", "parcels": 2, "money_fen": 1250},
            "Handed out to somebody who came for the person. ¥12.50 was taken for 2 parcels together.",
        ),
        ("message_needs_person", {"error": "x"}, "The message could not be sent. Please ring."),
        ("questions_answered", {"answered": ["carrier"]}, "The courier company was chosen."),
        ("returned_some_day", {"why": "x"}, "Something else was recorded: returned_some_day."),
    ],
)
def test_every_line_is_a_sentence(what: str, facts: dict[str, object], told: str) -> None:
    with i18n.speaking("en"):
        assert sentence(what, facts) == told
