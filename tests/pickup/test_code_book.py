"""Giving out codes: never one that somebody waits with, and a refusal when all are in use."""

import asyncio

import pytest

from pickup import code_book
from pickup.codes import COUNT, is_sound, make_code
from station.db import act, sql
from station.errors import Refusal
from tests.village import Village


@act
async def draw(station_id: int) -> str:
    return (await code_book.draw(station_id))[0]


@act
async def all_but(station_id: int, free: str | None) -> None:
    """As if a parcel waited with every other code."""
    (example,) = await sql.rows("SELECT recipient_id, slot_id, arrived_at FROM parcel")
    await sql.execute("DELETE FROM notice")
    await sql.execute("DELETE FROM scan")
    await sql.execute("DELETE FROM parcel")
    codes = [make_code(bytes(16), n) for n in range(COUNT)]
    columns = "station_id, carrier, waybill, piece_no, piece_count, recipient_id, size, flags, slot_id, code, state, refused"
    await sql.many(
        f"INSERT INTO parcel ({columns}, intercepted, needs_carrier, needs_recipient, arrived_at)"
        " VALUES (?, 'YTO', ?, 1, 1, ?, 'small', '', ?, ?, 'waiting', ?, ?, ?, ?, ?)",
        [
            (
                station_id,
                code,
                example["recipient_id"],
                example["slot_id"],
                code,
                *(False,) * 4,
                example["arrived_at"],
            )
            for code in codes
            if code != free
        ],
    )


async def test_codes_drawn_at_once_are_all_different_and_sound(village: Village) -> None:
    codes = await asyncio.gather(*[draw(village.id) for _ in range(40)])
    assert len(set(codes)) == 40
    assert all(map(is_sound, codes))


async def test_the_one_free_code_is_found_and_then_no_more(village: Village) -> None:
    await village.arrive("YT4902191309648")
    await all_but(village.id, make_code(bytes(16), 4711))
    assert await draw(village.id) == make_code(bytes(16), 4711)
    await all_taken(village.id)
    with pytest.raises(Refusal, match="codes_used_up"):
        await village.arrive("YT4168021422322")


@act
async def all_taken(station_id: int) -> None:
    (example,) = await sql.rows("SELECT * FROM parcel LIMIT 1")
    await sql.execute(
        "INSERT INTO parcel (station_id, carrier, waybill, piece_no, piece_count, recipient_id, size, flags, slot_id,"
        " code, state, refused, intercepted, needs_carrier, needs_recipient, arrived_at)"
        " VALUES (?, 'YTO', 'last', 1, 1, ?, 'small', '', ?, ?, 'waiting', ?, ?, ?, ?, ?)",
        station_id,
        example["recipient_id"],
        example["slot_id"],
        make_code(bytes(16), 4711),
        *(False,) * 4,
        example["arrived_at"],
    )


async def test_the_desk_is_known_without_drawing(village: Village) -> None:
    desk = await code_book.desk(village.id)
    assert (desk.name, desk.zone, desk.hours) == ("青禾驿站", "Asia/Shanghai", "8:30-18:00")
    (station,) = await sql.rows("SELECT code_sequence FROM station")
    assert station["code_sequence"] == 0
