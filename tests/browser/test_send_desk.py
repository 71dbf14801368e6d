"""The desk for sending in a real browser: what is pasted is taken apart, however early it came."""

import pytest
from playwright.async_api import Route, expect

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
