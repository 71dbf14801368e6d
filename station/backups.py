"""Backups: every night, kept two weeks, and by command."""

from argparse import Namespace
from datetime import timedelta
from pathlib import Path

from station import clock
from station.areas import Job
from station.db import backup
from station.settings import Settings

# Looked at every hour: a laptop that was off at night makes its backup when it is on again.
_LOOK_EVERY = 3600.0
_DAY = timedelta(hours=20)


def folder(settings: Settings) -> Path:
    return settings.data_dir / "backups"


async def nightly(settings: Settings) -> None:
    """Make a backup unless the newest is younger than a day."""
    newest = max((file.stat().st_mtime for file in folder(settings).glob("station-*")), default=0.0)
    if clock.now().timestamp() - newest > _DAY.total_seconds():
        await backup.backup(settings.database_url, folder(settings))


async def command(args: Namespace, settings: Settings) -> int:
    print(await backup.backup(settings.database_url, Path(args.to) if args.to else folder(settings)))
    return 0


async def restore_command(args: Namespace, settings: Settings) -> int:
    kept = await backup.restore(settings.database_url, Path(args.file), force=args.force)
    print(f"Restored. What was there before is kept as {kept}." if kept else "Restored.")
    return 0


JOBS = [Job("backup", _LOOK_EVERY, nightly)]
