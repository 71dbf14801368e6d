"""The power goes in the middle of the work: whatever was answered is there, once, and the books are in order."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from couriers import manifests
from station import areas, doors
from station.db import Database, sql
from tests.bench import load
from tests.couriers import sample_lists
from tests.village import found_village

SCANS, DESKS, CUTS = 1000, 8, 3
ROWS = 20_000
PARTING = (ConnectionError, asyncio.IncompleteReadError, EOFError, OSError)


@dataclass
class Program:
    """`station …` as a process of its own, on a database of its own."""

    folder: Path
    url: str
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        env = {**os.environ, "STATION_DATA_DIR": str(self.folder), "STATION_DATABASE_URL": self.url}
        process = subprocess.Popen(
            [sys.executable, "-m", "station.cli", *words],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.started.append(process)
        return process

    def serve(self, port: int) -> subprocess.Popen[bytes]:
        process = self.start("serve", "--port", str(port))
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def run(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out.decode()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture
def program(tmp_path: Path, database_url: str) -> Iterator[Program]:
    made = Program(tmp_path, database_url)
    yield made
    for process in made.started:
        if process.poll() is None:
            kill(process)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
async def token(program: Program) -> str:
    async with Database(program.url, areas.apps()):
        village = await found_village()
        assert village.chen.account_id is not None
        return await doors.make_token(village.chen.account_id, by=village.chen)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def desk(port: int, token: str, scans: deque[dict[str, str]], answers: dict[str, Any]) -> None:
    """Send scan after scan; one that got no answer is sent again with the same id, as the browser does."""
    while scans:
        scan = scans.popleft()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                while True:
                    body = json.dumps(scan).encode()
                    status, answer = await load.request(reader, writer, "/api/v1/checkins", token, body)
                    assert status == 201, answer
                    answers[scan["scan_id"]] = json.loads(answer)
                    scan = scans.popleft()
            finally:
                writer.close()
        except IndexError:
            return
        except PARTING:
            scans.append(scan)
            await asyncio.sleep(0.05)


async def test_a_thousand_scans_survive_kill_9(program: Program, token: str) -> None:
    port = free_port()
    server = program.serve(port)
    scans: deque[dict[str, str]] = deque(
        {"scan_id": f"s{n}", "scanned": f"YT{2_000_000_000_000 + n}", "phone": f"139{n % 700:08d}"}
        for n in range(SCANS)
    )
    answers: dict[str, Any] = {}
    desks = [asyncio.create_task(desk(port, token, scans, answers)) for _ in range(DESKS)]
    for cut in sorted(random.sample(range(50, SCANS - 50), CUTS)):
        while len(answers) < cut:  # noqa: ASYNC110 - the moment is random, not an event
            await asyncio.sleep(0.002)
        kill(server)
        server = await asyncio.to_thread(program.serve, port)
    await asyncio.gather(*desks)
    kill(server)
    assert len(answers) == SCANS
    async with Database(program.url, areas.apps()):
        rows = await sql.rows(
            "SELECT c.scan_id, p.id, p.waybill, p.code, s.label, p.state FROM scan c JOIN parcel p ON p.id = c.parcel_id"
            " JOIN slot s ON s.id = p.slot_id"
        )
        (parcels,) = await sql.rows("SELECT count(*) AS n FROM parcel")
    stored = {
        row["scan_id"]: (row["id"], row["waybill"], row["code"], row["label"], row["state"]) for row in rows
    }
    told = {
        scan_id: tuple(answer["parcel"][key] for key in ("id", "waybill", "code", "slot", "state"))
        for scan_id, answer in answers.items()
    }
    assert (len(rows), parcels["n"]) == (SCANS, SCANS)
    assert stored == told
    assert program.run("verify") == (0, "The audit chain and the books are in order.\n")


async def lines(program: Program) -> tuple[int, int, str]:
    async with Database(program.url, areas.apps()):
        (found,) = await sql.rows("SELECT count(*) AS n, count(DISTINCT row) AS rows FROM manifest_line")
        state = await sql.one("SELECT state FROM manifest")
    return found["n"], found["rows"], state["state"] if state else ""


async def test_an_import_cut_off_in_the_middle_is_finished_by_the_next_start(
    program: Program, token: str, tmp_path: Path
) -> None:
    file = tmp_path / "long.csv"
    file.write_bytes(sample_lists.long_list(ROWS))
    importing = program.start("manifest", "import", str(file), "--carrier", "YTO")
    async with Database(program.url, areas.apps()):
        while not await sql.one("SELECT id FROM manifest_line LIMIT 1"):
            assert importing.poll() is None
            await asyncio.sleep(0.005)
        kill(importing)
    written, _, state = await lines(program)
    assert (0 < written < ROWS, state) == (True, "importing"), "cut off in the middle"
    async with Database(program.url, areas.apps()):
        await manifests.resume(tmp_path / "uploads")
    assert await lines(program) == (ROWS + 1, ROWS + 1, "ready"), (
        "each row once, the header's line among them"
    )
    assert list((tmp_path / "uploads").iterdir()) == [], "the file goes with the need for it"
    code, said = program.run("manifest", "import", str(file), "--carrier", "YTO")
    assert (code, "known already" in said) == (0, True)
    assert program.run("verify")[0] == 0
