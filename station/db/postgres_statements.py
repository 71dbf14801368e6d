"""Plain SQL on PostgreSQL: the same `?` statements, on an act's connection or on the readers' pool."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import count
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from station.db.engine import Dialect, Row
from station.db.failures import POSTGRES_ERRORS, of_postgres

# What may hold a `?` that is no placeholder comes first: strings, quoted names, comments.
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|/\*.*?\*/|\?""", re.DOTALL)


@lru_cache(maxsize=1024)
def numbered(query: str) -> str:
    """The statement with `$1`, `$2`, … for its `?`."""
    number = count(1)
    return _TOKEN.sub(lambda token: f"${next(number)}" if token[0] == "?" else token[0], query)


class PostgresStatements:
    dialect: Dialect = "postgres"

    def __init__(self, client: AsyncpgDBClient) -> None:
        self._client = client

    async def rows(self, query: str, args: Sequence[Any]) -> list[Row]:
        async with self._connection() as connection:
            return [dict(row) for row in await connection.fetch(numbered(query), *args)]

    async def one(self, query: str, args: Sequence[Any]) -> Row | None:
        async with self._connection() as connection:
            row = await connection.fetchrow(numbered(query), *args)
            return dict(row) if row is not None else None

    async def execute(self, query: str, args: Sequence[Any]) -> int:
        async with self._connection() as connection:
            status: str = await connection.execute(numbered(query), *args)
            tally = status.rpartition(" ")[2]  # of "UPDATE 3" or "INSERT 0 3"; "CREATE TABLE" touched no row
            return int(tally) if tally.isdigit() else 0

    async def many(self, query: str, args_list: Sequence[Sequence[Any]]) -> None:
        async with self._connection() as connection:
            await connection.executemany(numbered(query), args_list)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        try:
            async with self._client.acquire_connection() as connection:
                yield connection
        except POSTGRES_ERRORS as error:
            raise of_postgres(error) from error
