"""Backups: every night, kept two weeks, and by command. The photos go along, in a folder `photos` beside them."""

import asyncio
import re
import shutil
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from os import getpid
from pathlib import Path

from station import clock, photos
from station.areas import Job
from station.db import backup, durable
from station.i18n import gettext
from station.settings import Settings

# Looked at every hour: a laptop that was off at night makes its backup when it is on again.
_LOOK_EVERY = 3600.0
_DAY = timedelta(hours=20)
# The copy of a photo that is not there any more, since this day: `….jpg.gone-20261122-183005`.
_GONE = re.compile(rf"({photos.NAME.pattern})\.gone-(\d{{8}}-\d{{6}})")
_STAMP = "%Y%m%d-%H%M%S"


def folder(settings: Settings) -> Path:
    return settings.data_dir / "backups"


async def nightly(settings: Settings) -> None:
    """Make a backup unless the newest is younger than a day. New photos are copied each time."""
    now = clock.now().timestamp()
    times = [file.stat().st_mtime for file in folder(settings).glob("station-*")]
    # One of tomorrow was made while the clock was wrong: it must not stand in for the next days' backups.
    newest = max((time for time in times if time < now + _LOOK_EVERY), default=0.0)
    if now - newest > _DAY.total_seconds():
        await backup.backup(settings.database_url, folder(settings))
    await copy_photos(settings, folder(settings))


async def copy_photos(settings: Settings, into: Path) -> None:
    """Copy new photos beside the backups; the copies of those that are gone stay as long as a backup may name them.

    After the database's backup: a picture is there before the row that names it.
    """
    await asyncio.to_thread(_copy_photos, settings.data_dir / "photos", into / "photos")


async def put_photos_back(settings: Settings, out_of: Path) -> None:
    """Copy back those that are missing. What no row of the restored database names is swept away later."""
    await asyncio.to_thread(_put_photos_back, settings.data_dir / "photos", out_of / "photos")


async def command(args: Namespace, settings: Settings) -> int:
    into = Path(args.to) if args.to else folder(settings)
    file = await backup.backup(settings.database_url, into)
    await copy_photos(settings, into)
    print(file)
    return 0


async def restore_command(args: Namespace, settings: Settings) -> int:
    file = Path(args.file)
    kept = await backup.restore(settings.database_url, file, force=args.force)
    await put_photos_back(settings, file.parent)
    if kept:
        print(gettext("Restored. What was there before is kept as {kept}.").format(kept=kept))
    else:
        print(gettext("Restored."))
    return 0


def _copy_photos(there: Path, copies: Path) -> None:
    if copies.resolve() == there.resolve():
        return
    now = clock.now()
    for station in _stations(there, copies):
        names, copied = _names(there / station), _names(copies / station)
        for name in sorted(names - copied):
            _copy(there / station / name, copies / station / name)
        for name in copied - names:
            (copies / station / name).replace(copies / station / f"{name}.gone-{now.strftime(_STAMP)}")
        _drop_too_old(copies / station, now)


def _put_photos_back(there: Path, copies: Path) -> None:
    for station in _stations(copies):
        kept = {name: name for name in _names(copies / station)}
        gone = [found for file in (copies / station).iterdir() if (found := _GONE.fullmatch(file.name))]
        kept |= {found[1]: found[0] for found in gone}
        for name in sorted(kept.keys() - _names(there / station)):
            _copy(copies / station / kept[name], there / station / name)


def _stations(*folders: Path) -> Iterable[str]:
    """The names of their folders for each station."""
    return {one.name for each in folders if each.is_dir() for one in each.iterdir() if one.name.isdecimal()}


def _names(of_station: Path) -> set[str]:
    if not of_station.is_dir():
        return set()
    return {file.name for file in of_station.iterdir() if photos.NAME.fullmatch(file.name)}


def _copy(file: Path, to: Path) -> None:
    """There whole or not at all, and for the program's eyes alone, wherever the folder is."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = to.with_name(f".{to.name}.{getpid()}.part")
    try:
        part.touch(mode=0o600)
        shutil.copyfile(file, part)
        durable.publish(part, to)
    except FileNotFoundError:
        if file.exists():
            raise
        # It was swept away in this moment.
    finally:
        part.unlink(missing_ok=True)


def _drop_too_old(copies: Path, now: datetime) -> None:
    for file in copies.iterdir() if copies.is_dir() else ():
        since = _GONE.fullmatch(file.name)
        if since and now - datetime.strptime(since[2], _STAMP).replace(tzinfo=UTC) > backup.KEPT:
            file.unlink(missing_ok=True)
        if file.suffix == ".part" and now.timestamp() - file.stat().st_mtime > _DAY.total_seconds():
            file.unlink(missing_ok=True)  # a power cut left it


JOBS = [Job("backup", _LOOK_EVERY, nightly)]
