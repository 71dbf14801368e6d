"""Brings a database to the shape that the models have: Tortoise's migrations, all of them or none, one process at a time.

Migrations hold only operations that cannot lose data on either database. Tortoise's others rebuild a table on SQLite
by dropping it: rows that point to it are deleted along, and its indexes are gone.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.operations import AddField, CreateModel, Operation, RunPython, RunSQL
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

from station.db import postgres, sqlite, sqlite_connection
from station.db.database import Apps, sqlite_path
from station.db.failures import of_sqlite
from station.db.postgres_client import PostgresClient
from station.db.sqlite_act import WriterClient

SAFE = (CreateModel, AddField, RunSQL, RunPython)
_LOCK = 0x57A710  # of PostgreSQL's advisory locks, while a process migrates

Progress = Callable[[str, str, str], object]


class NewerDatabase(RuntimeError):
    """A newer version of this program has been at work here; this one would damage what it wrote."""

    def __init__(self, unknown: Iterable[str]) -> None:
        super().__init__(f"the database is newer than this program (it has {', '.join(sorted(unknown))})")


class _OnlyForward(State):
    """The models as they are after each operation. Tortoise copies all of them before each one (4 of the 5 seconds that a
    new database takes) for the state that was; no operation of SAFE looks at it on the way forward, but RunPython, which
    changes none."""

    def clone(self) -> State:
        return self


class _Executor(MigrationExecutor):
    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        state = await super()._project_state(applied, upto=upto)
        return _OnlyForward(state.models, state.apps)

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        # Everything is in one transaction already, and Tortoise's atomic editor splits on every `;` it sees.
        return super()._schema_editor(atomic=False, collect_sql=collect_sql)


async def migrate(url: str, apps: Apps, progress: Progress | None = None) -> None:
    """Apply what is missing. Quick when nothing is, so it is called at every start."""
    async with _executor(url, apps) as executor:
        await executor.migrate(direction="forward", progress=progress)


async def pending(url: str, apps: Apps) -> bool:
    """Whether anything is missing."""
    async with _executor(url, apps) as executor:
        return bool(executor.loader.disk_migrations.keys() - executor.loader.applied_migrations)


@asynccontextmanager
async def _executor(url: str, apps: Apps) -> AsyncIterator[MigrationExecutor]:
    path = sqlite_path(url)
    with TortoiseContext() as context:
        async with _on_postgres(url, context) if path is None else _on_sqlite(path, context) as client:
            executor = _Executor(client, config(apps, client.connection_name))
            # Before anything asks the table: a failed question would spoil PostgreSQL's transaction.
            await executor.recorder.ensure_schema(executor._schema_editor())
            await executor.loader.build_graph()
            unknown = executor.loader.applied_migrations - executor.loader.disk_migrations.keys()
            if unknown:
                raise NewerDatabase(f"{key.app_label}.{key.name}" for key in unknown)
            yield executor


def config(apps: Apps, connection: str) -> dict[str, dict[str, Any]]:
    """Tortoise's settings of the areas, migrations included."""
    return {
        area: {"models": modules, "default_connection": connection, "migrations": f"{area}.migrations"}
        for area, modules in apps.items()
    }


def unsafe(operations: Iterable[Operation]) -> list[str]:
    """The operations that may lose data on SQLite, described."""
    return [operation.describe() for operation in operations if not isinstance(operation, SAFE)]


@asynccontextmanager
async def _on_sqlite(path: str, context: TortoiseContext) -> AsyncIterator[BaseDBAsyncClient]:
    context.connections._init_config({sqlite.CONNECTION: sqlite.connection_config(path)})
    reader = context.connections.get(sqlite.CONNECTION)
    assert isinstance(reader, SqliteClient)
    with _in_our_words(), closing(sqlite_connection.connect(path)) as connection:
        # A table that is rebuilt by hand must not take the rows along that point to it; checked at the end.
        connection.execute("PRAGMA foreign_keys=OFF")
        with sqlite_connection.transaction(connection):
            before = connection.total_changes
            client = WriterClient(connection, reader)
            context.connections.set(sqlite.CONNECTION, client)
            yield client
            if connection.total_changes != before and (
                lost := connection.execute("PRAGMA foreign_key_check").fetchone()
            ):
                raise IntegrityError(f"a migration left rows of {lost['table']} that point to nothing")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise of_sqlite(error) from error


@asynccontextmanager
async def _on_postgres(url: str, context: TortoiseContext) -> AsyncIterator[BaseDBAsyncClient]:
    context.connections._init_config({postgres.CONNECTION: postgres.connection_config(url)})
    pool = PostgresClient(connection_name=postgres.CONNECTION, **postgres.credentials(url, {}))
    await pool.create_connection(with_db=True)
    try:
        async with postgres.transaction(pool) as client:
            await client.execute_query("SELECT pg_advisory_xact_lock($1)", [_LOCK])
            context.connections.set(postgres.CONNECTION, client)
            yield client
    finally:
        await pool.close()
