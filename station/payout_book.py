"""Payouts looked up: the files handed in, and orders whose platform kept another sum than agreed."""

import json
from typing import Any

from station.db import sql
from station.errors import Refusal
from station.ledger import PARTY


async def differences(station_id: int) -> list[dict[str, Any]]:
    """Orders that were booked and paid out, where the platform's money does not come to 0.

    order_id, number, external_no; `expected_fen` by the agreed fee, `got_fen`, and `fen` = got − expected.
    """
    rows = await sql.rows(_DIFFERENCES, station_id)
    return [{**row, "expected_fen": row["got_fen"] - row["fen"]} for row in rows]


_DIFFERENCES = (  # the few orders first, then whether each is booked
    "SELECT o.id AS order_id, o.number, o.external_no, o.source, d.fen, d.got_fen FROM (SELECT order_id,"  # noqa: S608
    " CAST(SUM(fen) AS BIGINT) AS fen, CAST(SUM(CASE WHEN kind = 'payout' THEN fen ELSE 0 END) AS BIGINT) AS got_fen"
    " FROM ledger_entry WHERE station_id = ? AND party = 'platform' GROUP BY order_id HAVING SUM(fen) <> 0"
    " AND SUM(CASE WHEN kind = 'payout' THEN 1 ELSE 0 END) > 0) d JOIN orders o ON o.id = d.order_id"
    " WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.station_id = o.station_id AND e.order_id = o.id"
    f" AND {PARTY} = 'buyer' AND e.kind = 'sale' GROUP BY e.order_id HAVING SUM(e.fen) <> 0)"
    " ORDER BY o.id DESC LIMIT 200"
)


async def recent(station_id: int) -> list[dict[str, Any]]:
    """The files handed in last, with `counts` of what became of their rows."""
    rows = await sql.rows(
        # Their ids first: to be sorted whole, every result there ever was would be read.
        "SELECT id, filename, platform, result, created_at FROM payout_file WHERE id IN"
        " (SELECT id FROM payout_file WHERE station_id = ? ORDER BY id DESC LIMIT 50) ORDER BY id DESC",
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
