"""The day's counts, kept by the acts so that no page ever counts history."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from station.db import sql

COUNTS = ("announced", "checked_in", "collected", "messages_sent", "messages_failed")


async def count(station_id: int, moment: datetime, zone: str, what: str, by: int = 1) -> None:
    """Add `by` to one of COUNTS for the local day of `moment`, inside an act."""
    assert what in COUNTS
    await sql.execute(_UPSERT[what], station_id, moment.astimezone(ZoneInfo(zone)).date().isoformat(), by, by)


# One constant statement per count: the names come from COUNTS alone.
_UPSERT = {
    what: f"INSERT INTO day_stat (station_id, day, {', '.join(COUNTS)})"  # noqa: S608
    f" VALUES (?, ?, {', '.join('?' if name == what else '0' for name in COUNTS)})"
    f" ON CONFLICT (station_id, day) DO UPDATE SET {what} = day_stat.{what} + ?"
    for what in COUNTS
}


async def of_days(station_id: int, first: date, last: date) -> dict[str, dict[str, int]]:
    """The counts of each day that has any, by ISO date."""
    rows = await sql.rows(
        "SELECT * FROM day_stat WHERE station_id = ? AND day BETWEEN ? AND ? ORDER BY day",
        station_id,
        first.isoformat(),
        last.isoformat(),
    )
    return {row["day"]: {name: row[name] for name in COUNTS} for row in rows}
