"""`station manifest import` as it is typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from station import areas
from station.db import Database, sql
from tests.couriers import sample_lists


def station(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "STATION_DATA_DIR": str(folder), "STATION_DATABASE_URL": url, "LANG": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "station.cli", "manifest", "import", *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_file_is_imported_and_its_counts_are_printed(tmp_path: Path, database_url: str) -> None:
    path = str(sample_lists.YTO.path)
    done = station(tmp_path, database_url, path, "--carrier", "YTO")
    assert (done.returncode, done.stdout) == (0, "manifest 1: 24 accepted, 2 rejected, 2 skipped\n"), (
        done.stderr
    )
    again = station(tmp_path, database_url, path, "--carrier", "圆通")
    assert again.stdout == "manifest 1 (known already): 24 accepted, 2 rejected, 2 skipped\n"
    async with Database(database_url, areas.apps()):
        (lines,) = await sql.rows("SELECT count(*) AS n FROM manifest_line")
    assert lines["n"] == 28


@pytest.mark.only_on("sqlite")  # the same on both, and each is a process
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((str(sample_lists.NO_TABLES[0].path),), "No column of this file"),
        ((str(sample_lists.YTO.path), "--carrier", "飞毛腿"), "飞毛腿 is no courier company"),
        (("nowhere.csv",), "nowhere.csv: No such file"),
    ],
    ids=["no table", "no company", "no file"],
)
def test_what_cannot_be_imported_is_one_sentence(
    tmp_path: Path, database_url: str, words: tuple[str, ...], said: str
) -> None:
    done = station(tmp_path, database_url, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
