"""A real PostgreSQL for the tests: its own data folder and port, started once, stopped at the end."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

BIN = Path("/usr/lib/postgresql/15/bin")
# PostgreSQL refuses to run as root.
_AS = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _run(*command: str | Path, **environment: str) -> None:
    subprocess.run(
        [*_AS, *map(str, command)], check=True, capture_output=True, cwd="/", env=os.environ | environment
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[str]:
    """The server's URL without a database name, ending in a slash."""
    folder = tempfile.mkdtemp(prefix="station-pg-")
    if _AS:
        shutil.chown(folder, "postgres")
    data, port = f"{folder}/data", _free_port()
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        " -c autovacuum=off"  # a thousand databases of a second each
    )
    try:
        _run(
            BIN / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--no-locale",
        )
        _run(BIN / "pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", f"{folder}/log")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/"
        finally:
            _run(BIN / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder)


async def command(server: str, statement: str) -> None:
    """Run one statement beside the databases under test, such as CREATE DATABASE."""
    connection = await asyncpg.connect(f"{server}postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
