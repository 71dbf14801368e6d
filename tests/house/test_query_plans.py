"""However long a station's history grows, its desk reads only what is waiting: asked of SQLite's own query planner.

The real pages and acts run against a station with a history; every statement they send is collected and explained. The
planner keeps no statistics here, so a plan is the same for a thousand old parcels as for a million.
"""

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from station import clock, order_placing, wish_matches
from station.db import act, engine, sql
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.phones import classify
from station.receivers import Receiver
from station.settings import Settings
from tests.station import produce_goods
from tests.village import Browser, Village

HISTORY = 1000
# These grow with every parcel; all others stay small, or are read by their id.
GROWING = {
    "parcel",
    "recipient",
    "scan",
    "manifest_line",
    "message",
    "notice",
    "audit_line",
    "collected_parcel",
    "orders",
    "order_line",
    "stock_move",
    "ledger_entry",
    "consignment",
    "handover",
    "handover_item",
    "delivery_event",
    "claim",
    "settlement",
}
TABLE = re.compile(
    r"\b(?:FROM|JOIN|UPDATE|INTO) (\w+)(?: (?:AS )?(?!WHERE|JOIN|ON|SET|ORDER|LEFT|VALUES)(\w+))?"
)
ONLY_THE_NEWEST = re.compile(r"WHERE (?:\w+\.)?station_id = [0-9]+ ORDER BY .* LIMIT [0-9]+")
STEP = re.compile(
    r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|INTEGER PRIMARY KEY)(?: \((.*)\))?)?"
)

pytestmark = pytest.mark.only_on("sqlite")


@act
async def _fill(station_id: int) -> None:
    """Parcels of the last year, collected long ago, as rows: half of the people came several times."""
    (slot,) = await sql.rows("SELECT id FROM slot WHERE label = '0-1'")
    day, people = clock.now() - timedelta(days=200), HISTORY // 4
    await sql.many(
        "INSERT INTO recipient (station_id, name, phone, phone_kind, phone_ext, tail, initials, created_at)"
        " VALUES (?, '李桂花', ?, 'mobile', '', ?, 'lgh', ?)",
        [(station_id, f"139{n:08d}", f"{n % 10000:04d}", day) for n in range(people)],
    )
    (first,) = await sql.rows("SELECT min(id) AS id FROM recipient")
    await sql.many(
        "INSERT INTO parcel (station_id, carrier, waybill, piece_no, piece_count, recipient_id, size, flags, collect_fen,"
        " cod_fen, slot_id, code, state, refused, intercepted, needs_carrier, needs_recipient, arrived_at, closed_at)"
        " VALUES (?, 'YTO', ?, 1, 1, ?, 'small', '', 0, 0, ?, '48215', 'collected', 0, 0, 0, 0, ?, ?)",
        [
            (station_id, f"YT{n:013d}", first["id"] + n % people, slot["id"], day, day + timedelta(days=1))
            for n in range(HISTORY)
        ],
    )
    await sql.execute(
        "INSERT INTO message (station_id, kind, phone, text, state, attempts, due_at, gateway, gateway_ref, error,"
        " created_at) SELECT station_id, 'arrival', waybill, '', 'delivered', 1, arrived_at, 'console', '', '',"
        " arrived_at FROM parcel"
    )
    await sql.execute(
        "INSERT INTO notice (station_id, parcel_id, message_id, created_at)"
        " SELECT station_id, id, id, arrived_at FROM parcel"
    )
    await sql.execute(
        "INSERT INTO scan (station_id, scan_id, parcel_id, status, answer, at)"
        " SELECT station_id, waybill, id, 'ok', '{}', arrived_at FROM parcel"
    )
    await sql.execute(
        "INSERT INTO audit_line (station_id, at, act, subject, subject_id, facts)"
        " SELECT station_id, arrived_at, 'checked_in', 'parcel', id, '{}' FROM parcel"
    )
    await sql.execute(
        "INSERT INTO manifest (station_id, carrier, filename, sha256, state, file_error, format, encoding, columns, rows,"
        " imported, accepted, rejected, skipped, scanned, created_at)"
        " VALUES (?, 'YTO', 'old.csv', 'x', 'ready', '', '', '', '{}', 0, 0, 0, 0, 0, 0, ?)",
        station_id,
        day,
    )
    await sql.execute(
        "INSERT INTO manifest_line (station_id, manifest_id, row, kind, reason, waybill, piece_no, carrier, fields_json,"
        " parcel_id) SELECT station_id, 1, id, 'accepted', '', waybill, 1, 'YTO', '{}', id FROM parcel"
    )


@act
async def _listen(heard: set[str] | None) -> None:
    """Collect what acts send from here on; None: no more."""
    running = engine.turn()
    assert running is not None
    running.statements._connection.set_trace_callback(heard.add if heard is not None else None)  # type: ignore[attr-defined]


async def _overhear(heard: set[str] | None) -> None:
    """Collect what pages read."""
    reader = engine.opened().reader._reader  # type: ignore[attr-defined]
    await reader.in_thread(
        lambda raw, *_: raw.set_trace_callback(heard.add if heard is not None else None), "", ()
    )


@pytest.fixture
async def old_village(open_village: Village) -> Village:
    await _fill(open_village.id)
    return open_village


async def _a_morning(chen: httpx2.AsyncClient, liu: httpx2.AsyncClient) -> None:
    """What is done all day long, each thing once."""
    rows = [{"waybill": f"YT400000000000{n}", "name": "瞿冬伢", "phone": "13700007396"} for n in range(3)]
    batch = (await liu.post("/api/v1/manifests", json={"rows": rows})).json()["id"]
    scan = {"scan_id": "a", "scanned": "YT4000000000000", "manifest": batch}
    parcel = (await chen.post("/api/v1/checkins", json=scan)).json()["parcel"]
    await chen.post("/api/v1/checkins", json=scan)
    await chen.post("/checkins", data={"scanned": "YT4000000000001", "manifest": str(batch)})
    await chen.post("/checkins", data={"scanned": "YT4000000000009", "scan_id": "q", "manifest": str(batch)})
    await chen.post("/checkins/q/answers", data={"phone": "13700007396"})
    await chen.post("/checkins", data={"scanned": "123456789012", "scan_id": "u"})
    await chen.post("/checkins/u/undos")
    for page in (
        "/",
        "/checkins",
        "/questions",
        "/counter",
        "/parcels",
        "/manifests",
        "/messages",
        f"/manifests/{batch}",
        f"/parcels/{parcel['id']}",
    ):
        assert (await chen.get(page)).status_code == 200, page
    for wanted in (parcel["code"], "7396", parcel["waybill"]):
        assert (await chen.get("/counter", params={"q": wanted})).status_code == 200
    done = await chen.post("/api/v1/collections", json={"scan_id": "c", "code": parcel["code"]})
    assert done.status_code == 201


async def _an_afternoon(
    village: Village, chen: httpx2.AsyncClient, liu: httpx2.AsyncClient, wang: httpx2.AsyncClient
) -> None:
    """The way out, each thing once: goods come in, an order of them is packed, leaves and arrives."""
    _, product, lot = await produce_goods.egg_lot(by=village.wang)
    receiver = Receiver(
        "周晓梅", classify("13600002275"), "湖南省", "长沙市", "岳麓区", detail="枫林路 18 号"
    )
    eggs = LineIn(name="土鸡蛋 30 枚", product_id=product, units=30, price_fen=4800)
    order = OrderIn(OrderSource.PHONE, (eggs,), receiver, state=OrderState.CONFIRMED)
    placed = await order_placing.place(order, by=village.chen)
    waybill = "YT9000000000011"
    box = {"weight": "1.8", "carrier": "YTO", "waybill": waybill}
    packed = await chen.post(f"/packing/{placed.id}/boxes", data=box)
    assert packed.status_code == 303, packed.text
    trip = (await chen.post("/handovers", data={"carrier": "YTO"})).headers["location"]
    assert (await chen.post(f"{trip}/items", data={"scanned": waybill})).status_code == 200
    signed = await chen.post(f"{trip}/signatures", data={"name": "刘师傅", "how": "paper"})
    assert signed.status_code == 303
    news = {"waybill": waybill, "status": "delivered", "at": (clock.now() + timedelta(minutes=1)).isoformat()}
    told = (await liu.post("/api/v1/deliveries", json={"events": [news]})).json()
    assert [event["result"] for event in told["results"]] == ["accepted"], told
    for page in (
        "/orders",
        f"/orders/{placed.id}",
        "/orders/new",
        "/packing",
        "/packing/pick-list",
        trip,
        "/handovers",
        "/consignments",
        "/consignments?q=6123",
        "/send",
        "/rounds",
        "/deliveries",
        "/claims",
        "/lots",
        f"/lots/{lot}",
        "/products",
        "/listings",
        "/market/qinghe",
    ):
        assert (await chen.get(page)).status_code == 200, page
    assert (await wang.get("/wishes")).status_code == 200
    assert not await wish_matches.any_new()


def _walks(plan: list[str], statement: str, partial: set[str]) -> Iterator[str]:
    """The steps of a plan that read on and on."""
    tables = {alias or table: table for table, alias in TABLE.findall(statement)}
    # Nothing is sought but the newest: a few rows are read in the order of an index, and no more.
    bounded = ONLY_THE_NEWEST.search(statement) and not any("TEMP B-TREE" in step for step in plan)
    for step in plan:
        found = STEP.match(step)
        if found is None or tables.get(found[2], found[2]) not in GROWING:
            continue
        way, _, index, columns = found.groups()
        by_station_alone = (columns or "").strip() == "station_id=?" and index not in partial and not bounded
        if (way == "SCAN" and index not in partial) or by_station_alone:
            yield step


async def test_no_statement_of_the_day_walks_the_history(
    browse: Browser, old_village: Village, settings: Settings
) -> None:
    chen, liu = await browse(old_village.chen), await browse(old_village.liu)
    heard: set[str] = set()
    await _listen(heard)
    await _overhear(heard)
    await _a_morning(chen, liu)
    await _an_afternoon(old_village, chen, liu, await browse(old_village.wang))
    await _listen(None)
    await _overhear(None)
    said = {
        statement for statement in heard if statement.startswith(("SELECT", "UPDATE", "INSERT", "DELETE"))
    }
    assert len(said) > 150, f"the day was overheard: {len(said)}"
    planner = sqlite3.connect(settings.database_url.removeprefix("sqlite://"))
    try:
        indexes = planner.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        )
        partial = {str(name) for (name,) in indexes}
        walks = {}
        for statement in said:
            plan = [str(row[3]) for row in planner.execute(f"EXPLAIN QUERY PLAN {statement}")]
            if found := list(_walks(plan, statement, partial)):
                walks[statement] = found
    finally:
        planner.close()
    assert walks == {}
