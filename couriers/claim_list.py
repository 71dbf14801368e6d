"""Claims looked up: what is to be told to a carrier until when, and whose goods it was."""

from datetime import timedelta
from typing import Any

from station import clock
from station.db import sql
from station.errors import N_, Refusal, tell

tell(
    {
        "no_claim": (404, N_("There is no such claim here. Look at the list of claims.")),
        "claim_no_parcel": (
            404,
            N_("No parcel with the number {waybill} left here. Scan its waybill, or type all of it."),
        ),
    }
)

_CLAIM = (
    "SELECT k.*, c.number AS parcel, c.carrier, c.waybill, c.goods, c.flags, c.order_id, c.state AS parcel_state,"
    " c.closed_at AS arrived_at, c.declared_fen, c.city, c.sender_name, o.number AS order_number,"
    " (SELECT count(*) FROM claim_photo p WHERE p.station_id = k.station_id AND p.claim_id = k.id) AS photos"
    " FROM claim k JOIN consignment c ON c.id = k.consignment_id LEFT JOIN orders o ON o.id = c.order_id"
    " WHERE k.station_id = ?"
)


async def one(station_id: int, claim_id: int) -> dict[str, Any]:
    """A claim with what it is about; raises Refusal `no_claim`."""
    row = await sql.one(f"{_CLAIM} AND k.id = ?", station_id, claim_id)
    if row is None:
        raise Refusal("no_claim")
    return _seen(row)


async def listed(station_id: int, settled: bool = False, limit: int = 100) -> list[dict[str, Any]]:
    """Claims that wait for somebody, the nearest deadline first; or the `settled` ones, the latest first."""
    states, order = (
        ("'paid', 'refused'", "k.id DESC") if settled else ("'open', 'decided'", "k.deadline_at, k.id")
    )
    rows = await sql.rows(f"{_CLAIM} AND k.state IN ({states}) ORDER BY {order} LIMIT ?", station_id, limit)
    return [_seen(row) for row in rows]


def _seen(row: dict[str, Any]) -> dict[str, Any]:
    row["overdue"] = row["state"] == "open" and sql.moment(row["deadline_at"]) < clock.now()
    return row


async def photos(station_id: int, claim_id: int) -> list[str]:
    rows = await sql.rows(
        "SELECT file FROM claim_photo WHERE station_id = ? AND claim_id = ? ORDER BY id", station_id, claim_id
    )
    return [row["file"] for row in rows]


async def households(station_id: int, order_id: int | None) -> list[dict[str, Any]]:
    """Whose goods were in the order (`id`, `name`): who may bear a loss. Without an order every household."""
    if order_id is None:
        return await sql.rows("SELECT id, name FROM household WHERE station_id = ? ORDER BY name", station_id)
    return await sql.rows(
        "SELECT id, name FROM household WHERE station_id = ? AND id IN (SELECT lot.household_id FROM stock_move m"
        " JOIN lot ON lot.id = m.lot_id WHERE m.station_id = ? AND m.line_id IN (SELECT id FROM order_line"
        " WHERE station_id = ? AND order_id = ?)) ORDER BY name",
        *(station_id, station_id, station_id, order_id),
    )


async def near(station_id: int) -> tuple[int, int]:
    """How many open claims must be told within a day, and how many of them are overdue."""
    row = await sql.one(
        "SELECT count(*) AS near, coalesce(sum(CASE WHEN deadline_at < ? THEN 1 ELSE 0 END), 0) AS late FROM claim"
        " WHERE station_id = ? AND state = 'open' AND deadline_at < ?",
        clock.now(),
        station_id,
        clock.now() + timedelta(days=1),
    )
    assert row is not None
    return int(row["near"]), int(row["late"])


async def consignment_of(station_id: int, waybill: str) -> int:
    """The parcel of this waybill that left last. Raises Refusal `claim_no_parcel`."""
    row = await sql.one(
        "SELECT id FROM consignment WHERE station_id = ? AND waybill = ? AND waybill <> '' AND state <> 'cancelled'"
        " ORDER BY id DESC LIMIT 1",
        station_id,
        waybill,
    )
    if row is None:
        raise Refusal("claim_no_parcel", waybill=waybill[:40])
    return int(row["id"])
