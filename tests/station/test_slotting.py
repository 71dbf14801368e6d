"""Where a parcel goes, as a table of the trade's cases and as promises for any shelves."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.slotting import Choice, Need, Place, Reason, choose_slot


def place(label: str, kind: str = "normal", used: int = 0, capacity: int = 12, **more: int | bool) -> Place:
    shelf, layer, bay = (*map(int, label.split("-")), 0)[:3]
    return Place(
        id=shelf * 1000 + layer * 100 + bay,
        label=label,
        shelf_number=shelf,
        layer=layer,
        bay=bay,
        kind=kind,
        capacity=capacity,
        used=used,
        **more,  # type: ignore[arg-type]
    )


FLOOR = place("0-1", "floor", capacity=0)
AT_HAND = place("2-3-1", used=6, hand_height=True)
FULL = place("1-1-1", used=12)
WITH_GRANNY = frozenset({place("2-4-6").id})

CASES = {
    "the emptiest slot": (
        [place("1-1-1", used=3), place("1-1-2", used=2), place("1-1-3", used=4)],
        Need(),
        ("1-1-2", Reason.LEAST_LOADED),
    ),
    "emptiest by share, not by count": (
        [place("1-1-1", used=2, capacity=4), place("1-1-2", used=4, capacity=12)],
        Need(),
        ("1-1-2", Reason.LEAST_LOADED),
    ),
    "nearest the counter among equally empty ones": (
        [place("2-1-1"), place("1-2-1"), place("1-1-2")],
        Need(),
        ("1-1-2", Reason.LEAST_LOADED),
    ),
    "beside the household's parcels, though fuller": (
        [place("1-1-1"), place("2-4-6", used=9)],
        Need(household=WITH_GRANNY),
        ("2-4-6", Reason.SAME_HOUSEHOLD),
    ),
    "elsewhere when the household's slot is full": (
        [place("1-1-1"), place("2-4-6", used=12)],
        Need(household=WITH_GRANNY),
        ("1-1-1", Reason.LEAST_LOADED),
    ),
    "a heavy one low": (
        [place("1-3-1"), place("1-1-1", used=6), place("1-2-1")],
        Need(weight_g=12_000),
        ("1-1-1", Reason.HEAVY_LOW),
    ),
    "a large one counts as heavy": (
        [place("1-2-1"), place("1-1-1")],
        Need(units=4),
        ("1-1-1", Reason.HEAVY_LOW),
    ),
    "a heavy one on the shelf for heavy ones": (
        [place("1-1-1"), place("3-2-1", "heavy", used=8)],
        Need(weight_g=12_000),
        ("3-2-1", Reason.HEAVY_LOW),
    ),
    "a light one not on the shelf for heavy ones": (
        [place("1-1-1", "heavy"), place("2-1-1", used=11)],
        Need(),
        ("2-1-1", Reason.LEAST_LOADED),
    ),
    "a light one among heavy ones when all else is full": (
        [FULL, place("2-1-1", "heavy")],
        Need(),
        ("2-1-1", Reason.LEAST_LOADED),
    ),
    "fresh food in the cold": (
        [place("1-1-1"), place("4-1-1", "cold", used=10)],
        Need(fresh=True),
        ("4-1-1", Reason.COLD),
    ),
    "fresh food in the cold rather than with its household": (
        [place("2-4-6"), place("4-1-1", "cold")],
        Need(fresh=True, household=WITH_GRANNY),
        ("4-1-1", Reason.COLD),
    ),
    "fresh food with its household where nothing is cold": (
        [place("1-1-1"), place("2-4-6", used=9)],
        Need(fresh=True, household=WITH_GRANNY),
        ("2-4-6", Reason.SAME_HOUSEHOLD),
    ),
    "fresh food on a shelf where nothing is cold": (
        [place("1-1-1"), FLOOR],
        Need(fresh=True),
        ("1-1-1", Reason.LEAST_LOADED),
    ),
    "dry goods never in the cold": (
        [place("4-1-1", "cold"), FLOOR],
        Need(),
        ("0-1", Reason.SHELVES_FULL),
    ),
    "an old woman's at hand height": (
        [place("1-1-1"), AT_HAND],
        Need(elderly=True),
        ("2-3-1", Reason.HAND_HEIGHT),
    ),
    "not where it is too heavy for the board": (
        [place("1-1-1", max_weight_g=5_000), place("1-1-2", used=6)],
        Need(weight_g=6_000),
        ("1-1-2", Reason.LEAST_LOADED),
    ),
    "never among outgoing goods": (
        [place("5-1-1", "outbound"), FLOOR],
        Need(),
        ("0-1", Reason.SHELVES_FULL),
    ),
    "on the floor when the shelves are full": ([FULL, FLOOR], Need(), ("0-1", Reason.SHELVES_FULL)),
    "on a shelf though its household stands on the floor": (
        [place("1-1-1"), FLOOR],
        Need(household=frozenset({FLOOR.id})),
        ("1-1-1", Reason.LEAST_LOADED),
    ),
    "on the floor where one unit is left and two are needed": (
        [place("1-1-1", used=11), FLOOR],
        Need(units=2),
        ("0-1", Reason.SHELVES_FULL),
    ),
}


@pytest.mark.parametrize(("places", "need", "chosen"), CASES.values(), ids=CASES.keys())
def test_a_parcel_goes(places: list[Place], need: Need, chosen: tuple[str, Reason]) -> None:
    choice = choose_slot(places, need)
    assert choice is not None
    assert (choice.place.label, choice.reason) == chosen


def test_without_shelves_and_floor_there_is_no_choice() -> None:
    assert choose_slot([FULL], Need()) is None


KINDS = st.sampled_from(["normal", "heavy", "cold", "outbound"])
PLACES = st.lists(
    st.builds(
        place,
        label=st.builds("{}-{}-{}".format, *[st.integers(1, 4)] * 3),
        kind=KINDS,
        used=st.integers(0, 6),
        capacity=st.integers(1, 6),
        max_weight_g=st.sampled_from([None, 5_000, 20_000]),
        hand_height=st.booleans(),
    ),
    unique_by=lambda one: one.label,
    max_size=12,
)
NEEDS = st.builds(
    Need,
    units=st.sampled_from([1, 2, 4]),
    weight_g=st.sampled_from([None, 800, 6_000, 30_000]),
    fresh=st.booleans(),
    elderly=st.booleans(),
    household=st.frozensets(st.sampled_from([1101, 1102, 2304, 4444]), max_size=2),
)


def chosen(places: list[Place], need: Need) -> Choice:
    choice = choose_slot(places, need)
    assert choice is not None
    return choice


@given(PLACES, NEEDS)
def test_a_slot_never_holds_more_than_it_can_carry(places: list[Place], need: Need) -> None:
    taken = chosen([*places, FLOOR], need).place
    assert taken is FLOOR or taken.used + need.units <= taken.capacity
    assert taken.max_weight_g is None or (need.weight_g or 0) <= taken.max_weight_g
    assert taken.kind != "outbound"


@given(PLACES, NEEDS)
def test_the_floor_is_taken_only_when_no_shelf_would_do(places: list[Place], need: Need) -> None:
    alone = [one for one in places if choose_slot([one], need)]
    assert (chosen([*places, FLOOR], need).place is FLOOR) == (not alone)


@given(PLACES, NEEDS, st.randoms(use_true_random=False))
def test_the_order_in_which_slots_are_read_does_not_matter(
    places: list[Place], need: Need, random: Random
) -> None:
    first = chosen([*places, FLOOR], need)
    random.shuffle(places)
    assert chosen([FLOOR, *places], need) == first


@given(PLACES, NEEDS)
def test_a_slot_not_chosen_is_not_missed(places: list[Place], need: Need) -> None:
    """The rule picks one of the best: without the others it would pick the same."""
    taken = chosen([*places, FLOOR], need)
    assert chosen([taken.place, FLOOR], need) == taken


@given(PLACES, NEEDS.filter(lambda need: not need.fresh))
def test_a_household_stays_together_where_it_has_room(places: list[Place], need: Need) -> None:
    if any(place.id in need.household and choose_slot([place], need) for place in places):
        assert chosen([*places, FLOOR], need).reason is Reason.SAME_HOUSEHOLD
