"""The log is JSON lines that hold no phone, code, name or query."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette

from station.logs import JsonLines
from tests.station.visits import visit
from tests.village import PASSWORD, Browser, Village

PHONE, NAME = "13900000152", "瞿冬伢"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the program writes to its log, every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(lambda record: record.name != "httpx2")  # the browser's own
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_day_at_the_desk_leaves_no_personal_data_in_the_log(
    web: Starlette, open_village: Village, browse: Browser, log: io.StringIO
) -> None:
    client = await browse(open_village.chen)
    sent = {"scan_id": "s-1", "scanned": "YT4902191309648", "phone": PHONE, "name": NAME}
    parcel = (await client.post("/api/v1/checkins", json=sent)).json()["parcel"]
    for address in (f"/parcels?q={PHONE}", f"/counter?q={parcel['code']}", f"/parcels?q={NAME}", f"/{NAME}"):
        await client.get(address)
    await client.post("/api/v1/collections", json={"scan_id": "c-1", "code": parcel["code"]})
    async with visit(web) as stranger:
        await stranger.post("/sign-in", data={"login": "chen", "password": PASSWORD})
        await stranger.post("/sign-in", data={"login": "chen", "password": "three-hens-fly"})
    written = log.getvalue()
    assert '"route": "/sign-in"' in written
    for word in (PHONE, PHONE[-4:], parcel["code"], NAME, "YT4902191309648", PASSWORD, "three-hens", "q="):
        assert word not in written, word


async def test_a_request_is_told_by_its_route_status_and_time(
    open_village: Village, browse: Browser, log: io.StringIO
) -> None:
    await (await browse(open_village.chen)).get("/parcels/4711?x=1")
    (line,) = [line for line in lines(log) if line["logger"] == "station.access"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/parcels/{parcel_id:int}", 404)
    assert line["ms"] > 0


def test_a_fault_is_told_with_its_place_and_without_what_it_quotes(log: io.StringIO) -> None:
    try:
        raise ValueError(f"duplicate key (phone, name)=({PHONE}, {NAME}) code 48215")
    except ValueError:
        logging.getLogger("station.problems").exception("storage")
    (line,) = lines(log)
    assert "ValueError: duplicate key" in line["fault"]
    assert "test_logs.py" in line["fault"]
    for word in (PHONE, "48215"):
        assert word not in line["fault"]
    assert NAME not in line["fault"].rpartition("ValueError")[2]
