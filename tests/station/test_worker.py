"""The worker: each job by one process at a time, tried again when it failed, given up by the dead."""

import asyncio
import logging
from pathlib import Path

import pytest

from station import clock
from station.areas import Area, Job
from station.db import act, sql
from station.settings import Settings
from station.worker import LEASE, Worker

pytestmark = pytest.mark.usefixtures("database")


class Bell:
    """A job that counts how often it rang; `broken` makes it fail, `due` holds it back."""

    def __init__(self, every: float = 60.0) -> None:
        self.rung, self.broken, self.due = 0, False, True
        self.third = asyncio.Event()
        self.job = Job("bell", every, self.ring, due=self.is_due)

    async def ring(self, settings: Settings) -> None:
        self.rung += 1
        if self.rung == 3:
            self.third.set()
        await asyncio.sleep(0.01)
        if self.broken:
            raise RuntimeError("the rope tore")

    async def is_due(self) -> bool:
        return self.due

    def worker(self) -> Worker:
        return Worker(Settings(Path(), "sqlite:////none"), [Area("tower", (), jobs=(self.job,))])


async def ledger() -> dict[str, object]:
    row = await sql.one("SELECT * FROM job_run WHERE name = 'bell'")
    assert row is not None
    return row


@act
async def hold(owner: str) -> None:
    """A process has taken the job and died with it."""
    await sql.execute(
        "INSERT INTO job_run (name, owner, leased_until, error) VALUES ('bell', ?, ?, '')",
        owner,
        clock.now() + LEASE,
    )


@act
async def took_over(owner: str) -> None:
    await sql.execute("UPDATE job_run SET owner = ? WHERE name = 'bell'", owner)


async def test_of_two_workers_one_runs_the_job() -> None:
    bell = Bell()
    done = await asyncio.gather(*[bell.worker().run(bell.job) for _ in range(4)])
    assert sorted(done) == [False, False, False, True]
    assert bell.rung == 1


async def test_a_job_runs_once_in_its_interval() -> None:
    bell = Bell()
    assert await bell.worker().run(bell.job)
    with clock.later(seconds=50):
        assert not await bell.worker().run(bell.job)
    with clock.later(seconds=61):
        assert await bell.worker().run(bell.job)
    assert bell.rung == 2


async def test_a_failed_job_is_logged_and_due_again_at_once(caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell()
    bell.broken = True
    with caplog.at_level(logging.ERROR, "station.worker"):
        assert not await bell.worker().run(bell.job)
    assert "job bell failed" in caplog.text
    assert (await ledger())["error"] == "RuntimeError"
    assert (await ledger())["ran_at"] is None
    bell.broken = False
    assert await bell.worker().run(bell.job)
    assert (await ledger())["error"] == ""


async def test_a_dead_workers_job_is_taken_over_when_its_lease_ends() -> None:
    bell = Bell()
    await hold("the dead")
    assert not await bell.worker().run(bell.job)
    with clock.later(seconds=LEASE.total_seconds() + 1):
        assert await bell.worker().run(bell.job)


async def test_what_ran_while_the_clock_was_a_day_ahead_holds_nothing_back() -> None:
    bell = Bell()
    with clock.later(days=1):
        await hold("the dead")
    assert await bell.worker().run(bell.job)
    with clock.later(days=1):
        assert await bell.worker().run(bell.job)
    assert await bell.worker().run(bell.job)
    assert not await bell.worker().run(bell.job)


async def test_a_long_job_keeps_its_lease() -> None:
    async def outlasts_its_lease(settings: Settings) -> None:
        leased = (await ledger())["leased_until"]
        while (await ledger())["leased_until"] == leased:  # noqa: ASYNC110 (the database tells no event)
            await asyncio.sleep(0)

    bell, job = Bell(), Job("bell", 60.0, outlasts_its_lease)
    worker = bell.worker()
    worker.renewed_every = 0
    assert await worker.run(job)


async def test_a_job_that_another_process_has_taken_over_is_stopped_here(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = asyncio.Event()

    async def slept(settings: Settings) -> None:
        await took_over("another")
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    worker = Bell().worker()
    worker.renewed_every = 0
    with caplog.at_level(logging.ERROR, "station.worker"):
        assert not await worker.run(Job("bell", 60.0, slept))
    assert ended.is_set()
    assert (await ledger())["owner"] == "another"
    assert (await ledger())["leased_until"] is not None


async def test_a_job_that_is_not_due_leaves_no_trace() -> None:
    bell = Bell()
    bell.due = False
    assert not await bell.worker().run(bell.job)
    assert await sql.rows("SELECT * FROM job_run") == []
    bell.due = True
    assert await bell.worker().run(bell.job)


async def test_a_running_worker_rings_and_goes_on_after_a_failure() -> None:
    bell = Bell(every=0.01)
    bell.broken = True
    async with bell.worker():
        await asyncio.wait_for(bell.third.wait(), 60)


async def test_a_worker_that_is_stopped_gives_back_what_it_was_doing() -> None:
    started = asyncio.Event()

    async def forever(settings: Settings) -> None:
        started.set()
        await asyncio.Event().wait()

    job = Job("bell", 60.0, forever)
    async with Worker(Settings(Path(), "sqlite:////none"), [Area("tower", (), jobs=(job,))]):
        await started.wait()
        assert (await ledger())["leased_until"] is not None
    assert (await ledger())["leased_until"] is None
    bell = Bell()
    assert await bell.worker().run(bell.job)
