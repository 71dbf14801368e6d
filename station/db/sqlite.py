"""SQLite: pages read on Tortoise's connection, acts run in the writer thread."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from tortoise.context import TortoiseContext

from station.db.reader import SqliteReader
from station.db.sqlite_statements import ReaderStatements
from station.db.writer import Writer

CONNECTION = "sqlite"


def connection_config(path: str) -> dict[str, Any]:
    """Tortoise's settings of the reading connection; each extra key becomes a PRAGMA."""
    return {
        "engine": "station.db.reader",
        "credentials": {"file_path": path, "busy_timeout": 5000, "query_only": "ON"},
    }


class SqliteEngine:
    def __init__(self, path: str, context: TortoiseContext) -> None:
        reader = cast(SqliteReader, context.connections.get(CONNECTION))
        self.reader = ReaderStatements(reader)
        self._writer = Writer(path, context.connections, reader)

    async def open(self) -> None:
        await self._writer.open()
        await self.reader.rows("SELECT 1", ())

    async def close(self) -> None:
        await self._writer.close()

    async def do(self, name: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        return await self._writer.do(name, make)
