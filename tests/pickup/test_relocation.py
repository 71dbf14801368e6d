"""Moving a parcel: the code's digits stay, the room follows, the message tells the new place."""

from typing import Any

import pytest

from pickup.collection import HandOut, collect
from pickup.relocation import move
from station import audit
from station.db import act, sql
from station.errors import Refusal
from station.labels import slot_code
from tests.village import Village, found_village


async def parcel(parcel_id: int) -> dict[str, Any]:
    row = await sql.one(
        "SELECT p.code, s.label FROM parcel p JOIN slot s ON s.id = p.slot_id WHERE p.id = ?", parcel_id
    )
    assert row is not None
    return row


async def used(village: Village) -> dict[str, int]:
    rows = await sql.rows("SELECT label, used FROM slot WHERE station_id = ? AND used > 0", village.id)
    return {row["label"]: row["used"] for row in rows}


@act
async def fill(label: str, units: int) -> None:
    await sql.execute("UPDATE slot SET used = ? WHERE label = ?", units, label)


async def test_a_moved_parcel_keeps_its_code_and_takes_its_room_along(village: Village) -> None:
    answer = await village.arrive("YT1000000000001", size="medium")
    before = answer["parcel"]
    await move(before["id"], "3-4-6", by=village.chen)
    assert await parcel(before["id"]) == {"code": before["code"], "label": "3-4-6"}
    assert await used(village) == {"3-4-6": 2}
    (message,) = await sql.rows("SELECT text FROM message")
    assert f"3-4-{before['code']}" in message["text"]
    told = (await audit.story(village.id, "parcel", before["id"]))[-1]
    assert (told.act, told.facts) == ("parcel_moved", {"from": before["slot"], "to": "3-4-6"})


@pytest.mark.parametrize("typed", ["３－４－６", "3 4 6", " 03-04-06 ", slot_code(3, 4, 6)])
async def test_the_slot_may_be_typed_or_scanned(village: Village, typed: str) -> None:
    answer = await village.arrive("YT1000000000001")
    await move(answer["parcel"]["id"], typed, by=village.chen)
    assert (await parcel(answer["parcel"]["id"]))["label"] == "3-4-6"


@pytest.mark.parametrize(
    ("label", "code"), [("9-9-9", "no_slot"), ("kitchen", "no_slot"), ("2-2-2", "slot_full"), ("", "no_slot")]
)
async def test_a_place_that_is_not_there_or_full_moves_nothing(
    village: Village, label: str, code: str
) -> None:
    answer = await village.arrive("YT1000000000001")
    before = answer["parcel"]
    await fill("2-2-2", 12)
    with pytest.raises(Refusal) as refused:
        await move(before["id"], label, by=village.chen)
    assert refused.value.code == code
    assert (await parcel(before["id"]))["label"] == before["slot"]
    assert await used(village) == {before["slot"]: 1, "2-2-2": 12}


async def test_it_stays_where_it_already_stands(village: Village) -> None:
    answer = await village.arrive("YT1000000000001")
    with pytest.raises(Refusal) as refused:
        await move(answer["parcel"]["id"], answer["parcel"]["slot"], by=village.chen)
    assert refused.value.code == "stands_there"


async def test_what_was_handed_out_cannot_be_moved(village: Village) -> None:
    answer = await village.arrive("YT1000000000001")
    await collect(HandOut("s1", (answer["parcel"]["id"],)), by=village.chen)
    with pytest.raises(Refusal) as refused:
        await move(answer["parcel"]["id"], "3-4-6", by=village.chen)
    assert refused.value.code == "gone_meanwhile"
    assert await used(village) == {}


async def test_another_stations_parcel_is_not_there(village: Village) -> None:
    answer = await village.arrive("YT1000000000001")
    other = await found_village("other", "他村驿站")
    with pytest.raises(Refusal) as refused:
        await move(answer["parcel"]["id"], "3-4-6", by=other.chen)
    assert refused.value.code == "no_parcel"
