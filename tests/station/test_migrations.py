"""Migrations, tried on an area that the test writes as a developer would."""

import asyncio
import multiprocessing
import sys
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path
from textwrap import indent

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from station.db import Database, act, sql
from station.db.making_migrations import make_migrations
from station.db.migrations import NewerDatabase, migrate
from tests.databases import NewDatabase as NewUrl

APPS = {"hamlet": ["hamlet.models"]}
HOUSE = """
from tortoise import fields
from tortoise.models import Model

class House(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField({name_length}, unique=True)
    people = fields.IntField(default=1)
{more}
    class Meta:
        table = "house"

class Hen(Model):
    id = fields.IntField(primary_key=True)
    house = fields.ForeignKeyField("hamlet.House", on_delete=fields.CASCADE, related_name=False)

    class Meta:
        table = "hen"
"""
BY_HAND = """
from tortoise import migrations
from tortoise.migrations import operations as ops
from station.db.checks import AddCheck

class Migration(migrations.Migration):
    dependencies = [("hamlet", "{after}")]
    operations = [{operations}]
"""


class Hamlet:
    """The area's folder, and what a developer does there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "hamlet"
        (self.folder / "migrations").mkdir(parents=True)
        for package in (self.folder, self.folder / "migrations"):
            (package / "__init__.py").touch()

    async def change_models(self, name: str, more: str = "", name_length: int = 20) -> Path | None:
        self.forget()
        (self.folder / "models.py").write_text(
            HOUSE.format(more=indent(more, "    "), name_length=name_length)
        )
        return await make_migrations("hamlet", name, APPS)

    def write_by_hand(self, number: int, after: str, *operations: str) -> None:
        file = self.folder / "migrations" / f"{number:04d}_by_hand.py"
        file.write_text(BY_HAND.format(after=after, operations=", ".join(operations)))

    def forget(self) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == "hamlet"]:
            del sys.modules[name]


@pytest.fixture
def hamlet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hamlet]:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a file is changed twice within one second
    area = Hamlet(tmp_path)
    yield area
    area.forget()


@act
async def move_in(name: str, hens: int) -> None:
    house = await sql.one("INSERT INTO house (name, people) VALUES (?, ?) RETURNING id", name, 3)
    assert house is not None
    await sql.many("INSERT INTO hen (house_id) VALUES (?)", [(house["id"],)] * hens)


@act
async def add_house(name: str, people: int) -> None:
    await sql.execute("INSERT INTO house (name, people) VALUES (?, ?)", name, people)


async def filled(url: str) -> None:
    await migrate(url, APPS)
    async with Database(url, APPS):
        await move_in("Li", hens=2)


async def houses_and_hens(url: str) -> tuple[object, object]:
    async with Database(url, APPS):
        houses = await sql.rows("SELECT name, people FROM house")
        hens = await sql.rows("SELECT house_id FROM hen")
    return [tuple(house.values()) for house in houses], len(hens)


async def test_a_new_database_gets_its_tables_and_a_migrated_one_stays_as_it_is(
    hamlet: Hamlet, new_database: NewUrl
) -> None:
    assert await hamlet.change_models("initial") == hamlet.folder / "migrations" / "0001_initial.py"
    url = await new_database("")
    await filled(url)
    await migrate(url, APPS)
    assert await houses_and_hens(url) == ([("Li", 3)], 2)


async def test_a_new_field_keeps_every_row(hamlet: Hamlet, new_database: NewUrl) -> None:
    await hamlet.change_models("initial")
    url = await new_database("")
    await filled(url)
    file = await hamlet.change_models("Dogs", more="dogs = fields.IntField(default=0, db_default=0)")
    assert file is not None
    assert file.name == "0002_dogs.py"
    await migrate(url, APPS)
    assert await houses_and_hens(url) == ([("Li", 3)], 2)


async def test_docstrings_are_no_migration(hamlet: Hamlet) -> None:
    await hamlet.change_models("initial")
    assert await hamlet.change_models("words", more='"""Where people live; and hens."""') is None


async def test_a_change_that_rebuilds_tables_is_refused(hamlet: Hamlet) -> None:
    await hamlet.change_models("initial")
    with pytest.raises(ValueError, match="write this by hand, as RunSQL: Alter field name on House"):
        await hamlet.change_models("longer", name_length=40)


async def test_a_partial_index_and_a_check_are_written_by_hand_and_lose_nothing(
    hamlet: Hamlet, new_database: NewUrl
) -> None:
    await hamlet.change_models("initial")
    url = await new_database("")
    await filled(url)
    hamlet.write_by_hand(
        2,
        "0001_initial",
        'ops.RunSQL("CREATE UNIQUE INDEX one_hermit ON house (people) WHERE people = 1")',
        'AddCheck("house", "house_has_people", "people > 0")',
    )
    await migrate(url, APPS)
    assert await houses_and_hens(url) == ([("Li", 3)], 2)
    async with Database(url, APPS):
        await add_house("Chen", 1)
        for name, people in (("second hermit", 1), ("empty", 0), ("Li", 4)):
            with pytest.raises(IntegrityError):
                await add_house(name, people)


async def test_a_migration_that_fails_leaves_the_database_as_it_was(
    hamlet: Hamlet, new_database: NewUrl
) -> None:
    await hamlet.change_models("initial")
    url = await new_database("")
    await filled(url)
    hamlet.write_by_hand(
        2, "0001_initial", 'ops.RunSQL("DELETE FROM hen")', 'ops.RunSQL("UPDATE nothing SET x = 1")'
    )
    for _ in range(2):
        with pytest.raises(OperationalError):
            await migrate(url, APPS)
        assert await houses_and_hens(url) == ([("Li", 3)], 2)


async def test_a_migration_that_leaves_rows_pointing_to_nothing_is_undone(
    hamlet: Hamlet, new_database: NewUrl
) -> None:
    await hamlet.change_models("initial")
    url = await new_database("")
    await filled(url)
    hamlet.write_by_hand(2, "0001_initial", 'ops.RunSQL("UPDATE hen SET house_id = 999")')
    with pytest.raises(IntegrityError):
        await migrate(url, APPS)
    assert await houses_and_hens(url) == ([("Li", 3)], 2)


async def test_a_database_of_a_newer_program_is_refused(hamlet: Hamlet, new_database: NewUrl) -> None:
    await hamlet.change_models("initial")
    url = await new_database("")
    hamlet.write_by_hand(2, "0001_initial", 'ops.RunSQL("CREATE TABLE barn (id INT)")')
    await migrate(url, APPS)
    (hamlet.folder / "migrations" / "0002_by_hand.py").unlink()
    with pytest.raises(NewerDatabase, match="0002_by_hand"):
        await migrate(url, APPS)


def migrate_here(folder: str, url: str, start: Barrier) -> None:
    sys.path.insert(0, folder)
    start.wait(30)
    asyncio.run(migrate(url, APPS))


async def test_processes_that_start_at_once_migrate_once(hamlet: Hamlet, new_database: NewUrl) -> None:
    await hamlet.change_models("initial")
    url = await new_database("")
    spawn = multiprocessing.get_context("spawn")
    arguments = (str(hamlet.folder.parent), url, spawn.Barrier(3))
    processes = [spawn.Process(target=migrate_here, args=arguments) for _ in range(3)]
    for process in processes:
        process.start()
    await asyncio.gather(*[asyncio.to_thread(process.join) for process in processes])
    assert [process.exitcode for process in processes] == [0, 0, 0]
    async with Database(url, APPS):
        assert await sql.rows("SELECT name FROM tortoise_migrations") == [{"name": "0001_initial"}]
