"""Dumps of a PostgreSQL database with PostgreSQL's own programs, and putting one back."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from station.db.postgres import credentials
from station.errors import N_, Refusal, tell

tell(
    {
        "no_postgres_programs": (
            503,
            N_("{program} is not installed. Install PostgreSQL's client programs."),
        ),
        "postgres_program_failed": (503, N_("{program} failed: {message}")),
        "restore_while_connected": (
            409,
            N_("The database is in use. Stop all station programs, then restore."),
        ),
    }
)


async def dump(url: str, file: Path) -> None:
    await _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(file))
    await _run(url, "pg_restore", "--list", str(file))  # reads it through


async def last_written(url: str) -> datetime | None:
    """None for an empty database. PostgreSQL does not tell when it was written: anything else is newer than a backup."""
    return datetime.now(UTC) if await _tables(url) else None


async def restore(url: str, file: Path, aside: Path) -> Path | None:
    """Replace all tables by those of `file`, in one transaction; the old ones are kept as the dump `aside`."""
    connection = await asyncpg.connect(**_connection(url))
    try:
        others = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    finally:
        await connection.close()
    if others:
        raise Refusal("restore_while_connected")
    tables = await _tables(url)
    if tables:
        await dump(url, aside)
    with TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        await _run(url, "pg_restore", "--no-owner", "--no-privileges", "--file", str(script), str(file))
        drop = [f'--command=DROP TABLE "{table}" CASCADE' for table in tables]
        await _run(
            url, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", *drop,
            "--file", str(script),
        )  # fmt: skip
    return aside if tables else None


async def _tables(url: str) -> list[str]:
    connection = await asyncpg.connect(**_connection(url))
    try:
        return [
            row["tablename"]
            for row in await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            )
        ]
    finally:
        await connection.close()


def _connection(url: str) -> dict[str, Any]:
    parts = credentials(url, {})
    return {key: parts[key] for key in ("host", "port", "user", "password", "database")}


async def _run(url: str, program: str, *arguments: str) -> None:
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "database": "PGDATABASE",
    }
    # In the environment, where other users of the machine do not see the password.
    environment = {names[key]: str(value) for key, value in _connection(url).items() if value is not None}
    try:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, env=os.environ | environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Refusal("no_postgres_programs", program=program) from error
    _, message = await process.communicate()
    if process.returncode:
        raise Refusal(
            "postgres_program_failed", program=program, message=message.decode(errors="replace").strip()
        )
