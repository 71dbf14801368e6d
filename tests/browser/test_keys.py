"""The keys of the counter in a real Chromium: what they press, and what they leave to those who type."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.desk import DESK, Desk, Scanner, scanner, serving, stop_the_clock, until

pytestmark = pytest.mark.only_on("sqlite")  # what the scripts do is the same on both

CODE = "YT4902191309648"
LIST = """<main><input id="name"><textarea id="text"></textarea>
<fieldset data-who><input type="radio" name="who" value="self" checked><input type="radio" name="who" value="proxy"></fieldset>
<ol data-rows><li><label><input type="checkbox" id="a">1</label></li><li><label><input type="checkbox" id="b">2</label></li></ol>
<button data-primary>出库</button><button data-undo>撤销</button><button data-print>打印</button><button data-finish>收工</button>
<button data-move>移库</button><button data-key="1">第一户</button><a id="link" href="/other">链接</a></main>"""
FORM = """<form method="post" action="/accounts" data-draft="account"><input name="login"><input type="checkbox" name="far">
<input name="password" type="password"><button>好</button></form>"""


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.pages |= {"/list": LIST, "/form": FORM, "/saved": '<p data-draft-done="account">存好了</p>'}
    return desk


@pytest.fixture
async def page(chromium: Browser, desk: Desk) -> AsyncIterator[Page]:
    async with serving(desk) as address:
        context = await chromium.new_context(base_url=address)
        # What is pressed and what sounds is written down; the browser says it no other way.
        await context.add_init_script(
            """window.pressed = []; window.tones = [];
            document.addEventListener("click", (event) => {
              pressed.push(...Object.keys(event.target.dataset)); }, true);
            const start = OscillatorNode.prototype.start;
            OscillatorNode.prototype.start = function (at) { tones.push(this.frequency.value); start.call(this, at); };"""
        )
        yield await context.new_page()
        await context.close()


@pytest.fixture
async def gun(page: Page) -> Scanner:
    return await scanner(page)


async def pressed(page: Page) -> list[str]:
    found: list[str] = await page.evaluate("pressed")
    return found


async def test_f2_goes_to_its_place(page: Page) -> None:
    await page.goto("/list")
    await page.keyboard.press("F2")
    await page.wait_for_url("**/today")


async def test_what_is_scanned_and_typed_before_the_page_of_an_f_key_is_there_reaches_its_box(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    desk.pages["/today"] = DESK
    typed = asyncio.Event()

    async def hold(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route("**/today", hold)
    await page.goto("/")
    await page.keyboard.press("F2")
    await gun.scan(CODE)
    await page.keyboard.type("48")
    typed.set()
    await page.wait_for_url("**/today")
    await until(lambda: desk.scanned == [CODE])
    await expect(page.locator("#scan")).to_have_value("48")
    await page.reload()
    await expect(page.locator("#scan")).to_have_value("")


async def test_keys_with_ctrl_press_what_carries_them(page: Page) -> None:
    await page.goto("/list")
    for key in ("Control+z", "Control+p", "Control+Enter", "Control+m"):
        await page.keyboard.press(key)
    assert await pressed(page) == ["undo", "print", "finish", "move"]


async def test_enter_presses_the_primary_button_but_not_while_somebody_types(page: Page) -> None:
    await page.goto("/list")
    await page.focus("#name")
    await page.keyboard.press("Enter")
    await page.focus("#text")
    await page.keyboard.press("Enter")
    assert await pressed(page) == []
    await page.focus("#a")
    await page.keyboard.press("Enter")
    assert await pressed(page) == ["primary"]


async def test_keys_in_a_field_belong_to_the_field(page: Page) -> None:
    await page.goto("/list")
    await page.type("#name", "1")
    await page.keyboard.press("Control+z")
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(450)
    assert await pressed(page) == []
    assert page.url.endswith("/list")


async def test_a_digit_counts_only_when_it_comes_alone(page: Page, gun: Scanner) -> None:
    await page.goto("/list")
    await gun.scan("21", ends="")
    await page.wait_for_timeout(450)
    assert await pressed(page) == []
    await page.keyboard.press("1")
    async with asyncio.timeout(60):
        while not await pressed(page):  # noqa: ASYNC110  the page has no event for it
            await asyncio.sleep(0.02)
    assert await pressed(page) == ["key"]


async def test_arrows_choose_who_and_walk_the_rows_and_space_ticks(page: Page) -> None:
    await page.goto("/list")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[value=proxy]")).to_be_checked()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    await expect(page.locator("#b")).to_be_checked()
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#a")).to_be_focused()


async def test_escape_clears_the_box_then_parks_the_question_then_goes_back(page: Page, gun: Scanner) -> None:
    await page.goto("/list")
    await page.goto("/")
    await gun.scan("ASK00000001")
    await expect(page.locator("[data-park]")).to_be_visible()
    await page.keyboard.type("7")
    await page.keyboard.press("Escape")
    await expect(page.locator("#scan")).to_have_value("")
    await expect(page.locator("#answer")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#answer")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.wait_for_url("**/list")


async def test_a_choice_is_made_by_its_digit_and_leaves_the_box_empty(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    await page.goto("/")
    await gun.scan("ASK00000001")
    await expect(page.locator("[data-key='2']")).to_be_visible()
    await page.wait_for_timeout(400)
    await page.keyboard.press("2")
    await until(lambda: len(desk.received) == 2)
    assert desk.received[1]["carrier"] == "ZTO"
    await expect(page.locator("#scan")).to_have_value("")


async def test_a_digit_never_answers_the_question_of_another_parcel(
    page: Page, desk: Desk, gun: Scanner
) -> None:
    await stop_the_clock(page)
    await gun.scan("ASK00000001")
    await expect(page.locator("#answer")).to_contain_text("ASK00000001")
    desk.open.clear()
    await gun.scan("ASK00000002")
    await page.clock.run_for(400)
    await page.keyboard.press("2")
    desk.open.set()
    await expect(page.locator("#answer")).to_contain_text("ASK00000002")
    await page.clock.run_for(450)
    assert await page.evaluate("scanQueue.items()") == []
    assert desk.scanned == ["ASK00000001", "ASK00000002"]
    assert len(desk.received) == 2


async def test_ctrl_z_takes_the_last_scan_back(page: Page, desk: Desk, gun: Scanner) -> None:
    await page.goto("/")
    await gun.scan(CODE)
    await expect(page.locator("[data-undo]")).to_be_visible()
    await page.keyboard.press("Control+z")
    await until(lambda: len(desk.received) == 2)
    assert desk.received[1]["path"].endswith(f"/{desk.received[0]['scan_id']}/undos")
    await expect(page.locator("#answer")).to_contain_text("/undos")


async def test_enter_right_after_a_scan_presses_nothing(page: Page, desk: Desk, gun: Scanner) -> None:
    desk.pages["/"] += '<button type="button" data-primary>打印</button>'
    await page.goto("/")
    await gun.scan(CODE, ends="\r\n")
    await until(lambda: len(desk.received) == 1)
    assert "primary" not in await pressed(page)
    await page.wait_for_timeout(450)
    await page.keyboard.press("Enter")
    assert "primary" in await pressed(page)


async def test_answers_sound_by_their_rhythm_until_they_are_switched_off(page: Page, gun: Scanner) -> None:
    await page.goto("/")
    await page.click("#scan")
    await gun.scan(CODE)
    await expect(page.locator("#answer")).to_have_attribute("data-state", "ok")
    await gun.scan("6901234567892")
    await expect(page.locator("#answer")).to_have_attribute("data-state", "refuse")
    assert await page.evaluate("tones") == [660, 990, 175]
    await page.click("[data-switch=sound]")
    await page.reload()
    await expect(page.locator("[data-switch=sound]")).to_have_attribute("aria-pressed", "false")
    await gun.scan(CODE)
    await expect(page.locator("#answer")).to_contain_text(CODE)
    assert await page.evaluate("tones") == []


async def test_a_draft_lives_until_the_form_is_answered_and_holds_no_secret(page: Page, desk: Desk) -> None:
    await page.goto("/form")
    await page.fill("[name=login]", "li2")
    await page.check("[name=far]")
    await page.fill("[name=password]", "three-hens-lay")
    await page.goto("/list")
    await page.goto("/form")
    await expect(page.locator("[name=login]")).to_have_value("li2")
    await expect(page.locator("[name=far]")).to_be_checked()
    await expect(page.locator("[name=password]")).to_have_value("")
    assert "three-hens-lay" not in await page.evaluate("JSON.stringify({...sessionStorage})")
    await page.goto("/saved")
    await page.goto("/form")
    await expect(page.locator("[name=login]")).to_have_value("")


async def test_the_page_that_answers_a_form_ends_its_draft(page: Page) -> None:
    await page.goto("/form")
    await page.fill("[name=login]", "li2")
    await page.click("button")
    await page.wait_for_load_state("load")
    await expect(page.locator("[name=login]")).to_have_value("")


async def test_a_draft_outlives_the_end_of_a_session(page: Page, desk: Desk) -> None:
    desk.accounts_lead_to = "/sign-in"
    desk.pages["/sign-in"] = '<a id="next" href="/form">登录</a>'
    await page.goto("/form")
    await page.fill("[name=login]", "li2")
    await page.click("button")
    await page.wait_for_url("**/sign-in")
    await page.click("#next")
    await expect(page.locator("[name=login]")).to_have_value("li2")
