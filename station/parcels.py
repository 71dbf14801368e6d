"""Parcels at the station: taken onto a shelf, moved, let go, looked up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from station import clock, recipients, residents, shelves
from station.db import sql
from station.errors import N_, Refusal, tell
from station.models import ParcelState, Size
from station.recipients import Person
from station.slotting import UNITS, Need, Reason

FLAGS = ("fresh", "fragile", "valuable")

tell({"no_parcel": (404, N_("There is no such parcel at this station. Look at the whole number again."))})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A parcel at the door. Money is null when its amount could not be read, which is not the same as nothing."""

    carrier: str
    waybill: str
    person: Person
    piece_no: int = 1
    piece_count: int = 1
    size: Size = Size.SMALL
    flags: tuple[str, ...] = ()
    weight_g: int | None = None
    collect_fen: int | None = 0
    cod_fen: int | None = 0
    needs_carrier: bool = False
    needs_recipient: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it went: `together` = how many parcels of its household already stand in that slot; `parcel`: its row
    with slot, name and phone."""

    id: int
    slot: str
    code: str
    reason: Reason
    together: int
    parcel: dict[str, Any]


async def waiting(
    station_id: int, waybill: str, piece_no: int, carrier: str | None = None
) -> dict[str, Any] | None:
    """The live parcel with this number; of a given carrier, or one whose carrier is still open."""
    rows = await sql.rows(
        "SELECT id, carrier FROM parcel WHERE station_id = ? AND waybill = ? AND piece_no = ? AND state = 'waiting'",
        station_id,
        waybill,
        piece_no,
    )
    for row in rows:
        if not carrier or row["carrier"] in ("", carrier):
            return await seen(station_id, row["id"])
    return None


async def receive(station_id: int, arrival: Arrival, code: str) -> Placed:
    """Put an arrival on record and on a shelf, inside an act. `code` is its pickup code, free among the waiting."""
    person = arrival.person
    house = await residents.house_of(station_id, person.household) if person.household else None
    together = await _slots_of(station_id, house.phones) if house else {}
    need = Need(
        units=UNITS[arrival.size],
        weight_g=arrival.weight_g,
        fresh="fresh" in arrival.flags,
        household=frozenset(together),
        elderly=house is not None and house.elderly,
    )
    choice = await shelves.take(station_id, need)
    row = await sql.one(
        "INSERT INTO parcel (station_id, carrier, waybill, piece_no, piece_count, recipient_id, size, flags, weight_g,"
        " collect_fen, cod_fen, slot_id, code, state, refused, intercepted, needs_carrier, needs_recipient, arrived_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?) RETURNING *",
        station_id,
        arrival.carrier,
        arrival.waybill,
        arrival.piece_no,
        arrival.piece_count,
        await recipients.keep(station_id, person),
        arrival.size,
        ",".join(arrival.flags),
        arrival.weight_g,
        arrival.collect_fen,
        arrival.cod_fen,
        choice.place.id,
        code,
        False,
        False,
        arrival.needs_carrier,
        arrival.needs_recipient,
        clock.now(),
    )
    assert row is not None
    row |= {"slot": choice.place.label, "name": person.name, "phone": person.number}
    pieces = together.get(choice.place.id, 0)
    return Placed(row["id"], choice.place.label, code, choice.reason, pieces, row)


async def _slots_of(station_id: int, phones: tuple[str, ...]) -> dict[int, int]:
    """How many parcels of these phones wait in which slot."""
    # The people first: a PostgreSQL that has no statistics yet would look all of them up again for each parcel.
    rows = await sql.rows(
        "WITH person AS MATERIALIZED"  # noqa: S608
        f" (SELECT id FROM recipient WHERE station_id = ? AND phone IN ({', '.join('?' * len(phones))}))"
        " SELECT slot_id FROM parcel WHERE station_id = ? AND state = 'waiting' AND recipient_id IN (SELECT id FROM person)",
        *(station_id, *phones, station_id),
    )
    return Counter(row["slot_id"] for row in rows)


async def leave(station_id: int, parcel_ids: Iterable[int], state: ParcelState) -> dict[int, dict[str, Any]]:
    """Let waiting parcels go and give their room back; the rows of those that left, by id. One that is missing was not
    waiting any more: somebody else was quicker."""
    left = await _move_on(station_id, parcel_ids, ParcelState.WAITING, state, clock.now())
    for slot_id, units in _room_of(left.values()):
        await shelves.free(station_id, slot_id, units)
    return left


async def come_back(
    station_id: int, parcel_ids: Iterable[int], state: ParcelState
) -> dict[int, dict[str, Any]]:
    """Undo a leaving: the parcels wait again with their codes, in their slots; the rows of those that were in that state,
    by id."""
    back = await _move_on(station_id, parcel_ids, state, ParcelState.WAITING, None)
    for slot_id, units in _room_of(back.values()):
        await shelves.put_back(station_id, slot_id, units)
    return back


async def _move_on(
    station_id: int,
    parcel_ids: Iterable[int],
    before: ParcelState,
    after: ParcelState,
    closed: datetime | None,
) -> dict[int, dict[str, Any]]:
    """All parcels in the order of their ids, before any slot: two acts then never wait for each other in a circle."""
    moved = {}
    for parcel_id in sorted(set(parcel_ids)):
        row = await sql.one(
            "UPDATE parcel SET state = ?, closed_at = ? WHERE station_id = ? AND id = ? AND state = ? RETURNING *",
            *(after, closed, station_id, parcel_id, before),
        )
        if row:
            moved[parcel_id] = row
    return moved


def _room_of(rows: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    """Each slot once with the units that these parcels take in it, in one order everywhere."""
    room = Counter[int]()
    for row in rows:
        room[row["slot_id"]] += UNITS[row["size"]]
    return sorted(room.items())


# A parcel as pages and answers show it, with its recipient and slot.
_SEEN = (
    "SELECT p.*, r.name, r.phone, r.phone_kind, r.phone_ext, r.tail, s.label AS slot FROM parcel p"
    " JOIN recipient r ON r.id = p.recipient_id JOIN slot s ON s.id = p.slot_id"
)


async def seen(station_id: int, parcel_id: int) -> dict[str, Any]:
    """One parcel of this station, whatever its state; raises Refusal `no_parcel`."""
    row = await sql.one(_SEEN + " WHERE p.station_id = ? AND p.id = ?", station_id, parcel_id)
    if row is None:
        raise Refusal("no_parcel")
    return row


async def held(station_id: int, parcel_id: int) -> dict[str, Any]:
    """The same inside an act that decides by it: nobody else changes the parcel until the act ends."""
    await sql.execute(
        "UPDATE parcel SET piece_no = piece_no WHERE station_id = ? AND id = ?", station_id, parcel_id
    )
    return await seen(station_id, parcel_id)


async def seen_many(station_id: int, where: str, *args: Any) -> list[dict[str, Any]]:
    """Parcels of this station by a condition on p (parcel), r (recipient), s (slot). `where` is our own text, never
    anybody's input."""
    return await sql.rows(f"{_SEEN} WHERE p.station_id = ? AND {where}", station_id, *args)


async def count_overdue(station_id: int, before: datetime) -> int:
    """How many wait that arrived before this moment."""
    row = await sql.one(
        "SELECT count(*) AS n FROM parcel WHERE station_id = ? AND state = 'waiting' AND arrived_at < ?",
        *(station_id, before),
    )
    return int(row["n"]) if row else 0


async def count_waiting(station_id: int) -> int:
    row = await sql.one(
        "SELECT count(*) AS n FROM parcel WHERE station_id = ? AND state = 'waiting'", station_id
    )
    return int(row["n"]) if row else 0
