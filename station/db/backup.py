"""Backups of a running database, kept 14 days, and restoring one."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from station import clock
from station.db import backup_postgres, backup_sqlite, durable
from station.db.database import sqlite_path
from station.errors import N_, Refusal, tell

KEPT = timedelta(days=14)
_STAMP = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"station-(\d{8}-\d{6})\.(db|dump)")

tell(
    {
        "restore_over_newer": (
            409,
            N_(
                "What is there now was written after {file} was made and would be lost. Use --force if that is meant."
            ),
        ),
    }
)


async def backup(url: str, folder: Path) -> Path:
    """Write `station-<UTC time>.db` (or `.dump`) into `folder` while everybody works on, and drop what is too old.

    The file appears under its name when it is whole, checked and on the disk.
    """
    path = sqlite_path(url)
    file = folder / f"station-{clock.now().strftime(_STAMP)}.{'dump' if path is None else 'db'}"
    part = file.with_name(f".{file.name}.part")
    await asyncio.to_thread(_make_room, part)
    try:
        if path is None:
            await backup_postgres.dump(url, part)
        else:
            await asyncio.to_thread(backup_sqlite.copy, Path(path), part)
        await asyncio.to_thread(durable.publish, part, file)
    finally:
        part.unlink(missing_ok=True)
    await asyncio.to_thread(_drop_too_old, folder)
    return file


async def restore(url: str, file: Path, *, force: bool = False) -> Path | None:
    """Put the backup in the place of the database, which nobody may have open. Answers where the old one is kept.

    Raises Refusal when the database is in use, when the backup is damaged, and, without `force`, when the database
    was written after the backup.
    """
    path, aside = sqlite_path(url), f"before-restore-{clock.now().strftime(_STAMP)}"
    if path is None:
        last_written = await backup_postgres.last_written(url)
    else:
        last_written = await asyncio.to_thread(backup_sqlite.last_written, Path(path))
    if last_written is not None and last_written > _made_at(file) and not force:
        raise Refusal("restore_over_newer", file=file.name)
    if path is None:
        return await backup_postgres.restore(url, file, durable.unused(file.with_name(f"{aside}.dump")))
    return await asyncio.to_thread(
        backup_sqlite.restore, Path(path), file, durable.unused(Path(f"{path}.{aside}"))
    )


def too_old(folder: Path, now: datetime) -> list[Path]:
    """The backups of before the time for which they are kept. Other files are nobody's business here."""
    backups = [file for file in folder.iterdir() if _NAME.fullmatch(file.name)]
    return [file for file in backups if now - _made_at(file) > KEPT]


def _make_room(part: Path) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # people's data, wherever the folder is


def _drop_too_old(folder: Path) -> None:
    for old in too_old(folder, clock.now()):
        old.unlink(missing_ok=True)


def _made_at(file: Path) -> datetime:
    if name := _NAME.fullmatch(file.name):
        return datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
