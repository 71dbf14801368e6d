"""Takes the README's pictures: the demo village on a server of its own, a real Chromium, half a morning of work.

python -m tests.browser.screenshots
"""

import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

from station.demo import PASSWORD
from tests.browser.chromium import CHROMIUM, FLAGS, LAPTOP, PHONE

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".github" / "pictures"
SAMPLES = ROOT / "tests" / "samples" / "manifests"
START_WITHIN = 60.0


@contextmanager
def demo_village() -> Iterator[str]:
    """The address of a fresh demo village, served as a user would serve it."""
    with tempfile.TemporaryDirectory(prefix="station-pictures-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        address = f"http://127.0.0.1:{port}"
        # None of this machine's settings: the pictures are of the program as it comes.
        env = {name: value for name, value in os.environ.items() if not name.startswith("STATION_")}
        env |= {"STATION_DATA_DIR": folder, "STATION_BASE_URL": address}
        command = [sys.executable, "-m", "station.cli", "serve", "--demo", "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as server:
            try:
                wait_until_it_answers(f"{address}/readyz", server)
                yield address
            finally:
                server.terminate()


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    sys.exit("The demo village did not open.")


def sign_in(browser: Browser, address: str, login: str, size: tuple[int, int] = LAPTOP) -> Page:
    width, height = size
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation").first).to_be_visible()
    return page


def hand_in(page: Page, sample: str) -> None:
    page.goto("/manifests")
    page.locator("input[type=file]").set_input_files(SAMPLES / sample)
    page.get_by_role("button", name="交清单").click()
    page.wait_for_url("**/manifests/*")
    expect(page.locator("dl.tri").first).to_be_visible()


def waybills(sample: str) -> list[str]:
    with (SAMPLES / sample).open(encoding="utf-8-sig", newline="") as file:
        return [row["运单号"] for row in csv.DictReader(file) if row["运单号"].startswith("YT")]


def scan(page: Page, waybill: str) -> None:
    """As somebody types it. A scanner's speed cannot be relied on here: a pause amid the keys would begin a new scan."""
    page.locator("[data-scan]").fill(waybill)
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text(waybill[-4:])


def take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"{name}.png: {(PICTURES / f'{name}.png').stat().st_size // 1000} kB")


def morning(browser: Browser, address: str) -> None:
    courier = sign_in(browser, address, "liu", PHONE)
    hand_in(courier, "01_yto_plain_utf8.csv")
    take(courier, "manifest-phone")
    keeper = sign_in(browser, address, "wang")
    hand_in(keeper, "07_joint_carrier_column.csv")
    take(keeper, "manifest")
    desk = sign_in(browser, address, "chen")
    desk.goto("/checkins")
    for waybill in waybills("01_yto_plain_utf8.csv")[:9]:
        scan(desk, waybill)
    take(desk, "check-in")
    desk.goto(f"/counter?q={quote('滕大河')}")
    take(desk, "counter")
    desk.goto("/")
    take(desk, "today")
    desk.goto("/shelves")
    take(desk, "shelves")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_village() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        morning(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
