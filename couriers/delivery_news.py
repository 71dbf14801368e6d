"""News of many parcels at once: a courier's status file, or what his system sends; an answer for each piece."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from couriers import deliveries, delivery_files
from couriers.deliveries import STATES, Noted
from station import clock, stations
from station.actor import Actor, Role
from station.db import act, sql
from station.errors import N_, Refusal, tell

# So many in one act: few enough that no scan waits for them long.
_TOGETHER = 100

tell(
    {
        "no_status_column": (
            422,
            N_(
                "No column of this file says what became of the parcels. Call the column 状态 and send it again."
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news about the parcel of a waybill. `at` naive: the station's own time; None: now."""

    waybill: str
    state: str
    at: datetime | None
    ref: str
    note: str = ""


async def note_file(data: bytes, carrier: str | None, *, by: Actor) -> list[tuple[delivery_files.Row, Noted]]:
    """Every row of a courier's status file with what became of it. The same file again is harmless.

    Raises Refusal `empty_file`, `unreadable_file`, `no_waybill_column`, `no_status_column`.
    """
    read = await asyncio.to_thread(delivery_files.read, data)
    if read.error:
        raise Refusal(read.error)
    news = [News(row.waybill, row.state, row.at, row.ref, row.said) for row in read.rows]
    noted = await note_all(news, carrier, "file", by=by)
    return list(zip(read.rows, noted, strict=True))


async def note_all(news: Sequence[News], carrier: str | None, source: str, *, by: Actor) -> list[Noted]:
    """Note news by waybill, an answer for each. A courier's concern his own company's parcels only."""
    carrier = by.carrier if by.role is Role.COURIER else carrier
    zone = ZoneInfo((await stations.profile(by.station_id)).zone)
    noted: list[Noted] = []
    for start in range(0, len(news), _TOGETHER):
        part = news[start : start + _TOGETHER]
        ids = await _parcels(part, carrier, by.station_id)
        try:
            noted += await _note_part(part, ids, zone, source, by=by)
        except Refusal:
            # One of them cannot be: each for itself, so that it harms no other.
            for each in part:
                try:
                    noted += await _note_part([each], ids, zone, source, by=by)
                except Refusal:
                    noted.append(Noted("ignored", "refused"))
    return noted


@act
async def _note_part(
    part: Sequence[News], ids: dict[str, set[int]], zone: ZoneInfo, source: str, *, by: Actor
) -> list[Noted]:
    # Parcel by parcel in the order of their ids, those of one parcel as they came: a file and a courier's system that tell of
    # the same parcels then never wait for each other in a circle.
    of = [ids.get(each.waybill, set()) for each in part]
    noted = {
        place: await _note_one(part[place], of[place], zone, source, by)
        for place in sorted(range(len(part)), key=lambda place: min(of[place], default=0))
    }
    return [noted[place] for place in range(len(part))]


async def _note_one(news: News, ids: set[int], zone: ZoneInfo, source: str, by: Actor) -> Noted:
    if len(ids) != 1:
        return Noted("unknown", "two_carriers" if ids else "unknown_parcel")
    if news.state not in STATES:
        return Noted("unknown", "unknown_state")
    at = news.at or clock.now()
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return await deliveries.note(next(iter(ids)), news.state, at, source, news.ref, news.note[:200], by=by)


async def _parcels(news: Sequence[News], carrier: str | None, station_id: int) -> dict[str, set[int]]:
    """The consignments of these waybills, or of our own numbers."""
    asked = sorted({each.waybill for each in news if each.waybill})
    if not asked:
        return {}
    marks = ", ".join("?" * len(asked))
    # Two indexes, each asked by itself: with OR between them every consignment would be read.
    select = (
        "SELECT id, number, waybill, carrier FROM consignment WHERE state <> 'cancelled' AND station_id = ?"
    )
    rows = await sql.rows(
        f"{select} AND waybill IN ({marks}) UNION {select} AND number IN ({marks})",
        *(station_id, *asked),
        *(station_id, *asked),
    )
    found: dict[str, set[int]] = {}
    for row in rows:
        if carrier is None or row["carrier"] == carrier:
            for name in {row["waybill"], row["number"]} - {""}:
                found.setdefault(name, set()).add(row["id"])
    return found
