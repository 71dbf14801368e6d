"""The main job in a real browser, with nothing but the keyboard: manifest, scans, messages, collection."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from playwright.async_api import BrowserContext, Page, expect

from station import clock, outbox
from station.db import sql
from station.settings import Settings
from tests.browser.chromium import PHONE, Visit
from tests.browser.desk import Scanner, scanner
from tests.village import PASSWORD, Village

SAMPLES = Path(__file__).parent.parent / "samples" / "manifests"
PICTURES = Path(__file__).parent / "failures"


@asynccontextmanager
async def picture_if_it_fails(page: Page, name: str) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        PICTURES.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        raise


async def sign_in(window: BrowserContext, login: str) -> Page:
    page = await window.new_page()
    await page.goto("/sign-in")
    await expect(page.locator("input[name=login]")).to_be_focused()
    await page.keyboard.type(login)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("navigation").first).to_be_visible()
    await (
        page.wait_for_load_state()
    )  # the keys are a deferred script: a key pressed before it ran is nobody's
    return page


async def hand_in(page: Page, name: str) -> None:
    await page.goto("/manifests")
    await page.locator("input[type=file]").set_input_files(SAMPLES / name)
    await page.get_by_role("button", name="交清单").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("清单收到了")


def accepted(name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((SAMPLES / f"{name}.expected.json").read_text())["accepted"]
    return rows


async def scan(page: Page, gun: Scanner, waybill: str) -> str:
    """Returns the state of the answer."""
    await gun.scan(waybill)
    answer = page.locator("#answer")
    await expect(answer).to_contain_text(waybill[-4:])
    return await answer.get_attribute("data-state") or ""


async def test_a_day_at_the_station(open_village: Village, visit: Visit, settings: Settings) -> None:
    courier = await sign_in(await visit(None, size=PHONE), "liu")
    async with picture_if_it_fails(courier, "courier"):
        await hand_in(courier, "01_yto_plain_utf8.csv")
        await expect(courier.locator("dl.tri").first).to_contain_text("24")
    keeper = await sign_in(await visit(None), "wang")
    async with picture_if_it_fails(keeper, "keeper"):
        await hand_in(keeper, "07_joint_carrier_column.csv")

    desk = await sign_in(await visit(None), "chen")
    async with picture_if_it_fails(desk, "desk"):
        await desk.keyboard.press("F2")
        await expect(desk).to_have_title(re.compile("入库"))
        states, gun = [], await scanner(desk)
        for row in accepted("01_yto_plain_utf8.csv") + accepted("07_joint_carrier_column.csv"):
            states.append(await scan(desk, gun, str(row["waybill"])))
            await expect(desk.locator("#answer .code")).to_have_text(re.compile(r"\d-\d-\d{5}$"))
        assert states.count("ok") > 40
        assert set(states) <= {"ok", "ask"}
        assert await scan(desk, gun, "YT4902191309648") == "again"

    waiting = await sql.rows("SELECT state FROM message")
    assert {row["state"] for row in waiting} == {"queued"}
    tomorrow = clock.today("Asia/Shanghai") + timedelta(days=1)
    with clock.at(clock.day_start("Asia/Shanghai", tomorrow) + timedelta(hours=12)):  # no quiet hours at noon
        await outbox.send_due(settings)
    async with picture_if_it_fails(desk, "messages"):
        await desk.goto("/messages?show=sent")
        await expect(desk.locator("main")).to_contain_text("取件码")

    for typed in await ways_to_find_four():
        async with picture_if_it_fails(desk, f"counter-{typed}"):
            await hand_out(desk, typed)
    assert (await sql.one("SELECT count(*) AS n FROM collection") or {})["n"] == 4


async def ways_to_find_four() -> list[str]:
    """Four people who pay nothing: found by code, waybill, phone tail and name."""
    rows = await sql.rows(
        "SELECT p.code, p.waybill, r.tail, r.name FROM parcel p JOIN recipient r ON r.id = p.recipient_id"
        " WHERE p.state = 'waiting' AND p.collect_fen = 0 AND p.cod_fen = 0 AND r.phone_kind = 'mobile'"
        " AND NOT p.needs_carrier ORDER BY p.id LIMIT 4"
    )
    return [rows[0]["code"], rows[1]["waybill"], rows[2]["tail"], rows[3]["name"]]


async def hand_out(page: Page, typed: str) -> None:
    """F3, type, Enter; then Enter in the empty box hands out what is ticked."""
    async with page.expect_navigation():  # the page before looks the same
        await page.keyboard.press("F3")
    await expect(page.locator("input[name=q]")).to_be_focused()
    await page.keyboard.insert_text(typed)
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-primary]").first).to_contain_text(re.compile("出库"))
    await asyncio.sleep(0.6)  # an Enter right behind a scan is the scanner's own, and ignored
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/counter\?done="))
    await expect(page.locator("main")).to_contain_text("撤销")
