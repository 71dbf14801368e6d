"""What an act sees in the writer thread: Tortoise's client on the writer's connection, and a loop that refuses."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import count
from typing import Any, NoReturn, cast

from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient
from tortoise.backends.sqlite.client import SqliteClient

from station.db.failures import awaits_something_else
from station.db.sqlite_connection import WriterConnection

_savepoints = count()


class WriterClient(SqliteClient, TransactionalDBClient):
    """Tortoise's view of the writer's connection: every call runs at once, in the writer thread."""

    def __init__(self, connection: WriterConnection, reader: SqliteClient) -> None:
        self.connection = connection
        self.connection_name = reader.connection_name
        self.fetch_inserted = reader.fetch_inserted
        self.capabilities = reader.capabilities
        self.log = reader.log
        self._savepoint = ""

    def _check_loop(self) -> bool:
        return True

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(WriterClient(self.connection, self))

    def acquire_connection(self) -> NoReturn:
        raise NotImplementedError("the writer's connection is not handed out")

    def _run(self, query: str, values: Sequence[Any] | None) -> sqlite3.Cursor:
        try:
            return self.connection.execute(query, values or ())
        except sqlite3.Error as error:
            raise self.connection.failure(error) from error

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        return self._run(query, values).lastrowid or 0

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        try:
            self.connection.executemany(query, values)
        except sqlite3.Error as error:
            raise self.connection.failure(error) from error

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        cursor = self._run(query, values)
        rows = cursor.fetchall()
        return (cursor.rowcount if cursor.rowcount >= 0 else len(rows)), rows

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return [dict(row) for row in self._run(query, values)]

    async def execute_script(self, query: str) -> None:
        # One by one: sqlite3's own executescript commits first.
        for statement in statements(query):
            self._run(statement, None)

    async def begin(self) -> NoReturn:
        raise NotImplementedError("the writer begins and ends the transaction")

    commit = rollback = begin

    async def savepoint(self) -> None:
        self._savepoint = f"nested{next(_savepoints)}"
        self._run(f"SAVEPOINT {self._savepoint}", None)

    async def savepoint_rollback(self) -> None:
        self._run(f"ROLLBACK TO {self._savepoint}", None)
        await self.release_savepoint()

    async def release_savepoint(self) -> None:
        self._run(f"RELEASE {self._savepoint}", None)


def statements(script: str) -> Iterator[str]:
    """The single statements of a script, whole triggers included."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip() != ";":
                yield statement
            statement = ""


class RefusingLoop:
    """The event loop of the writer thread. It never runs: whoever asks it for anything awaits more than the database.

    Finished futures are allowed, because Tortoise makes them (it gathers an empty list of signal listeners).
    """

    def __init__(self) -> None:
        self.act = ""
        self.asked = False

    def get_debug(self) -> bool:
        return False

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=cast(asyncio.AbstractEventLoop, self))

    def create_task(self, coroutine: Coroutine[Any, Any, Any], **_: Any) -> NoReturn:
        coroutine.close()
        self._refuse()

    def __getattr__(self, _: str) -> Callable[..., NoReturn]:
        return self._refuse

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        self.asked = True
        raise awaits_something_else(self.act)
