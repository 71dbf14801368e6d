"""Tortoise's client for PostgreSQL, with errors in our words and an end that does not hang."""

import asyncio
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient

from station.db.failures import POSTGRES_ERRORS, of_postgres

PATIENCE = 2.0  # seconds for closing: a connection that the server has cut may never say that it is closed


class PostgresClient(AsyncpgDBClient):
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
