"""Tortoise's client for PostgreSQL, with errors in our words and an end that does not hang."""

import asyncio
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from station.db.failures import POSTGRES_ERRORS, StorageError, Trouble, of_postgres

PATIENCE = 2.0  # seconds for closing: a connection that the server has cut may never say that it is closed


class Connection(asyncpg.Connection):  # type: ignore[misc]
    def _set_proxy(self, proxy: Any) -> None:
        """asyncpg hands out a connection that was cut while it was made, and never gets its place in the pool back:
        after five of them, when the server restarts, every act would wait for ever."""
        if proxy is not None and self.is_closed():
            raise asyncpg.ConnectionDoesNotExistError("the connection was cut while it was made")
        super()._set_proxy(proxy)


class PostgresClient(AsyncpgDBClient):
    connection_class = Connection

    async def create_connection(self, with_db: bool) -> None:
        try:
            await super().create_connection(with_db)
        except POSTGRES_ERRORS as error:
            raise StorageError(Trouble.AWAY, error) from error

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await func(self, *args, **kwargs)
        except POSTGRES_ERRORS as error:
            raise of_postgres(error) from error

    async def _close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            await asyncio.wait_for(pool.close(), PATIENCE)
        except TimeoutError:
            pool.terminate()
