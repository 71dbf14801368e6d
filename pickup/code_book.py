"""Giving out pickup codes: the next one of the station's secret order that nobody waits with."""

from dataclasses import dataclass, fields

from pickup.codes import COUNT, make_code
from station.db import sql
from station.errors import N_, Refusal, tell

tell({"codes_used_up": (409, N_("All pickup codes are in use. Hand out or send back some parcels first."))})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a notice needs to know of the station."""

    zone: str
    name: str
    sms_signature: str
    phone: str
    hours: str
    quiet_from: str
    quiet_until: str
    gather_seconds: int


_COLUMNS = [field.name for field in fields(Desk)]
# One statement draws the next number and reads what the notice needs: this is the hottest path of the program.
_DRAW = (
    "UPDATE station SET code_sequence = code_sequence + 1 WHERE id = ?"  # noqa: S608 - our own words
    f" RETURNING code_sequence, code_key, {', '.join(_COLUMNS)}"
)
_TAKEN = "SELECT code FROM parcel WHERE station_id = ? AND state = 'waiting'"
# A quiet station finds a free one at once.
TRIES = 8
_READ = f"SELECT {', '.join(_COLUMNS)} FROM station WHERE id = ?"  # noqa: S608 - our own words


async def draw(station_id: int) -> tuple[str, Desk]:
    """The next free code, inside an act. Drawing locks the station's row, so no two acts can hold the same one."""
    for _ in range(TRIES):
        (row,) = await sql.rows(_DRAW, station_id)
        key, last = bytes.fromhex(row.pop("code_key")), row.pop("code_sequence")
        code = make_code(key, last)
        if not await sql.one(_TAKEN + " AND code = ?", station_id, code):
            return code, Desk(**row)
    return await _among_the_few_left(station_id, key, last), Desk(**row)


async def _among_the_few_left(station_id: int, key: bytes, last: int) -> str:
    """Nearly all codes wait on the shelves: read those once instead of asking for each."""
    taken = {row["code"] for row in await sql.rows(_TAKEN, station_id)}
    for sequence in range(last + 1, last + 1 + COUNT):
        if (code := make_code(key, sequence)) not in taken:
            await sql.execute("UPDATE station SET code_sequence = ? WHERE id = ?", sequence, station_id)
            return code
    raise Refusal("codes_used_up")


async def desk(station_id: int) -> Desk:
    """The same knowledge without drawing a code."""
    row = await sql.one(_READ, station_id)
    assert row is not None
    return Desk(**row)
