"""A lot is called back: what is unsold goes out of stock, and whoever got some of it is found."""

from typing import Any

from station import audit, lot_stock, lots
from station.actor import Actor
from station.db import act, sql
from station.errors import Refusal
from station.texts import plain


@act
async def recall(lot_id: int, reason: str, *, by: Actor) -> int:
    """Nothing of this lot may be sold or sent any more; returns how many unsold units were taken out.

    What orders hold stays theirs until they are cancelled: `buyers_of` says who they are.
    """
    reason = plain(reason)[:200]
    if not reason:
        raise Refusal("reason_missing")
    unsold = await lot_stock.withdraw(lot_id, reason, by=by)
    touched = await sql.execute(
        "UPDATE lot SET state = 'recalled', recall_reason = ? WHERE station_id = ? AND id = ? AND state = 'open'",
        reason,
        by.station_id,
        lot_id,
    )
    if not touched:
        raise Refusal("lot_recalled", lot=(await lots.lot(by.station_id, lot_id))["label"])
    await audit.write(by, "lot_recalled", subject="lot", subject_id=lot_id, units=unsold)
    return unsold


async def buyers_of(station_id: int, lot_id: int) -> list[dict[str, Any]]:
    """Every order that holds or has got some of this lot: id, number, name, phone, state, day, units."""
    rows = await sql.rows(
        "SELECT o.id, o.number, o.name, o.phone, o.state, o.day, -sum(m.amount) AS units"
        " FROM stock_move m JOIN order_line n ON n.id = m.line_id JOIN orders o ON o.id = n.order_id"
        " WHERE m.station_id = ? AND m.lot_id = ?"
        " GROUP BY o.id, o.number, o.name, o.phone, o.state, o.day HAVING sum(m.amount) <> 0 ORDER BY o.id",
        station_id,
        lot_id,
    )
    return [{**row, "units": int(row["units"])} for row in rows]
