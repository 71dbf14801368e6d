"""A real Chromium for tests, and the application at a real address for it to visit."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, async_playwright, expect
from starlette.applications import Starlette

from station import doors
from station.actor import Actor

CHROMIUM = Path("/usr/bin/chromium")
INSTALLED = CHROMIUM.exists()
# Quiet: no sandbox as root, no GPU, nothing that calls home or outlives the page.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LAPTOP = (1366, 768)
PHONE = (390, 844)
# What is never seen fails after this long, in milliseconds: a busy machine is no failure.
PATIENCE = 60_000

Visit = Callable[..., Awaitable[BrowserContext]]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests; each takes a context of its own (`visit`)."""
    if not INSTALLED:
        pytest.skip(f"Chromium is not installed: {CHROMIUM} is missing")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def address(web: Starlette) -> AsyncIterator[str]:
    """Where the test's own application (`web`) listens: http://127.0.0.1:…"""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(web, lifespan="off", log_level="warning", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


@pytest.fixture
async def visit(chromium: Browser, address: str) -> AsyncIterator[Visit]:
    """`await visit(village.chen, size=PHONE, lang="en")`: a browser window signed in as her; None: a stranger."""
    async with AsyncExitStack() as windows:

        async def window(
            actor: Actor | None, *, size: tuple[int, int] = LAPTOP, lang: str = "zh_CN"
        ) -> BrowserContext:
            context = await chromium.new_context(
                base_url=address,
                viewport={"width": size[0], "height": size[1]},
                locale=lang.replace("_", "-"),
            )
            context.set_default_timeout(PATIENCE)
            windows.push_async_callback(context.close)
            cookies = {"lang": lang}
            if actor is not None:
                assert actor.account_id is not None
                cookies["station_session"] = await doors.open_session(actor.account_id, by=actor)
            for name, value in cookies.items():
                await context.add_cookies([{"name": name, "value": value, "url": address}])
            return context

        yield window
