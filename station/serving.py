"""Serving: one process with pages and jobs, or the jobs alone."""

import asyncio
import gc
import signal
import socket
import sys
from ipaddress import ip_address

import uvicorn

from station import app, areas, demo, stations
from station.db import Database
from station.db.migrations import pending
from station.settings import BadSetting, Settings
from station.worker import Worker


def serve(settings: Settings, *, host: str, port: int, with_demo: bool) -> int:
    """Serve until told to stop. The database is brought up to date first. Raises BadSetting."""
    if with_demo and not _this_machine_only(host):
        raise BadSetting(
            f"--demo has passwords that everybody can read, so it cannot serve others: leave out --host {host}, or --demo."
        )
    # Before anything else: whoever is up already keeps the database as it is.
    door = _listen(host, port)
    demo_stands = asyncio.run(_prepare(settings, with_demo))
    print(f"Village Station: http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    if demo_stands:
        print(demo.who_can_sign_in(), flush=True)
    # log_config=None: our own lines; the access log is the shield's, which leaves personal data out.
    config = uvicorn.Config(
        app.build(settings), host=host, port=port, log_config=None, access_log=False, server_header=False
    )
    # What is loaded now stays for ever: the collector need not walk it again and again between two scans.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    # The writer and the pages take turns: at twice the usual length they get in each other's way half as often.
    sys.setswitchinterval(0.01)
    uvicorn.Server(config).run(sockets=[door])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        raise BadSetting(
            f"Nothing can be served at {host}, port {port} ({reason}). Does the station run already? If not, try another"
            " --port."
        ) from error


async def _prepare(settings: Settings, with_demo: bool) -> bool:
    """Migrate; answers whether the demo village was asked for and stands here."""
    if await pending(settings.database_url, areas.apps()):
        await _apart("migrate")
    if not with_demo:
        return False
    async with Database(settings.database_url, areas.apps()):
        empty = not await stations.all_ids()
    if empty:
        await _apart("demo")
    async with Database(settings.database_url, areas.apps()):
        return await demo.open_village(settings)


async def _apart(command: str) -> None:
    """Run a command in a process of its own: making tables, or two days of a village's work, leaves nearly as much
    memory behind as serving needs."""
    program = (sys.executable, "-m", "station.cli", command)
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait():
        raise BadSetting(f"`station {command}` has failed, so nothing is served.")


def _this_machine_only(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def work(settings: Settings) -> None:
    """The worker alone, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Worker(settings, areas.load()):
        await stop.wait()
