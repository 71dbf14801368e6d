"""The `station` command as its users run it: a process, its two outputs, its exit code."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from station import demo

Station = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def env(tmp_path: Path, database_url: str) -> dict[str, str]:
    """A station's environment with an own database, migrated and empty."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("STATION_")}
    return ours | {
        "STATION_DATA_DIR": str(tmp_path),
        "STATION_DATABASE_URL": database_url,
        "STATION_PASSWORD": "three-hens-lay",
        "LANG": "en_GB.UTF-8",
    }


@pytest.fixture
def station(env: dict[str, str]) -> Station:
    def run(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "station.cli", *words],
            env=env | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """What a refused command says: one sentence on stderr, nothing on stdout."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


# A process takes a second to begin, so that these tests are few and walk through several commands each.


def test_from_the_first_account_to_a_restored_backup(station: Station) -> None:
    assert station("check").returncode == 1
    added = station("account", "add", "wang", "--role", "keeper")
    assert (added.returncode, added.stdout) == (0, "wang may now sign in at the station station.\n")
    assert station("check", LANG="C").stdout == "Everything is in place.\n"
    token = station("token", "add", "wang")
    assert (token.returncode, token.stdout.count("\n")) == (0, 1)
    number, _, key = token.stdout.strip().partition(".")
    assert (number, len(key) > 40) == ("1", True)
    made = station("backup")
    assert made.returncode == 0
    file = Path(made.stdout.strip())
    assert file.exists()
    assert station("account", "add", "chen", "--role", "volunteer").returncode == 0
    assert "--force" in sentence(station("restore", str(file)))
    assert station("restore", str(file), "--force").returncode == 0
    assert "no such account" in sentence(station("token", "add", "chen"))
    assert "STATION_DATA_DIR" in sentence(station("demo"))


@pytest.mark.only_on("sqlite")  # said before any database is open
def test_what_cannot_be_done_is_one_sentence(station: Station, tmp_path: Path) -> None:
    file, nowhere = str(tmp_path / "none.db"), "postgres://u:p@127.0.0.1:9/none"
    assert "STATION_TIMEZONE" in sentence(station("migrate", STATION_TIMEZONE="Mars"))
    assert "127.0.0.1" in sentence(station("migrate", STATION_DATABASE_URL=nowhere))
    assert file in sentence(station("restore", file))
    no_folder = f"sqlite:///{tmp_path}/none/station.db"
    assert "STATION_DATABASE_URL" in sentence(station("migrate", STATION_DATABASE_URL=no_folder))
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert "--port" in sentence(station("serve", "--port", str(other.getsockname()[1])))
    assert "--demo" in sentence(station("serve", "--demo", "--host", "0.0.0.0"))
    assert station("no-such-command").returncode == 2


@pytest.fixture
def served(env: dict[str, str], free_port: int) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts `station serve --demo` and waits until it answers; stops what was started."""
    started: list[subprocess.Popen[str]] = []

    def serve() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "station.cli", "serve", "--demo", "--port", str(free_port)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        until = time.monotonic() + 180
        while time.monotonic() < until and process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{free_port}/readyz", timeout=5).close()
                return process
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the station does not answer")

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def test_the_demo_is_served_twice_and_loses_nothing_in_between(
    served: Callable[[], "subprocess.Popen[str]"], station: Station, free_port: int
) -> None:
    first = served()
    assert first.stdout is not None
    printed = [first.stdout.readline().strip() for _ in range(7)]
    assert printed[0] == f"Village Station: http://127.0.0.1:{free_port}"
    assert demo.PASSWORD in printed[1]
    assert [line.split()[0] for line in printed[2:]] == [login for login, *_ in demo.ACCOUNTS]
    first.kill()
    first.wait()
    second = served()
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) in (0, -signal.SIGTERM)
    verified = station("verify")
    assert (verified.returncode, verified.stdout) == (0, "The audit chain and the books are in order.\n")
