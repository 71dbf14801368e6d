"""An imitation of the check-in desk for the scripts: the pages' contract, and a station that fails when it is told to."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

import uvicorn
from playwright.async_api import CDPSession, Page
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from station import assets
from station.shield import Shield

CHOICES = """<form method="post" action="/checkins/{scan}/answers" data-fragment>
<button name="carrier" value="YTO" data-key="1">圆通</button><button name="carrier" value="ZTO" data-key="2">中通</button>
</form><p data-park>再扫</p>"""
UNDO = (
    '<form method="post" action="/checkins/{scan}/undos" data-fragment><button data-undo>撤销</button></form>'
)
DESK = """<h1>入库</h1>
<form id="scan-form" action="/checkins" method="post" data-queue>
<input id="scan" name="scanned" data-scan autofocus autocomplete="off"><input type="hidden" name="scan_id">
<input type="hidden" name="manifest" value="7"><span class="ear" data-listening="正在听" data-lost="点这里再扫" hidden></span>
</form>
<input id="note" name="note"><section id="answer" data-state=""></section><aside id="side"></aside>
<button type="button" data-switch="sound" aria-pressed="true">声音</button>
<button type="button" data-switch="voice" aria-pressed="true">念</button>
<template id="offline-answer"><section id="answer" data-state="ok">断网了，已存在本机</section></template>
<template id="signin-answer"><section id="answer" data-state="ask"><a href="/sign-in">请再登录</a></section></template>"""


@dataclass
class Desk:
    """`status`: what it answers to every scan, 200 if nothing is the matter; `open` cleared: it hangs."""

    status: int = 200
    hotspot: bool = False
    broken_by: str = ""
    accounts_lead_to: str = "/form"
    received: list[dict[str, str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    pages: dict[str, str] = field(default_factory=lambda: {"/": DESK})

    def __post_init__(self) -> None:
        self.open.set()

    @property
    def scanned(self) -> list[str]:
        return [sent["scanned"] for sent in self.received if "scanned" in sent]

    async def page(self, request: Request) -> Response:
        # The sign-in page has no scripts.
        signs_in = request.url.path == "/sign-in"
        names = () if signs_in else ("typed_ahead", "keys", "queue", "drafts", "scan", "checkin", "sounds")
        scripts = "".join(f'<script src="{assets.url(name + ".js")}" defer></script>' for name in names)
        # Two places of the signboard, and the count that is never hidden.
        bar = '<a href="/today" data-fkey="F2">入库</a><span data-count="offline" data-level="calm"><b>0</b></span>'
        body = self.pages.get(request.url.path, "<h1>别的</h1>")
        return HTMLResponse(
            f'<!doctype html><html lang="zh-CN"><head><title>驿站</title>{scripts}</head><body>{bar}{body}</body></html>'
        )

    async def take(self, request: Request) -> Response:
        await self.open.wait()
        form = {name: str(value) for name, value in (await request.form()).items()}
        text = form.get("scanned", "")
        if self.hotspot:
            return HTMLResponse("<h1>请先登录无线网</h1>")
        if self.status != 200 or (self.broken_by and text == self.broken_by):
            return HTMLResponse(
                '<section id="answer">故障</section>', self.status if self.status != 200 else 500
            )
        self.received.append({"path": request.url.path, "hx": request.headers.get("hx-request", ""), **form})
        return self._answer(request.url.path, text, form.get("scan_id", ""))

    async def accounts(self, request: Request) -> Response:
        return RedirectResponse(self.accounts_lead_to, 303)

    def _answer(self, path: str, text: str, scan: str) -> Response:
        state, inside = "ok", UNDO.format(scan=escape(scan))
        if text.startswith("ASK"):
            state, inside = "ask", CHOICES.format(scan=escape(scan))
        elif text.startswith("69"):
            state, inside = "refuse", "商品码"
        answer = f'<section id="answer" data-state="{state}" data-say="三架">{escape(text or path)}{inside}</section>'
        side = f'<aside id="side">{len(self.received)}</aside>'
        return HTMLResponse(answer + side, 422 if state == "refuse" else 200)


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[str]:
    """The desk behind the real shield (its content security policy above all) and the real assets."""
    routes = [
        *assets.routes(),
        Route("/accounts", desk.accounts, methods=["POST"]),
        Route("/{path:path}", desk.page, methods=["GET"]),
        Route("/{path:path}", desk.take, methods=["POST"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Shield, max_body=65536)])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning", ws="none"))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        desk.open.set()
        server.should_exit = True
        await task


@dataclass
class Scanner:
    """A wedge scanner: types 2 ms a key, by the keyboard's own clock, however busy this machine is."""

    keyboard: CDPSession
    clock: float = 0.0

    async def scan(
        self,
        text: str,
        *,
        ends: str = "\r",
        ime: bool = False,
        pause: Callable[[], Awaitable[None]] | None = None,
        held: bool = False,
    ) -> None:
        """`ends`: what it sends after the code; `pause`: what the laptop does amid it, while the keys wait; `held`: no
        scanner at all, but a key that somebody holds down."""
        strokes = [self._ime_stroke(char) if ime else _stroke(char) for char in text + ends]
        strokes = [{**stroke, "autoRepeat": held} for stroke in strokes]
        self.clock = max(self.clock + 0.05, time.time())
        amid = 10 if pause else len(strokes)
        await self._type(strokes[:amid], ime)
        if pause:
            await pause()
        await self._type(strokes[amid:], ime)

    async def _type(self, strokes: list[dict[str, Any]], ime: bool) -> None:
        sends = []
        for stroke in strokes:
            self.clock += 0.002
            sends.append(self.keyboard.send("Input.dispatchKeyEvent", {**stroke, "timestamp": self.clock}))
            if ime and stroke["code"].startswith("Key"):
                pinyin = {"text": "y't", "selectionStart": 3, "selectionEnd": 3}
                sends.append(self.keyboard.send("Input.imeSetComposition", pinyin))
        await asyncio.gather(*sends)

    @staticmethod
    def _ime_stroke(char: str) -> dict[str, Any]:
        stroke = {**_stroke(char), "type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
        return {name: value for name, value in stroke.items() if name != "text"}


async def scanner(page: Page) -> Scanner:
    return Scanner(await page.context.new_cdp_session(page))


def _stroke(char: str) -> dict[str, Any]:
    plain = char.upper()
    code = (
        f"Digit{char}" if char.isascii() and char.isdigit() else f"Key{plain}" if char.isalpha() else "Minus"
    )
    if char in "\r\n":
        return {"type": "keyDown", "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
    shift = 8 if char.isupper() else 0
    key_code = ord(plain) if plain.isascii() else 0
    return {
        "type": "keyDown",
        "key": char,
        "code": code,
        "text": char,
        "modifiers": shift,
        "windowsVirtualKeyCode": key_code,
    }


async def stop_the_clock(page: Page) -> None:
    """From here on the page's own clock goes only when the test says so, however slow this machine is."""
    await page.clock.install()
    await page.goto("/")
    await page.clock.pause_at(time.time() + 60)


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what the station sees; fails after `seconds`."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  the station under test is this process, and has no event for everything
            await asyncio.sleep(0.01)
