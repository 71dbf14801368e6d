"""Databases for tests: `--database sqlite` (a file) or `--database postgres` (a real server), fresh for each test."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from couriers import manifests
from station import areas
from station.db import Database
from station.db.migrations import migrate
from tests import postgres_server
from tests.databases import Databases, NewDatabase
from tests.station import acts_models

pytest_plugins = ["tests.browser.chromium", "tests.village"]

# A slow machine is no failure. Everyone's own machine tries new examples each time; CI must answer the same twice.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=["sqlite", "postgres"], default="sqlite", help="run the tests on this one"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only_on(database): a promise of this database alone; not collected on the other"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what belongs to the other database, and on PostgreSQL what asks no database at all: once is enough."""
    here = config.getoption("--database")
    elsewhere = [
        item
        for item in items
        if ((mark := item.get_closest_marker("only_on")) and here not in mark.args)
        or (here == "postgres" and "server" not in getattr(item, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        # A key may overtake the page it was meant for. Run once more, and named in the output: such a test wants mending.
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The PostgreSQL server's URL, None when the tests run on SQLite."""
    if request.config.getoption("--database") == "sqlite":
        yield None
    elif not postgres_server.BIN.is_dir() and os.environ.get("CI") != "true":
        pytest.skip(f"PostgreSQL 15 is not installed: {postgres_server.BIN} is missing")
    else:
        with postgres_server.running() as url:
            yield url


@pytest.fixture(scope="session")
async def databases(server: str | None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Databases]:
    made = Databases(server, tmp_path_factory.mktemp("databases"))
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def template(databases: Databases) -> str:
    """A migrated database without a row."""
    url = await databases.new("")
    await migrate(url, areas.apps())
    return url


@pytest.fixture
async def new_database(databases: Databases) -> AsyncIterator[NewDatabase]:
    """Makes databases for this test alone. They go with it: thousands of them would fill the memory they are kept in."""
    urls: list[str] = []

    async def new(template: str) -> str:
        urls.append(await databases.new(template))
        return urls[-1]

    yield new
    for url in urls:
        await databases.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, open."""
    async with Database(database_url, areas.apps()) as opened:
        yield opened
        await manifests.leave()  # whatever a test began and did not wait for


@pytest.fixture
async def boxes(new_database: NewDatabase) -> AsyncIterator[Database]:
    """An open database with nothing but the two tables of `acts_models`."""
    async with Database(await new_database(""), acts_models.APPS) as opened:
        await acts_models.make_tables()
        yield opened
