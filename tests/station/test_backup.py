"""Backups made while the station works, and what restoring one does and refuses."""

import asyncio
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from station import areas, audit, clock, verify
from station.db import Database, sql
from station.db.backup import backup, restore, too_old
from station.errors import Refusal
from tests.station.acts_models import Box, labels, put
from tests.village import Village

NIGHT = datetime(2026, 11, 22, 18, 30, 5, tzinfo=UTC)


def damage(file: Path) -> None:
    file.write_bytes(b"power cut" * 1000)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def suffix(boxes: Database) -> str:
    return "dump" if boxes.path is None else "db"


async def test_a_backup_is_made_while_acts_go_on_and_restores_to_one_moment(
    boxes: Database, tmp_path: Path
) -> None:
    await put("before", lines=50)
    acts = asyncio.gather(*[put(f"beside {n}", lines=5) for n in range(60)])
    file = await backup(boxes.url, tmp_path / "backups")
    await acts
    await put("after")
    await boxes.close()
    kept = await restore(boxes.url, file, force=True)
    await boxes.open()
    written = await labels()
    assert "before" in written
    assert "after" not in written
    assert await Box.filter(used=1).count() == len(written)
    assert kept is not None
    assert kept.exists()
    assert await put("and it works")


async def test_a_backup_bears_its_time_and_leaves_nothing_else(boxes: Database, tmp_path: Path) -> None:
    with clock.at(NIGHT):
        file = await backup(boxes.url, tmp_path)
    assert file == tmp_path / f"station-20261122-183005.{suffix(boxes)}"
    assert names(tmp_path) == [file.name]
    assert file.stat().st_mode & 0o077 == 0  # it holds everybody's names and phones


async def test_backups_are_kept_for_14_days(boxes: Database, tmp_path: Path) -> None:
    for days in (13, 15, 400):
        (tmp_path / f"station-{NIGHT - timedelta(days=days):%Y%m%d-%H%M%S}.{suffix(boxes)}").touch()
    (tmp_path / "notes.txt").touch()
    with clock.at(NIGHT):
        await backup(boxes.url, tmp_path)
    assert names(tmp_path) == [
        "notes.txt",
        f"station-20261109-183005.{suffix(boxes)}",
        f"station-20261122-183005.{suffix(boxes)}",
    ]


def test_only_backups_grow_too_old(tmp_path: Path) -> None:
    (tmp_path / "station-19990101-000000.db.before").touch()
    (tmp_path / "station.db").touch()
    assert too_old(tmp_path, NIGHT) == []


async def test_a_database_in_use_is_not_replaced_even_by_force(boxes: Database, tmp_path: Path) -> None:
    file = await backup(boxes.url, tmp_path)
    await put("still here")
    with pytest.raises(Refusal) as refusal:
        await restore(boxes.url, file, force=True)
    assert refusal.value.code in ("restore_while_running", "restore_while_connected")
    assert await labels() == ["still here"]


async def test_what_was_written_after_the_backup_is_not_lost_unasked(boxes: Database, tmp_path: Path) -> None:
    with clock.later(hours=-1):
        file = await backup(boxes.url, tmp_path)
    await put("newer")
    await boxes.close()
    with pytest.raises(Refusal, match="restore_over_newer"):
        await restore(boxes.url, file)
    await boxes.open()
    assert await labels() == ["newer"]


async def test_the_old_database_is_kept_whole(boxes: Database, tmp_path: Path) -> None:
    file = await backup(boxes.url, tmp_path)
    await put("newer")
    await boxes.close()
    kept = await restore(boxes.url, file, force=True)
    assert kept is not None
    await restore(boxes.url, kept, force=True)
    await boxes.open()
    assert await labels() == ["newer"]


async def test_a_damaged_backup_changes_nothing(boxes: Database, tmp_path: Path) -> None:
    await put("here", lines=500)
    file = await backup(boxes.url, tmp_path)
    os.truncate(file, file.stat().st_size // 2)
    await boxes.close()
    with pytest.raises(Refusal) as refusal:
        await restore(boxes.url, file, force=True)
    assert refusal.value.code in ("backup_damaged", "postgres_program_failed")
    await boxes.open()
    assert await labels() == ["here"]


@pytest.mark.only_on("sqlite")
async def test_a_backup_replaces_a_damaged_database(boxes: Database, tmp_path: Path) -> None:
    await put("saved", lines=500)
    file = await backup(boxes.url, tmp_path)
    await boxes.close()
    assert boxes.path is not None
    damage(Path(boxes.path))
    assert await restore(boxes.url, file, force=True)
    await boxes.open()
    assert await labels() == ["saved"]


@pytest.mark.only_on("sqlite")
async def test_a_restored_database_is_sound(boxes: Database, tmp_path: Path) -> None:
    await put("sound", lines=100)
    file = await backup(boxes.url, tmp_path)
    fresh = tmp_path / "fresh.db"
    assert await restore(f"sqlite://{fresh}", file) is None
    connection = sqlite3.connect(fresh)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT count(*) FROM line").fetchone() == (100,)
    connection.close()


async def test_the_whole_station_survives_backup_and_restore(
    database: Database, village: Village, tmp_path: Path
) -> None:
    """Its books are proven whole by audit and ledger, and it goes on working: the ids too go on where they were."""
    kept = await village.arrive("YT4000000000001")
    await audit.seal(village.id)
    before = await sql.rows("SELECT * FROM parcel ORDER BY id")
    assert [row["waybill"] for row in before] == ["YT4000000000001"]
    file = await backup(database.url, tmp_path)
    await village.arrive("YT4000000000002")
    await database.close()
    await restore(database.url, file, force=True)
    await database.open()
    assert await sql.rows("SELECT * FROM parcel ORDER BY id") == before
    assert await verify.everything(areas.load()) == []
    assert (await village.arrive("YT4000000000001"))["parcel"]["id"] == kept["parcel"]["id"]
    assert (await village.arrive("YT4000000000003"))["parcel"]["id"] > kept["parcel"]["id"]
