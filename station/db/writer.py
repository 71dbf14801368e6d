"""The writer thread of SQLite: one connection, acts that arrive together share one commit, a savepoint each."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from tortoise.connection import ConnectionHandler

from station.db.batches import Batches, Job
from station.db.failures import StorageError, Trouble, of_sqlite
from station.db.reader import SqliteReader
from station.db.sqlite_connection import connect

BATCH = 64
# Loop turns that a batch waits for the other requests of this moment, so that they share its commit. Only taken when
# the batch before was shared: a single volunteer waits for nobody.
TURNS = 3


class Writer:
    """The event loop's half: collects jobs, hands batches over, answers."""

    def __init__(self, path: str, handler: ConnectionHandler, reader: SqliteReader) -> None:
        self._path, self._handler, self._reader = path, handler, reader
        self._inbox: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._waiting: list[Job] = []
        self._written: list[Job] = []
        self._shared = False
        self._scheduled = False
        self._ended: BaseException | None = None

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._idle = asyncio.Event()
        self._idle.set()
        ready: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="writer", daemon=True)
        self._thread.start()
        await ready

    async def close(self) -> None:
        """Finish what was accepted, then stop."""
        self._ended = RuntimeError("no database is open")
        await self._idle.wait()
        self._inbox.put(None)
        await asyncio.to_thread(self._thread.join)

    async def do(self, act: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        if self._ended is not None:
            raise RuntimeError(str(self._ended)) from self._ended
        job = Job(act, make, self._loop.create_future())
        self._waiting.append(job)
        if not self._scheduled:
            self._scheduled = True
            self._idle.clear()
            self._hand_over(TURNS if self._shared else 0)
        # A caller who goes away cancels the answer only: the job is written all the same.
        return await job.answer

    def _hand_over(self, turns: int) -> None:
        if turns:
            self._loop.call_soon(self._hand_over, turns - 1)
            return
        self._written, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        self._inbox.put(self._written)

    def _answer(self) -> None:
        jobs, self._written = self._written, []
        self._shared = len(jobs) + len(self._waiting) > 1
        for job in jobs:
            if job.answer.done():
                continue
            if job.error is not None:
                job.answer.set_exception(job.error)
            else:
                job.answer.set_result(job.result)
        if self._waiting:
            self._hand_over(TURNS)
        else:
            self._scheduled = False
            self._idle.set()

    def _run(self, ready: asyncio.Future[None]) -> None:
        try:
            connection = connect(self._path)
        except sqlite3.Error as error:
            self._tell(ready.set_exception, of_sqlite(error))
            return
        try:
            batches = Batches(connection, self._handler, self._reader)
            batches.start()
            self._tell(ready.set_result, None)
            while (jobs := self._inbox.get()) is not None:
                batches.run(jobs)
                self._tell(self._answer)
        except BaseException as error:
            self._tell(self._die, error)
        finally:
            connection.close()

    def _tell(self, callback: Callable[..., object], *args: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is left to hear it
            self._loop.call_soon_threadsafe(callback, *args)

    def _die(self, error: BaseException) -> None:
        """The thread ended by itself: nobody may wait for it."""
        self._ended = RuntimeError("the writer has stopped; start the program again")
        self._ended.__cause__ = error
        self._written, self._waiting = self._written + self._waiting, []
        for job in self._written:
            job.error = StorageError(Trouble.BROKEN, error)
        self._answer()
