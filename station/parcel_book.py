"""The book of parcels: all that ever stood here, by state and by what is typed, newest first."""

from typing import Any

from station import clock, parcels, stations
from station.db import sql
from station.errors import N_
from station.texts import plain

SHOWS = {
    "waiting": N_("Waiting"),
    "overdue": N_("Overdue"),
    "needs": N_("Wait for your choice"),
    "today": N_("Came today"),
    "all": N_("All"),
}
PAGE = 50


async def listing(station_id: int, show: str, typed: str, number: int) -> list[dict[str, Any]]:
    """Page `number` (from 1) of one of SHOWS; one row more than PAGE when there are further pages."""
    where, args = await _shown(station_id, show)
    wanted, more = _wanted(plain(typed))
    return await parcels.seen_many(
        station_id,
        f"{where} AND {wanted} ORDER BY p.arrived_at DESC, p.id DESC LIMIT ? OFFSET ?",
        *args,
        *more,
        PAGE + 1,
        (number - 1) * PAGE,
    )


async def _shown(station_id: int, show: str) -> tuple[str, list[Any]]:
    if show in ("waiting", "needs"):
        # Each condition is word for word that of a partial index.
        needs = " AND (p.needs_carrier OR p.needs_recipient)" if show == "needs" else ""
        return f"p.state = 'waiting'{needs}", []
    station = await stations.profile(station_id)
    if show == "overdue":
        before = clock.overdue_before(station.zone, station.overdue_days)
        return "p.state = 'waiting' AND p.arrived_at < ?", [before]
    if show == "today":
        return "p.arrived_at >= ?", [clock.day_start(station.zone, clock.today(station.zone))]
    return "p.id > 0", []


def _wanted(text: str) -> tuple[str, list[Any]]:
    """A condition for what was typed. Five digits are a code and nothing else, as at the counter."""
    compact = text.replace(" ", "")
    if not compact:
        return "p.id > 0", []
    last = compact.rsplit("-", 1)[-1]
    if len(last) == 5 and compact.replace("-", "").isdecimal():
        return "p.code = ?", [last]
    if compact.isascii() and compact.isalpha():
        return "(r.initials LIKE ? OR r.initials LIKE ?)", [f"{compact.lower()}%", f"% {compact.lower()}%"]
    if compact.isascii():
        number = compact.upper()
        return "(p.waybill LIKE ? ESCAPE '!' OR r.phone = ? OR r.tail = ?)", [
            f"%{sql.like(number)}",
            number,
            number[:4] if len(number) == 4 else "none",
        ]
    return "r.name LIKE ? ESCAPE '!'", [f"%{sql.like(compact)}%"]
