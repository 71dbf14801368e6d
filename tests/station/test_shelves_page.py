"""The Shelves page: everybody at the desk reads it, the keeper changes it."""

import re

import pytest

from station import labels, racks, shelves
from station.clock import later
from station.db import act, sql
from tests.village import Browser, Village, found_village

NEW = {"number": "9", "layers": "2", "bays": "3", "capacity": "8", "kind": "heavy", "max_weight_kg": "30"}


def links(page: str) -> list[str]:
    """The slots in the order in which the page draws them."""
    return re.findall(r'href="/shelves/slots/([0-9-]+)"', page)


async def test_racks_are_drawn_with_the_top_layer_on_top_and_the_floor_last(
    browse: Browser, open_village: Village
) -> None:
    page = (await (await browse(open_village.chen)).get("/shelves")).text
    drawn = links(page)
    assert drawn[:2] == ["1-4-1", "1-4-2"]
    assert drawn.index("1-4-1") < drawn.index("1-1-1") < drawn.index("2-4-1")
    assert drawn[-1] == "0-1"


async def test_a_full_slot_says_so_and_is_listed(browse: Browser, open_village: Village) -> None:
    @act
    async def fill() -> None:
        await sql.execute("UPDATE slot SET used = capacity WHERE label = '2-3-4'")

    await fill()
    page = (await (await browse(open_village.chen)).get("/shelves")).text
    assert page.count('class="full"') == 1
    assert links(page).count("2-3-4") == 2


async def test_a_slot_shows_who_waits_there_since_when_and_by_which_code(
    browse: Browser, open_village: Village
) -> None:
    parcel = (await open_village.arrive("YT7428817430166", name="张小梅"))["parcel"]
    chen = await browse(open_village.chen)
    page = (await chen.get("/shelves/slots/1-1-1")).text
    for shown in (parcel["code_shown"], "张*梅", "<b>0152</b>", "m-ok"):
        assert shown in page
    assert "张小梅" not in page
    assert "13900000152" not in page
    with later(days=5):
        assert "m-ask" in (await chen.get("/shelves/slots/1-1-1")).text


async def test_the_county_officer_sees_no_pickup_codes(browse: Browser, open_village: Village) -> None:
    parcel = (await open_village.arrive("YT7428817430166"))["parcel"]
    page = await (await browse(open_village.zhao)).get("/shelves/slots/1-1-1")
    assert page.status_code == 200
    assert parcel["code"] not in page.text


@pytest.mark.parametrize(
    "scanned", ["{slot}", "1-1-1", "１－１－１", "{sticker}", "YT7428817430166", "yt7428817430166"]
)
async def test_a_scanned_slot_or_parcel_leads_to_its_place(
    browse: Browser, open_village: Village, scanned: str
) -> None:
    parcel = (await open_village.arrive("YT7428817430166"))["parcel"]
    text = scanned.format(slot=labels.slot_code(1, 1, 1), sticker=labels.sticker_code(parcel["id"]))
    answer = await (await browse(open_village.chen)).get("/shelves", params={"q": text})
    assert (answer.status_code, answer.headers["location"]) == (303, "/shelves/slots/1-1-1")


@pytest.mark.parametrize("scanned", ["YT0000000000001", "29999999", "9-9-9", "<script>", "01032051"])
async def test_what_stands_nowhere_is_said_on_the_map(
    browse: Browser, open_village: Village, scanned: str
) -> None:
    answer = await (await browse(open_village.chen)).get("/shelves", params={"q": scanned})
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert len(links(answer.text)) == 73


async def test_the_keeper_puts_up_a_shelf(browse: Browser, open_village: Village) -> None:
    answer = await (await browse(open_village.wang)).post("/shelves", data=NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/shelves")
    slots = await shelves.of_shelf(open_village.id, 9)
    assert len(slots) == 6
    assert {(slot["kind"], slot["capacity"], slot["max_weight_g"]) for slot in slots} == {
        ("heavy", 8, 30_000)
    }


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"number": "0"}, 422),
        ({"number": "1"}, 409),
        ({"layers": "10"}, 422),
        ({"bays": "many"}, 422),
        ({"capacity": ""}, 422),
        ({"kind": "floor"}, 422),
    ],
)
async def test_a_wrong_field_is_told_beside_it_and_nothing_typed_is_lost(
    browse: Browser, open_village: Village, typed: dict[str, str], status: int
) -> None:
    answer = await (await browse(open_village.wang)).post("/shelves", data={**NEW, **typed})
    assert answer.status_code == status
    (wrong,) = re.findall(r'id="f-(\w+)-note" class="warn"', answer.text)
    assert wrong == next(iter(typed))
    assert 'name="max_weight_kg" type="number" value="30"' in answer.text
    assert [rack["number"] for rack in await racks.of_station(open_village.id)] == [0, 1, 2, 3]


async def test_the_form_sent_twice_puts_up_one_shelf(browse: Browser, open_village: Village) -> None:
    wang = await browse(open_village.wang)
    assert [(await wang.post("/shelves", data=NEW)).status_code for _ in range(2)] == [303, 409]
    assert len(await racks.of_station(open_village.id)) == 5


async def test_the_keeper_closes_a_slot_and_opens_it_again(browse: Browser, open_village: Village) -> None:
    wang = await browse(open_village.wang)
    for act_, closed in (("closings", True), ("openings", False)):
        answer = await wang.post(f"/shelves/slots/1-1-1/{act_}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/shelves/slots/1-1-1")
        assert bool((await shelves.by_label(open_village.id, "1-1-1"))["closed"]) is closed


async def test_the_keeper_takes_an_empty_shelf_down_and_puts_it_up_again(
    browse: Browser, open_village: Village
) -> None:
    wang = await browse(open_village.wang)
    shelf = (await shelves.by_label(open_village.id, "1-1-1"))["shelf_id"]
    for act_, down in (("removals", True), ("openings", False)):
        assert (await wang.post(f"/shelves/{shelf}/{act_}")).status_code == 303
        rack = (await racks.of_station(open_village.id))[1]
        assert rack["taken_down"] is down


async def test_a_shelf_with_parcels_stays_and_the_page_says_what_to_do(
    browse: Browser, open_village: Village
) -> None:
    await open_village.arrive("YT7428817430166")
    shelf = (await shelves.by_label(open_village.id, "1-1-1"))["shelf_id"]
    answer = await (await browse(open_village.wang)).post(f"/shelves/{shelf}/removals")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert not (await racks.of_station(open_village.id))[1]["taken_down"]


CHANGES = [
    "/shelves",
    "/shelves/slots/1-1-1/closings",
    "/shelves/slots/1-1-1/openings",
    "/shelves/1/removals",
]


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("login", ["chen", "zhao", "liu"])
async def test_only_the_keeper_changes_shelves(
    browse: Browser, open_village: Village, login: str, path: str
) -> None:
    someone = await browse(open_village.people[login])
    assert (await someone.post(path, data=NEW)).status_code == 403


async def test_a_volunteer_is_offered_no_changes(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    for path in ("/shelves", "/shelves/slots/1-1-1"):
        page = (await chen.get(path)).text
        assert 'action="/shelves/' not in page
        assert 'method="post" action="/shelves"' not in page


async def test_another_villages_shelves_are_neither_seen_nor_changed(
    browse: Browser, open_village: Village
) -> None:
    stranger = await found_village("other", "别处驿站")
    await racks.lay_out(racks.Layout(number=77, layers=1, bays=0, capacity=2), by=stranger.wang)
    wang = await browse(open_village.wang)
    shelf = (await shelves.by_label(stranger.id, "77-1"))["shelf_id"]
    assert "77-1" not in links((await wang.get("/shelves")).text)
    assert (await wang.get("/shelves/slots/77-1")).status_code == 404
    assert (await wang.post("/shelves/slots/77-1/closings")).status_code == 404
    assert (await wang.post(f"/shelves/{shelf}/removals")).status_code == 404
    assert not (await shelves.by_label(stranger.id, "77-1"))["closed"]
