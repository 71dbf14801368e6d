"""What the writer thread does with a batch of acts: one transaction, a savepoint each."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, cast

from tortoise.connection import ConnectionHandler

from station.db import engine
from station.db.failures import StorageError, awaits_something_else, of_sqlite
from station.db.reader import SqliteReader
from station.db.sqlite_act import RefusingLoop, WriterClient
from station.db.sqlite_connection import WriterConnection, transaction
from station.db.sqlite_statements import WriterStatements


@dataclass(slots=True)
class Job:
    """One call of one act, its caller's context, and what came of it."""

    act: str
    make: Callable[[], Coroutine[Any, Any, Any]]
    answer: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)
    result: Any = None
    error: BaseException | None = None


class _Refused(Exception):
    """The only act of a transaction has failed."""


class Batches:
    """The writer thread's own half: takes jobs, runs them, commits."""

    def __init__(
        self, connection: WriterConnection, handler: ConnectionHandler, reader: SqliteReader
    ) -> None:
        self._connection = connection
        self._handler = handler
        self._client = WriterClient(connection, reader)
        self._statements = WriterStatements(connection)
        self._loop = RefusingLoop()

    def start(self) -> None:
        asyncio.events._set_running_loop(cast(asyncio.AbstractEventLoop, self._loop))

    def run(self, jobs: list[Job]) -> None:
        """All jobs in one transaction. When it cannot be committed, each of them gets the error."""
        try:
            with transaction(self._connection):
                if len(jobs) == 1:
                    self._alone(jobs[0])
                else:
                    for job in jobs:
                        self._in_savepoint(job)
        except _Refused:
            pass  # its job has the error already
        except (sqlite3.Error, StorageError) as error:
            for job in jobs:
                job.error = (
                    of_sqlite(error)
                    if isinstance(error, sqlite3.Error)
                    else StorageError(error.trouble, error)
                )

    def _alone(self, job: Job) -> None:
        """Without a savepoint, which would copy every page that the act changes: the transaction is taken back."""
        self._run(job)
        if job.error is not None:
            raise _Refused

    def _in_savepoint(self, job: Job) -> None:
        self._connection.execute("SAVEPOINT act")
        self._run(job)
        if job.error is not None:
            self._connection.execute("ROLLBACK TO act")
        self._connection.execute("RELEASE act")

    def _run(self, job: Job) -> None:
        try:
            job.result = job.context.run(self._drive, job)
        except BaseException as error:
            job.error = error
        if self._connection.torn is not None:
            raise self._connection.torn

    def _drive(self, job: Job) -> Any:
        turn = engine.Turn(job.act, self._statements)
        engine.begin(turn)
        self._handler.set(self._client.connection_name, self._client)
        self._loop.act, self._loop.asked = job.act, False
        coroutine = job.make()
        try:
            # A bare yield is allowed: Tortoise makes one for every 2,000 rows.
            while coroutine.send(None) is None:
                pass
        except StopIteration as stop:
            if self._loop.asked:  # and the act went on as if nothing were
                raise awaits_something_else(job.act) from None
            return stop.value
        finally:
            turn.over = True
        coroutine.close()
        raise awaits_something_else(job.act)
