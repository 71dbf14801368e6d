"""The shield around every answer: headers, other sites' requests, and bodies that are too large."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from station import doors
from station.settings import Settings
from station.shield import SECURITY_HEADERS
from tests.station.visits import visit
from tests.village import PASSWORD, Browser, Village

TOO_LARGE = 21 * 1024 * 1024
FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'


def test_the_policy_allows_no_inline_code_and_no_frames() -> None:
    policy = SECURITY_HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy


async def test_every_answer_is_shielded(web: Starlette, open_village: Village, browse: Browser) -> None:
    client, style = await browse(open_village.chen), web.state.pages.env.globals["asset"]("station.css")
    for address, status in (
        ("/", 200),
        ("/api/v1/parcels?q=x", 200),
        ("/nowhere", 404),
        ("/settings", 403),
        ("/healthz", 200),
        (style, 200),
        ("/static/nothing.css", 404),
    ):
        answer = await client.get(address)
        assert answer.status_code == status, address
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value, (address, name)
        stored = "immutable" if address == style else "no-store"
        assert stored in answer.headers["cache-control"], address


@pytest.mark.parametrize(
    ("headers", "crosses"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://station.test"}, True),
        ({"origin": "https://evil.test"}, True),
        ({"origin": "http://station.test.evil.test"}, True),
        ({"origin": "http://station.test:8000"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://["}, True),
        ({"origin": "null", "authorization": "Basic d2FuZzp3YW5n"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://station.test"}, False),
        ({}, False),
    ],
)
async def test_a_form_on_another_site_changes_nothing_here(
    web: Starlette, open_village: Village, headers: dict[str, str], crosses: bool
) -> None:
    key = await doors.open_session(open_village.chen.account_id or 0, by=open_village.chen)
    async with visit(web) as client:
        client.headers.update({"cookie": f"station_session={key}", **headers})
        for address in ("/preferences", "/sign-in"):
            answer = await client.post(address, data={"login": "chen", "password": "x"})
            assert (answer.status_code == 403) is crosses, address
            if crosses:
                assert "another site" in answer.text
        answer = await client.post("/api/v1/waybills", json={"raw": []})
        if crosses:
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        else:
            assert answer.status_code == 200
        assert (await client.get("/more")).status_code == 200


async def test_behind_a_proxy_the_pages_own_address_is_ours(
    web: Starlette, open_village: Village, settings: Settings
) -> None:
    web.state.settings = Settings(settings.data_dir, settings.database_url, base_url="https://qinghe.test")
    async with visit(web, origin="https://qinghe.test") as stranger:
        answer = await stranger.post("/sign-in", data={"login": "chen", "password": PASSWORD})
    assert answer.status_code == 303


async def test_a_program_with_a_token_may_come_from_anywhere(web: Starlette, open_village: Village) -> None:
    token = await doors.make_token(open_village.chen.account_id or 0, by=open_village.wang)
    headers = {"authorization": f"bearer {token}", "origin": "https://carrier.test"}
    async with visit(web, sec_fetch_site="cross-site") as program:
        program.headers.update(headers)
        assert (await program.post("/api/v1/waybills", json={"raw": []})).status_code == 200


async def large() -> AsyncIterator[bytes]:
    """A file whose length nobody has said beforehand."""
    yield FILE
    for _ in range(TOO_LARGE // 65536):
        yield bytes(65536)


async def test_a_body_beyond_the_bound_is_refused_in_our_words(
    open_village: Village, browse: Browser
) -> None:
    client = await browse(open_village.liu)
    for content in (FILE + bytes(TOO_LARGE), large()):
        answer = await client.post("/api/v1/waybills", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    form = {"content-type": "multipart/form-data; boundary=x", "accept-language": "en"}
    answer = await client.post("/manifests", content=large(), headers=form)
    assert answer.status_code == 413
    assert "at most 20 MB" in answer.text


async def test_on_a_real_server_too_large_a_file_gets_its_sentence(
    settings: Settings, open_village: Village, web: Starlette
) -> None:
    key = await doors.open_session(open_village.liu.account_id or 0, by=open_village.liu)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # The application of the test runs already; the server has no lifespan of its own.
        config = uvicorn.Config(web, lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        headers = {"accept-language": "en", "cookie": f"station_session={key}"}
        async with httpx2.AsyncClient(base_url=address, headers=headers, timeout=20) as client:
            for path, words in (("/manifests", "at most 20 MB"), ("/api/v1/manifests", "too_large")):
                for content in (FILE + bytes(TOO_LARGE), large()):
                    kind = {"content-type": "multipart/form-data; boundary=x"}
                    answer = await client.post(path, content=content, headers=kind)
                    assert answer.status_code == 413
                    assert words in answer.text
                    assert "content-security-policy" in answer.headers
        server.should_exit = True
        await serving
