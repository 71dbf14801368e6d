"""Parcels to be sent, as lists and one by one."""

from collections.abc import Sequence
from typing import Any

from station.db import sql
from station.errors import N_, Refusal, tell

tell(
    {
        "no_consignment": (404, N_("There is no such parcel here.")),
    }
)
SHOWN = {
    "here": ("accepted",),
    "booked": ("booked",),
    "way": ("handed_over",),
    "done": ("delivered", "returned", "lost"),
    "off": ("cancelled",),
}
PAGE = 50


async def one(station_id: int, consignment_id: int) -> dict[str, Any]:
    """The row, with `id_by_name`, `inspected_by_name`, `order_number` and `order_state`; raises Refusal `no_consignment`."""
    row = await sql.one(
        "SELECT c.*, a.name AS id_by_name, b.name AS inspected_by_name, o.number AS order_number,"
        " o.state AS order_state FROM consignment c LEFT JOIN orders o ON o.id = c.order_id"
        " LEFT JOIN account a ON a.id = c.id_by_id LEFT JOIN account b ON b.id = c.inspected_by_id"
        " WHERE c.station_id = ? AND c.id = ?",
        *(station_id, consignment_id),
    )
    if row is None:
        raise Refusal("no_consignment")
    return row


async def held(station_id: int, consignment_id: int) -> dict[str, Any]:
    """The same inside an act that decides by it: nobody else changes the consignment until the act ends."""
    await sql.execute(
        "UPDATE consignment SET state = state WHERE station_id = ? AND id = ?", station_id, consignment_id
    )
    return await one(station_id, consignment_id)


async def many(station_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Those of these parcels that have a waybill, in the order asked for: for their labels."""
    if not ids:
        return []
    rows = await sql.rows(
        f"SELECT c.* FROM consignment c WHERE c.station_id = ? AND c.id IN ({', '.join('?' * len(ids))})"  # noqa: S608
        " AND c.state <> 'cancelled' AND c.waybill <> ''",
        *(station_id, *ids),
    )
    place = {consignment_id: at for at, consignment_id in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row["id"]])


async def here(station_id: int) -> list[dict[str, Any]]:
    """Accepted and not yet gone, the oldest first."""
    return await sql.rows(
        "SELECT * FROM consignment WHERE station_id = ? AND state = 'accepted' ORDER BY id", station_id
    )


async def listed(station_id: int, show: str, asked: str, number: int) -> list[dict[str, Any]]:
    """A page of parcels, the newest first; one more than PAGE if there are further ones.

    `asked`: number, end of the waybill or of the receiver's phone, a name, or the initials of a sender in the register.
    """
    states = SHOWN.get(show, ("booked", "accepted", "handed_over", "delivered", "returned", "lost"))
    found, args = _found(station_id, asked) if asked else ("", [])
    # The page's ids first: sorted whole, every parcel that was ever sent would be read.
    return await sql.rows(
        "SELECT * FROM consignment WHERE id IN (SELECT id FROM consignment WHERE station_id = ?"  # noqa: S608
        f" AND state IN ({', '.join('?' * len(states))}){found} ORDER BY id DESC LIMIT ? OFFSET ?) ORDER BY id DESC",
        *(station_id, *states, *args, PAGE + 1, (number - 1) * PAGE),
    )


def _found(station_id: int, asked: str) -> tuple[str, list[Any]]:
    if not asked.isascii():
        part = f"%{sql.like(asked)}%"
        return " AND (name LIKE ? ESCAPE '!' OR sender_name LIKE ? ESCAPE '!')", [part, part]
    if asked.isalpha():
        begins = asked.lower()
        return (
            " AND resident_id IN (SELECT id FROM resident WHERE station_id = ? AND (initials LIKE ? OR initials LIKE ?))",
            [station_id, f"{begins}%", f"% {begins}%"],
        )
    number = asked.upper()
    return " AND (number = ? OR waybill LIKE ? ESCAPE '!' OR tail = ?)", [
        number,
        f"%{sql.like(number)}",
        asked,
    ]
