"""Every page as it is shown: no accessibility fault (axe), nothing wider than the window, no fault in the console."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from couriers import manifests, sending_demo
from couriers.checkin import ScanIn, check_in
from pickup.collection import HandOut, collect
from station import areas, order_imports, produce_demo
from station.db import Database
from tests.browser.chromium import LAPTOP, PHONE, Visit
from tests.browser.test_journey import SAMPLES
from tests.databases import Databases, NewDatabase
from tests.village import Founded, Village

Size = tuple[int, int]
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What may differ between two sizes of one page; the rest is asked once, contrast too (three quarters of axe's time).
OF_THE_SIZE = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}

PAGES = {
    None: ["/sign-in", "/nowhere", "/market/qinghe", "/market/qinghe/1", "/market/qinghe/99"],
    "chen": [
        "/",
        "/checkins",
        "/checkins?scan=ok",
        "/checkins?scan=again",
        "/checkins?scan=carrier",
        "/checkins?scan=person",
        "/questions",
        "/counter",
        "/counter?q=7396",
        "/counter?q=99999",
        "/parcels",
        "/parcels/1",
        "/parcels/2",
        "/shelves",
        "/shelves/slots/1-1-1",
        "/messages",
        "/manifests",
        "/manifests/1",
        "/manifests/1?rows=all",
        "/labels",
        "/more",
        "/shift",
        "/account",
        "/parcels/999",
        "/residents",
        "/residents/1",
        "/send",
        "/consignments",
        "/consignments/1",
        "/consignments/1/label",
        "/consignments/1/receipt",
        "/rounds",
        "/packing",
        "/packing/pick-list",
        "/handovers",
        "/handovers/1",
        "/handovers/1/sheet",
        "/deliveries",
        "/claims",
        "/claims/1",
        "/products",
        "/lots",
        "/lots/new",
        "/lots/1",
        "/lots/1/label",
        "/listings",
        "/listings/1",
        "/listings/1/poster",
        "/orders",
        "/orders/new",
        "/orders/1",
        "/orders/imports",
        "/orders/imports/1",
        "/orders/chats",
        "/wishes",
    ],
    "wang": [
        "/settings",
        "/accounts",
        "/waybill-rules",
        "/shelves",
        "/more",
        "/residents/1",
        "/agreements",
        "/vans",
        "/tariffs",
        "/wishes",
        "/ledger",
        "/payouts",
        "/settlements",
        "/settlements/1",
        "/settlements/list",
    ],
    "liu": ["/manifests", "/manifests/1", "/more", "/deliveries"],
    "zhao": ["/", "/messages", "/parcels", "/manifests", "/orders", "/packing", "/consignments"],
}


async def live_in(village: Village, folder: Path) -> None:
    """Something on every page: a manifest, each kind of answer, a collection."""
    data = (SAMPLES / "01_yto_plain_utf8.csv").read_bytes()
    await manifests.receive(data, "01.csv", "YTO", by=village.liu, folder=folder)
    for scan_id, scanned in (
        ("ok", "YT4902191309648"),
        ("again", "YT4902191309648"),
        ("carrier", "605675152138"),
        ("person", "YT2805316718361"),
        ("gone", "YT3291589769230"),
    ):
        await check_in(ScanIn(scan_id, scanned), by=village.chen)
    await collect(HandOut("gone", (4,)), by=village.chen)
    await produce_demo.market_day(village.id)
    await sending_demo.outbound(village.id)
    export = SAMPLES.parent / "orders" / "youzan_order_items.csv"
    await order_imports.receive(export.read_bytes(), "youzan.csv", by=village.chen)


@pytest.fixture(scope="module")
async def busy(databases: Databases, qinghe: Founded, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of a village in which much has happened, to be copied."""
    url = await databases.new(qinghe.template)
    async with Database(url, areas.apps()):
        await live_in(qinghe.again(), tmp_path_factory.mktemp("uploads"))
    return url


@pytest.fixture
async def database_url(new_database: NewDatabase, busy: str) -> str:
    return await new_database(busy)


async def barriers(page: Page, rules: dict[str, object]) -> list[str]:
    """What axe finds."""
    results = await Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


async def too_wide(page: Page) -> list[str]:
    """What sticks out of the window to the right."""
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{wide} px wider than the window"] if wide > 0 else []


@pytest.mark.only_on("sqlite")  # the pages are the same on both
@pytest.mark.parametrize("who", list(PAGES), ids=str)
@pytest.mark.parametrize(
    ("size", "other", "lang", "rules"), [(LAPTOP, PHONE, "zh_CN", RULES), (PHONE, LAPTOP, "en", OF_THE_SIZE)]
)
async def test_every_page_can_be_used_by_everybody(
    open_village: Village,
    visit: Visit,
    who: str | None,
    size: Size,
    other: Size,
    lang: str,
    rules: dict[str, object],
) -> None:
    """The width is asked in both sizes and both languages."""
    window = await visit(open_village.people[who] if who else None, size=size, lang=lang)
    page = await window.new_page()
    console: list[str] = []
    page.on("console", lambda said: console.append(said.text) if said.type in ("error", "warning") else None)
    found: dict[str, list[str]] = {}
    for path in PAGES[who]:
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status < 500, path
        wrong = await barriers(page, rules) + await too_wide(page)
        await page.set_viewport_size({"width": other[0], "height": other[1]})
        wrong += await too_wide(page)
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        # Pages that refuse are announced by the browser itself, and so is sound before the first key.
        wrong += [text for text in console if not re.search(r"status of (404|422|403)|AudioContext", text)]
        console.clear()
        if wrong:
            found[path] = wrong
    assert not found, "\n".join(
        f"{path}: {wrong}" for path, all_wrong in found.items() for wrong in all_wrong
    )
