"""Plain SQL on SQLite: at once on the writer's connection inside an act, in the reader's thread outside."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tortoise.exceptions import OperationalError

from station.db.engine import Dialect, Row
from station.db.failures import of_sqlite
from station.db.reader import SqliteReader
from station.db.sqlite_connection import WriterConnection

T = TypeVar("T")


def _rows(connection: sqlite3.Connection, query: str, args: Sequence[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query, args)]


def _one(connection: sqlite3.Connection, query: str, args: Sequence[Any]) -> Row | None:
    cursor = connection.execute(query, args)
    row = cursor.fetchone()
    cursor.close()  # a RETURNING that is not read to its end would hold up the commit
    return dict(row) if row is not None else None


def _execute(connection: sqlite3.Connection, query: str, args: Sequence[Any]) -> int:
    return max(connection.execute(query, args).rowcount, 0)


class WriterStatements:
    """Inside an act, in the writer thread: nothing waits."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: WriterConnection) -> None:
        self._connection = connection

    async def rows(self, query: str, args: Sequence[Any]) -> list[Row]:
        try:
            return _rows(self._connection, query, args)
        except sqlite3.Error as error:
            raise self._connection.failure(error) from error

    async def one(self, query: str, args: Sequence[Any]) -> Row | None:
        try:
            return _one(self._connection, query, args)
        except sqlite3.Error as error:
            raise self._connection.failure(error) from error

    async def execute(self, query: str, args: Sequence[Any]) -> int:
        try:
            return _execute(self._connection, query, args)
        except sqlite3.Error as error:
            raise self._connection.failure(error) from error

    async def many(self, query: str, args_list: Sequence[Sequence[Any]]) -> None:
        try:
            self._connection.executemany(query, args_list)
        except sqlite3.Error as error:
            raise self._connection.failure(error) from error


class ReaderStatements:
    """Outside of acts, on Tortoise's own connection, which is `query_only`."""

    dialect: Dialect = "sqlite"

    def __init__(self, reader: SqliteReader) -> None:
        self._reader = reader

    async def rows(self, query: str, args: Sequence[Any]) -> list[Row]:
        return await self._there(_rows, query, args)

    async def one(self, query: str, args: Sequence[Any]) -> Row | None:
        return await self._there(_one, query, args)

    async def execute(self, query: str, args: Sequence[Any]) -> int:
        return await self._there(_execute, query, args)

    async def many(self, query: str, args_list: Sequence[Sequence[Any]]) -> None:
        for args in args_list:
            await self.execute(query, args)

    async def _there(
        self, do: Callable[[sqlite3.Connection, str, Sequence[Any]], T], query: str, args: Sequence[Any]
    ) -> T:
        try:
            return await self._reader.in_thread(do, query, args)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY:
                raise OperationalError("only an act may write") from error
            raise of_sqlite(error) from error
