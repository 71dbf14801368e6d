"""The Today page: what waits for somebody first, then the numbers of the day."""

import re
from datetime import UTC, datetime
from pathlib import Path

from couriers import manifests, vans
from pickup.collection import HandOut, collect
from station import clock
from tests.couriers.outgoing import consign
from tests.village import Browser, Village

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # in the village


async def today(browse: Browser, village: Village, login: str = "chen") -> str:
    page = await (await browse(village.people[login])).get("/", headers={"accept-language": "en"})
    assert page.status_code == 200
    return page.text


def sums(html: str) -> list[int]:
    """The three numbers of the day: waiting, checked in, collected."""
    return [int(part.partition("<")[0]) for part in html.partition('class="sums"')[2].split("<dd>")[1:4]]


async def test_an_empty_station_says_that_nothing_waits(open_village: Village, browse: Browser) -> None:
    html = await today(browse, open_village)
    assert "Nothing waits for you." in html
    assert 'href="/checkins"' in html
    assert sums(html) == [0, 0, 0]


async def test_the_county_officer_is_offered_no_act(open_village: Village, browse: Browser) -> None:
    main = (await today(browse, open_village, "zhao")).partition("<main")[2]
    assert 'href="/checkins"' not in main


async def test_the_numbers_are_those_of_the_village_day(open_village: Village, browse: Browser) -> None:
    with clock.at(NOON):
        with clock.later(hours=-13):  # yesterday in the village
            await open_village.arrive("YT4902191309648")
        answer = await open_village.arrive("YT4902191309649")
        await open_village.arrive("YT4902191309650")
        await collect(HandOut("c-1", (answer["parcel"]["id"],)), by=open_village.chen)
        html = await today(browse, open_village)
    assert sums(html) == [2, 2, 1]
    assert "Sunday, 22 Nov" in html
    assert "12:00" in html


async def test_couriers_that_came_today_and_vans_that_still_leave_are_listed(
    open_village: Village, browse: Browser, tmp_path: Path
) -> None:
    rows = [
        {"waybill": waybill, "phone": "13900000152"} for waybill in ("YT4902191309648", "YT4902191309649")
    ]
    with clock.at(NOON):
        await vans.put("县共配车", (), "17:00", by=open_village.wang)
        with clock.later(hours=-13):  # yesterday in the village
            await manifests.receive_rows(rows, "1.json", "STO", by=open_village.wang, folder=tmp_path)
        await manifests.receive_rows(rows, "2.json", "YTO", by=open_village.liu, folder=tmp_path)
        await open_village.arrive("YT4902191309648")
        came = (await today(browse, open_village)).partition("Couriers today")[2]
    assert "圆通" in came
    assert "2 pieces" in came
    assert "1 missing" in came
    assert "县共配车" in came
    assert "申通" not in came


async def test_after_the_last_van_it_is_tomorrows(open_village: Village, browse: Browser) -> None:
    with clock.at(NOON):
        await vans.put("县共配车", (), "11:00", by=open_village.wang)
        await consign(open_village.chen)
        assert "for tomorrow&#39;s 11:00 van" in await today(browse, open_village)


async def test_what_needs_somebody_leads_to_its_place(open_village: Village, browse: Browser) -> None:
    with clock.at(NOON):
        await open_village.arrive("605675152001", phone="138****0152", name="向*兰")
        html = await today(browse, open_village)
        assert "data-rows" in html
        assert 'href="/questions"' in html
    with clock.at(NOON), clock.later(days=4):
        assert 'href="/parcels?show=overdue"' in await today(browse, open_village)


async def test_everyone_finds_the_pages_that_are_theirs_under_more(
    open_village: Village, browse: Browser
) -> None:
    for login, hrefs in (
        (
            "wang",
            {"/parcels", "/messages", "/labels", "/settings", "/accounts", "/account", "/waybill-rules"},
        ),
        ("chen", {"/parcels", "/messages", "/labels", "/account"}),
        ("zhao", {"/parcels", "/messages", "/account"}),
        ("liu", {"/account"}),
    ):
        main = (await (await browse(open_village.people[login])).get("/more")).text.partition("<main")[2]
        assert {part.partition('"')[0] for part in main.split('href="')[1:]} >= hrefs
        for absent in {"/settings", "/accounts", "/labels", "/parcels"} - hrefs:
            assert f'href="{absent}"' not in main


async def test_only_a_digit_that_can_be_pressed_is_a_key_of_more(
    open_village: Village, browse: Browser
) -> None:
    html = (await (await browse(open_village.chen)).get("/more")).text
    assert re.findall(r'data-key="(\d+)"', html) == list("123456789")
    assert html.partition("<main")[2].count("<kbd>") == 9
