"""Running numbers: 1122-07, J261122-03, 蛋1121-2. Each series counts by itself, and no number is ever given twice."""

from station.db import sql

# A number without the digits it ends in. The tables' indexes are made with these very words.
_SERIES = "rtrim({column}, '0123456789')"


async def next_number(
    station_id: int, table: str, series: str, *, column: str = "number", width: int = 1
) -> str:
    """The next number of a series that ends in no digit, such as `1122-`; `width`: its last part with zeros before it.

    A series named by day and month goes on in the years after. Inside an act, after `stations.one_at_a_time`: on
    PostgreSQL two acts would otherwise read the same last one.
    """
    row = await sql.one(
        f"SELECT max(CAST(substr({column}, {len(series) + 1}) AS INTEGER)) AS last FROM {table}"  # noqa: S608 (our own names)
        f" WHERE station_id = ? AND {_SERIES.format(column=column)} = ?",
        station_id,
        series,
    )
    last = row["last"] if row else None
    return f"{series}{(last or 0) + 1:0{width}d}"
