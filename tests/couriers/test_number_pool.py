"""Numbers that carriers gave in advance: read from what was written down, and each taken once."""

import asyncio
import sys
from pathlib import Path

import pytest

from couriers import number_pool
from station.actor import Actor
from station.db import act, sql
from station.errors import Refusal
from tests.village import Village, found_village


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("YT8800000000001", ["YT8800000000001"]),
        ("yt8800000000001\n\n YT8800000000002 ", ["YT8800000000001", "YT8800000000002"]),
        ("YT8800000000001，YT8800000000002；YT8800000000001", ["YT8800000000001", "YT8800000000002"]),
        ("YT8800000000009…YT8800000000011", [f"YT88000000000{end}" for end in ("09", "10", "11")]),
        ("YT8800000000009 至 YT8800000000010", ["YT8800000000009", "YT8800000000010"]),
        ("73120000885501 - 73120000885502", ["73120000885501", "73120000885502"]),
        ("00000099~00000101", ["00000099", "00000100", "00000101"]),
        ("YT8800000000001…YT8800000000001", ["YT8800000000001"]),
        ("", []),
        (" \n;", []),
    ],
)
def test_numbers_are_read_one_by_one_and_as_ranges(text: str, found: list[str]) -> None:
    assert number_pool.numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "1234567",
        "YT8800000000001 YT 1 等",
        "圆通的单号",
        "YT8800000000001…",
        "YT8800000000001…YT8800000000002…YT8800000000003",
        "YT8800000000002…YT8800000000001",
        "YT8800000000001…ZT8800000000002",
        "YT8800000000001…YT88000000000020",
        "YTABCDEFGHIJ…YTABCDEFGHIK",
        "123456789012345678901",
    ],
)
def test_what_is_no_number_or_no_range_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(Refusal, match="pool_unclear") as refused:
        number_pool.numbers(f"YT8800000000077\n{text}")
    assert refused.value.facts["text"] == text[:40]


@pytest.mark.parametrize(
    "text",
    [
        "YT8800000000000…YT8800000020000",
        "YT8800000000001…YT9900000000001",
        "YT8800000000001…YT8800000020000\nYT9900000000001",
    ],
)
def test_more_numbers_than_a_pool_takes_at_once_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="pool_too_many"):
        number_pool.numbers(text)


def test_as_many_numbers_as_are_allowed_are_read() -> None:
    assert len(number_pool.numbers("YT8800000000001…YT8800000020000")) == number_pool.MOST


@act
async def take(carrier: str, *, by: Actor) -> str:
    return await number_pool.take(by.station_id, carrier)


def pool(first: int, size: int) -> list[str]:
    return [f"YT88{number:011d}" for number in range(first, first + size)]


async def left(village_id: int) -> dict[str, int]:
    return {row["carrier"]: row["n"] for row in await number_pool.left(village_id)}


async def lines(what: str) -> int:
    return len(await sql.rows("SELECT id FROM audit_line WHERE act = ?", what))


async def test_numbers_that_are_there_already_stay_as_they_are(village: Village) -> None:
    assert await number_pool.fill("YTO", pool(1, 3), by=village.wang) == 3
    taken = await take("YTO", by=village.chen)
    assert await number_pool.fill("YTO", pool(1, 5), by=village.wang) == 2
    assert (taken, await left(village.id), await lines("pool_filled")) == (pool(1, 1)[0], {"YTO": 4}, 2)
    assert await take("YTO", by=village.chen) == pool(2, 1)[0]


@pytest.mark.parametrize(
    ("carrier", "numbers", "code"),
    [
        ("YTO", [], "pool_nothing"),
        ("", ["YT8800000000001"], "pool_no_carrier"),
        ("圆通", ["YT8800000000001"], "pool_no_carrier"),
        ("NONE", ["YT8800000000001"], "pool_no_carrier"),
        ("ZTO", ["73120000885501", "YT8800000000001"], "pool_other_carrier"),
    ],
)
async def test_what_cannot_go_into_a_pool_is_refused_as_a_whole(
    village: Village, carrier: str, numbers: list[str], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        await number_pool.fill(carrier, numbers, by=village.wang)
    assert (await left(village.id), await lines("pool_filled")) == ({}, 0)


async def test_an_empty_pool_says_whose_it_is_and_another_carriers_is_not_touched(village: Village) -> None:
    await number_pool.fill("YTO", pool(1, 1), by=village.wang)
    await take("YTO", by=village.chen)
    with pytest.raises(Refusal, match="pool_empty") as refused:
        await take("YTO", by=village.chen)
    assert refused.value.facts["carrier"] == "圆通速递"
    with pytest.raises(Refusal, match="pool_empty"):
        await take("ZTO", by=village.chen)
    assert await left(village.id) == {"YTO": 0}


async def test_another_stations_numbers_are_not_taken(village: Village) -> None:
    other = await found_village("shiping", "石坪驿站")
    await number_pool.fill("YTO", pool(1, 1), by=other.wang)
    with pytest.raises(Refusal, match="pool_empty"):
        await take("YTO", by=village.chen)
    assert (await left(village.id), await left(other.id)) == ({}, {"YTO": 1})


async def test_twelve_acts_at_once_take_twelve_numbers(village: Village) -> None:
    await number_pool.fill("YTO", pool(1, 15), by=village.wang)
    taken = await asyncio.gather(*(take("YTO", by=village.chen) for _ in range(12)))
    assert sorted(taken) == pool(1, 12)
    assert await left(village.id) == {"YTO": 3}


async def test_of_twelve_acts_at_once_as_many_get_a_number_as_there_are(village: Village) -> None:
    await number_pool.fill("YTO", pool(1, 5), by=village.wang)
    outcomes = await asyncio.gather(
        *(take("YTO", by=village.chen) for _ in range(12)), return_exceptions=True
    )
    assert sorted(each for each in outcomes if isinstance(each, str)) == pool(1, 5)
    refused = [each for each in outcomes if isinstance(each, Refusal)]
    assert ({each.code for each in refused}, len(refused)) == ({"pool_empty"}, 7)


TAKING = """
import asyncio, sys
from couriers import number_pool
from station import areas
from station.db import Database, act

@act
async def take(station_id):
    return await number_pool.take(station_id, "YTO")

async def main(url, station_id):
    async with Database(url, areas.apps()):
        print(*[await take(int(station_id)) for _ in range(40)], sep="\\n")

asyncio.run(main(*sys.argv[1:]))
"""


async def taking_process(url: str, station_id: int) -> list[str]:
    """Forty numbers, taken by a program of its own on the same database."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TAKING, url, str(station_id)),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await program.communicate()
    assert program.returncode == 0
    return printed.decode().split()


async def test_two_programs_on_one_database_never_take_the_same_number(
    database_url: str, village: Village
) -> None:
    await number_pool.fill("YTO", pool(1, 100), by=village.wang)
    first, second = await asyncio.gather(*(taking_process(database_url, village.id) for _ in range(2)))
    assert (len(first), len(second)) == (40, 40)
    assert sorted(first + second) == pool(1, 80)
    assert await left(village.id) == {"YTO": 20}
