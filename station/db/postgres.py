"""PostgreSQL: pages read on a pool that cannot write, acts run on the event loop, each in a transaction of its own."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext

from station.db import engine
from station.db.failures import POSTGRES_ERRORS, Conflict, StorageError, Trouble
from station.db.postgres_act import ActClient, OnlyTheDatabase, Wire
from station.db.postgres_client import Connection, PostgresClient
from station.db.postgres_statements import PostgresStatements

CONNECTION = "postgres"
TURN = 30.0  # seconds that an act waits for a connection: whoever waits longer would wait for ever
PAUSES = (0.02, 0.04, 0.08)  # seconds before an act that met a neighbour's runs again
WRITER_SETTINGS = {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"}


def connection_config(url: str) -> dict[str, Any]:
    """Tortoise's settings of the reading pool."""
    return {
        "engine": "station.db.reader",
        "credentials": credentials(url, {"default_transaction_read_only": "on"}),
    }


def credentials(url: str, settings: dict[str, str]) -> dict[str, Any]:
    parts: dict[str, Any] = expand_db_url(url)["credentials"]
    return parts | {"server_settings": settings}


class _ActConnection(Connection):
    def get_reset_query(self) -> str:
        return ""  # an act leaves no session state behind, and this saves it one round trip


class PostgresEngine:
    def __init__(self, url: str, context: TortoiseContext) -> None:
        self._handler = context.connections
        self._reading = context.connections.get(CONNECTION)
        self.reader = PostgresStatements(self._reading)  # type: ignore[arg-type]
        self._client = PostgresClient(
            connection_name=CONNECTION, connection_class=_ActConnection, **credentials(url, WRITER_SETTINGS)
        )
        self._running: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        await self._client.create_connection(with_db=True)
        await self.reader.rows("SELECT 1", ())

    async def close(self) -> None:
        """Finish what was accepted, then stop."""
        if self._running:
            await asyncio.wait(self._running)
        await self._client.close()

    async def do(self, name: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        # A task of its own: a caller who goes away cancels the answer only.
        task = asyncio.get_running_loop().create_task(self._attempts(name, make))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _attempts(self, name: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        for pause in PAUSES:
            try:
                return await self._once(name, make)
            except Conflict:
                await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 (apart from the neighbour, no secret)
        return await self._once(name, make)

    async def _once(self, name: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async with transaction(self._client) as client:
            turn = engine.Turn(name, PostgresStatements(client))
            engine.begin(turn)
            self._handler.set(CONNECTION, client)
            try:
                return await OnlyTheDatabase(name, make(), client.wire)
            finally:
                turn.over = True


@asynccontextmanager
async def transaction(client: PostgresClient) -> AsyncIterator[ActClient]:
    """A connection of the client's pool, in a transaction that is committed at the end or rolled back."""
    pool: Any = client._pool
    try:
        connection = await pool.acquire(timeout=TURN)
        inner = ActClient(client, connection, Wire())
    except POSTGRES_ERRORS as error:  # the server does not answer, or not us
        raise StorageError(Trouble.AWAY, error) from error
    try:
        await inner.begin()
        yield inner
        await inner.commit()
    except BaseException:
        # A connection that is gone cannot roll back, and need not.
        with suppress(Exception):
            await inner.rollback()
        raise
    finally:
        with suppress(*POSTGRES_ERRORS):
            await pool.release(connection)
        if connection._con is not None:
            # It was cut, and asyncpg has lost count of it: it would never give the place in the pool back.
            connection.terminate()
