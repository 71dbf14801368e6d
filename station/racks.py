"""Shelves as they stand: laid out by the keeper, taken down, put up again, a slot closed for a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from tortoise.exceptions import IntegrityError

from station import audit, shelves, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import Parcel, ParcelState, Shelf, Slot, SlotKind
from station.slotting import FLOOR_LABEL

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
    }
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
    # One after the other at a station: one floor zone.
    await stations.one_at_a_time(by.station_id)
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
    slot = await shelves.by_label(by.station_id, label)
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


async def of_station(station_id: int) -> list[dict[str, Any]]:
    """Every shelf with its slots as it stands (`rows`): layers from the top, bays from the left. Each slot with the
    number of `pieces` that wait in it."""
    standing = await sql.rows("SELECT * FROM shelf WHERE station_id = ? ORDER BY number", station_id)
    slots = await sql.rows(
        "SELECT s.*, (SELECT count(*) FROM parcel p WHERE p.station_id = s.station_id AND p.slot_id = s.id"
        " AND p.state = 'waiting') AS pieces"
        " FROM slot s WHERE s.station_id = ? ORDER BY s.shelf_number, s.layer DESC, s.bay",
        station_id,
    )
    for slot in slots:
        slot["full"] = 0 < slot["capacity"] <= slot["used"]
    for shelf in standing:
        own = [slot for slot in slots if slot["shelf_id"] == shelf["id"]]
        shelf["rows"] = [list(layer) for _, layer in groupby(own, key=itemgetter("layer"))]
        shelf["taken_down"] = all(slot["closed"] for slot in own)
    return standing
