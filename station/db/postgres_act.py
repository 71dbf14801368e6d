"""What an act sees on PostgreSQL: Tortoise's client in the act's transaction, and a watch on what it awaits."""

from collections.abc import Coroutine, Generator
from contextlib import suppress
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import ConnectionWrapper, NestedTransactionContext

from station.db.failures import POSTGRES_ERRORS, awaits_something_else, of_postgres


class Wire:
    """Whether a statement is on its way to the server. `async with` it around everything that is."""

    def __init__(self) -> None:
        self.busy = False

    async def __aenter__(self) -> None:
        self.busy = True

    async def __aexit__(self, *_: object) -> None:
        self.busy = False


class _OnWire(ConnectionWrapper[Any]):
    __slots__ = ("_wire",)

    def __init__(self, wire: Wire, client: "ActClient") -> None:
        super().__init__(client._lock, client)
        self._wire = wire

    async def __aenter__(self) -> Any:
        connection = await super().__aenter__()
        await self._wire.__aenter__()
        return connection

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        await self._wire.__aexit__()
        await super().__aexit__(kind, error, trace)


class ActClient(TransactionWrapper):
    """Tortoise's view of the connection that the act has to itself."""

    def __init__(self, parent: AsyncpgDBClient, connection: Any, wire: Wire) -> None:
        super().__init__(parent)
        self._connection = connection
        self.fetch_inserted = parent.fetch_inserted
        self.wire = wire

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(ActClient(self, self._connection, self.wire))

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        return _OnWire(self.wire, self)

    async def begin(self) -> None:
        async with self.wire:
            await super().begin()

    async def commit(self) -> None:
        try:
            async with self.wire:
                await super().commit()
        except POSTGRES_ERRORS as error:  # which Tortoise does not translate here
            raise of_postgres(error) from error

    async def rollback(self) -> None:
        async with self.wire:
            await super().rollback()

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await func(self, *args, **kwargs)
        except POSTGRES_ERRORS as error:
            raise of_postgres(error) from error


class OnlyTheDatabase:
    """Awaits an act's coroutine, and ends it when it waits while nothing is on the wire."""

    def __init__(self, act: str, coroutine: Coroutine[Any, Any, Any], wire: Wire) -> None:
        self._act, self._coroutine, self._wire = act, coroutine, wire

    def __await__(self) -> Generator[Any, Any, Any]:
        error: BaseException | None = None
        while True:
            try:
                waits_for = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
            except StopIteration as stop:
                return stop.value
            # A bare yield is allowed: Tortoise makes one for every 2,000 rows.
            if waits_for is not None and not self._wire.busy:
                waits_for.cancel()
                with suppress(
                    RuntimeError
                ):  # it had more to await in a `finally`: that is rolled back with the rest
                    self._coroutine.close()
                raise awaits_something_else(self._act)
            try:
                yield waits_for
                error = None
            except BaseException as thrown:
                error = thrown
