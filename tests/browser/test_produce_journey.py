"""Eggs on their way out in a real browser, with nothing but the keyboard: packed, labelled, handed over, settled."""

import os
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.async_api import Page, expect

from couriers import delivery_news, number_pool, vans
from couriers.delivery_news import News
from station import clock
from station.db import sql
from tests.browser.chromium import PHONE, Visit
from tests.browser.desk import scanner
from tests.browser.test_journey import picture_if_it_fails
from tests.browser.test_printed_labels import read_by_a_scanner
from tests.couriers.test_packing import eggs_on_offer, ordered
from tests.village import Village

PICTURES = Path(__file__).parent / "journey"
# A quiet day, so that the tests stay short; ORDERS=500 tries the day before New Year.
ORDERS = int(os.environ.get("ORDERS", "40"))


async def settled(page: Page, heading: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(heading))
    await page.wait_for_load_state()


@pytest.mark.only_on("sqlite")  # the pages are the same on both; the acts behind them are tried on each
async def test_a_days_orders_leave_without_a_mouse(open_village: Village, visit: Visit) -> None:
    PICTURES.mkdir(exist_ok=True)
    listing = await eggs_on_offer(open_village, ORDERS * 30 + 300)
    await vans.put("县共配车", (), "17:00", by=open_village.wang)
    numbers = number_pool.numbers("YT9000000000001…YT9000000000600")
    await number_pool.fill("YTO", numbers, by=open_village.wang)
    for _ in range(ORDERS):
        await ordered(open_village, listing)

    page = await (await visit(open_village.chen)).new_page()
    async with picture_if_it_fails(page, "packing"):
        await page.goto("/")
        await page.keyboard.press("F8")
        await settled(page, "订单")
        await page.screenshot(path=PICTURES / "orders.png")
        await pack_one(page)
        await pack_the_rest(page)
    async with picture_if_it_fails(page, "labels"):
        await expect(page.locator(".sheet.waybill")).to_have_count(ORDERS - 1)
        await page.screenshot(path=PICTURES / "labels.png")
        printed = list(
            pypdfium2.PdfDocument(await page.pdf(prefer_css_page_size=True, print_background=True))
        )
        assert len(printed) == ORDERS - 1
        assert [read_by_a_scanner(sheet) for sheet in printed] == [[number] for number in numbers[1:ORDERS]]
    async with picture_if_it_fails(page, "handover"):
        await hand_over(page, numbers[:ORDERS])
    left = await sql.rows("SELECT state, count(*) AS n FROM orders GROUP BY state")
    assert left == [{"state": "handed_over", "n": ORDERS}]
    news = [News(number, "delivered", clock.now(), number) for number in numbers[:ORDERS]]
    await delivery_news.note_all(news, None, "webhook", by=open_village.chen)
    keeper = await (await visit(open_village.wang)).new_page()
    async with picture_if_it_fails(keeper, "settlement"):
        await settle(keeper)


async def pack_one(page: Page) -> None:
    """The weight typed, Enter: the next order follows by itself. The company with most numbers left is offered."""
    await page.goto("/packing")
    await expect(page.locator("input[name=weight]").first).to_be_focused()
    await page.keyboard.type("2.15")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("打好了。")
    await page.screenshot(path=PICTURES / "packing.png")


async def pack_the_rest(page: Page) -> None:
    await page.wait_for_load_state()
    await page.locator("#f-each").focus()
    await page.keyboard.type("2.15")
    await page.keyboard.press("Control+Enter")
    await settled(page, "寄件面单")


async def hand_over(page: Page, numbers: list[str]) -> None:
    await page.goto("/handovers")
    await page.locator("form[action='/handovers'] button").first.press("Enter")
    await expect(page).to_have_url(re.compile(r"/handovers/\d+$"))
    await page.wait_for_load_state()
    gun = await scanner(page)
    for number in numbers:
        await gun.scan(number)
        await expect(page.locator("#answer")).to_contain_text(number[-4:])
        await expect(page.locator("#answer")).to_have_attribute("data-state", "ok")
    await gun.scan(numbers[0])
    await expect(page.locator("#answer")).to_have_attribute("data-state", "again")
    await page.screenshot(path=PICTURES / "handover.png")
    trip = page.url
    await page.goto(f"{trip}/signatures")
    await page.locator("input[name=name]").focus()
    await page.keyboard.type("孙师傅")
    await page.locator("[value=paper]").first.press("Enter")
    await expect(page.locator("main")).to_contain_text("孙师傅")
    await page.screenshot(path=PICTURES / "signed.png")


async def settle(page: Page) -> None:
    """Every egg was sold for 1.60: the household gets all of it, as nothing else was agreed."""
    await page.goto("/settlements")
    await page.locator("form[method=post][action='/settlements'] button").first.press("Enter")
    await expect(page).to_have_url(re.compile(r"/settlements/\d+$"))
    await expect(page.locator("main")).to_contain_text(f"{ORDERS * 48}.00")
    await page.screenshot(path=PICTURES / "slip.png", full_page=True)


@pytest.mark.only_on("sqlite")
async def test_a_buyer_orders_on_a_phone(open_village: Village, visit: Visit) -> None:
    PICTURES.mkdir(exist_ok=True)
    listing = await eggs_on_offer(open_village, 60)
    phone = await (await visit(None, size=PHONE)).new_page()
    async with picture_if_it_fails(phone, "market"):
        await phone.goto(f"/market/qinghe/{listing}")
        await phone.screenshot(path=PICTURES / "market.png", full_page=True)
        await phone.locator("textarea[name=to]").fill(
            "周晓梅 13600002275 湖南省长沙市岳麓区桔子洲街道枫林路18号3栋502"
        )
        await phone.locator("#order button").press("Enter")
        await expect(phone).to_have_url(re.compile(r"/market/qinghe/orders/"))
        await phone.screenshot(path=PICTURES / "bought.png", full_page=True)
    # The language is the test's own cookie; the page sets none.
    assert {cookie["name"] for cookie in await phone.context.cookies()} == {"lang"}
    (order,) = await sql.rows("SELECT state, name, county FROM orders")
    assert order == {"state": "reserved", "name": "周晓梅", "county": "岳麓区"}
