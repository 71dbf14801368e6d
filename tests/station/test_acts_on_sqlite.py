"""What acts promise beyond that on SQLite, where they share the writer thread and its commits."""

import asyncio
import multiprocessing
import sqlite3
from multiprocessing.synchronize import Barrier
from typing import Any, cast

import pytest
from tortoise.exceptions import IntegrityError

from station.db import Database, StorageError, act, sql
from tests.station.acts_models import APPS, Box, labels, put

pytestmark = pytest.mark.only_on("sqlite")


@act
async def dangle() -> None:
    """Breaks a foreign key that is looked at when the transaction commits."""
    await sql.execute("INSERT INTO line (box_id, n) VALUES (?, ?)", 99999, 1)


@act
async def allow_pages(pages: int) -> None:
    """As small a disk as that."""
    await sql.one(f"PRAGMA max_page_count={pages}")


@act
async def fill(label: str) -> None:
    await sql.execute("INSERT INTO box (label) VALUES (?)", label + "." * 100_000)


@act
async def fill_and_go_on(label: str) -> None:
    with pytest.raises(StorageError):
        await fill(label)
    await put(f"{label} went on")


async def test_a_failed_commit_fails_its_whole_batch_and_nothing_after(boxes: Database) -> None:
    answers = await asyncio.gather(put("before"), dangle(), put("beside"), return_exceptions=True)
    # The first act found the writer idle and was committed alone.
    assert [type(answer) for answer in answers] == [int, IntegrityError, IntegrityError]
    assert answers[1] is not answers[2]
    assert await put("after")
    assert await labels() == ["before", "after"]


async def test_a_full_disk_fails_the_act_and_the_next_one_works_when_there_is_room(boxes: Database) -> None:
    await put("before")
    await allow_pages(20)
    with pytest.raises(StorageError) as failure:
        await fill("too much")
    assert failure.value.trouble == "full"
    assert await labels() == ["before"]
    await allow_pages(1_000_000)
    await fill("enough room")
    assert await Box.all().count() == 2


async def test_a_full_disk_leaves_no_act_half_written(boxes: Database) -> None:
    await put("before")
    await allow_pages(20)
    answers = await asyncio.gather(put("a"), fill_and_go_on("b"), put("c"), return_exceptions=True)
    written = set(await labels())
    for label, answer in zip(("a", "b went on", "c"), answers, strict=True):
        assert (label in written) == (not isinstance(answer, BaseException))


async def test_a_thread_that_dies_leaves_nobody_waiting(boxes: Database) -> None:
    writer = cast(Any, boxes)._engine._writer
    writer._inbox.put(["this is no job"])
    answers = await asyncio.wait_for(asyncio.gather(put("a"), put("b"), return_exceptions=True), 60)
    assert [type(answer) for answer in answers] == [StorageError, StorageError]
    with pytest.raises(RuntimeError, match="the writer has stopped"):
        await put("c")
    await boxes.close()
    await boxes.open()
    assert await Box.all().count() == 0


async def test_another_program_that_holds_the_file_is_waited_for_and_then_named(boxes: Database) -> None:
    assert boxes.path is not None
    other = sqlite3.connect(boxes.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(put("patient"))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    other.execute("COMMIT")
    assert await waiting
    other.close()


async def test_the_writer_is_durable_and_pages_cannot_write(boxes: Database) -> None:
    assert await sql.one("PRAGMA query_only") == {"query_only": 1}
    assert await writer_settings() == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@act
async def writer_settings() -> dict[str, object]:
    answers: dict[str, object] = {}
    for pragma in ("journal_mode", "synchronous", "foreign_keys"):
        answers |= await sql.one(f"PRAGMA {pragma}") or {}
    return answers


@act
async def look_and_put(label: str) -> None:
    """Reads first, as most acts do: a lock that is only taken at the first change would come too late."""
    assert not await Box.filter(label=label).exists()
    await put(label)


def write_a_hundred(url: str, who: str, start: Barrier) -> None:
    async def go() -> None:
        async with Database(url, APPS):
            start.wait(30)
            for n in range(100):
                await look_and_put(f"{who}{n}")

    asyncio.run(go())


async def test_two_processes_write_one_file_at_once(boxes: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)
    processes = [spawn.Process(target=write_a_hundred, args=(boxes.url, who, start)) for who in ("a", "b")]
    for process in processes:
        process.start()
    await asyncio.gather(*[asyncio.to_thread(process.join) for process in processes])
    assert [process.exitcode for process in processes] == [0, 0]
    assert await Box.all().count() == 200
