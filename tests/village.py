"""青禾村 for tests: a station with shelves and its named people, and browsers signed in as them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
import pytest
from asgi_lifespan import LifespanManager
from starlette.applications import Starlette

from couriers.checkin import Answer, ScanIn, check_in
from station import app, areas, audit, clock, doors, passwords, racks, stations
from station.actor import Actor, Role
from station.db import Database, act
from station.models import Account
from station.settings import Settings
from tests.databases import Databases, NewDatabase

PASSWORD = "three-hens-lay"
PIN = "2580"
_PASSWORD_HASH = passwords._hasher.hash(PASSWORD)
_PIN_HASH = passwords._hasher.hash(PIN)

# Keeper Wang, volunteers Chen and Li, courier Liu of YTO, county officer Zhao.
PEOPLE = {
    "wang": ("王梅", Role.KEEPER, ""),
    "chen": ("陈国", Role.VOLUNTEER, ""),
    "li": ("李珍", Role.VOLUNTEER, ""),
    "liu": ("刘师傅", Role.COURIER, "YTO"),
    "zhao": ("赵干事", Role.COUNTY, ""),
}


@act
async def _account(login: str, name: str, role: Role, carrier: str, by: Actor) -> Actor:
    account = await Account.create(
        station_id=by.station_id,
        login=login,
        name=name,
        role=role,
        carrier=carrier,
        password_hash=_PASSWORD_HASH,
        pin_hash=_PIN_HASH if role is Role.VOLUNTEER else "",
        created_at=clock.now(),
    )
    await audit.write(by, "account_added", subject="account", subject_id=account.id, role=role)
    return Actor(by.station_id, account.id, name, role, carrier or None)


@dataclass
class Village:
    """A station and its people as actors: `village.chen`."""

    id: int
    people: dict[str, Actor] = field(default_factory=dict)
    scans: int = 0

    def __getattr__(self, login: str) -> Actor:
        try:
            return self.people[login]
        except KeyError:
            raise AttributeError(login) from None

    async def arrive(self, scanned: str, phone: str | None = "13900000152", **more: object) -> Answer:
        """A parcel checked in by Chen; returns the check-in's answer."""
        self.scans += 1
        scan = ScanIn(scan_id=f"{self.id}-{self.scans}", scanned=scanned, phone=phone, **more)  # type: ignore[arg-type]
        return await check_in(scan, by=self.chen)


async def found_village(code: str = "qinghe", name: str = "青禾驿站") -> Village:
    """Three shelves of 4 layers and 6 bays, 12 units a slot, a floor, and PEOPLE."""
    station_id = await stations.found(
        code,
        name,
        place="云溪县河口镇青禾村",
        phone="0730-5550123",
        hours="8:30-18:00",
        zone="Asia/Shanghai",
    )
    by = Actor.system(station_id)
    await racks.lay_out_floor(by=by)
    for number in (1, 2, 3):
        await racks.lay_out(racks.Layout(number=number, layers=4, bays=6, capacity=12), by=by)
    people = {login: await _account(login, *who, by) for login, who in PEOPLE.items()}
    return Village(station_id, people)


@dataclass(frozen=True)
class Founded:
    """青禾村, and the database that holds nothing else: founded once, copied for each test."""

    template: str
    village: Village

    def again(self) -> Village:
        return replace(self.village, people=dict(self.village.people))


@pytest.fixture(scope="session")
async def qinghe(databases: Databases, template: str) -> Founded:
    url = await databases.new(template)
    async with Database(url, areas.apps()):
        return Founded(url, await found_village())


@pytest.fixture
async def database_url(
    request: pytest.FixtureRequest, new_database: NewDatabase, template: str, qinghe: Founded
) -> str:
    """Empty, or with 青禾村 in it if the test asks for that."""
    settled = {"village", "open_village"} & set(request.fixturenames)
    return await new_database(qinghe.template if settled else template)


@pytest.fixture
async def village(database: Database, qinghe: Founded) -> Village:
    return qinghe.again()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database_url, base_url="http://station.test")


@pytest.fixture
async def web(settings: Settings) -> AsyncIterator[Starlette]:
    """The real application on the test's own database, its lifespan running, the worker's jobs left out."""
    built = app.build(settings, work=False)
    async with LifespanManager(built):
        yield built


Browser = Callable[[Actor | None], Awaitable[httpx2.AsyncClient]]


@pytest.fixture
async def browse(web: Starlette) -> AsyncIterator[Browser]:
    """`await browse(village.chen)`: a client signed in as her; `browse(None)`: a stranger."""
    opened: list[httpx2.AsyncClient] = []

    async def client(actor: Actor | None) -> httpx2.AsyncClient:
        cookies = {}
        if actor is not None:
            assert actor.account_id is not None
            cookies["station_session"] = await doors.open_session(actor.account_id, by=actor)
        browser = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=web),
            base_url="http://station.test",
            cookies=cookies,
            headers={"origin": "http://station.test", "accept-language": "zh-CN"},
        )
        opened.append(browser)
        return browser

    yield client
    for browser in opened:
        await browser.aclose()


@pytest.fixture
async def open_village(web: Starlette, qinghe: Founded) -> Village:
    """The village inside the running application (instead of `village`, which opens the database by itself)."""
    return qinghe.again()
