"""Payouts looked up: the files handed in, and orders whose platform kept another sum than agreed."""

import json
from typing import Any

from station.db import sql
from station.errors import Refusal


async def differences(station_id: int) -> list[dict[str, Any]]:
    """Orders that were booked and paid out, where the platform's money does not come to 0.

    order_id, number, external_no; `expected_fen` by the agreed fee, `got_fen`, and `fen` = got − expected.
    """
    rows = await sql.rows(
        "SELECT o.id AS order_id, o.number, o.external_no, o.source, CAST(SUM(e.fen) AS BIGINT) AS fen,"
        " CAST(SUM(CASE WHEN e.kind = 'payout' THEN e.fen ELSE 0 END) AS BIGINT) AS got_fen"
        " FROM ledger_entry e JOIN orders o ON o.id = e.order_id WHERE e.station_id = ? AND e.party = 'platform'"
        " AND EXISTS (SELECT 1 FROM ledger_entry s WHERE s.station_id = e.station_id AND s.order_id = e.order_id"
        " AND s.party = 'buyer' AND s.kind = 'sale' GROUP BY s.order_id HAVING SUM(s.fen) <> 0)"
        " GROUP BY o.id, o.number, o.external_no, o.source HAVING SUM(e.fen) <> 0"
        " AND SUM(CASE WHEN e.kind = 'payout' THEN 1 ELSE 0 END) > 0 ORDER BY o.id DESC LIMIT 200",
        station_id,
    )
    return [{**row, "expected_fen": row["got_fen"] - row["fen"]} for row in rows]


async def recent(station_id: int) -> list[dict[str, Any]]:
    """The files handed in last, with `counts` of what became of their rows."""
    rows = await sql.rows(
        "SELECT id, filename, platform, result, created_at FROM payout_file WHERE station_id = ? ORDER BY id DESC LIMIT 50",
        station_id,
    )
    return [_told(row) for row in rows]


async def one(station_id: int, file_id: int) -> dict[str, Any]:
    """A file with `rows` and `unread`; raises Refusal `not_found`."""
    row = await sql.one("SELECT * FROM payout_file WHERE station_id = ? AND id = ?", station_id, file_id)
    if row is None:
        raise Refusal("not_found")
    return _told(row)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    result = json.loads(row["result"])
    counts = dict.fromkeys(("booked", "already", "unknown"), 0)
    for each in result["rows"]:
        counts[each["what"]] += 1
    return {**row, **result, "counts": counts}
