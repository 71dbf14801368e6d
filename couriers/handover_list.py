"""What should go with a van, what is on it, and what stays behind."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from couriers.models import ConsignmentState
from station import carriers, stations
from station.db import sql
from station.errors import N_, Refusal, tell

tell({"no_handover": (404, N_("There is no such handover here. Look at the list of handovers."))})

# A parcel that waits longer than this for its van is looked for under Consignments.
_DAYS = 31

# Taken in and not called back. Named one by one, so that the index of state and day serves.
_SENT = [
    state for state in ConsignmentState if state not in (ConsignmentState.BOOKED, ConsignmentState.CANCELLED)
]
_CARGO = (
    "c.id, c.number, c.carrier, c.waybill, c.goods, c.weight_g, c.province, c.city, c.county, c.state, c.flags,"
    " c.inspected_at, c.order_id"
)


@dataclass(frozen=True, slots=True)
class Handover:
    """One van's trip. `carriers`: the companies whose parcels it takes, empty for all."""

    id: int
    number: str
    van_id: int | None
    van: str
    leaves: str
    carriers: tuple[str, ...]
    day: str
    opened_at: datetime
    signed_at: datetime | None
    signed_by: str
    on_paper: bool
    signature: str
    closed_at: datetime | None

    @property
    def state(self) -> str:
        """open, signed, or undone (also: given up before anything left)."""
        if self.closed_at:
            return "undone"
        return "signed" if self.signed_at else "open"


async def one(station_id: int, handover_id: int) -> Handover:
    """Raises Refusal `no_handover`."""
    row = await sql.one(
        "SELECT h.*, v.name AS van_name, v.carriers AS van_carriers, v.leaves FROM handover h"
        " LEFT JOIN van v ON v.id = h.van_id WHERE h.station_id = ? AND h.id = ?",
        station_id,
        handover_id,
    )
    if row is None:
        raise Refusal("no_handover")
    return Handover(
        id=row["id"],
        number=row["number"],
        van_id=row["van_id"],
        van=row["van_name"] or carriers.name(row["carrier"]),
        leaves=row["leaves"] or "",
        carriers=(row["carrier"],) if row["carrier"] else tuple((row["van_carriers"] or "").split()),
        day=row["day"],
        opened_at=sql.moment(row["opened_at"]),
        signed_at=sql.moment(row["signed_at"]) if row["signed_at"] else None,
        signed_by=row["signed_by"],
        on_paper=bool(row["on_paper"]),
        signature=row["signature"],
        closed_at=sql.moment(row["closed_at"]) if row["closed_at"] else None,
    )


async def held(station_id: int, handover_id: int) -> Handover:
    """The same inside an act that decides by it: nobody else loads, signs or undoes it until the act ends."""
    await sql.execute(
        "UPDATE handover SET carrier = carrier WHERE station_id = ? AND id = ?", station_id, handover_id
    )
    return await one(station_id, handover_id)


async def items(handover: Handover, station_id: int) -> list[dict[str, Any]]:
    """The consignments on the van, in the order they were scanned; of one taken back, what had been on it."""
    return await sql.rows(
        f"SELECT i.id AS item_id, i.at, {_CARGO} FROM handover_item i JOIN consignment c ON c.id = i.consignment_id"  # noqa: S608
        " WHERE i.station_id = ? AND i.handover_id = ?"
        + (" AND i.undone_at >= ?" if handover.closed_at else " AND i.undone_at IS NULL")
        + " ORDER BY i.id",
        station_id,
        handover.id,
        *((handover.closed_at,) if handover.closed_at else ()),
    )


async def behind(handover: Handover, station_id: int) -> list[dict[str, Any]]:
    """What should go and is not on the van; of a signed one what stood there at that moment and stayed."""
    chosen, codes = _of_carriers(handover.carriers)
    if handover.signed_at is None:
        return await sql.rows(
            f"SELECT {_CARGO} FROM consignment c WHERE c.station_id = ? AND c.state = 'accepted'{chosen}"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM handover_item i WHERE i.station_id = c.station_id"
            " AND i.consignment_id = c.id AND i.undone_at IS NULL) ORDER BY c.accepted_at, c.id",
            station_id,
            *codes,
        )
    return await sql.rows(
        f"SELECT {_CARGO} FROM consignment c WHERE c.station_id = ? AND c.state IN ({', '.join('?' * len(_SENT))})"  # noqa: S608
        f" AND c.day >= ?{chosen} AND c.accepted_at <= ?"
        " AND NOT EXISTS (SELECT 1 FROM handover_item i JOIN handover h ON h.id = i.handover_id"
        " WHERE i.station_id = c.station_id AND i.consignment_id = c.id AND i.undone_at IS NULL"
        " AND h.signed_at <= ?) ORDER BY c.accepted_at, c.id",
        station_id,
        *_SENT,
        (date.fromisoformat(handover.day) - timedelta(days=_DAYS)).isoformat(),
        *codes,
        handover.signed_at,
        handover.signed_at,
    )


def _of_carriers(codes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return (f" AND c.carrier IN ({', '.join('?' * len(codes))})", codes) if codes else ("", ())


async def waiting(station_id: int) -> dict[str, int]:
    """How many parcels of each carrier are taken in and have not left, on an open handover or not."""
    rows = await sql.rows(
        "SELECT carrier, count(*) AS pieces FROM consignment WHERE station_id = ? AND state = 'accepted'"
        " GROUP BY carrier ORDER BY carrier",
        station_id,
    )
    return {row["carrier"]: row["pieces"] for row in rows}


async def recent(station_id: int, limit: int = 30) -> list[dict[str, Any]]:
    """The latest handovers, open ones first, each with the number of `pieces` on it."""
    select = (
        "SELECT h.id, h.number, h.day, h.opened_at, h.signed_at, h.signed_by, h.on_paper, h.closed_at, h.carrier,"
        " v.name AS van, (SELECT count(*) FROM handover_item i WHERE i.station_id = h.station_id"
        " AND i.handover_id = h.id AND i.undone_at IS NULL) AS pieces FROM handover h LEFT JOIN van v ON v.id = h.van_id"
        " WHERE h.station_id = ?"
    )
    newest = "ORDER BY h.id DESC LIMIT ?"
    # Sorted in one statement, every handover there ever was would be read and its pieces counted.
    rows = await sql.rows(
        f"{select} AND h.signed_at IS NULL AND h.closed_at IS NULL {newest}", station_id, limit
    )
    rows += [
        row
        for row in await sql.rows(f"{select} {newest}", station_id, limit)
        if row["signed_at"] or row["closed_at"]
    ]
    del rows[limit:]
    for row in rows:
        row["state"] = "undone" if row["closed_at"] else "signed" if row["signed_at"] else "open"
        row["van"] = row["van"] or carriers.name(row["carrier"])
    return rows


async def undo_until(handover: Handover, station_id: int) -> datetime | None:
    """Until when a signed handover can be taken back; None for any other."""
    if handover.state != "signed" or handover.signed_at is None:
        return None
    return handover.signed_at + timedelta(minutes=(await stations.profile(station_id)).undo_minutes)
