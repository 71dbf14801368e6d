"""What was handed out: one collection in full, the latest ones, and who took a parcel that is asked for again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pickup.models import Collector
from station import carriers, clock, parcels, stations
from station.db import sql
from station.errors import N_, Refusal, tell
from station.i18n import gettext
from station.names import masked_name

tell(
    {
        "already_collected": (
            409,
            N_("{parcel} was already handed out at {time} to {collector}. Ask the family who has it."),
        ),
        "no_collection": (404, N_("There is no such collection here.")),
    }
)

Row = dict[str, Any]

_TAKEN = (
    "SELECT p.carrier, p.waybill, r.name, c.at, c.collector_name, c.relation FROM parcel p"
    " JOIN recipient r ON r.id = p.recipient_id"
    " JOIN collected_parcel x ON x.station_id = p.station_id AND x.parcel_id = p.id"
    " JOIN collection c ON c.id = x.collection_id WHERE p.station_id = ? AND p.state = 'collected'"
)
# From the day's few collections to their parcels: no index leads from a code that nobody waits with.
_SINCE = (
    "SELECT y.parcel_id FROM collection d JOIN collected_parcel y ON y.station_id = d.station_id"
    " AND y.collection_id = d.id WHERE d.station_id = ? AND d.at >= ?"
)
# An undone collection is older than the one that counts.
_LAST = " ORDER BY c.id DESC LIMIT 1"


async def last_of(station_id: int, parcel_id: int) -> Row | None:
    """How a parcel was collected, if it was."""
    return await sql.one(f"{_TAKEN} AND p.id = ?{_LAST}", station_id, parcel_id)


async def last_with(station_id: int, code: str, waybill: str) -> Row | None:
    """How the parcel with this waybill was collected, or one of today with this code: codes come back some day."""
    if not code:
        return await sql.one(f"{_TAKEN} AND p.waybill = ?{_LAST}", station_id, waybill) if waybill else None
    station = await stations.profile(station_id)
    midnight = clock.day_start(station.zone, clock.today(station.zone))
    return await sql.one(
        f"{_TAKEN} AND p.id IN ({_SINCE}) AND p.code = ?{_LAST}",
        *(station_id, station_id, midnight, code),
    )


async def refusal(station_id: int, taken: Row) -> Refusal:
    """`already_collected` with who and when; `taken` is a row of `last_of` or `last_with`."""
    zone = ZoneInfo((await stations.profile(station_id)).zone)
    at = sql.moment(taken["at"]).astimezone(zone)
    today = clock.now().astimezone(zone).date()
    relation = gettext(taken["relation"]) if taken["relation"] else ""
    who = f"{relation} {masked_name(taken['collector_name'] or taken['name'])}".strip()
    return Refusal(
        "already_collected",
        parcel=named(taken),
        time=f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}",
        collector=who or "?",
        collected_at=at.isoformat(timespec="seconds"),
    )


def named(parcel: Row) -> str:
    """A parcel in a sentence, as its label says it: `圆通 4567`."""
    return f"{carriers.short(parcel['carrier'])} {parcel['waybill'][-4:]}".strip()


@dataclass(frozen=True, slots=True)
class Told:
    """A collection in full. Parcels are rows of `parcels.seen_many` with `taken_fen`, in the order of their slots."""

    id: int
    at: datetime
    collector: Collector
    name: str
    relation: str
    money_fen: int
    undo_until: datetime
    undone: str | None
    parcels: tuple[Row, ...]

    @property
    def can_be_undone(self) -> bool:
        return self.undone is None and clock.now() <= self.undo_until


async def told(station_id: int, collection_id: int) -> Told:
    """One collection of this station; raises Refusal `no_collection`. `undone` is the reason if it was taken back."""
    row = await sql.one(
        "SELECT c.*, u.reason, s.undo_minutes FROM collection c JOIN station s ON s.id = c.station_id"
        " LEFT JOIN collection_undo u ON u.station_id = c.station_id AND u.collection_id = c.id"
        " WHERE c.station_id = ? AND c.id = ?",
        station_id,
        collection_id,
    )
    if row is None:
        raise Refusal("no_collection")
    money = await sql.rows(
        "SELECT parcel_id, collect_fen + cod_fen AS fen FROM collected_parcel"
        " WHERE station_id = ? AND collection_id = ? ORDER BY id",
        station_id,
        collection_id,
    )
    fen = {taken["parcel_id"]: taken["fen"] for taken in money}
    rows = await parcels.seen_many(
        station_id, f"p.id IN ({', '.join('?' * len(fen))}) ORDER BY s.id, p.id", *fen
    )
    at = sql.moment(row["at"])
    return Told(
        id=row["id"],
        at=at,
        collector=Collector(row["collector"]),
        name=row["collector_name"],
        relation=row["relation"],
        money_fen=row["money_fen"],
        undo_until=at + timedelta(minutes=row["undo_minutes"]),
        undone=row["reason"],
        parcels=tuple({**parcel, "taken_fen": fen[parcel["id"]]} for parcel in rows),
    )


async def of_scan(station_id: int, scan_id: str) -> int | None:
    """The id of the collection that this scan already is."""
    row = await sql.one("SELECT id FROM collection WHERE station_id = ? AND scan_id = ?", station_id, scan_id)
    return int(row["id"]) if row else None


async def latest(station_id: int, most: int = 8) -> list[Row]:
    """The newest collections, one line each: whose, how many, where the first of them stood, the reason if undone."""
    return await sql.rows(
        "SELECT c.id, c.at, u.reason AS undone, count(*) AS pieces, min(s.label) AS slot, min(r.name) AS name,"
        " min(r.phone) AS phone FROM (SELECT id, station_id, at FROM collection WHERE station_id = ?"
        " ORDER BY at DESC, id DESC LIMIT ?) c"
        " JOIN collected_parcel x ON x.station_id = c.station_id AND x.collection_id = c.id"
        " JOIN parcel p ON p.id = x.parcel_id JOIN slot s ON s.id = p.slot_id"
        " JOIN recipient r ON r.id = p.recipient_id"
        " LEFT JOIN collection_undo u ON u.station_id = c.station_id AND u.collection_id = c.id"
        " GROUP BY c.id, c.at, u.reason ORDER BY c.id DESC",
        station_id,
        most,
    )
