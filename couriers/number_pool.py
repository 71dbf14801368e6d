"""Waybill numbers that a carrier gave the station in advance: each is taken once, and never given back."""

import re
from collections.abc import Sequence
from typing import Any

from couriers import waybills
from station import audit, carriers, clock, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell

tell(
    {
        "pool_empty": (
            409,
            N_(
                "No waybill numbers of {carrier} are left. Scan the carrier's own label, or ask for new numbers."
            ),
        ),
        "pool_unclear": (
            422,
            N_(
                "This is no waybill number: {text}. Write one on each line, or the first and last with … between."
            ),
        ),
        "pool_no_carrier": (422, N_("Choose the company that gave the numbers.")),
        "pool_nothing": (422, N_("Write down the numbers first, one on each line.")),
        "pool_other_carrier": (
            422,
            N_("{text} is a number of {other}, not of {carrier}. Choose the right company."),
        ),
        "pool_too_many": (422, N_("At most {most} numbers at once. Please divide them.")),
    }
)
MOST = 20_000
# When fewer are left, it is time to ask the carrier for more.
FEW = 20
_RANGE = re.compile(r"\s*(?:…|\.\.\.?|~|～|—|到|至|\s-\s)\s*")
_NUMBERED = re.compile(r"([A-Z]*)([0-9]+)")


def numbers(text: str) -> list[str]:
    """The numbers written down: one a line, or ranges such as `YT1000000000001 … YT1000000000050`.

    Raises Refusal `pool_unclear`, `pool_too_many`.
    """
    found: list[str] = []
    for line in filter(None, (part.strip() for part in re.split(r"[\n,，;；]", text))):
        ends = [waybills.normalise(end) for end in _RANGE.split(line)]
        if len(ends) > 2 or not all(re.fullmatch(r"[A-Z0-9]{8,20}", end) for end in ends):
            raise Refusal("pool_unclear", text=line[:40])
        found += _between(ends[0], ends[-1], line)
        if len(found) > MOST:
            raise Refusal("pool_too_many", most=MOST)
    return list(dict.fromkeys(found))


def _between(first: str, last: str, line: str) -> list[str]:
    if first == last:
        return [first]
    start, end = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if (
        start is None
        or end is None
        or start[1] != end[1]
        or len(first) != len(last)
        or int(start[2]) > int(end[2])
    ):
        raise Refusal("pool_unclear", text=line[:40])
    if int(end[2]) - int(start[2]) >= MOST:
        raise Refusal("pool_too_many", most=MOST)
    return [f"{start[1]}{number:0{len(start[2])}d}" for number in range(int(start[2]), int(end[2]) + 1)]


async def fill(carrier: str, found: Sequence[str], *, by: Actor) -> int:
    """Add numbers to a carrier's pool; those that are there already stay as they are. Returns how many are new.

    Raises Refusal `pool_no_carrier`, `pool_nothing`, `pool_other_carrier`.
    """
    if carriers.by_alias(carrier) != carrier:
        raise Refusal("pool_no_carrier")
    if not found:
        raise Refusal("pool_nothing")
    for number in found:
        _check(carrier, number)
    return await _fill(carrier, found, by=by)


def _check(carrier: str, number: str) -> None:
    """Refuses what only another carrier prints; shapes that several share say nothing."""
    read = waybills.recognise(number)
    decision = waybills.decide(read, carrier)
    if read.strong and decision.carrier and "carrier_differs" in decision.warnings:
        raise Refusal(
            "pool_other_carrier",
            text=number,
            other=carriers.name(decision.carrier),
            carrier=carriers.name(carrier),
        )


@act
async def _fill(carrier: str, found: Sequence[str], *, by: Actor) -> int:
    await stations.one_at_a_time(by.station_id)
    before = await _count(by.station_id, carrier)
    now = clock.now()
    await sql.many(
        "INSERT INTO pool_number (station_id, carrier, waybill, taken_at, created_at) VALUES (?, ?, ?, NULL, ?)"
        " ON CONFLICT (station_id, carrier, waybill) DO NOTHING",
        [(by.station_id, carrier, number, now) for number in found],
    )
    # Those that were scanned from paper before they were written down here are on a parcel already.
    await sql.execute(
        "UPDATE pool_number SET taken_at = ? WHERE station_id = ? AND carrier = ? AND taken_at IS NULL AND EXISTS"
        " (SELECT 1 FROM consignment c WHERE c.station_id = pool_number.station_id"
        " AND c.carrier = pool_number.carrier AND c.waybill = pool_number.waybill)",
        *(now, by.station_id, carrier),
    )
    added = await _count(by.station_id, carrier) - before
    await audit.write(
        by, "pool_filled", subject="station", subject_id=by.station_id, carrier=carrier, numbers=added
    )
    return added


async def _count(station_id: int, carrier: str) -> int:
    row = await sql.one(
        "SELECT count(*) AS n FROM pool_number WHERE station_id = ? AND carrier = ?", station_id, carrier
    )
    return int(row["n"]) if row else 0


async def take(station_id: int, carrier: str) -> str:
    """Inside an act: the carrier's next number, from now on taken. Raises Refusal `pool_empty`."""
    for _ in range(50):
        free = await sql.one(
            "SELECT id, waybill FROM pool_number WHERE station_id = ? AND carrier = ? AND taken_at IS NULL"
            " ORDER BY id LIMIT 1",
            *(station_id, carrier),
        )
        if free is None:
            break
        # Conditional: another process may have taken it in this moment.
        if await sql.execute(
            "UPDATE pool_number SET taken_at = ? WHERE station_id = ? AND id = ? AND taken_at IS NULL",
            *(clock.now(), station_id, free["id"]),
        ):
            return str(free["waybill"])
    raise Refusal("pool_empty", carrier=carriers.name(carrier))


async def left(station_id: int) -> list[dict[str, Any]]:
    """How many numbers are free: carrier and n, of carriers that ever gave some."""
    return await sql.rows(
        "SELECT carrier, sum(CASE WHEN taken_at IS NULL THEN 1 ELSE 0 END) AS n FROM pool_number WHERE station_id = ?"
        " GROUP BY carrier ORDER BY carrier",
        station_id,
    )


async def fullest(station_id: int) -> str:
    """The carrier of whose numbers most are left: offered first where parcels are packed. Blank if there are none."""
    best = max(await left(station_id), key=lambda pool: int(pool["n"]), default=None)
    return best["carrier"] if best and best["n"] else ""
