"""Tortoise's own connection: pages read on it and nobody can write. (Tortoise finds the client here by engine name.)"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.sqlite.client import SqliteClient

from station.db.postgres_client import PostgresClient

T = TypeVar("T")


def _no_transaction() -> RuntimeError:
    # Tortoise's own transactions lock the whole program up when a task is cancelled at the wrong moment.
    return RuntimeError("only an act has a transaction; get_or_create and the like belong in one, too")


class SqliteReader(SqliteClient):
    def _in_transaction(self) -> NoReturn:
        raise _no_transaction()

    async def in_thread(self, do: Callable[..., T], query: str, args: Sequence[Any]) -> T:
        """Run `do(sqlite3.Connection, query, args)` in the connection's thread: one hop for execute and fetch."""
        async with self.acquire_connection() as connection:

            def there() -> T:
                raw: sqlite3.Connection = connection._conn
                return do(raw, query, args)

            result: T = await connection._execute(there)
            return result


class PostgresReader(PostgresClient):
    def _in_transaction(self) -> NoReturn:
        raise _no_transaction()


def get_client_class(connection: dict[str, Any]) -> type[BaseDBAsyncClient]:
    return SqliteReader if "file_path" in connection["credentials"] else PostgresReader
