"""`python -m tests.bench.labels`: how long Chromium takes for the PDF of 500 labels of parcels going out.

Prints seconds for the page and for the PDF, and whether every seventh label is read again by a scanner at 203 dots an inch.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2
from playwright.async_api import async_playwright

from station import areas, doors
from station.actor import Actor
from station.db import Database, act, sql
from station.db.migrations import migrate
from tests.bench.__main__ import Server, free_port
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.test_printed_labels import read_by_a_scanner
from tests.couriers.outgoing import consign_many
from tests.village import found_village

LABELS = 500


@act
async def _vary(by: Actor) -> None:
    """Numbers of all kinds: digits, those that begin with 99, letters and many digits."""
    change = "UPDATE consignment SET waybill = ? || substr('00000000000' || id, -?) WHERE id % 5 = ? AND station_id = ?"
    for rest, (prefix, digits) in enumerate([("99", 11), ("JDVA", 11), ("YT88", 11)]):
        await sql.execute(change, prefix, digits, rest, by.station_id)


async def village(url: str) -> tuple[str, list[str]]:
    """A station with LABELS parcels that wait; returns a session of its volunteer, and the numbers of the parcels."""
    await migrate(url, areas.apps())
    async with Database(url, areas.apps()):
        chen = (await found_village()).chen
        await consign_many(chen, LABELS)
        await _vary(chen)
        rows = await sql.rows("SELECT waybill FROM consignment ORDER BY id")
        assert chen.account_id is not None
        return await doors.open_session(chen.account_id, by=chen), [row["waybill"] for row in rows]


async def printed(address: str, session: str) -> tuple[bytes, float, float]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await page.context.add_cookies([{"name": "station_session", "value": session, "url": address}])
        begun = time.perf_counter()
        await page.goto(f"{address}/consignments/labels")
        shown = time.perf_counter()
        pdf = await page.pdf(prefer_css_page_size=True, print_background=True)
        done = time.perf_counter()
        await browser.close()
        return pdf, shown - begun, done - shown


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="station-labels-") as folder:
        url, port = f"sqlite:///{Path(folder) / 'station.db'}", free_port()
        session, numbers = await village(url)
        env = {"STATION_DATA_DIR": folder, "STATION_DATABASE_URL": url}
        command = [sys.executable, "-m", "station.cli", "serve", "--port", str(port)]
        server = Server("labels", command, env, port)
        server.start()
        try:
            pdf, shown, drawn = await printed(f"http://127.0.0.1:{port}", session)
        finally:
            server.stop()
    sheets = list(zip(numbers, pypdfium2.PdfDocument(pdf), strict=True))
    lost = [number for number, sheet in sheets[::7] if read_by_a_scanner(sheet) != [number]]
    print(f"{len(sheets)} labels: page {shown:.2f} s, PDF {drawn:.2f} s, {len(pdf) / 1e6:.1f} MB,")
    print(
        f"not read again of {len(sheets[::7])}: {lost or 'none'}; load of the machine {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    asyncio.run(main())
