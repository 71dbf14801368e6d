"""The station's own knowledge of number patterns: lengths and prefixes change faster than programs."""

import time
from typing import Any

from couriers.models import StationPattern as Row
from couriers.waybills import StationPattern
from station import audit, carriers, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell

Patterns = tuple[StationPattern, ...]

tell(
    {
        "pattern_bad": (
            422,
            N_("A rule needs a beginning of letters or digits, a length from 8 to 20, and a courier."),
        ),
        "no_pattern": (404, N_("This rule is gone already. Load the page again.")),
    }
)

# Read by every check-in and changed once a year: a process believes its copy for a minute.
_BELIEVED = 60.0
_copies: dict[int, tuple[float, Patterns]] = {}


async def of_station(station_id: int) -> Patterns:
    """The station's patterns, the longest prefix first."""
    until, copy = _copies.get(station_id, (0.0, ()))
    if until > time.monotonic():
        return copy
    rows = await sql.rows(
        "SELECT prefix, length, carrier FROM waybill_pattern WHERE station_id = ? ORDER BY length(prefix) DESC",
        station_id,
    )
    copy = tuple(StationPattern(**row) for row in rows)
    _copies[station_id] = (time.monotonic() + _BELIEVED, copy)
    return copy


@act
async def add(prefix: str, length: int, carrier: str, *, by: Actor) -> None:
    """Numbers of this length that begin so are this carrier's."""
    prefix, code = prefix.strip().upper(), carriers.by_alias(carrier)
    if not (prefix.isascii() and prefix.isalnum() and len(prefix) <= 10 and 8 <= length <= 20 and code):
        raise Refusal("pattern_bad")
    # One after the other at a station: the same rule sent twice is one.
    await stations.one_at_a_time(by.station_id)
    await Row.filter(station_id=by.station_id, prefix=prefix, length=length).delete()
    row = await Row.create(station_id=by.station_id, prefix=prefix, length=length, carrier=code)
    await audit.write(by, "pattern_added", subject="pattern", subject_id=row.id, prefix=prefix, carrier=code)
    _copies.pop(by.station_id, None)


@act
async def remove(pattern_id: int, *, by: Actor) -> None:
    if not await Row.filter(station_id=by.station_id, id=pattern_id).delete():
        raise Refusal("no_pattern")
    await audit.write(by, "pattern_removed", subject="pattern", subject_id=pattern_id)
    _copies.pop(by.station_id, None)


async def listed(station_id: int) -> list[dict[str, Any]]:
    return await sql.rows(
        "SELECT * FROM waybill_pattern WHERE station_id = ? ORDER BY prefix, length", station_id
    )
