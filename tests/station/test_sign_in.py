"""The sign-in page, the change of volunteer, and the cookie between them and the door."""

import re

import httpx2
import pytest
from starlette.applications import Starlette

from station import accounts, clock, guard
from station.pages.signin import own_path
from station.settings import Settings
from tests.station.visits import visit
from tests.village import PASSWORD, PIN, Browser, Village, found_village


async def sign_in(client: httpx2.AsyncClient, password: str = PASSWORD, **more: str) -> httpx2.Response:
    return await client.post("/sign-in", data={"login": "chen", "password": password, **more})


async def inside(client: httpx2.AsyncClient, address: str = "/more") -> bool:
    guard.forget()
    return (await client.get(address)).status_code == 200


async def test_signing_in_leads_to_the_first_page_with_a_cookie_that_scripts_cannot_read(
    web: Starlette, open_village: Village
) -> None:
    async with visit(web) as stranger:
        assert not await inside(stranger)
        answer = await sign_in(stranger)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("station_session=")
        assert {"httponly", "samesite=lax", "path=/", "max-age=50400"} <= set(cookie.split("; "))
        assert "secure" not in cookie
        assert await inside(stranger)
        again = await stranger.get("/sign-in")
        assert (again.status_code, again.headers["location"]) == (303, "/")


async def test_after_a_wrong_password_it_is_the_password_that_is_typed_again(
    web: Starlette, open_village: Village
) -> None:
    async with visit(web) as stranger:
        for answer, field in (
            (await stranger.get("/sign-in"), "login"),
            (await sign_in(stranger, "no"), "password"),
        ):
            (focused,) = re.findall(r"<input[^>]* autofocus", answer.text)
            assert f'name="{field}"' in focused


async def test_over_https_the_cookie_is_secure(
    web: Starlette, open_village: Village, settings: Settings
) -> None:
    web.state.settings = Settings(settings.data_dir, settings.database_url, base_url="https://station.test")
    async with visit(web) as stranger:
        assert "secure" in (await sign_in(stranger)).headers["set-cookie"].lower().split("; ")


async def test_a_courier_begins_with_the_manifests(web: Starlette, open_village: Village) -> None:
    async with visit(web) as stranger:
        answer = await stranger.post("/sign-in", data={"login": "liu", "password": PASSWORD})
        assert answer.headers["location"] == "/manifests"


async def test_six_wrong_passwords_end_in_a_sentence_that_says_how_long(
    web: Starlette, open_village: Village
) -> None:
    async with visit(web) as stranger:
        for _ in range(5):
            answer = await sign_in(stranger, "three-hens-fly")
            assert answer.status_code == 401
            assert "is not right" in answer.text
        for password in ("three-hens-fly", PASSWORD):
            answer = await sign_in(stranger, password)
            assert answer.status_code == 429
            assert "Wait 15 minutes" in answer.text
            assert 'value="chen"' in answer.text
            assert password not in answer.text
        with clock.later(minutes=16):
            assert (await sign_in(stranger)).status_code == 303


async def test_a_guessing_program_is_slowed_down_and_others_are_not(
    web: Starlette, open_village: Village
) -> None:
    async with visit(web) as program, visit(web) as neighbour:
        answers = [await program.post("/sign-in", data={"login": "x", "password": ""}) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [422] * 20 + [429]
        assert "Too many tries" in answers[-1].text
        assert (await sign_in(neighbour)).status_code == 303


async def test_nobody_is_led_elsewhere_after_signing_in(web: Starlette, open_village: Village) -> None:
    async with visit(web) as stranger:
        answer = await sign_in(stranger, next="/parcels?q=%E7%8E%8B&show=all")
        assert answer.headers["location"] == "/parcels?q=%E7%8E%8B&show=all"
        assert (await sign_in(stranger, next="//evil.test/")).headers["location"] == "/"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil",
        "/\\evil",
        "\\\\evil",
        "https://evil",
        "https:evil",
        "/\t/evil",
        "/\n/evil",
        "//[",
        "javascript:x",
        "evil",
        " /x",
        "/x\r\nset-cookie: a=b",
    ],
)
def test_only_a_path_of_this_site_is_gone_to(address: str) -> None:
    assert own_path(address) == ""


async def test_who_was_sent_to_sign_in_comes_back(web: Starlette, open_village: Village) -> None:
    async with visit(web) as stranger:
        sent = await stranger.get("/parcels?show=overdue")
        assert sent.status_code == 303
        page = await stranger.get(sent.headers["location"])
        assert 'value="/parcels?show=overdue"' in page.text


async def test_a_session_ends_with_the_shift_and_at_sign_out(open_village: Village, browse: Browser) -> None:
    client = await browse(open_village.chen)
    assert await inside(client)
    with clock.later(hours=15):
        assert not await inside(client)
    guard.forget()
    answer = await client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'station_session=""' in answer.headers["set-cookie"]
    client.cookies.clear()
    assert not await inside(client)


async def test_a_closed_account_and_a_new_password_end_the_session(
    open_village: Village, browse: Browser
) -> None:
    keeper = await browse(open_village.wang)
    for actor, noun, data in (
        (open_village.chen, "closings", {}),
        (open_village.li, "secrets", {"password": "four-hens-lay"}),
    ):
        client = await browse(actor)
        assert (await client.get("/more")).status_code == 200
        await keeper.post(f"/accounts/{actor.account_id}/{noun}", data=data)
        assert (await client.get("/more")).status_code == 303


async def test_the_pin_hands_the_laptop_over_and_signs_the_one_before_out(
    open_village: Village, browse: Browser
) -> None:
    chen = await browse(open_village.chen)
    before = dict(chen.cookies)
    page = await chen.get("/shift", headers={"accept-language": "en"})
    assert f'name="account_id" value="{open_village.li.account_id}"' in page.text
    for absent in (open_village.chen, open_village.wang, open_village.zhao):
        assert f'name="account_id" value="{absent.account_id}"' not in page.text
    wrong = await chen.post("/shift", data={"account_id": open_village.li.account_id, "pin": "0000"})
    assert wrong.status_code == 401
    answer = await chen.post("/shift", data={"account_id": open_village.li.account_id, "pin": PIN})
    assert answer.status_code == 303
    assert "李*" in (await chen.get("/")).text
    old = await browse(None)
    old.cookies.update(before)
    assert not await inside(old)


async def test_the_pin_opens_no_keepers_nor_another_stations_account(
    open_village: Village, browse: Browser
) -> None:
    other = await found_village("other", "邻村驿站")
    chen = await browse(open_village.chen)
    for account_id in (open_village.wang.account_id, other.li.account_id, 2**31 - 1):
        answer = await chen.post("/shift", data={"account_id": account_id, "pin": PIN})
        assert answer.status_code == 401
    assert (await chen.post("/shift", data={"account_id": 2**40, "pin": PIN})).status_code == 422


async def test_wrong_pins_lock_the_account(open_village: Village, browse: Browser) -> None:
    chen = await browse(open_village.chen)
    for pin in ["0000"] * accounts.MAX_FAILURES + [PIN]:
        answer = await chen.post("/shift", data={"account_id": open_village.li.account_id, "pin": pin})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "cookie", ["", "x", "1.x", "1." + "a" * 43, "99999999999." + "a" * 43, '"', "1.%00" * 9]
)
async def test_a_cookie_that_is_no_session_is_a_strangers(
    web: Starlette, open_village: Village, cookie: str
) -> None:
    async with visit(web, cookie=f"station_session={cookie}") as stranger:
        assert (await stranger.get("/")).status_code == 303
        assert (await stranger.get("/sign-in")).status_code == 200


async def test_the_language_is_the_cookies_or_else_the_browsers(
    web: Starlette, open_village: Village
) -> None:
    async with visit(web) as stranger:
        for wanted, cookie, lang, word in (
            ("en-GB,zh;q=0.5", "", "en", "Password"),
            ("zh-CN", "", "zh-CN", "密码"),
            ("fr", "", "zh-CN", "密码"),
            ("en", "zh_CN", "zh-CN", "密码"),
            ("zh", "en", "en", "Password"),
            ("en", "klingon", "en", "Password"),
        ):
            headers = {"accept-language": wanted, "cookie": f"lang={cookie}"}
            page = await stranger.get("/sign-in", headers=headers)
            assert page.headers["content-language"] == lang
            assert f'<html lang="{lang}"' in page.text
            assert word in page.text
            assert "Accept-Language" in page.headers["vary"]


async def test_preferences_are_kept_by_the_browser_and_lead_back(web: Starlette) -> None:
    async with visit(web) as stranger:
        answer = await stranger.post("/preferences", data={"lang": "zh_CN", "large": "1", "back": "/sign-in"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert (await stranger.get("/sign-in")).headers["content-language"] == "zh-CN"
        assert (await stranger.post("/preferences", data={"lang": "tlh"})).status_code == 422
        led = await stranger.post("/preferences", data={"lang": "en", "back": "//evil.test"})
        assert led.headers["location"] == "/"
