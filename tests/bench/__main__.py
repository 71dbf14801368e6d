"""`make bench`: check-in over HTTP beside a plain-sqlite3 floor in the same run, alternating; prints ratios.

Absolute figures mean little on a shared machine; the ratio of neighbours in time does.
"""

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from station import areas, doors, racks, stations
from station.actor import Actor, Role
from station.db import Database
from station.db.migrations import migrate
from tests.bench import load
from tests.village import _account

# A station has 10,000 codes: all rounds together must stay below.
ROUNDS = 5
CLIENTS = {1: 300, 32: 1280}
RACES = 100
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A program under load: its process, and what each round measured by number of clients."""

    name: str
    command: list[str]
    env: dict[str, str]
    port: int
    rates: dict[int, list[float]] = field(default_factory=dict)
    cpu: dict[int, list[float]] = field(default_factory=dict)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, env={**os.environ, **self.env}, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def cpu_seconds(self) -> float:
        """User and system time of the process so far, from the kernel's own account."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    async def measure(self, token: str, clients: int, requests: int) -> None:
        before = self.cpu_seconds()
        self.rates.setdefault(clients, []).append(await load.run(self.port, token, clients, requests))
        self.cpu.setdefault(clients, []).append((self.cpu_seconds() - before) / requests * 1000)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def village(url: str) -> str:
    """A station with 200 roomy slots and a volunteer; returns her token."""
    await migrate(url, areas.apps())
    async with Database(url, areas.apps()):
        station_id = await stations.found("bench", "青禾驿站", zone="Asia/Shanghai", hours="8:30-18:00")
        by = Actor.system(station_id)
        await racks.lay_out_floor(by=by)
        for number in range(1, 6):
            await racks.lay_out(racks.Layout(number=number, layers=5, bays=8, capacity=200), by=by)
        chen = await _account("chen", "陈国", Role.VOLUNTEER, "", by)
        assert chen.account_id is not None
        return await doors.make_token(chen.account_id, by=chen)


def report(ours: Server, floor: Server) -> None:
    print(
        f"{'clients':>8} {'ours/s':>8} {'floor/s':>8} {'ratio':>6}   {'ms CPU ours':>12} {'floor':>6} {'ratio':>6}"
    )
    for clients in CLIENTS:
        rates = [a / b for a, b in zip(ours.rates[clients], floor.rates[clients], strict=True)]
        cpus = [a / b for a, b in zip(ours.cpu[clients], floor.cpu[clients], strict=True)]
        print(
            f"{clients:8d} {statistics.median(ours.rates[clients]):8.0f} {statistics.median(floor.rates[clients]):8.0f}"
            f" {statistics.median(rates):6.2f}   {statistics.median(ours.cpu[clients]):12.2f}"
            f" {statistics.median(floor.cpu[clients]):6.2f} {statistics.median(cpus):6.2f}"
        )


async def races(server: Server, token: str) -> None:
    """Two clients for one parcel, many times: each time exactly one hands it out."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    winners = 0
    for _ in range(RACES):
        body = load.scan()
        await load.request(reader, writer, "/api/v1/checkins", token, body)
        waybill = body.decode().split('"scanned": "')[1].split('"')[0]
        winners += sorted(await load.race(server.port, token, waybill)) == [201, 409]
    writer.close()
    print(f"{winners} of {RACES} races for one parcel had exactly one winner")
    if winners != RACES:
        sys.exit(1)


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="station-bench-") as folder:
        database, copy = Path(folder) / "station.db", Path(folder) / "floor.db"
        token = await village(f"sqlite:///{database}")
        shutil.copyfile(database, copy)
        python, port, other = sys.executable, free_port(), free_port()
        env = {"STATION_DATA_DIR": folder, "STATION_DATABASE_URL": f"sqlite:///{database}"}
        ours = Server("ours", [python, "-m", "station.cli", "serve", "--port", str(port)], env, port)
        floor = Server("floor", [python, "-m", "tests.bench.floor", str(copy), str(other)], {}, other)
        for server in (ours, floor):
            server.start()
        try:
            for round_number in range(ROUNDS + 1):
                for clients, requests in CLIENTS.items():
                    for server in (ours, floor) if round_number % 2 else (floor, ours):
                        await server.measure(token, clients, requests)
                if round_number == 0:  # warming up: imports, caches, the first pages of both files
                    for server in (ours, floor):
                        server.rates.clear()
                        server.cpu.clear()
            report(ours, floor)
            await races(ours, token)
        finally:
            for server in (ours, floor):
                server.stop()


if __name__ == "__main__":
    asyncio.run(main())
