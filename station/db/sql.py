"""Plain SQL for hot acts and wide lists: `?` for each argument on both databases.

Inside an act the statement belongs to the act; outside it goes to the read-only connection. Times go in as aware
datetimes and come out through `moment`. On PostgreSQL an argument has one type: `? IS NULL OR x = ?` needs a cast.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from station.db import engine
from station.db.engine import Dialect, Row, Statements


def _statements() -> Statements:
    turn = engine.turn()
    return turn.statements if turn is not None else engine.opened().reader


async def rows(query: str, *args: Any) -> list[Row]:
    """All rows, each a dict by column."""
    return await _statements().rows(query, args)


async def one(query: str, *args: Any) -> Row | None:
    """The first row or None. For `INSERT … RETURNING` too."""
    return await _statements().one(query, args)


async def insert(table: str, /, **columns: Any) -> int:
    """Write one row inside an act and answer its id. The names go into the statement as they are: they are our code's
    own, never anything that somebody typed."""
    query = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) RETURNING id"  # noqa: S608
    )
    row = await one(query, *columns.values())
    assert row is not None
    return int(row["id"])


async def execute(query: str, *args: Any) -> int:
    """Run a change and answer how many rows it touched."""
    return await _statements().execute(query, args)


async def many(query: str, args_list: Sequence[Sequence[Any]]) -> None:
    """Run one change for each of the argument rows."""
    await _statements().many(query, args_list)


def dialect() -> Dialect:
    return _statements().dialect


def like(text: str) -> str:
    """Typed text as part of a pattern that stands for itself, in `LIKE ? ESCAPE '!'`."""
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return text


def moment(value: str | datetime) -> datetime:
    """A time read from a row, as an aware UTC datetime (SQLite keeps it as text)."""
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
