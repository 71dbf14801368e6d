"""The demo village: everybody of the README can sign in, and no page is empty."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette

from station import accounts, areas, clock, demo, doors, verify
from station.actor import Actor, Role
from station.db import Database, sql
from station.settings import Settings
from tests.village import Browser, found_village

PAGES = {
    "/": "data-rows",
    "/parcels": "/parcels/",
    "/shelves": "/shelves/slots/",
    "/messages": "<td",
    "/manifests": "/manifests/",
    "/accounts": "/accounts/",
    "/questions": "/checkins",
    "/labels": "/labels/",
    "/residents": "/residents/",
    "/products": "<td",
    "/agreements": "<td",
    "/lots": "/lots/",
    "/lots/1": "/orders/",
    "/listings": "/market/",
    "/market/qinghe": "/market/qinghe/",
    "/wishes": "data-match",
    "/orders": "/orders/",
    "/orders/1": "<td",
    "/ledger": "/orders/",
    "/settlements": "/settlements/",
    "/settlements/1": "<td",
    "/tariffs": "<td",
    "/consignments": "/consignments/",
    "/rounds": "data-rows",
    "/packing": "data-rows",
    "/handovers": "<td",
    "/handovers/1": "data-rows",
    "/claims": "/claims/",
}


async def tables() -> dict[str, int]:
    names = (
        "station",
        "account",
        "slot",
        "parcel",
        "message",
        "collection",
        "manifest",
        "scan",
        "audit_line",
    )
    counts = {}
    for name in names:
        row = await sql.one(f"SELECT count(*) AS n FROM {name}")
        counts[name] = row["n"] if row else 0
    return counts


async def test_the_village_is_opened_once(database: Database, settings: Settings) -> None:
    assert await demo.open_village(settings)
    before = await tables()
    assert before["station"] == 1
    assert all(before.values())
    assert await demo.open_village(settings)
    assert await tables() == before
    assert await verify.everything(areas.load()) == []


@pytest.mark.parametrize("hour", [0, 15])
async def test_two_days_have_passed_in_it(database: Database, settings: Settings, hour: int) -> None:
    with clock.at(datetime(2026, 12, 31, hour, 20, tzinfo=ZoneInfo(settings.timezone))):
        await demo.open_village(settings)
    days = await sql.rows("SELECT day, announced, checked_in, collected FROM day_stat ORDER BY day")
    assert len(days) == 2
    for name in ("announced", "checked_in"):
        assert all(day[name] > 5 for day in days), name
    assert sum(day["collected"] for day in days) > 5


@pytest.mark.parametrize("hour", [0, 7, 12, 23])
async def test_goods_have_gone_out_at_whatever_hour_it_is_opened(
    database: Database, settings: Settings, hour: int
) -> None:
    with clock.at(datetime(2026, 12, 31, hour, 20, tzinfo=ZoneInfo(settings.timezone))):
        await demo.open_village(settings)
    states = await sql.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")
    assert {row["state"] for row in states} == {
        "reserved",
        "held",
        "confirmed",
        "packed",
        "handed_over",
        "delivered",
    }
    consigned = await sql.rows("SELECT DISTINCT state FROM consignment")
    assert {row["state"] for row in consigned} == {"booked", "accepted", "handed_over", "delivered"}
    assert {row["state"] for row in await sql.rows("SELECT state FROM settlement")} == {"drawn", "paid"}
    helped = await sql.rows("SELECT id FROM household WHERE helped")
    assert len(helped) == 1


@pytest.fixture
async def demo_village(web: Starlette, settings: Settings) -> dict[str, Actor]:
    await demo.open_village(settings)
    rows = await sql.rows("SELECT * FROM account")
    return {
        row["login"]: Actor(
            row["station_id"], row["id"], row["name"], Role(row["role"]), row["carrier"] or None
        )
        for row in rows
    }


async def test_no_page_is_empty(demo_village: dict[str, Actor], browse: Browser) -> None:
    keeper = await browse(demo_village["wang"])
    for address, row in PAGES.items():
        page = await keeper.get(address)
        assert page.status_code == 200
        main = page.text.partition("<main")[2].partition("</main>")[0]
        assert row in main, address


async def test_all_five_can_sign_in_and_are_printed(demo_village: dict[str, Actor], web: Starlette) -> None:
    printed = demo.who_can_sign_in()
    roles = {"wang": "keeper", "chen": "volunteer", "li": "volunteer", "liu": "courier", "zhao": "county"}
    assert {login: actor.role.value for login, actor in demo_village.items()} == roles
    assert demo.PASSWORD in printed
    for login, actor in demo_village.items():
        assert f"  {login}" in printed
        assert await doors.who_holds(await accounts.sign_in(login, demo.PASSWORD), "session") == actor
    assert demo_village["liu"].carrier == "YTO"


async def test_a_station_that_stands_already_is_left_alone(database: Database, settings: Settings) -> None:
    await found_village("own", "自己的驿站")
    before = await tables()
    assert not await demo.open_village(settings)
    assert await tables() == before
