"""The station itself: what its keeper has settled, read on every page and in every hot act."""

import secrets
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from station import audit, clock
from station.actor import Actor
from station.db import act, sql
from station.models import Station


@dataclass(frozen=True, slots=True)
class Profile:
    """What pages and messages need to know of the station."""

    id: int
    code: str
    name: str
    place: str
    zone: str
    phone: str
    hours: str
    sms_signature: str
    quiet_from: str
    quiet_until: str
    gather_seconds: int
    undo_minutes: int
    overdue_days: int
    keep_days: int


_PROFILE = "SELECT " + ", ".join(field.name for field in fields(Profile)) + " FROM station WHERE id = ?"  # noqa: S608


async def profile(station_id: int) -> Profile:
    row = await sql.one(_PROFILE, station_id)
    assert row is not None, "a station is never deleted"
    return Profile(**row)


async def today(station_id: int) -> date:
    """The calendar day it is at the station."""
    return clock.today((await profile(station_id)).zone)


async def kept_since(station_id: int) -> datetime:
    """The moment up to which what is known of people is erased, if their parcels are long finished."""
    return clock.now() - timedelta(days=(await profile(station_id)).keep_days)


async def one_at_a_time(station_id: int) -> None:
    """Inside an act, before it reads what it decides by: from here on the station's other acts that ask this wait.

    PostgreSQL runs acts beside each other, and running numbers, repeats and what is left of the stock are read before
    they are written. It is the row that check-in counts its codes on, so take it before any other row.
    """
    await sql.execute("UPDATE station SET code_sequence = code_sequence WHERE id = ?", station_id)


async def all_ids() -> list[int]:
    return [row["id"] for row in await sql.rows("SELECT id FROM station ORDER BY id")]


@act
async def found(code: str, name: str, *, place: str = "", phone: str = "", hours: str = "", zone: str) -> int:
    """Open a new station and return its id. The secret order of its pickup codes is drawn here, once."""
    station = await Station.create(
        code=code,
        name=name,
        place=place,
        phone=phone,
        hours=hours,
        zone=zone,
        sms_signature=name,
        code_key=secrets.token_hex(16),
        created_at=clock.now(),
    )
    await audit.write(Actor.system(station.id), "station_founded", subject="station", subject_id=station.id)
    return station.id


@act
async def settle(changes: dict[str, str | int], *, by: Actor) -> None:
    """Change the station's settings; `changes` are fields of Profile."""
    await Station.filter(id=by.station_id).update(**changes)
    await audit.write(
        by, "settings_changed", subject="station", subject_id=by.station_id, fields=sorted(changes)
    )
