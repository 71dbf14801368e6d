"""Two counters at one thing in the same moment: on PostgreSQL their acts run beside each other."""

import asyncio
from functools import partial

from pickup import code_book, notices, undo
from pickup.collection import HandOut, collect
from pickup.relocation import move
from station import parcels
from station.actor import Actor
from station.db import act, sql
from station.parcels import Arrival
from station.phones import classify
from station.recipients import Person
from tests.at_once import Runs, told
from tests.village import Village

LI, TAN = "13900000152", "13900000153"


async def stands(village: Village, waybill: str, phone: str, label: str) -> int:
    parcel = (await village.arrive(waybill, phone))["parcel"]
    if parcel["slot"] != label:
        await move(parcel["id"], label, by=village.chen)
    return int(parcel["id"])


async def used() -> dict[str, int]:
    return {
        row["label"]: row["used"] for row in await sql.rows("SELECT label, used FROM slot WHERE used <> 0")
    }


async def test_families_who_stand_crosswise_in_two_slots_never_wait_for_each_other_in_a_circle(
    village: Village,
) -> None:
    one, other = "1-1-1", "1-1-2"
    ids = [
        await stands(village, f"YT{number:013d}", phone, label)
        for number, (phone, label) in enumerate(((LI, one), (TAN, other), (LI, other), (TAN, one)), 1)
    ]
    families, runs = (tuple(ids[::2]), tuple(ids[1::2])), Runs()
    for turn in range(4):
        fetched = await asyncio.gather(
            *(
                runs.of(partial(collect, HandOut(f"{turn}-{family}", family), by=village.chen))
                for family in families
            )
        )
        assert await used() == {}
        await asyncio.gather(
            *(runs.of(partial(undo.undo, id_, "wrong parcel", by=village.li)) for id_ in fetched)
        )
        assert await used() == {one: 2, other: 2}
    first, second = ids[0], ids[1]
    await asyncio.gather(
        runs.of(partial(move, first, other, by=village.chen)),
        runs.of(partial(move, second, one, by=village.li)),
    )
    assert await used() == {one: 2, other: 2}
    assert runs.begun == 18


@act
async def comes_in(by: Actor, waybill: str, phone: str) -> str:
    """A parcel as check-in takes it in; its act ends when another waits for it. Answers its code."""
    person = Person.printed("李桂兰", classify(phone))
    code, desk = await code_book.draw(by.station_id)
    placed = await parcels.receive(by.station_id, Arrival("YTO", waybill, person), code)
    await notices.announce(by.station_id, placed.id, person, desk)
    if sql.dialect() == "postgres":
        for _ in range(200):
            if await sql.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
                break
            await sql.rows("SELECT pg_sleep(0.01)")
    return code


async def test_what_comes_in_while_the_rest_is_fetched_is_told(village: Village) -> None:
    # So large that the next one finds no room in their slot, where one act would wait for the other.
    fetched = [
        (await village.arrive(f"YT{number:013d}", LI, size="large"))["parcel"]["id"] for number in range(3)
    ]
    code, _ = await asyncio.gather(
        comes_in(village.li, "YT1000000000009", LI), collect(HandOut("s", tuple(fetched)), by=village.chen)
    )
    (message,) = await sql.rows(
        "SELECT m.state, m.text FROM message m JOIN notice n ON n.message_id = m.id JOIN parcel p ON p.id = n.parcel_id"
        " WHERE p.state = 'waiting'"
    )
    assert message["state"] == "queued"
    assert code in message["text"]


async def test_a_parcel_that_two_move_to_one_place_stands_there(village: Village) -> None:
    parcel = (await village.arrive("YT1000000000001"))["parcel"]["id"]
    answers = await told(*(move(parcel, "3-4-6", by=by) for by in (village.chen, village.li)))
    assert sorted(answers) == ["ok", "stands_there"]
    assert await used() == {"3-4-6": 1}
