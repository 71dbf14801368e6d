"""Scripts and stylesheets: served under the hash of what they hold, small, and within the content security policy."""

import gzip
import re
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from station import assets
from station.paths import static_dir, templates_dir

SCRIPTS = sorted((static_dir() / "js").glob("*.js"))
# What a strict policy forbids, and what a browser on Windows 7 (Chrome 109) does not know.
FORBIDDEN = re.compile(
    r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|setAttribute\(\"(?:style|on)"
    r"|Promise\.withResolvers|Object\.groupBy|\.toSorted\(|Array\.fromAsync|AbortSignal\.any|^\s*(?:import|export) ",
    re.MULTILINE,
)


@pytest.fixture
def browser() -> httpx2.AsyncClient:
    app = Starlette(routes=list(assets.routes()))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://station.test")


@pytest.mark.parametrize("name", ["station.css", "sprite.svg", "htmx.min.js", "keys.js"])
async def test_an_asset_is_served_by_its_hash_and_kept_for_ever(
    browser: httpx2.AsyncClient, name: str
) -> None:
    packed = await browser.get(assets.url(name))
    plain = await browser.get(assets.url(name), headers={"accept-encoding": "identity"})
    assert packed.status_code == plain.status_code == 200
    assert packed.content == plain.content
    assert "immutable" in plain.headers["cache-control"]
    assert packed.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(plain.content)) < len(plain.content)


@pytest.mark.parametrize(
    "path",
    [
        "/static/keys.000000000000.js",
        "/static/keys.js",
        "/static/nothing.000000000000.js",
        "/static/..%2f..%2fsettings.000000000000.js",
        "/static/tokens.000000000000.py",
    ],
)
async def test_another_hash_or_another_file_is_not_there(browser: httpx2.AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


def test_every_asset_that_a_template_names_exists() -> None:
    named = {
        name
        for template in Path(templates_dir()).rglob("*.html")
        for name in re.findall(r"asset\(['\"]([\w.-]+)['\"]\)", template.read_text(encoding="utf-8"))
    }
    assert {"keys.js", "scan.js", "station.css"} <= named
    for name in named:
        assert assets.asset(name).plain


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_small_strict_and_old_enough(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert text.startswith("// "), "says first what it is for"
    assert '"use strict";' in text
    assert len(text.splitlines()) <= 150
    assert not FORBIDDEN.search(text)


def test_every_script_is_used() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in Path(templates_dir()).rglob("*.html"))
    assert [script.name for script in SCRIPTS if script.name not in pages] == []
