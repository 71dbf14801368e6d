"""The desk for sending in a real browser: what is pasted is taken apart, however early it came."""

import asyncio
from contextlib import suppress

import pytest
from playwright.async_api import APIResponse, Error, Route, expect

from station.residents import ResidentIn, keep
from tests.browser.chromium import Visit
from tests.couriers.test_send_page import UNSURE
from tests.village import Village


@pytest.mark.only_on("sqlite")
async def test_a_text_pasted_before_the_scripts_run_shows_its_doubts_and_ctrl_s_asks_for_a_picture(
    open_village: Village, visit: Visit
) -> None:
    page = await (await visit(open_village.chen)).new_page()

    async def paste_first(route: Route) -> None:
        await page.locator("#f-paste").fill(UNSURE)
        await route.continue_()

    await page.route("**/htmx*.js", paste_first)
    await page.goto("/send")
    await expect(page.locator("[name=sure]").first).to_be_visible()
    await expect(page.locator("#f-paste")).to_have_value(UNSURE)
    async with page.expect_file_chooser():
        # Keys reach the page by another way than the wish to be told, and may come first: one round trip on the slower way.
        await page.evaluate("0")
        await page.keyboard.press("Control+s")


@pytest.mark.only_on("sqlite")
async def test_an_answer_that_comes_late_does_not_take_the_chosen_sender_back(
    open_village: Village, visit: Visit
) -> None:
    chosen = await keep(ResidentIn("何秀莲", phones=("13900007720",)), by=open_village.wang)
    page = await (await visit(open_village.chen)).new_page()
    await page.goto("/send")
    await page.locator("#f-sender_name").fill("hxl")
    await expect(page.locator("#send-people input")).to_have_count(2)
    late: asyncio.Future[tuple[Route, APIResponse]] = asyncio.get_running_loop().create_future()

    async def hold(route: Route) -> None:
        if late.done():
            await route.continue_()
        else:
            late.set_result((route, await route.fetch()))

    await page.route("**/send", hold)
    await page.keyboard.press("Tab")
    route, answer = await late
    await page.locator("#r-0").focus()
    await page.keyboard.press("ArrowUp")
    with suppress(Error):  # nobody waits for it any more
        await route.fulfill(response=answer)
    await expect(page.locator("#send-quotes")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    value = await page.locator("[name=resident_id]:checked").get_attribute("value")
    assert value == str(chosen)
