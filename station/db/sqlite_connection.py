"""The connection that writes to SQLite, and its transaction."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tortoise.backends.sqlite import executor as _tortoise_first  # noqa: F401

from station.db.failures import StorageError, Trouble, of_sqlite

PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "cache_size=-16000",
    # 16 MB of log before it is folded into the file: the same pages change with every scan, and are folded in once.
    "wal_autocheckpoint=4000",
    # What a savepoint may have to take back is kept in memory, or every act writes its pages to a temporary file too.
    "temp_store=MEMORY",
)

# Twenty a second, for five seconds.
_TURNS = 100

# Times are kept as text, which compares only within one offset: always UTC, in Tortoise's format. (In the place of the
# adapter that Tortoise's executor registers when it is imported.)
sqlite3.register_adapter(datetime, lambda moment: moment.astimezone(UTC).isoformat(" "))


class WriterConnection(sqlite3.Connection):
    """`torn` says why the present transaction cannot be committed any more."""

    torn: StorageError | None = None

    def failure(self, error: sqlite3.Error) -> Exception:
        """The error in our words, to be raised."""
        failure = of_sqlite(error)
        if not self.in_transaction:
            # SQLite rolled everything back by itself, as it does when the disk is full. If the act goes on, it shall
            # not commit one statement after the other: it gets a transaction that is thrown away.
            self.execute("BEGIN")
            trouble = failure.trouble if isinstance(failure, StorageError) else Trouble.BROKEN
            self.torn = StorageError(trouble, error)
        return failure


def connect(path: str) -> WriterConnection:
    """A connection that writes, durable at every commit."""
    connection = sqlite3.connect(
        path, isolation_level=None, cached_statements=512, check_same_thread=False, factory=WriterConnection
    )
    connection.row_factory = sqlite3.Row
    _keep_log(connection)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _keep_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on. Of two processes that do so to a new file at once, one is refused without waiting."""
    for attempt in range(_TURNS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if attempt == _TURNS - 1:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def transaction(connection: WriterConnection) -> Iterator[None]:
    """All or nothing, and nobody else writes meanwhile."""
    connection.torn = None
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
