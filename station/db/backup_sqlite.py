"""Copies of a SQLite database, and putting one back."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from station.db import durable
from station.db.failures import of_sqlite
from station.errors import N_, Refusal, tell

tell(
    {
        "restore_while_running": (409, N_("The database is in use. Stop the station program, then restore.")),
        "backup_damaged": (422, N_("{file} is damaged or no backup of a station. Take another one.")),
    }
)


def copy(path: Path, to: Path) -> None:
    """A whole and compact copy. Acts go on meanwhile; it holds what was committed when it began."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as error:
        raise of_sqlite(error) from error
    check(to)


def check(file: Path) -> None:
    """Refusal unless every page and index of the file is sound."""
    try:
        with closing(
            sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.execute("SELECT count(*) FROM tortoise_migrations").fetchone()
    except sqlite3.Error:
        sound = False
    if not sound:
        raise Refusal("backup_damaged", file=file.name)


def last_written(path: Path) -> datetime | None:
    """When something was last committed; None when there is no database yet."""
    times = [file.stat().st_mtime for file in _files(path) if file.exists() and file.suffix != ".db-shm"]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def restore(path: Path, file: Path, aside: Path) -> Path | None:
    """Replace the database by `file`, in one step; the old one is kept as `aside`."""
    check(file)
    part = path.with_name(f".{path.name}.part")
    try:
        shutil.copyfile(file, part)
        check(part)
        there = path.exists()
        if there:
            _take_over(path)
            _keep(path, aside)
            for old in _files(path)[1:]:
                with suppress(FileNotFoundError):  # sound databases have given up their -wal and -shm by now
                    old.replace(f"{aside}{old.name.removeprefix(path.name)}")
        durable.publish(part, path)
    finally:
        part.unlink(missing_ok=True)  # a refused restore leaves no copy of people's data behind
    return aside if there else None


def _keep(path: Path, aside: Path) -> None:
    """A second name for the old database. It keeps its own until the new one takes that: after a power cut in between,
    the next start would otherwise begin an empty one."""
    try:
        os.link(path, aside)
    except OSError:  # a disk that knows no second names
        path.replace(aside)


def _take_over(path: Path) -> None:
    """Refusal while anybody has the database open: only its last user can end the write-ahead log."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise Refusal("restore_while_running") from error
    except sqlite3.DatabaseError:
        return  # it is damaged, which may be why we are here


def _files(path: Path) -> list[Path]:
    return [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
