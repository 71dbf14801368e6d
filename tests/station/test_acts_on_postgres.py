"""What acts promise beyond that on PostgreSQL, where they run beside each other."""

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from station.db import Database, StorageError, act, sql
from station.db.postgres import credentials, transaction
from station.db.postgres_client import PostgresClient
from tests import postgres_server
from tests.station.acts_models import Box, labels, put

pytestmark = pytest.mark.only_on("postgres")
runs: list[str] = []
held: list[str] = []


@act
async def use_both(first: str, second: str) -> None:
    runs.append(first)
    await sql.execute("UPDATE box SET used = used + 1 WHERE label = ?", first)
    held.append(first)
    while len(held) < 2:
        await sql.rows("SELECT pg_sleep(0.01)")
    await sql.execute("UPDATE box SET used = used + 1 WHERE label = ?", second)


@act
async def always_conflicts() -> None:
    runs.append("again")
    await put(f"conflict {len(runs)}")
    await sql.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$")


@act
async def dangle() -> None:
    await sql.execute("INSERT INTO line (box_id, n) VALUES (?, ?)", 99999, 1)


@act
async def cut_the_line(label: str) -> None:
    await put(label)
    await sql.rows("SELECT pg_terminate_backend(pg_backend_pid())")


@act
async def full_disk() -> None:
    await put("full")
    await sql.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$")


@act
async def start_a_task() -> "asyncio.Task[int]":
    return asyncio.get_running_loop().create_task(put("from a task"))


async def test_acts_that_block_each_other_both_succeed(boxes: Database) -> None:
    runs.clear()
    held.clear()
    await put("a")
    await put("b")
    await asyncio.gather(use_both("a", "b"), use_both("b", "a"))
    assert len(runs) == 3  # one of them was run again
    assert [box.used for box in await Box.all()] == [3, 3]


async def test_a_conflict_is_tried_again_three_times(boxes: Database) -> None:
    runs.clear()
    with pytest.raises(OperationalError):
        await always_conflicts()
    assert len(runs) == 4
    assert await labels() == []


async def test_a_failed_commit_is_told_in_the_same_words_as_on_sqlite(boxes: Database) -> None:
    with pytest.raises(IntegrityError):
        await dangle()
    assert await put("next")


async def test_a_lost_connection_fails_the_act_and_the_next_one_works(boxes: Database) -> None:
    with pytest.raises(StorageError) as failure:
        await cut_the_line("cut")
    assert failure.value.trouble == "away"
    assert await put("next")
    assert await labels() == ["next"]


async def test_a_full_disk_is_named(boxes: Database) -> None:
    with pytest.raises(StorageError) as failure:
        await full_disk()
    assert failure.value.trouble == "full"


async def test_a_task_that_an_act_leaves_behind_cannot_write_into_another(boxes: Database) -> None:
    task = await start_a_task()
    with pytest.raises(RuntimeError, match="start_a_task is over"):
        await task
    assert await labels() == []


async def test_pages_read_on_connections_that_cannot_write(boxes: Database) -> None:
    assert await sql.one("SHOW default_transaction_read_only") == {"default_transaction_read_only": "on"}


async def test_more_acts_than_connections_wait_their_turn(boxes: Database) -> None:
    await asyncio.gather(*[put(f"w{n}") for n in range(50)])
    assert len(await labels()) == 50


async def test_a_server_that_stops_is_told_as_trouble_with_storage(boxes: Database, server: str) -> None:
    name = boxes.url.rpartition("/")[2]
    await postgres_server.command(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await postgres_server.command(
        server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    with pytest.raises(StorageError):
        await put("nowhere")


async def test_a_connection_cut_while_it_was_made_keeps_no_place_in_the_pool(boxes: Database) -> None:
    cuts = [True]

    async def cut(connection: Any) -> None:
        if cuts:
            cuts.pop()
            connection.terminate()

    client = PostgresClient(
        connection_name="cut", init=cut, minsize=0, maxsize=1, **credentials(boxes.url, {})
    )
    await client.create_connection(with_db=True)
    with pytest.raises(StorageError):
        async with transaction(client):
            """The server has gone."""
    async with asyncio.timeout(10), transaction(client):
        """It is back."""
    await client.close()
