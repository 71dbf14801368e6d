"""Slots: which one takes a parcel, taking and freeing its room."""

from functools import cache
from typing import Any

from station.db import sql
from station.errors import N_, Refusal, tell
from station.models import SlotKind
from station.slotting import Choice, Need, Place, choose_slot

tell(
    {
        "no_slot": (404, N_("There is no slot {label} here. Look at the label on the shelf.")),
        "slot_full": (409, N_("Slot {label} is full. Choose another one.")),
        "no_room": (409, N_("There is no free slot and no floor zone. Lay out a shelf on the Shelves page.")),
    }
)

_WITH_ROOM = (
    "SELECT id, label, shelf_number, layer, bay, kind, capacity, used, max_weight_g, hand_height FROM slot"
    " WHERE station_id = ? AND NOT closed"
    " AND (capacity = 0 OR used + ? <= capacity) AND (max_weight_g IS NULL OR max_weight_g >= ?)"
)
# As the indexes of migration 0003 have it.
_LOAD = "CAST(used AS DOUBLE PRECISION) / NULLIF(capacity, 0)"
# Outgoing goods have slots of their own, which no arrival takes.
_FILLED = tuple(kind for kind in SlotKind if kind is not SlotKind.OUTBOUND)


async def take(station_id: int, need: Need) -> Choice:
    """Choose a slot and take its room, inside an act. Raises Refusal `no_room` if not even a floor is laid out."""
    while True:
        choice = choose_slot(await _shortlist(station_id, need), need)
        if choice is None:
            raise Refusal("no_room")
        # Another process may have filled it since it was read: then choose again among what is left.
        if await occupy(station_id, choice.place.id, need.units):
            return choice


async def _shortlist(station_id: int, need: Need) -> list[Place]:
    """The places among which `choose_slot` finds the one that it would find among all: the household's own slots, and
    of each kind the first. A busy station has hundreds of slots, and this runs at every check-in."""
    query = _shortlist_sql(need.heavy, need.elderly, len(need.household))
    room = (station_id, need.units, need.weight_g or 0) * query.count(_WITH_ROOM)
    return [Place(**row) for row in await sql.rows(query, *room, *need.household)]


@cache
def _shortlist_sql(heavy: bool, elderly: bool, household: int) -> str:
    wishes = ["layer"] * heavy + ["hand_height DESC"] * elderly
    order = ", ".join(dict.fromkeys([*wishes, _LOAD, "shelf_number", "layer", "bay"]))
    parts = [
        f"SELECT * FROM ({_WITH_ROOM} AND kind = '{kind}' ORDER BY {order} LIMIT 1) AS {kind}"  # noqa: S608 - our own words
        for kind in _FILLED
    ]
    if household:
        parts.append(f"{_WITH_ROOM} AND id IN ({', '.join('?' * household)})")
    return " UNION ALL ".join(parts)


async def occupy(station_id: int, slot_id: int, units: int) -> bool:
    """Take room in one slot if it has it."""
    taken = await sql.execute(
        "UPDATE slot SET used = used + ? WHERE station_id = ? AND id = ? AND closed = ?"
        " AND (capacity = 0 OR used + ? <= capacity)",
        units,
        station_id,
        slot_id,
        False,
        units,
    )
    return taken == 1


async def free(station_id: int, slot_id: int, units: int) -> None:
    """Give room back when a parcel leaves."""
    await sql.execute(
        "UPDATE slot SET used = used - ? WHERE station_id = ? AND id = ?", units, station_id, slot_id
    )


async def put_back(station_id: int, slot_id: int, units: int) -> None:
    """A parcel returns to the slot it stood in, full or not: that is where the volunteer puts it."""
    await sql.execute(
        "UPDATE slot SET used = used + ? WHERE station_id = ? AND id = ?", units, station_id, slot_id
    )


async def by_label(station_id: int, label: str) -> dict[str, Any]:
    """The slot with this label; raises Refusal `no_slot`."""
    slot = await sql.one("SELECT * FROM slot WHERE station_id = ? AND label = ?", station_id, label.strip())
    if slot is None:
        raise Refusal("no_slot", label=label)
    return slot


async def of_shelf(station_id: int, number: int) -> list[dict[str, Any]]:
    """The slots of a shelf, from the lowest layer and from the left; raises Refusal `no_shelf`."""
    slots = await sql.rows(
        "SELECT * FROM slot WHERE station_id = ? AND shelf_number = ? ORDER BY layer, bay", station_id, number
    )
    if not slots:
        raise Refusal("no_shelf")
    return slots
