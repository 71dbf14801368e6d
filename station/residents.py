"""The register: households of the village, their people and the phones they are reached by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from station import audit, clock, phones, pinyin, recipients
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.recipients import Person
from station.texts import fold

tell(
    {
        "no_resident_name": (422, N_("Write the name of the person.")),
        "bad_resident_phone": (
            422,
            N_("This is no phone number that can be rung: {phone}. Check its digits."),
        ),
    }
)
PAGE = 50


class Need(StrEnum):
    ELDERLY = "elderly"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class ResidentIn:
    """`household` such as 郑家; empty: the family name and 家. `group`: the villagers' group. `phones` as written.

    `needs` is None where nobody asked for them: what is known of them then stays.
    """

    name: str
    phones: tuple[str, ...] = ()
    household: str = ""
    group: str = ""
    also_called: str = ""
    needs: tuple[Need, ...] | None = None


async def find(station_id: int, asked: str, limit: int = 9, skipped: int = 0) -> list[dict[str, Any]]:
    """People whose name, other name, initials, group or phone's end fits, with `phone` (the first) and their household.

    Phones are whole: mask them before showing. Nothing here tells which households are helped.
    """
    words = fold(asked)
    if not words:
        return []
    like = f"%{words.replace('%', '').replace('_', '')}%"
    tail = words[-4:] if words[-4:].isdecimal() and len(words) >= 4 else "-"
    return await sql.rows(
        f"{_PEOPLE} AND {_FITS} ORDER BY r.name, r.id LIMIT ? OFFSET ?",
        *(station_id, *[like] * 5, tail, limit, skipped),
    )


_PEOPLE = (
    "SELECT r.id, r.name, r.also_called, r.needs, r.household_id, h.name AS household, h.grp,"
    " (SELECT phone FROM resident_phone p WHERE p.station_id = r.station_id AND p.resident_id = r.id"
    " ORDER BY p.id LIMIT 1) AS phone"
    " FROM resident r JOIN household h ON h.id = r.household_id WHERE r.station_id = ? AND r.left_at IS NULL"
)


_FITS = (
    "(r.name LIKE ? OR r.also_called LIKE ? OR h.grp LIKE ? OR h.name LIKE ? OR r.initials LIKE ? OR EXISTS"
    " (SELECT 1 FROM resident_phone p WHERE p.station_id = r.station_id AND p.resident_id = r.id AND p.tail = ?))"
)


async def one(station_id: int, resident_id: int) -> dict[str, Any]:
    """One person with `phones`; raises Refusal `not_found`."""
    person = await sql.one(f"{_PEOPLE} AND r.id = ?", station_id, resident_id)
    if person is None:
        raise Refusal("not_found")
    numbers = await sql.rows(
        "SELECT phone FROM resident_phone WHERE station_id = ? AND resident_id = ? ORDER BY id",
        station_id,
        resident_id,
    )
    return {**person, "phones": [row["phone"] for row in numbers]}


async def page(station_id: int, asked: str, number: int) -> list[dict[str, Any]]:
    """A page of the register by group and household, or of those asked for by name.

    One row more than PAGE when there are further ones.
    """
    before = (number - 1) * PAGE
    if asked:
        return await find(station_id, asked, PAGE + 1, before)
    return await sql.rows(
        f"{_PEOPLE} ORDER BY h.grp, h.name, r.id LIMIT ? OFFSET ?", station_id, PAGE + 1, before
    )


async def households(station_id: int) -> list[dict[str, Any]]:
    """All households by group and name. `helped` is for the keeper's pages alone."""
    return await sql.rows(
        "SELECT id, name, grp, helped FROM household WHERE station_id = ? ORDER BY grp, name", station_id
    )


async def household(station_id: int, household_id: int) -> dict[str, Any]:
    found = await sql.one(
        "SELECT id, name, grp, helped, note FROM household WHERE station_id = ? AND id = ?",
        station_id,
        household_id,
    )
    if found is None:
        raise Refusal("not_found")
    return found


@dataclass(frozen=True, slots=True)
class House:
    """Whom the register knows behind a phone: all phones of their households, and whether one of them is elderly."""

    phones: tuple[str, ...]
    elderly: bool


async def house_of(station_id: int, number: str) -> House:
    """The household behind a phone; the phone alone while nobody has registered it. Asked at every check-in."""
    people = await sql.rows(
        "SELECT r.household_id, r.needs FROM resident_phone p JOIN resident r ON r.id = p.resident_id"
        " WHERE p.station_id = ? AND p.phone = ? AND r.left_at IS NULL",
        *(station_id, number),
    )
    if not people:
        return House((number,), elderly=False)
    houses = {row["household_id"] for row in people}
    others = await sql.rows(
        "SELECT DISTINCT p.phone FROM resident r JOIN resident_phone p ON p.station_id = r.station_id"  # noqa: S608
        f" AND p.resident_id = r.id WHERE r.station_id = ? AND r.household_id IN ({', '.join('?' * len(houses))})"
        " AND r.left_at IS NULL",
        station_id,
        *houses,
    )
    phones_of_all = {number, *(row["phone"] for row in others)}
    return House(tuple(sorted(phones_of_all)), any("elderly" in row["needs"] for row in people))


async def keep(person: ResidentIn, *, by: Actor) -> int:
    """Write a person into the register, or complete the one who is there by that name in that household.

    Returns the person's id. Raises Refusal `no_resident_name`, `bad_resident_phone`.
    """
    return await keep_checked(checked(person), by=by)


def checked(person: ResidentIn) -> "Written":
    """What `keep` writes; raises its refusals."""
    name = person.name.strip()[:40]
    if not name:
        raise Refusal("no_resident_name")
    numbers = []
    for text in filter(None, map(str.strip, person.phones)):
        phone = phones.classify(text)
        if phone.kind not in (phones.Kind.MOBILE, phones.Kind.LANDLINE) or not phone.number:
            raise Refusal("bad_resident_phone", phone=text)
        numbers.append((phone.number, str(phone.kind)))
    family = person.household.strip()[:40] or f"{name[0]}家"
    return Written(person, name, family, person.group.strip()[:40], list(dict.fromkeys(numbers)))


@dataclass(frozen=True, slots=True)
class Written:
    """A person whose name and phones have been looked at."""

    person: ResidentIn
    name: str
    family: str
    group: str
    numbers: list[tuple[str, str]]


@act
async def keep_checked(written: Written, *, by: Actor) -> int:
    house = await _house(written, by)
    other = written.person.also_called.strip()[:60]
    initials = f"{pinyin.search_text(written.name)} {pinyin.search_text(other) if other else ''}".strip()[
        :160
    ]
    asked = written.person.needs
    needs = None if asked is None else " ".join(sorted(asked))
    row = await sql.one(
        "INSERT INTO resident (station_id, household_id, name, also_called, initials, needs, created_at)"
        " VALUES (?, ?, ?, ?, ?, COALESCE(?, ''), ?) ON CONFLICT (station_id, household_id, name) DO UPDATE SET"
        " also_called = CASE WHEN excluded.also_called = '' THEN resident.also_called ELSE excluded.also_called END,"
        " initials = excluded.initials, needs = COALESCE(?, resident.needs), left_at = NULL RETURNING id",
        *(by.station_id, house, written.name, other, initials, needs, clock.now(), needs),
    )
    assert row is not None
    await _keep_phones(int(row["id"]), written, by.station_id)
    await audit.write(
        by, "resident_kept", subject="resident", subject_id=row["id"], phones=len(written.numbers)
    )
    return int(row["id"])


async def _house(written: Written, by: Actor) -> int:
    row = await sql.one(
        "INSERT INTO household (station_id, name, grp, helped, note, created_at) VALUES (?, ?, ?, ?, '', ?)"
        " ON CONFLICT (station_id, grp, name) DO UPDATE SET name = excluded.name RETURNING id",
        *(by.station_id, written.family, written.group, False, clock.now()),
    )
    assert row is not None
    return int(row["id"])


async def _keep_phones(resident_id: int, written: Written, station_id: int) -> None:
    for number, kind in written.numbers:
        await sql.execute(
            "INSERT INTO resident_phone (station_id, resident_id, phone, kind, tail) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (station_id, phone, resident_id) DO NOTHING",
            *(station_id, resident_id, number, kind, phones.tail(number)),
        )
        # Whoever is registered is offered at check-in when a label hides the phone, before their first parcel.
        await recipients.keep(station_id, Person(written.name, number, kind))


@act
async def drop_phone(resident_id: int, number: str, *, by: Actor) -> None:
    """A number that is no longer theirs."""
    gone = await sql.execute(
        "DELETE FROM resident_phone WHERE station_id = ? AND resident_id = ? AND phone = ?",
        *(by.station_id, resident_id, number),
    )
    if not gone:
        raise Refusal("not_found")
    await audit.write(by, "phone_dropped", subject="resident", subject_id=resident_id)


@act
async def leave(resident_id: int, *, by: Actor) -> None:
    """Somebody moved away: no longer found, their parcels and consignments stay on record."""
    gone = await sql.execute(
        "UPDATE resident SET left_at = ? WHERE station_id = ? AND id = ? AND left_at IS NULL",
        *(clock.now(), by.station_id, resident_id),
    )
    if not gone:
        raise Refusal("not_found")
    await audit.write(by, "resident_left", subject="resident", subject_id=resident_id)


@act
async def help_household(household_id: int, helped: bool, *, by: Actor) -> None:
    """Whether the village helps this household to sell. The keeper's alone to say and to see."""
    done = await sql.execute(
        "UPDATE household SET helped = ? WHERE station_id = ? AND id = ?",
        *(helped, by.station_id, household_id),
    )
    if not done:
        raise Refusal("not_found")
    await audit.write(by, "household_help", subject="household", subject_id=household_id, helped=helped)
