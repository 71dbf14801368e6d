"""The real areas' migrations, held to the rules that keep a village's data safe."""

import ast
import inspect
import re
import textwrap

import pytest
from tortoise.context import require_context
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.operations import Operation, RunSQL
from tortoise.migrations.recorder import MigrationRecorder

from station import areas
from station.db import Database, migrations, sql
from station.db.making_migrations import missing

NAME = re.compile(r'(?:CREATE (?:UNIQUE )?INDEX|CONSTRAINT) "?(\w+)')


def operations() -> dict[MigrationKey, list[Operation]]:
    loader = MigrationLoader(migrations.config(areas.apps(), "sqlite"), MigrationRecorder(None))
    loader.load_disk()
    return {key: migration.operations for key, migration in loader.disk_migrations.items()}


def named_by_hand() -> set[str]:
    """The indexes and constraints that Tortoise does not make."""
    every = [operation for of_one in operations().values() for operation in of_one]
    return {name for one in every if isinstance(one, RunSQL) for name in NAME.findall(one.sql)}


async def test_models_and_migrations_agree(database: Database) -> None:
    assert await missing(areas.apps()) == {}


def test_every_area_has_migrations() -> None:
    assert {key.app_label for key in operations()} == set(areas.AREAS)


@pytest.mark.parametrize("key", operations(), ids=lambda key: f"{key.app_label}.{key.name}")
def test_a_migration_cannot_lose_data(key: MigrationKey) -> None:
    assert migrations.unsafe(operations()[key]) == []


async def test_the_indexes_and_constraints_of_the_migrations_are_in_the_database(database: Database) -> None:
    if sql.dialect() == "sqlite":
        found = await sql.rows("SELECT name, sql FROM sqlite_master")
        there = {row["name"] for row in found} | {
            name for row in found for name in NAME.findall(row["sql"] or "")
        }
    else:
        found = await sql.rows(
            "SELECT indexname AS name FROM pg_indexes UNION SELECT conname FROM pg_constraint"
        )
        there = {row["name"] for row in found}
    assert named_by_hand() - there == set()


async def test_a_live_parcel_is_unique_by_the_database(database: Database) -> None:
    assert {"parcel_live", "parcel_live_code"} <= named_by_hand()


async def test_every_foreign_key_states_what_happens_on_delete(database: Database) -> None:
    apps = require_context().apps
    assert apps is not None
    for model in [model for models in apps.values() for model in models.values()]:
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(model)))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("ForeignKeyField", "OneToOneField")
            ):
                assert "on_delete" in [keyword.arg for keyword in node.keywords], (
                    f"{model.__name__}: {ast.unparse(node)}"
                )
