"""The worker: runs the areas' jobs, each by one process at a time however many are up."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from station import clock, metrics
from station.areas import Area, Job
from station.db import act, sql
from station.settings import Settings

log = logging.getLogger("station.worker")

# A process that dies holding a job gives it up after so long; one that lives renews its lease well before.
LEASE = timedelta(minutes=5)
RENEWED_EVERY = LEASE.total_seconds() / 5
# Rare jobs are looked at this often: one that failed, or that its time passed while the laptop was off, waits no day.
LOOK = 3600.0


class Worker:
    """Runs in the lifespan of `station serve`, or alone as `station worker`."""

    def __init__(self, settings: Settings, areas: Sequence[Area]) -> None:
        self.settings = settings
        self.jobs = [job for area in areas for job in area.jobs]
        self.owner = secrets.token_hex(8)
        self.renewed_every = RENEWED_EVERY
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._keep_running(job), name=job.name) for job in self.jobs]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await _give_back(self.owner)
        except Exception:
            log.exception("jobs could not be given back")

    async def _keep_running(self, job: Job) -> None:
        while True:
            await self.run(job)
            await asyncio.sleep(min(job.every, LOOK))

    async def run(self, job: Job) -> bool:
        """Run the job once if it is due and nobody else has it; a failed run is logged and tried again later."""
        error = ""
        try:
            if job.due and not await job.due():
                return False
            if not await _take(job.name, self.owner, job.every):
                return False
            await self._leased(job)
        except Exception as fault:
            log.exception("job %s failed", job.name)
            error = type(fault).__name__
        metrics.JOBS.labels(job.name, error or "ok").inc()
        try:
            await _finish(job.name, self.owner, error)
        except Exception:
            log.exception("job %s could not be given back", job.name)
        return not error

    async def _leased(self, job: Job) -> None:
        """Run the job however long it takes; stop it if another process has taken it over while this one slept."""
        running = asyncio.ensure_future(job.run(self.settings))
        holding = asyncio.create_task(self._hold(job.name))
        try:
            await asyncio.wait({running, holding}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                raise TimeoutError("another process has taken the job over")
            running.result()
        finally:
            running.cancel()
            holding.cancel()
            await asyncio.gather(running, holding, return_exceptions=True)

    async def _hold(self, name: str) -> None:
        """Renew the lease again and again; ends when it is lost."""
        held = True
        while held:
            await asyncio.sleep(self.renewed_every)
            try:
                held = await _renew(name, self.owner)
            except Exception:
                log.exception("the lease of job %s could not be renewed", name)


@act
async def _take(name: str, owner: str, every: float) -> bool:
    """Lease the job, unless another process holds it or ran it within its interval.

    What lies further ahead than any lease was written while the clock was wrong, and holds nothing back.
    """
    now = clock.now()
    await sql.execute(
        "INSERT INTO job_run (name, owner, error) VALUES (?, '', '') ON CONFLICT (name) DO NOTHING", name
    )
    return bool(
        await sql.execute(
            "UPDATE job_run SET owner = ?, leased_until = ? WHERE name = ?"
            " AND (owner = ? OR leased_until IS NULL OR leased_until < ? OR leased_until > ?)"
            " AND (ran_at IS NULL OR ran_at <= ? OR ran_at > ?)",
            owner,
            now + LEASE,
            name,
            owner,
            now,
            now + 2 * LEASE,
            now - timedelta(seconds=every * 0.9),
            now + 2 * LEASE,
        )
    )


@act
async def _renew(name: str, owner: str) -> bool:
    return bool(
        await sql.execute(
            "UPDATE job_run SET leased_until = ? WHERE name = ? AND owner = ? AND leased_until IS NOT NULL",
            clock.now() + LEASE,
            name,
            owner,
        )
    )


@act
async def _finish(name: str, owner: str, error: str) -> None:
    """Give the job back. Only a run that went well counts as one: what failed is due again."""
    await sql.execute(
        "UPDATE job_run SET leased_until = NULL, ran_at = CASE WHEN ? = '' THEN ? ELSE ran_at END, error = ?"
        " WHERE name = ? AND owner = ?",
        error,
        clock.now(),
        error,
        name,
        owner,
    )


@act
async def _give_back(owner: str) -> None:
    """What was cut short by the stop is free for the next start, which is another owner."""
    await sql.execute("UPDATE job_run SET leased_until = NULL WHERE owner = ?", owner)
