"""People as labels name them: kept once, found again behind the stars of a label."""

import asyncio

import pytest

from station import phones, recipients
from station.db import act, sql
from station.recipients import Person
from tests.village import Village, found_village


def printed(name: str | None, phone: str) -> Person:
    return Person.printed(name, phones.classify(phone, name or ""))


@act
async def keep(station_id: int, person: Person) -> int:
    return await recipients.keep(station_id, person)


async def offered(village: Village, name: str, phone: str) -> list[str]:
    return [str(one["name"]) for one in await recipients.alike(village.id, printed(name, phone))]


@pytest.fixture
async def people(village: Village) -> Village:
    for name, phone in (
        ("向春兰", "13812340152"),
        ("向兰", "13812340152"),
        ("禹小禾", "13912340152"),
        ("向春兰", "13900007396"),
        ("石长根", "0730-5550123"),
    ):
        await keep(village.id, printed(name, phone))
    return village


async def test_the_same_person_is_kept_once(village: Village) -> None:
    her = printed("李桂花", "13900007396")
    ids = await asyncio.gather(*[keep(village.id, her) for _ in range(5)])
    assert len(set(ids)) == 1
    (row,) = await sql.rows("SELECT name, phone, tail, initials FROM recipient")
    assert row == {"name": "李桂花", "phone": "13900007396", "tail": "7396", "initials": "lgh liguihua"}
    assert await keep(village.id, printed("李大山", "13900007396")) != ids[0]
    assert await keep((await found_village("other", "他村驿站")).id, her) != ids[0]


async def test_a_privacy_number_is_another_one_with_each_extension(village: Village) -> None:
    first = await keep(village.id, printed("李桂花", "18400001234-1111"))
    assert await keep(village.id, printed("李桂花", "18400001234-2222")) != first


@pytest.mark.parametrize(
    ("name", "phone", "expected"),
    [
        ("向*兰", "138****0152", ["向春兰"]),
        ("向*", "138****0152", ["向兰"]),
        ("", "138****0152", ["向兰", "向春兰"]),
        ("", "*******0152", ["禹小禾", "向兰", "向春兰"]),
        ("向春兰", "", ["向春兰", "向春兰"]),
        ("向*兰", "", []),
        ("", "", []),
        ("向*兰", "138********", []),
        ("石长根", "", []),  # a landline gets no message: nothing is gained by choosing it
    ],
)
async def test_those_are_offered_whom_the_label_may_mean(
    people: Village, name: str, phone: str, expected: list[str]
) -> None:
    assert await offered(people, name, phone) == expected


async def test_phones_are_offered_masked_and_only_here(people: Village) -> None:
    (her,) = await recipients.alike(people.id, printed("向*兰", "138****0152"))
    assert her["phone"] == "****0152"
    other = await found_village("other", "他村驿站")
    assert await offered(other, "向*兰", "138****0152") == []


@pytest.mark.parametrize(
    ("phone", "household", "reachable"),
    [
        ("13900007396", "13900007396", True),
        ("0730-5550123", "07305550123", False),
        ("18400001234-1111", "", False),
        ("139****7396", "", False),
        ("", "", False),
    ],
)
def test_a_household_is_a_phone_of_its_own(phone: str, household: str, reachable: bool) -> None:
    person = printed("李桂花", phone)
    assert (person.household, person.reachable) == (household, reachable)


@pytest.mark.parametrize("name", ["长" * 200, "曾" * 60, "𡒄" * 60])
async def test_however_long_a_name_is_it_finds_room(village: Village, name: str) -> None:
    await keep(village.id, printed(name, "电" * 200))
    (row,) = await sql.rows("SELECT name FROM recipient")
    assert row["name"] == name[:60]
