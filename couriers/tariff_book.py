"""Tariffs of the station, and what carriers would take for a parcel."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from couriers import tariff_terms, tariffs
from couriers.tariff_terms import BadTariff
from couriers.tariffs import Outgoing, Quote
from station import audit, carriers, clock, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell

tell(
    {
        "tariff_carrier_unknown": (
            422,
            N_(
                "{carrier} is no company that is known here. Write its name or code as in the list of companies."
            ),
        ),
        "tariff_day": (422, N_("{day} is no day. Write it like 2026-11-21.")),
        "tariff_ended": (409, N_("These prices have ended already.")),
    }
)


async def all(station_id: int) -> list[dict[str, Any]]:  # noqa: A001
    """Every tariff that was ever entered, by carrier, the newest first; with `counts`: used for today's parcels."""
    today = await stations.today(station_id)
    rows = await sql.rows("SELECT * FROM tariff WHERE station_id = ? ORDER BY carrier, id DESC", station_id)
    counting = {row["id"] for row in await _counting(station_id, today)}
    return [
        {**row, "counts": row["id"] in counting, "ended": "" < row["valid_until"] < today.isoformat()}
        for row in rows
    ]


async def _counting(station_id: int, day: date) -> list[dict[str, Any]]:
    """Of a carrier's tariffs the one entered last that holds on the day."""
    rows = await sql.rows(
        "SELECT id, carrier, terms FROM tariff WHERE station_id = ? AND valid_from <= ?"
        " AND (valid_until = '' OR valid_until >= ?) ORDER BY id",
        *(station_id, day.isoformat(), day.isoformat()),
    )
    return list({row["carrier"]: row for row in rows}.values())


async def quotes(station_id: int, parcel: Outgoing, day: date) -> list[Quote]:
    """What each carrier would take on that day, cheapest first, those that do not take it last with their reason."""
    rows = await _counting(station_id, day)
    return tariffs.compare([tariff_terms.read(row["terms"]) for row in rows], parcel, day)


@act
async def enter_all(
    written: Sequence[str], valid_from: str = "", valid_until: str = "", *, by: Actor
) -> list[int]:
    """Several tariffs as `tariff_terms.written` divides them: all of them or none."""
    return [await enter(terms, valid_from, valid_until, by=by) for terms in written]


@act
async def begin(written: Sequence[str], *, by: Actor) -> list[int]:
    """The first tariffs of a station; nothing happens when it has any."""
    # One after the other at a station: two clicks must not both find none.
    await stations.one_at_a_time(by.station_id)
    if await sql.one("SELECT id FROM tariff WHERE station_id = ? LIMIT 1", by.station_id):
        return []
    return await enter_all(written, by=by)


@act
async def enter(terms: str, valid_from: str = "", valid_until: str = "", *, by: Actor) -> int:
    """A tariff as a row of its own; older ones stay. Days are ISO; blank: as the terms say, else from today without end.

    Raises BadTariff, and Refusal `tariff_carrier_unknown`, `tariff_day`.
    """
    tariff = tariff_terms.read(terms)
    carrier = carriers.by_alias(tariff.carrier)
    if carrier is None:
        raise Refusal("tariff_carrier_unknown", carrier=tariff.carrier)
    since = _day(valid_from) or tariff.valid_from or await stations.today(by.station_id)
    until = _day(valid_until) or tariff.valid_until
    if until and until < since:
        raise BadTariff("tariff_days_reversed")
    last = until.isoformat() if until else ""
    # The same days in the terms: what is quoted must not depend on which of the two is asked.
    kept = {
        **json.loads(terms),
        "carrier": carrier,
        "valid_from": since.isoformat(),
        "valid_until": last or None,
    }
    tariff_id = await sql.insert(
        "tariff",
        station_id=by.station_id,
        carrier=carrier,
        name=tariff.name,
        valid_from=since.isoformat(),
        valid_until=last,
        terms=json.dumps(kept, ensure_ascii=False),
        created_at=clock.now(),
        by_id=by.account_id,
    )
    await audit.write(by, "tariff_entered", subject="tariff", subject_id=tariff_id, carrier=carrier)
    return tariff_id


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise Refusal("tariff_day", day=typed.strip()[:20]) from error


@act
async def end(tariff_id: int, *, by: Actor) -> None:
    """From now on these prices are not used. Those entered before them, if they still hold, count again."""
    today = await stations.today(by.station_id)
    ended = await sql.one(
        "UPDATE tariff SET valid_until = ? WHERE station_id = ? AND id = ? AND (valid_until = '' OR valid_until >= ?)"
        " RETURNING carrier",
        *((today - timedelta(days=1)).isoformat(), by.station_id, tariff_id, today.isoformat()),
    )
    if ended is None:
        await one(by.station_id, tariff_id)
        raise Refusal("tariff_ended")
    await audit.write(by, "tariff_ended", subject="tariff", subject_id=tariff_id, carrier=ended["carrier"])


async def one(station_id: int, tariff_id: int) -> dict[str, Any]:
    """The row; raises Refusal `not_found`."""
    row = await sql.one("SELECT * FROM tariff WHERE station_id = ? AND id = ?", station_id, tariff_id)
    if row is None:
        raise Refusal("not_found")
    return row
