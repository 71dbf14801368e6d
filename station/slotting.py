"""Where a parcel goes: the pure choice among the places that still have room."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

# Units of slot capacity by parcel size.
UNITS = {"small": 1, "medium": 2, "large": 4}
# What one person should not have to lift above the waist.
HEAVY_G = 10_000

FLOOR_LABEL = "0-1"


class Reason(StrEnum):
    """Why this slot: said beside the plate, so that the volunteer can trust it."""

    SAME_HOUSEHOLD = "same_household"
    COLD = "cold"
    HEAVY_LOW = "heavy_low"  # as low as there is room
    HAND_HEIGHT = "hand_height"
    LEAST_LOADED = "least_loaded"
    SHELVES_FULL = "shelves_full"


@dataclass(frozen=True, slots=True)
class Place:
    """An open slot. `capacity` 0 means no limit (the floor)."""

    id: int
    label: str
    shelf_number: int
    layer: int
    bay: int
    kind: str
    capacity: int
    used: int
    max_weight_g: int | None = None
    hand_height: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What a parcel asks of its place. `household` = ids of the slots where its household's parcels wait."""

    units: int = 1
    weight_g: int | None = None
    fresh: bool = False
    elderly: bool = False
    household: frozenset[int] = frozenset()

    @property
    def heavy(self) -> bool:
        return (self.weight_g or 0) > HEAVY_G or self.units >= UNITS["large"]

    @property
    def kind(self) -> str:
        """The kind of place that fits best."""
        return "cold" if self.fresh else "heavy" if self.heavy else "normal"


@dataclass(frozen=True, slots=True)
class Choice:
    place: Place
    reason: Reason


def choose_slot(places: Iterable[Place], need: Need) -> Choice | None:
    """The best place: with its household, else of the fitting kind, low if heavy, at hand height if elderly, least
    loaded, nearest the counter. The floor only when nothing else has room; None if there is not even a floor."""
    place = min((place for place in places if _fits(place, need)), key=partial(_rank, need), default=None)
    return Choice(place, _reason(need, place)) if place else None


def _fits(place: Place, need: Need) -> bool:
    if place.kind == "outbound" or (place.kind == "cold" and not need.fresh):
        return False
    if place.max_weight_g is not None and (need.weight_g or 0) > place.max_weight_g:
        return False
    return place.capacity == 0 or place.used + need.units <= place.capacity


# `shelves._shortlist` hands in only the household's slots and the first of each kind. So whatever tells two places of
# one kind apart has to stand in its ORDER BY too, in this order; a test holds the two together.
def _rank(need: Need, place: Place) -> tuple[bool, bool, bool, int, bool, float, int, int, int]:
    stranger, misfit = place.id not in need.household, place.kind != need.kind
    # Fresh food joins its household only where it stays as cold as it can.
    first, second = (misfit, stranger) if need.fresh else (stranger, misfit)
    return (
        place.kind == "floor",
        first,
        second,
        place.layer if need.heavy else 0,
        need.elderly and not place.hand_height,
        place.used / place.capacity if place.capacity else 0.0,
        place.shelf_number,
        place.layer,
        place.bay,
    )


def _reason(need: Need, place: Place) -> Reason:
    if place.kind == "floor":
        return Reason.SHELVES_FULL
    if place.id in need.household:
        return Reason.SAME_HOUSEHOLD
    if place.kind == "cold":
        return Reason.COLD
    if need.heavy:
        return Reason.HEAVY_LOW
    if need.elderly and place.hand_height:
        return Reason.HAND_HEIGHT
    return Reason.LEAST_LOADED
