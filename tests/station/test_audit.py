"""The audit: who did what, told as a story and sealed so that a later change shows."""

from datetime import UTC, datetime

from station import audit, clock
from station.actor import Actor
from station.db import act, sql
from tests.village import Village, found_village

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@act
async def note(
    by: Actor, what: str, subject_id: int = 7, also: tuple[tuple[str, int], ...] = (), **facts: object
) -> None:
    await audit.write(by, what, subject="thing", subject_id=subject_id, also=also, **facts)


async def seals(station_id: int) -> list[dict[str, object]]:
    return await sql.rows(
        "SELECT number, first_line, last_line, lines, hash FROM audit_seal WHERE station_id = ? ORDER BY number",
        station_id,
    )


async def test_a_story_tells_who_did_what_when_in_order(village: Village) -> None:
    with clock.at(NOON):
        await note(village.chen, "found", weight=3)
    await note(Actor.system(village.id), "counted")
    told = await audit.story(village.id, "thing", 7)
    assert [(line.who, line.act, line.facts) for line in told] == [
        ("陈国", "found", {"weight": 3}),
        (None, "counted", {}),
    ]
    assert told[0].at == NOON


async def test_an_act_about_several_things_is_in_the_story_of_each(village: Village) -> None:
    await note(village.chen, "carried", 7, also=(("thing", 8), ("shelf", 9)))
    for subject, subject_id in (("thing", 7), ("thing", 8), ("shelf", 9)):
        assert [line.act for line in await audit.story(village.id, subject, subject_id)] == ["carried"]
    assert await audit.story(village.id, "shelf", 8) == []


async def test_a_story_is_its_stations_own(village: Village) -> None:
    other = await found_village("other", "邻村驿站")
    await note(village.chen, "found")
    assert await audit.story(other.id, "thing", 7) == []


async def test_each_line_is_sealed_once_and_each_seal_holds_the_one_before(village: Village) -> None:
    first = await audit.seal(village.id)
    assert first > 0
    assert await audit.seal(village.id) == 0
    for what in ("one", "two"):
        await note(village.chen, what)
    assert await audit.seal(village.id) == 2
    before, after = await seals(village.id)
    assert (before["number"], after["number"], after["lines"]) == (1, 2, 2)
    lines = await sql.rows("SELECT * FROM audit_line WHERE act IN ('one', 'two') ORDER BY id")
    assert after["hash"] == audit.hash_of(lines, str(before["hash"]))
    assert after["hash"] != audit.hash_of(lines, "")


async def test_stations_have_chains_of_their_own(village: Village) -> None:
    other = await found_village("other", "邻村驿站")
    await audit.seal(village.id)
    assert await seals(other.id) == []
    await audit.seal(other.id)
    assert [seal["number"] for seal in await seals(other.id)] == [1]
