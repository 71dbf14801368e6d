"""The scan box in a real Chromium: whatever the scanner, the input method and the connection do, each scan arrives once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import Visit
from tests.browser.desk import Desk, Scanner, scanner, serving, stop_the_clock, until
from tests.village import Village

pytestmark = pytest.mark.only_on("sqlite")  # what the scripts do is the same on both

CODE = "YT4902191309648"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def page(chromium: Browser, desk: Desk) -> AsyncIterator[Page]:
    async with serving(desk) as address:
        context = await chromium.new_context(base_url=address)
        opened = await context.new_page()
        faults: list[str] = []
        opened.on("pageerror", lambda error: faults.append(str(error)))
        await opened.goto("/")
        yield opened
        await context.close()
        assert faults == []


@pytest.fixture
async def gun(page: Page) -> Scanner:
    return await scanner(page)


async def test_a_scan_is_answered_and_leaves_the_box_empty(page: Page, desk: Desk, gun: Scanner) -> None:
    await gun.scan(CODE)
    await expect(page.locator("#answer")).to_contain_text(CODE)
    await expect(page.locator("#scan")).to_have_value("")
    await expect(page.locator("#scan")).to_be_focused()
    await expect(page.locator(".ear")).to_have_text("正在听")
    [sent] = desk.received
    assert (sent["scanned"], sent["manifest"], sent["hx"]) == (CODE, "7", "true")
    assert len(sent["scan_id"]) == 32


@pytest.mark.parametrize("ends", ["", "\r\n"], ids=["no Enter", "CR and LF"])
async def test_a_scan_may_end_in_no_enter_or_in_two(page: Page, desk: Desk, gun: Scanner, ends: str) -> None:
    await gun.scan(CODE, ends=ends)
    await expect(page.locator("#answer")).to_contain_text(CODE)
    assert desk.scanned == [CODE]


async def test_a_laptop_that_pauses_amid_a_code_does_not_cut_it(page: Page, desk: Desk, gun: Scanner) -> None:
    await stop_the_clock(page)
    await gun.scan(CODE)
    await gun.scan("ZT0000000001", pause=lambda: page.clock.run_for(600))
    await until(lambda: desk.scanned == [CODE, "ZT0000000001"])


async def test_a_scan_is_heard_though_the_focus_is_elsewhere(page: Page, desk: Desk, gun: Scanner) -> None:
    await page.focus("[data-switch=sound]")
    await gun.scan(CODE)
    await until(lambda: desk.scanned == [CODE])
    await expect(page.locator("[data-switch=sound]")).to_have_attribute("aria-pressed", "true")


async def test_a_scan_leaves_what_was_typed_in_another_field(page: Page, desk: Desk, gun: Scanner) -> None:
    await page.fill("#note", "1390000")
    await gun.scan(CODE)
    await until(lambda: desk.scanned == [CODE])
    await expect(page.locator("#note")).to_have_value("1390000")


async def test_a_scan_through_a_chinese_input_method_arrives_whole(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    await gun.scan(CODE, ime=True)
    await expect(page.locator("#answer")).to_contain_text(CODE)
    assert desk.scanned == [CODE]
    await expect(page.locator("#scan")).to_have_value("")


async def test_full_width_digits_are_digits(page: Page, desk: Desk, gun: Scanner) -> None:
    await gun.scan("７７３１２３４５６７８９０１２")
    await until(lambda: desk.scanned == ["773123456789012"])


async def test_a_number_typed_by_hand_is_taken_with_enter(page: Page, desk: Desk) -> None:
    await page.type("#scan", CODE, delay=60)
    assert desk.scanned == []
    await page.keyboard.press("Enter")
    await until(lambda: desk.scanned == [CODE])


async def test_a_key_held_down_is_no_scan(page: Page, desk: Desk, gun: Scanner) -> None:
    await gun.scan("1" * 12, ends="", held=True)
    await page.wait_for_timeout(500)
    assert desk.scanned == []


async def test_a_double_trigger_is_one_scan(page: Page, desk: Desk, gun: Scanner) -> None:
    await stop_the_clock(page)
    desk.open.clear()
    await gun.scan(CODE)
    await gun.scan(CODE)
    await gun.scan("ZT0000000001")
    desk.open.set()
    await until(lambda: "ZT0000000001" in desk.scanned)
    assert desk.scanned == [CODE, "ZT0000000001"]


async def test_the_same_code_after_its_answer_is_a_scan_again(page: Page, desk: Desk, gun: Scanner) -> None:
    for times in (1, 2):
        await gun.scan(CODE)
        await until(lambda: len(desk.received) == times)  # noqa: B023
        await expect(page.locator("#side")).to_have_text(str(times))
    assert desk.received[0]["scan_id"] != desk.received[1]["scan_id"]


async def test_sixty_scans_in_a_row_arrive_once_and_in_order(page: Page, desk: Desk, gun: Scanner) -> None:
    codes = [f"YT{number:013}" for number in range(60)]
    for code in codes:
        await gun.scan(code)
    await until(lambda: len(desk.received) >= 60)
    assert desk.scanned == codes
    await expect(page.locator("#answer")).to_contain_text(codes[-1])


async def test_a_refused_scan_stays_in_the_box_and_the_next_one_replaces_it(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    await gun.scan("6901234567892")
    await expect(page.locator("#answer")).to_have_attribute("data-state", "refuse")
    await expect(page.locator("#scan")).to_have_value("6901234567892")
    await gun.scan(CODE)
    await until(lambda: desk.scanned == ["6901234567892", CODE])
    await expect(page.locator("#scan")).to_have_value("")


async def test_scans_wait_for_the_station_and_say_so(page: Page, desk: Desk, gun: Scanner) -> None:
    desk.status = 503
    await gun.scan(CODE)
    await expect(page.locator("#answer")).to_contain_text("断网了，已存在本机")
    await gun.scan("ZT0000000001")
    count = page.locator("[data-count=offline]")
    await expect(count.locator("b")).to_have_text("2")
    await expect(count).to_have_attribute("data-level", "ask")
    desk.status = 200
    await until(lambda: desk.scanned == [CODE, "ZT0000000001"])
    await expect(count.locator("b")).to_have_text("0")
    await expect(count).to_have_attribute("data-level", "calm")


async def test_a_lost_connection_ends_when_the_browser_says_so(page: Page, desk: Desk, gun: Scanner) -> None:
    await page.context.set_offline(True)
    for code in (CODE, "ZT0000000001", "ZT0000000002", "ZT0000000003"):
        await gun.scan(code)
        await expect(page.locator("#answer")).to_contain_text("断网了")
    await page.context.set_offline(False)
    await until(lambda: len(desk.received) == 4)
    assert len({sent["scan_id"] for sent in desk.received}) == 4


async def test_a_full_queue_survives_a_reload_and_is_sent_from_any_page(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    desk.status = 503
    codes = [f"YT{number:013}" for number in range(5)]
    for code in codes:
        await gun.scan(code)
    await page.reload()
    await expect(page.locator("[data-count=offline] b")).to_have_text("5")
    desk.status = 200
    await page.goto("/today")
    await until(lambda: desk.scanned == codes)


async def test_a_hotspots_own_page_is_no_answer(page: Page, desk: Desk, gun: Scanner) -> None:
    desk.hotspot = True
    await gun.scan(CODE)
    await expect(page.locator("#answer")).to_contain_text("断网了")
    desk.hotspot = False
    await until(lambda: desk.scanned == [CODE])


async def test_a_scan_that_breaks_the_program_does_not_keep_the_others_waiting(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    desk.broken_by = CODE
    await gun.scan(CODE)
    await gun.scan("ZT0000000001")
    await gun.scan("ZT0000000002")
    await until(lambda: desk.scanned == ["ZT0000000001", "ZT0000000002"])
    await expect(page.locator("[data-count=offline] b")).to_have_text("1")


async def test_after_the_shift_scans_are_kept_until_somebody_signs_in(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    desk.status = 401
    await gun.scan(CODE)
    await expect(page.locator("#answer a")).to_have_attribute("href", "/sign-in")
    await expect(page.locator("[data-count=offline] b")).to_have_text("1")
    desk.status = 200
    await page.reload()
    await until(lambda: desk.scanned == [CODE])


async def test_an_answer_to_a_parked_question_does_not_cover_the_next_parcel(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    await gun.scan("ASK00000001")
    await expect(page.locator("[data-key='2']")).to_be_visible()
    desk.open.clear()
    await gun.scan(CODE)
    await page.wait_for_timeout(400)
    await page.keyboard.press("2")
    async with asyncio.timeout(60):
        while await page.evaluate("scanQueue.items().length") < 2:  # noqa: ASYNC110  the page has no event for it
            await asyncio.sleep(0.02)
    desk.open.set()
    await until(lambda: len(desk.received) == 3)
    assert desk.received[2]["path"].endswith("/answers")
    assert desk.received[2]["carrier"] == "ZTO"
    await expect(page.locator("#side")).to_have_text("3")
    await expect(page.locator("#answer")).to_contain_text(CODE)


async def test_the_real_desk_checks_a_scan_in(visit: Visit, open_village: Village) -> None:
    page = await (await visit(open_village.chen)).new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    await page.goto("/checkins")
    gun = await scanner(page)
    await gun.scan(CODE)
    answer = page.locator("#answer[data-state=ok], #answer[data-state=ask]")
    await expect(answer.locator(".plate").first).to_be_visible()
    await gun.scan(CODE)
    await expect(page.locator("#answer")).to_have_attribute("data-state", "again")
    assert refused == []


async def test_at_the_real_counter_a_scan_searches(visit: Visit, open_village: Village) -> None:
    page = await (await visit(open_village.chen)).new_page()
    await page.goto("/counter")
    await (await scanner(page)).scan("48215")
    await page.wait_for_url("**/counter?q=48215")
