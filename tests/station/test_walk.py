"""A walk past every door of the house: as a stranger, as each role, and as the people of another station."""

from dataclasses import dataclass

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from couriers import manifests, sending_demo
from pickup.collection import HandOut, collect
from station import areas, order_imports, payouts, produce_demo
from station.access import ANYONE
from station.actor import Role
from station.db import Database, sql
from tests.databases import Databases, NewDatabase
from tests.station.visits import visit
from tests.village import PEOPLE, Browser, Founded, Village, found_village

PHONES = ("13900000152", "13900007396", "13712345678")
NAMES = ("瞿冬伢", "向春兰")
WORDS = {"label": "1-1-1", "scan_id": "none", "file": "nothing.css", "place": "0", "platform": "youzan"}
WORDS |= {"code": "qinghe", "token": "none", "trace_code": "none", "name": "none"}
# What `{id}` is the id of, by the beginning of the path.
ID_OF = {
    "/shelves/": "shelf",
    "/handovers/": "handover",
    "/vans/": "van",
    "/claims/": "claim",
    "/settlements/": "settlement",
    "/payouts/": "payout_file",
    "/rounds/": "consignment",
    "/tariffs/": "tariff",
    "/ledger/": "ledger_entry",
    "/ledger/lines/": "order_line",
    "/ledger/orders/": "orders",
}
# The table behind each other parameter that is a number.
TABLES = {
    "parcel_id": "parcel",
    "message_id": "message",
    "collection_id": "collection",
    "manifest_id": "manifest",
    "resident_id": "resident",
    "household_id": "household",
    "product_id": "product",
    "agreement_id": "agreement",
    "lot_id": "lot",
    "listing_id": "listing",
    "order_id": "orders",
    "line_id": "order_line",
    "import_id": "order_import",
    "wish_id": "wish",
    "match_id": "wish_match",
    "consignment_id": "consignment",
}
EXPORT = "订单号,姓名,电话,地址,商品,数量\nA-1,向春兰,13900007396,湖南省长沙市岳麓区桔子洲街道枫林路18号,土鸡蛋 30枚,1\n"
TYPED = ("%00", "%ED%A0%80", "%FF", "'; --", "%25", "_", "9" * 400, "{name}", "\N{EGG}" * 80)


@dataclass(frozen=True)
class Step:
    """One route with one method, its path filled with ids of the first station."""

    method: str
    address: str
    who: frozenset[Role] | None
    ids: bool

    @property
    def api(self) -> bool:
        return self.address.startswith("/api/")

    async def take(self, client: httpx2.AsyncClient) -> httpx2.Response:
        if self.method == "GET":
            return await client.get(self.address)
        if self.api:
            return await client.post(self.address, json={})
        return await client.post(self.address, data={"reason": "walk", "pin": "9753"})


async def lived_in(village: Village) -> dict[str, str]:
    """A village with something behind every kind of id; answers path parameter → its value."""
    answer = await village.arrive("YT4902191309648", phone=PHONES[0], name=NAMES[0])
    await village.arrive("YT4902191309649", phone=PHONES[1], name=NAMES[1])
    # The second stays, so that the pages have people to give away.
    await collect(HandOut("walk-1", (answer["parcel"]["id"],)), by=village.chen)
    rows = [{"waybill": "YT4902191309650", "name": NAMES[0], "phone": PHONES[2], "carrier": "圆通"}]
    await manifests.receive_rows(rows, "walk", "YTO", by=village.liu)
    await order_imports.receive(EXPORT.encode(), "walk.csv", by=village.chen)
    await payouts.take_in("订单号,结算金额\nA-1,46.00\n".encode(), "walk.csv", by=village.wang)
    await produce_demo.market_day(village.id)
    await sending_demo.outbound(village.id)
    ids = {name: await first(table, village.id) for name, table in TABLES.items()}
    ids |= {path: await first(table, village.id) for path, table in ID_OF.items()}
    lot = await sql.one("SELECT trace_code FROM lot WHERE station_id = ? ORDER BY id", village.id)
    order = await sql.one("SELECT token FROM orders WHERE station_id = ? ORDER BY id", village.id)
    assert lot
    assert order
    return {
        **WORDS,
        **ids,
        "account_id": str(village.li.account_id),
        "scan_id": f"{village.id}-1",
        "pattern_id": "1",
        "trace_code": lot["trace_code"],
        "token": order["token"],
    }


async def first(table: str, station_id: int) -> str:
    row = await sql.one(f"SELECT max(id) AS id FROM {table} WHERE station_id = ?", station_id)
    assert row is not None
    assert row["id"] is not None, f"the village has no {table}"
    return str(row["id"])


def who_comes(route: Route) -> frozenset[Role] | None:
    who: frozenset[Role] | None = route.endpoint.who  # type: ignore[attr-defined]
    return who


def steps(web: Starlette, ids: dict[str, str]) -> list[Step]:
    found = []
    for route in web.routes:
        assert isinstance(route, Route), f"{route} is no guarded page"
        values = {name: ids.get(name) or id_of(route.path, ids) for name in route.param_convertors}
        found += [
            Step(method, route.path_format.format(**values), who_comes(route), bool(values))
            for method in sorted(route.methods or ())
            if method != "HEAD"
        ]
    return found


def id_of(path: str, ids: dict[str, str]) -> str:
    return ids[max((start for start in ID_OF if path.startswith(start)), key=len)]


@dataclass(frozen=True)
class Inhabited:
    """A database in which every kind of id has something behind it, and those ids."""

    template: str
    ids: dict[str, str]


@pytest.fixture(scope="module")
async def inhabited(databases: Databases, qinghe: Founded) -> Inhabited:
    url = await databases.new(qinghe.template)
    async with Database(url, areas.apps()):
        return Inhabited(url, await lived_in(qinghe.again()))


@pytest.fixture
async def database_url(new_database: NewDatabase, inhabited: Inhabited) -> str:
    return await new_database(inhabited.template)


@pytest.fixture
def walk(web: Starlette, inhabited: Inhabited) -> list[Step]:
    return steps(web, inhabited.ids)


def test_every_route_says_who_may_come(web: Starlette) -> None:
    for route in web.routes:
        assert isinstance(route, Route)
        assert hasattr(route.endpoint, "who"), route.path
        assert who_comes(route) is ANYONE or who_comes(route), route.path


async def test_only_these_doors_are_open_to_strangers(web: Starlette) -> None:
    open_doors = {
        route.path for route in web.routes if isinstance(route, Route) and who_comes(route) is ANYONE
    }
    machines = {"/healthz", "/readyz", "/metrics", "/api/v1/openapi.json"}
    shop = {
        "/market/{code}",
        "/market/{code}/{listing_id:int}",
        "/market/{code}/{listing_id:int}/orders",
        "/market/{code}/{listing_id:int}/photo",
        "/market/{code}/orders/{token}",
        "/market/{code}/orders/{token}/cancellations",
        "/market/photos/{name}",
        "/trace/{code}/{trace_code}",
    }
    assert open_doors == {"/sign-in", "/preferences", "/static/{file}"} | machines | shop


async def test_a_stranger_is_sent_to_sign_in(web: Starlette, walk: list[Step]) -> None:
    async with visit(web) as stranger:
        for step in walk:
            answer = await step.take(stranger)
            if step.who is ANYONE:
                assert answer.status_code in (200, 303, 404, 409, 422, 503), step
            elif step.api:
                assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_first"), step
            else:
                assert answer.status_code == 303, step
                assert answer.headers["location"].startswith("/sign-in"), step
            assert gives_away(answer) == [], step


@pytest.mark.parametrize("login", PEOPLE)
async def test_each_role_comes_in_where_it_belongs_and_nowhere_else(
    open_village: Village, browse: Browser, walk: list[Step], login: str
) -> None:
    person = open_village.people[login]
    client = await browse(person)
    for step in walk:
        if step.address in ("/sign-out", "/account") and step.method == "POST":
            continue
        answer = await step.take(client)
        if step.method == "POST":
            client = await browse(person)  # the one before may have ended its own session
        if step.who is None or person.role in step.who:
            assert answer.status_code not in (401, 403), step
            assert answer.status_code < 500 or step.address == "/readyz", (step, answer.text)
        else:
            assert answer.status_code == 403, step
            assert gives_away(answer) == [], step


@pytest.mark.parametrize("login", ["wang", "chen", "liu", "zhao"])
async def test_another_stations_people_find_nothing_of_this_one(
    web: Starlette, open_village: Village, browse: Browser, walk: list[Step], login: str
) -> None:
    other = await found_village("other", "邻村驿站")
    before = await everything_of(open_village.id)
    client = await browse(other.people[login])
    for step in walk:
        if step.address in ("/sign-out", "/account") and step.method == "POST":
            continue
        answer = await step.take(client)
        if step.method == "POST":
            client = await browse(other.people[login])  # the one before may have ended its own session
        if step.ids and "/slots/" not in step.address and step.who is not ANYONE:
            # A label is no id: each station has its own slot 1-1-1.
            assert answer.status_code in (403, 404, 422), (step, answer.status_code)
        assert gives_away(answer) == [], step
    assert await everything_of(open_village.id) == before


async def test_a_courier_sees_no_other_companys_manifest(
    open_village: Village, browse: Browser, walk: list[Step]
) -> None:
    rows = [{"waybill": "JT0012345678901", "name": NAMES[1], "phone": PHONES[2], "carrier": "极兔"}]
    receipt = await manifests.receive_rows(rows, "walk", "JTSD", by=open_village.chen)
    liu = await browse(open_village.liu)
    for address in (f"/manifests/{receipt.id}", f"/api/v1/manifests/{receipt.id}", "/manifests"):
        answer = await liu.get(address)
        assert answer.status_code == (200 if address == "/manifests" else 404)
        assert gives_away(answer) == []
        assert "JT0012345678901" not in answer.text


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 30])
async def test_an_id_beyond_all_ids_is_not_found(
    web: Starlette, open_village: Village, browse: Browser, walk: list[Step], number: str
) -> None:
    ids = {**WORDS, **dict.fromkeys([*TABLES, *ID_OF, "account_id", "pattern_id"], number)}
    keeper = await browse(open_village.wang)
    for step in steps(web, ids):
        if f"/{number}" in step.address:
            answer = await step.take(keeper)
            assert answer.status_code in (404, 422), (step, answer.status_code)


async def test_nothing_typed_into_an_address_breaks_a_page(
    open_village: Village, browse: Browser, walk: list[Step]
) -> None:
    keeper = await browse(open_village.wang)
    for step in walk:
        if step.method == "GET" and not step.ids and step.who is not ANYONE:
            for word in ("q", "show"):
                for typed in TYPED:
                    answer = await keeper.get(f"{step.address}?{word}={typed}")
                    assert answer.status_code < 500, (step, word, typed)


def gives_away(answer: httpx2.Response) -> list[str]:
    """The phones and names of the first station in an answer."""
    return [word for word in (*PHONES, *NAMES) if word in answer.text]


async def everything_of(station_id: int) -> dict[str, list[dict[str, object]]]:
    """What another station's people must leave as it is."""
    tables: tuple[str, ...] = (
        "parcel",
        "message",
        "account",
        "shelf",
        "slot",
        "collection",
        "manifest",
        "scan",
        "audit_line",
    )
    tables += ("household", "resident", "resident_phone", "product", "agreement", "lot", "listing", "orders")
    tables += (
        "order_line",
        "stock_move",
        "ledger_entry",
        "settlement",
        "wish",
        "consignment",
        "handover",
        "claim",
    )
    kept = {}
    for table in tables:
        kept[table] = await sql.rows(f"SELECT * FROM {table} WHERE station_id = ? ORDER BY id", station_id)
    return kept
