"""Shelves and their slots: laying out, taking and freeing room."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from tortoise.exceptions import IntegrityError

from station import audit
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import Parcel, ParcelState, Shelf, Slot, SlotKind
from station.slotting import FLOOR_LABEL, Choice, Need, Place, choose_slot

# A slot's barcode has one digit for the layer and two each for shelf and bay (`labels.slot_code`).
MAX_NUMBER, MAX_LAYERS, MAX_BAYS, MAX_CAPACITY = 99, 9, 40, 999

tell(
    {
        "shelf_number_taken": (409, N_("There is already a shelf {number}. Choose another number.")),
        "shelf_too_large": (
            422,
            N_("A shelf has a number from 1 to {number}, up to {layers} layers and up to {bays} bays."),
        ),
        "slot_too_small": (422, N_("A slot has room for 1 to {capacity} small parcels.")),
        "shelf_not_empty": (
            409,
            N_("{count} parcels still stand on shelf {number}. Move them to other slots first."),
        ),
        "floor_stays": (409, N_("The floor zone stays open, so that no parcel is turned away.")),
        "no_shelf": (404, N_("There is no such shelf here.")),
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


@dataclass(frozen=True, slots=True)
class Layout:
    """A shelf as its keeper describes it. `capacity` is per slot, in units (small 1, medium 2, large 4)."""

    number: int
    layers: int
    bays: int
    capacity: int
    kind: SlotKind = SlotKind.NORMAL
    max_weight_g: int | None = None


@act
async def lay_out(layout: Layout, *, by: Actor) -> int:
    """Put up a shelf with all its slots; returns its id. The first one brings the floor zone with it."""
    _check(layout)
    if not await Shelf.filter(station_id=by.station_id, kind=SlotKind.FLOOR).exists():
        await lay_out_floor(by=by)
    try:
        shelf = await Shelf.create(
            station_id=by.station_id,
            number=layout.number,
            kind=layout.kind,
            layers=layout.layers,
            bays=layout.bays,
        )
    except IntegrityError as error:
        raise Refusal("shelf_number_taken", number=layout.number) from error
    await Slot.bulk_create(_slots(shelf, layout))
    await audit.write(
        by,
        "shelf_laid_out",
        subject="shelf",
        subject_id=shelf.id,
        number=layout.number,
        layers=layout.layers,
        bays=layout.bays,
        capacity=layout.capacity,
    )
    return shelf.id


def _check(layout: Layout) -> None:
    if not (
        1 <= layout.number <= MAX_NUMBER and 1 <= layout.layers <= MAX_LAYERS and 0 <= layout.bays <= MAX_BAYS
    ):
        raise Refusal("shelf_too_large", number=MAX_NUMBER, layers=MAX_LAYERS, bays=MAX_BAYS)
    if not 1 <= layout.capacity <= MAX_CAPACITY:
        raise Refusal("slot_too_small", capacity=MAX_CAPACITY)


def _slots(shelf: Shelf, layout: Layout) -> Iterator[Slot]:
    # Hands reach the middle layers without bending or stretching.
    low, high = (layout.layers + 1) // 2, (layout.layers + 1) // 2 + 1
    for layer in range(1, layout.layers + 1):
        for bay in range(1, layout.bays + 1) if layout.bays else (0,):
            yield Slot(
                station_id=shelf.station_id,
                shelf_id=shelf.id,
                label=f"{layout.number}-{layer}-{bay}" if bay else f"{layout.number}-{layer}",
                shelf_number=layout.number,
                layer=layer,
                bay=bay,
                kind=layout.kind,
                capacity=layout.capacity,
                max_weight_g=layout.max_weight_g,
                hand_height=low <= layer <= high,
            )


@act
async def lay_out_floor(*, by: Actor) -> None:
    """The floor zone `0-1`: no limit, so that no scan is ever lost to full shelves."""
    shelf = await Shelf.create(station_id=by.station_id, number=0, kind=SlotKind.FLOOR, layers=1, bays=0)
    slot = await Slot.create(
        station_id=by.station_id,
        shelf_id=shelf.id,
        label=FLOOR_LABEL,
        shelf_number=0,
        layer=1,
        bay=0,
        kind=SlotKind.FLOOR,
        capacity=0,
    )
    await audit.write(by, "floor_laid_out", subject="shelf", subject_id=shelf.id, slot=slot.label)


@act
async def take_down(shelf_id: int, *, by: Actor) -> None:
    """An empty shelf is taken away: its slots take nothing until it is put up again."""
    shelf = await _shelf(by.station_id, shelf_id)
    # Closed before it is looked at, so that no check-in can come between.
    await Slot.filter(station_id=by.station_id, shelf_id=shelf_id).update(closed=True)
    if count := await Parcel.filter(
        station_id=by.station_id, state=ParcelState.WAITING, slot__shelf_id=shelf_id
    ).count():
        raise Refusal("shelf_not_empty", number=shelf.number, count=count)
    await audit.write(by, "shelf_taken_down", subject="shelf", subject_id=shelf_id, number=shelf.number)


@act
async def put_up_again(shelf_id: int, *, by: Actor) -> None:
    """A shelf stands again: all its slots are open."""
    shelf = await _shelf(by.station_id, shelf_id)
    await Slot.filter(station_id=by.station_id, shelf_id=shelf_id).update(closed=False)
    await audit.write(by, "shelf_put_up_again", subject="shelf", subject_id=shelf_id, number=shelf.number)


async def _shelf(station_id: int, shelf_id: int) -> Shelf:
    shelf = await Shelf.get_or_none(station_id=station_id, id=shelf_id)
    if shelf is None:
        raise Refusal("no_shelf")
    if shelf.kind is SlotKind.FLOOR:
        raise Refusal("floor_stays")
    return shelf


@act
async def close_slot(label: str, *, by: Actor) -> None:
    """Take one slot out of use (broken, wet). What stands in it stays; it takes no more."""
    await _set_closed(label, True, by)


@act
async def open_slot(label: str, *, by: Actor) -> None:
    """Use a closed slot again."""
    await _set_closed(label, False, by)


async def _set_closed(label: str, closed: bool, by: Actor) -> None:
    slot = await by_label(by.station_id, label)
    if slot["kind"] == SlotKind.FLOOR:
        raise Refusal("floor_stays")
    await Slot.filter(station_id=by.station_id, id=slot["id"]).update(closed=closed)
    await audit.write(
        by,
        "slot_closed" if closed else "slot_opened",
        subject="slot",
        subject_id=slot["id"],
        slot=slot["label"],
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


async def racks(station_id: int) -> list[dict[str, Any]]:
    """Every shelf with its slots as it stands (`rows`): layers from the top, bays from the left. Each slot with the
    number of `pieces` that wait in it."""
    shelves = await sql.rows("SELECT * FROM shelf WHERE station_id = ? ORDER BY number", station_id)
    slots = await sql.rows(
        "SELECT s.*, (SELECT count(*) FROM parcel p WHERE p.station_id = s.station_id AND p.slot_id = s.id"
        " AND p.state = 'waiting') AS pieces"
        " FROM slot s WHERE s.station_id = ? ORDER BY s.shelf_number, s.layer DESC, s.bay",
        station_id,
    )
    for slot in slots:
        slot["full"] = 0 < slot["capacity"] <= slot["used"]
    for shelf in shelves:
        own = [slot for slot in slots if slot["shelf_id"] == shelf["id"]]
        shelf["rows"] = [list(layer) for _, layer in groupby(own, key=itemgetter("layer"))]
        shelf["taken_down"] = all(slot["closed"] for slot in own)
    return shelves
