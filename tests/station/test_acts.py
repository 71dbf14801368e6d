"""What acts promise, on both databases."""

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import ContextVar
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

import pytest
from tortoise import connections
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from station.db import Database, act, sql
from tests.station.acts_models import APPS, Box, Line, labels, put

traveller: ContextVar[str] = ContextVar("traveller")


@act
async def family(label: str) -> list[str]:
    """One act that does most of what Tortoise can."""
    first = await put(f"{label}1", lines=2)
    with suppress(LookupError):
        async with in_transaction():
            await Box.create(label=f"{label}-undone")
            raise LookupError
    second, created = await Box.get_or_create(label=f"{label}2")
    again, created_again = await Box.get_or_create(label=f"{label}2")
    assert (created, created_again, again.id) == (True, False, second.id)
    await Box.bulk_create([Box(label=f"{label}{n}") for n in (3, 4)])
    await Box.filter(label=f"{label}3").delete()
    second.sealed = True
    await second.save()
    line = await Line.filter(box_id=first).select_related("box").order_by("n").first()
    assert line is not None
    assert line.box.label == f"{label}1"
    written = await Box.filter(label__startswith=label).order_by("label").values_list("label", flat=True)
    return [str(one) for one in written]


@act
async def in_two_steps(label: str) -> None:
    await put(f"{label}1")
    await put(f"{label}2", refuse=True)


@act
async def waits_for_a_clock() -> None:
    await put("slow")
    await asyncio.sleep(0.01)


@act
async def waits_and_hides_it() -> None:
    await put("hidden")
    try:
        await asyncio.sleep(0.01)
    except Exception:
        await put("hidden too")


@act
async def asks_another_thread() -> None:
    await put("thread")
    await asyncio.to_thread(str)


@act
async def prefetches() -> None:
    await put("prefetch")
    await Box.all().prefetch_related("lines")


@act
async def reads_context() -> str:
    await put("context")
    return traveller.get()


@act
async def carelessly_leaves(label: str) -> None:
    await put(label)
    raise asyncio.CancelledError


# A second or more of the database's own work.
LONG_STATEMENT = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000) SELECT max(i) FROM n",
    "postgres": "SELECT pg_sleep(2)",
}


@act
async def takes_its_time(label: str) -> None:
    await put(label)
    await sql.rows(LONG_STATEMENT[sql.dialect()])


async def counts() -> tuple[int, int, int]:
    """Boxes, boxes used, lines: at one moment, for acts whose callers left may still be running on PostgreSQL."""
    (found,) = await sql.rows(
        "SELECT (SELECT count(*) FROM box) AS boxes, (SELECT count(*) FROM box WHERE used = 1) AS used,"
        " (SELECT count(*) FROM line) AS lines"
    )
    return found["boxes"], found["used"], found["lines"]


async def test_an_act_writes_and_answers(boxes: Database) -> None:
    number = await put("first", lines=3)
    assert await Box.get(label="first").values("id", "used") == {"id": number, "used": 1}
    assert await Line.filter(box_id=number).count() == 3


async def test_a_refused_act_leaves_nothing(boxes: Database) -> None:
    with pytest.raises(ValueError, match="refused"):
        await put("refused", lines=3, refuse=True)
    assert await Box.all().count() == await Line.all().count() == 0


async def test_an_act_inside_an_act_joins_it(boxes: Database) -> None:
    with pytest.raises(ValueError, match="refused"):
        await in_two_steps("step")
    assert await Box.all().count() == 0


async def test_tortoise_works_inside_an_act_as_it_stands(boxes: Database) -> None:
    assert await family("f") == ["f1", "f2", "f4"]
    assert (await Box.get(label="f2")).sealed is True


async def test_the_database_refuses_in_the_same_words_on_both(boxes: Database) -> None:
    await put("twin")
    with pytest.raises(IntegrityError):
        await put("twin")
    assert await Box.filter(label="twin").count() == 1


@pytest.mark.parametrize("sly", [waits_for_a_clock, waits_and_hides_it, asks_another_thread, prefetches])
async def test_an_act_that_awaits_anything_but_the_database_is_refused_by_name(
    boxes: Database, sly: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    with pytest.raises(RuntimeError, match=rf"{sly.__name__} awaits something that is not the database"):
        await sly()
    assert await Box.all().count() == 0
    assert await put("next")


async def test_nobody_writes_outside_an_act(boxes: Database) -> None:
    with pytest.raises(OperationalError):
        await Box.create(label="outside")
    with pytest.raises(OperationalError):
        await sql.execute("INSERT INTO box (label) VALUES (?)", "outside")
    with pytest.raises(RuntimeError, match="only an act has a transaction"):
        await Box.get_or_create(label="outside")
    with pytest.raises(RuntimeError, match="only an act has a transaction"):
        async with in_transaction():
            pass
    assert await Box.all().count() == 0


async def test_acts_that_arrive_together_do_not_hurt_each_other(boxes: Database) -> None:
    answers = await asyncio.gather(
        *[put(f"g{n}", refuse=n % 3 == 0) for n in range(60)], return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [ValueError if n % 3 == 0 else int for n in range(60)]
    assert await Box.all().count() == 40


async def test_callers_who_go_away_at_any_moment_tear_nothing(boxes: Database) -> None:
    for n in range(300):
        caller = asyncio.create_task(put(f"c{n}"))
        for _ in range(n % 9):
            await asyncio.sleep(0)
        if n % 4 == 0:
            await asyncio.sleep(0.0003)
        caller.cancel()
        await asyncio.wait([caller])
    await asyncio.wait_for(put("after"), 60)
    boxes_written, used, lines_written = await counts()
    assert boxes_written == used == lines_written > 1


async def test_an_act_that_was_accepted_is_written_though_its_caller_left(boxes: Database) -> None:
    caller = asyncio.create_task(put("left alone"))
    await asyncio.sleep(0)
    caller.cancel()
    await put("next")
    await boxes.close()
    await boxes.open()
    assert await Box.filter(label="left alone").count() == 1


async def test_an_act_sees_its_callers_context(boxes: Database) -> None:
    async def call(name: str) -> str:
        traveller.set(name)
        try:
            return await reads_context()
        except IntegrityError:
            return name

    assert list(await asyncio.gather(call("Wang"), call("Chen"))) == ["Wang", "Chen"]


async def test_an_act_that_raises_no_ordinary_exception_leaves_nothing(boxes: Database) -> None:
    with pytest.raises(asyncio.CancelledError):
        await carelessly_leaves("careless")
    assert await put("next")
    assert await labels() == ["next"]


async def test_pages_read_while_an_act_writes(boxes: Database) -> None:
    writing = asyncio.create_task(takes_its_time("long"))
    seen = []
    while not writing.done():
        seen.append(await Box.all().count())
    assert seen.count(0) > 1, "the first may have come before the act"
    assert await labels() == ["long"]


def write_until_killed(url: str, answered: "Connection[str, str]") -> None:
    async def go() -> None:
        async with Database(url, APPS):
            for n in count():
                await put(f"k{n}")
                answered.send(f"k{n}")

    asyncio.run(go())


async def test_a_killed_process_keeps_what_it_answered_and_nothing_half_done(boxes: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe(duplex=False)
    process = spawn.Process(target=write_until_killed, args=(boxes.url, its))
    process.start()
    its.close()
    answered = [await asyncio.to_thread(mine.recv) for _ in range(50)]
    process.kill()
    await asyncio.to_thread(process.join)
    assert set(answered) <= set(await labels())
    boxes_written, used, lines_written = await counts()
    assert boxes_written == used == lines_written
    mine.close()


async def test_without_an_open_database_an_act_says_so() -> None:
    with pytest.raises(RuntimeError, match="no database is open"):
        await put("nowhere")
    with pytest.raises(RuntimeError, match="no database is open"):
        await sql.rows("SELECT 1")


async def test_only_one_database_is_open_in_a_process(boxes: Database) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        await Database(boxes.url, boxes.apps).open()
    assert await put("still works")


async def test_closing_finishes_what_was_accepted(boxes: Database) -> None:
    accepted = [asyncio.create_task(put(f"w{n}", lines=5)) for n in range(100)]
    await asyncio.sleep(0)
    await boxes.close()
    assert all(isinstance(number, int) for number in await asyncio.gather(*accepted))
    with pytest.raises(RuntimeError, match="no database is open"):
        await put("too late")
    await boxes.open()
    assert await Box.all().count() == 100


async def test_models_use_the_open_database(boxes: Database) -> None:
    await put("one")
    await boxes.close()
    await boxes.open()
    assert len(connections.all()) == 1
    assert await Box.all().count() == 1
