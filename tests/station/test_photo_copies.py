"""Photos go with the backups: copied once, kept as long as a backup may name them, put back where they are missing."""

import os
from argparse import Namespace
from pathlib import Path

import pytest

from station import areas, backups, clock
from station.db import Database
from station.settings import Settings

BOX, EGGS = f"{1:032x}.jpg", f"{2:032x}.jpg"


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def there(settings: Settings) -> Path:
    """A station's photos, beside what is none."""
    folder = settings.data_dir / "photos" / "7"
    folder.mkdir(parents=True)
    for name in (BOX, EGGS):
        (folder / name).write_bytes(name.encode())
    (folder / f"{EGGS}.part").touch()
    return folder


@pytest.fixture
def copies(settings: Settings) -> Path:
    return backups.folder(settings) / "photos" / "7"


async def test_a_backup_takes_the_photos_along_and_restoring_puts_back_what_is_missing(
    database: Database, settings: Settings, there: Path, tmp_path: Path
) -> None:
    to = tmp_path / "disk"
    assert await backups.command(Namespace(to=str(to)), settings) == 0
    (file,) = to.glob("station-*")
    assert names(to / "photos" / "7") == [BOX, EGGS]
    assert (to / "photos" / "7" / BOX).stat().st_mode & 0o077 == 0
    (there / BOX).unlink()
    (there / EGGS).write_bytes(b"is there, and stays")
    await database.close()
    assert await backups.restore_command(Namespace(file=str(file), force=True), settings) == 0
    async with Database(database.url, areas.apps()):
        pass
    await database.open()
    assert (there / BOX).read_bytes() == BOX.encode()
    assert (there / EGGS).read_bytes() == b"is there, and stays"


async def test_every_look_copies_new_photos_and_a_young_backup_is_not_made_again(
    database: Database, settings: Settings, there: Path, copies: Path
) -> None:
    (there / EGGS).unlink()
    await backups.nightly(settings)
    (there / EGGS).touch()
    await backups.nightly(settings)
    assert names(copies) == [BOX, EGGS]
    assert len(list(backups.folder(settings).glob("station-*"))) == 1


async def test_the_copy_of_an_erased_photo_is_kept_for_14_days_and_comes_back_until_then(
    settings: Settings, there: Path, copies: Path
) -> None:
    folder = backups.folder(settings)
    await backups.copy_photos(settings, folder)
    (there / BOX).unlink()
    await backups.copy_photos(settings, folder)
    with clock.later(days=13):
        await backups.copy_photos(settings, folder)
        await backups.put_photos_back(settings, folder)
    assert (there / BOX).read_bytes() == BOX.encode()
    (there / BOX).unlink()
    with clock.later(days=15):
        await backups.copy_photos(settings, folder)
    assert names(copies) == [EGGS]


async def test_the_folder_of_the_photos_is_no_copy_of_itself(settings: Settings, there: Path) -> None:
    before = names(there)
    await backups.copy_photos(settings, settings.data_dir)
    await backups.put_photos_back(settings, settings.data_dir)
    assert names(there) == before


async def test_a_backup_of_tomorrow_does_not_stand_in_for_tonights(
    database: Database, settings: Settings
) -> None:
    ahead = backups.folder(settings) / "station-20991231-020000.db"
    ahead.parent.mkdir()
    ahead.touch()
    os.utime(ahead, (4_102_000_000, 4_102_000_000))  # the clock was wrong
    await backups.nightly(settings)
    await backups.nightly(settings)
    assert len(list(backups.folder(settings).glob("station-*"))) == 2
