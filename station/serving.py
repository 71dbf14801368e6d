"""Serving: one process with pages and jobs, or the jobs alone."""

import asyncio
import signal

import uvicorn

from station import app, areas, demo
from station.db import Database
from station.db.migrations import migrate
from station.settings import Settings
from station.worker import Worker


def serve(settings: Settings, *, host: str, port: int, with_demo: bool) -> int:
    """Serve until told to stop. The database is brought up to date first."""
    asyncio.run(_prepare(settings, with_demo))
    if with_demo:
        print(demo.who_can_sign_in(settings), flush=True)
    # log_config=None: our own lines; the access log is the shield's, which leaves personal data out.
    config = uvicorn.Config(
        app.build(settings), host=host, port=port, log_config=None, access_log=False, server_header=False
    )
    uvicorn.Server(config).run()
    return 0


async def _prepare(settings: Settings, with_demo: bool) -> None:
    await migrate(settings.database_url, areas.apps())
    if with_demo:
        async with Database(settings.database_url, areas.apps()):
            await demo.open_village(settings)


async def work(settings: Settings) -> None:
    """The worker alone, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Worker(settings, areas.load()):
        await stop.wait()
