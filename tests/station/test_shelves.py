"""Laying out shelves, and the room that check-in takes on them."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station import audit, racks, shelves
from station.actor import Actor
from station.db import act, sql
from station.errors import Refusal
from station.models import Shelf, Slot, SlotKind
from station.racks import Layout
from station.slotting import Choice, Need, Place, Reason, choose_slot
from tests.village import Village, found_village

take = act(shelves.take)
occupy = act(shelves.occupy)
free = act(shelves.free)
put_back = act(shelves.put_back)


async def used(village: Village, label: str) -> int:
    return int((await shelves.by_label(village.id, label))["used"])


async def told(village: Village) -> list[str]:
    rows = await sql.rows("SELECT act FROM audit_line WHERE station_id = ? ORDER BY id", village.id)
    return [row["act"] for row in rows]


# --- Taking and giving back room ---


async def test_a_slot_takes_what_it_has_room_for_and_no_more(village: Village) -> None:
    slot = (await shelves.by_label(village.id, "1-1-1"))["id"]
    assert await occupy(village.id, slot, 10)
    assert not await occupy(village.id, slot, 4)
    assert await occupy(village.id, slot, 2)
    assert await used(village, "1-1-1") == 12


async def test_room_given_back_is_taken_again(village: Village) -> None:
    slot = (await shelves.by_label(village.id, "1-1-1"))["id"]
    await occupy(village.id, slot, 12)
    await free(village.id, slot, 4)
    assert await occupy(village.id, slot, 4)


async def test_a_parcel_that_comes_back_has_its_place_even_if_it_is_full_by_now(village: Village) -> None:
    slot = (await shelves.by_label(village.id, "1-1-1"))["id"]
    await occupy(village.id, slot, 12)
    await put_back(village.id, slot, 2)
    assert await used(village, "1-1-1") == 14


async def test_a_closed_slot_takes_nothing(village: Village) -> None:
    await racks.close_slot("1-1-1", by=village.wang)
    slot = await shelves.by_label(village.id, "1-1-1")
    assert not await occupy(village.id, slot["id"], 1)
    assert (await take(village.id, Need())).place.label == "1-1-2"


async def test_another_village_cannot_take_our_room(village: Village) -> None:
    slot = (await shelves.by_label(village.id, "1-1-1"))["id"]
    stranger = await found_village("other", "别处驿站")
    assert not await occupy(stranger.id, slot, 1)
    assert await used(village, "1-1-1") == 0


async def test_full_shelves_leave_the_floor(village: Village) -> None:
    await fill_up(village)
    choice = await take(village.id, Need())
    assert (choice.place.label, choice.reason) == ("0-1", Reason.SHELVES_FULL)


async def test_a_station_without_any_slot_says_so(village: Village) -> None:
    @act
    async def clear_away() -> None:
        await sql.execute("DELETE FROM slot WHERE station_id = ?", village.id)

    await clear_away()
    with pytest.raises(Refusal, match="no_room"):
        await take(village.id, Need())


async def test_many_desks_at_once_never_overfill_a_slot(village: Village) -> None:
    await asyncio.gather(*(take(village.id, Need(units=4)) for _ in range(3 * 4 * 6 * 3 + 5)))
    slots = await sql.rows("SELECT label, used, capacity FROM slot WHERE station_id = ?", village.id)
    assert {slot["used"] for slot in slots if slot["capacity"]} == {12}
    assert await used(village, "0-1") == 5 * 4


@act
async def fill_up(village: Village) -> None:
    await sql.execute("UPDATE slot SET used = capacity WHERE station_id = ?", village.id)


SLOTS = st.lists(
    st.fixed_dictionaries(
        {
            "shelf_number": st.integers(1, 3),
            "layer": st.integers(1, 3),
            "bay": st.integers(1, 3),
            # Mostly alike, so that the finer wishes decide too.
            "kind": st.sampled_from(["normal", "normal", "normal", "heavy", "cold", "outbound"]),
            "capacity": st.sampled_from([2, 6, 6]),
            "used": st.sampled_from([0, 0, 2, 6]),
            "max_weight_g": st.sampled_from([None, 5_000, 20_000]),
            "hand_height": st.booleans(),
            "closed": st.sampled_from([False, False, False, True]),
        }
    ),
    unique_by=lambda slot: (slot["shelf_number"], slot["layer"], slot["bay"]),
    min_size=4,
    max_size=20,
)


@act
async def stand_instead(village: Village, shelf_id: int, slots: list[dict[str, Any]]) -> None:
    """These slots and the floor are all that the village has."""
    await Slot.filter(station_id=village.id, kind__not=SlotKind.FLOOR).delete()
    await Slot.bulk_create(
        Slot(
            station_id=village.id,
            shelf_id=shelf_id,
            label="{shelf_number}-{layer}-{bay}".format(**slot),
            **slot,
        )
        for slot in slots
    )


async def by_the_rule_over_all(village: Village, need: Need) -> Choice | None:
    rows = await sql.rows("SELECT * FROM slot WHERE station_id = ? AND closed = ?", village.id, False)
    return choose_slot([Place(**{key: row[key] for key in Place.__slots__}) for row in rows], need)


NEEDS = st.lists(
    st.fixed_dictionaries(
        {
            "units": st.sampled_from([1, 2, 4]),
            "weight_g": st.sampled_from([None, 800, 6_000, 30_000]),
            "fresh": st.booleans(),
            "elderly": st.booleans(),
            "household": st.sets(st.integers(0, 19), max_size=3),
        }
    ),
    min_size=4,
    max_size=8,
)


# Only the database's contents differ between examples, and each writes all of them anew.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slots=SLOTS, needs=NEEDS)
async def test_the_few_slots_that_are_read_hold_the_one_that_the_rule_would_choose_among_all(
    village: Village, slots: list[dict[str, Any]], needs: list[dict[str, Any]]
) -> None:
    shelf = await Shelf.get(station_id=village.id, number=1)
    await stand_instead(village, shelf.id, slots)
    ids = [
        row["id"]
        for row in await sql.rows("SELECT id FROM slot WHERE station_id = ? ORDER BY id", village.id)
    ]
    for asked in needs:
        household = frozenset(ids[n] for n in asked["household"] if n < len(ids))
        need = Need(**{**asked, "household": household})
        expected = await by_the_rule_over_all(village, need)
        assert await take(village.id, need) == expected


@pytest.mark.parametrize("seed", range(3))
async def test_it_is_so_on_a_large_station_on_a_busy_day(village: Village, seed: int) -> None:
    """Fewer cases than above and far more slots that differ in one wish only."""
    draw = random.Random(seed)
    places = [(shelf, layer, bay) for shelf in range(1, 5) for layer in range(1, 5) for bay in range(1, 9)]
    slots = [
        {
            "shelf_number": shelf,
            "layer": layer,
            "bay": bay,
            "kind": draw.choice(["normal", "heavy", "cold", "outbound"]),
            "capacity": draw.choice([6, 12]),
            "used": draw.randrange(6),
            "max_weight_g": draw.choice([None, 20_000]),
            "hand_height": layer in {2, 3},
            "closed": draw.random() < 0.1,
        }
        for shelf, layer, bay in places
    ]
    await stand_instead(village, (await Shelf.get(station_id=village.id, number=1)).id, slots)
    ids = [row["id"] for row in await sql.rows("SELECT id FROM slot WHERE station_id = ?", village.id)]
    for _ in range(150):
        need = Need(
            units=draw.choice([1, 1, 2, 4]),
            weight_g=draw.choice([None, 6_000, 30_000]),
            fresh=draw.random() < 0.2,
            elderly=draw.random() < 0.3,
            household=frozenset(draw.sample(ids, draw.randrange(3))),
        )
        expected = await by_the_rule_over_all(village, need)
        assert await take(village.id, need) == expected


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("need", [Need(), Need(units=4), Need(household=frozenset({1, 2}))])
async def test_check_in_reads_slots_in_their_order_and_sorts_none(village: Village, need: Need) -> None:
    """A thousand slots cost as much as ten: each part of the question stops at the first row of an index."""
    query = shelves._shortlist_sql(need.heavy, need.elderly, len(need.household))
    plan = await sql.rows(f"EXPLAIN QUERY PLAN {query}", *[1] * query.count("?"))
    steps = " ".join(row["detail"] for row in plan)
    assert "SEARCH slot USING INDEX" in steps
    assert "SCAN slot" not in steps
    assert "TEMP B-TREE FOR ORDER BY" not in steps


# --- Laying out ---


async def test_a_shelf_stands_with_all_its_slots(village: Village) -> None:
    await racks.lay_out(Layout(number=7, layers=2, bays=3, capacity=8), by=village.wang)
    slots = await shelves.of_shelf(village.id, 7)
    assert [slot["label"] for slot in slots] == ["7-1-1", "7-1-2", "7-1-3", "7-2-1", "7-2-2", "7-2-3"]
    assert {(slot["capacity"], slot["used"], slot["kind"]) for slot in slots} == {(8, 0, "normal")}
    assert await audit.story(village.id, "shelf", slots[0]["shelf_id"])


async def test_layers_without_bays_have_one_slot_each(village: Village) -> None:
    layout = Layout(number=8, layers=2, bays=0, capacity=20, kind=SlotKind.HEAVY, max_weight_g=30_000)
    await racks.lay_out(layout, by=village.wang)
    slots = await shelves.of_shelf(village.id, 8)
    assert [(slot["label"], slot["kind"], slot["max_weight_g"]) for slot in slots] == [
        ("8-1", "heavy", 30_000),
        ("8-2", "heavy", 30_000),
    ]


async def test_the_middle_layers_are_at_hand_height(village: Village) -> None:
    slots = await shelves.of_shelf(village.id, 1)
    assert {slot["layer"] for slot in slots if slot["hand_height"]} == {2, 3}


async def test_the_first_shelf_brings_the_floor_zone(village: Village) -> None:
    newcomer = Actor.system((await found_village("bare", "新驿站")).id)

    @act
    async def clear_away() -> None:
        for table in ("slot", "shelf"):
            await sql.execute(f"DELETE FROM {table} WHERE station_id = ?", newcomer.station_id)

    await clear_away()
    for number in (1, 2):
        await racks.lay_out(Layout(number=number, layers=1, bays=0, capacity=4), by=newcomer)
    kinds = Counter(shelf["kind"] for shelf in await racks.of_station(newcomer.station_id))
    assert kinds == {"floor": 1, "normal": 2}


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (Layout(number=0, layers=1, bays=1, capacity=1), "shelf_too_large"),
        (Layout(number=100, layers=1, bays=1, capacity=1), "shelf_too_large"),
        (Layout(number=9, layers=10, bays=1, capacity=1), "shelf_too_large"),
        (Layout(number=9, layers=0, bays=1, capacity=1), "shelf_too_large"),
        (Layout(number=9, layers=1, bays=41, capacity=1), "shelf_too_large"),
        (Layout(number=9, layers=1, bays=-1, capacity=1), "shelf_too_large"),
        (Layout(number=9, layers=1, bays=1, capacity=0), "slot_too_small"),
        (Layout(number=2, layers=1, bays=1, capacity=1), "shelf_number_taken"),
    ],
)
async def test_a_shelf_that_cannot_stand_is_refused(village: Village, layout: Layout, code: str) -> None:
    before = len(await racks.of_station(village.id)), await told(village)
    with pytest.raises(Refusal, match=code):
        await racks.lay_out(layout, by=village.wang)
    assert (len(await racks.of_station(village.id)), await told(village)) == before


# --- Closing and taking down ---


async def test_a_closed_slot_opens_again(village: Village) -> None:
    await racks.close_slot("1-1-1", by=village.wang)
    assert (await shelves.by_label(village.id, "1-1-1"))["closed"]
    await racks.open_slot("1-1-1", by=village.wang)
    assert not (await shelves.by_label(village.id, "1-1-1"))["closed"]
    assert (await told(village))[-2:] == ["slot_closed", "slot_opened"]


async def test_an_empty_shelf_is_taken_down_and_put_up_again(village: Village) -> None:
    shelf = (await shelves.by_label(village.id, "1-1-1"))["shelf_id"]
    await racks.take_down(shelf, by=village.wang)
    assert (await take(village.id, Need())).place.label == "2-1-1"
    await racks.put_up_again(shelf, by=village.wang)
    assert (await take(village.id, Need())).place.label == "1-1-1"
    assert (await told(village))[-2:] == ["shelf_taken_down", "shelf_put_up_again"]


async def test_a_shelf_with_a_parcel_on_it_stays(village: Village) -> None:
    answer = await village.arrive("YT7428817430166")
    assert answer["parcel"]["slot"] == "1-1-1"
    slot = await shelves.by_label(village.id, "1-1-1")
    with pytest.raises(Refusal, match="shelf_not_empty") as refused:
        await racks.take_down(slot["shelf_id"], by=village.wang)
    assert refused.value.facts == {"number": 1, "count": 1}
    assert not (await shelves.by_label(village.id, "1-1-1"))["closed"]


async def test_the_floor_stays_open(village: Village) -> None:
    floor = await shelves.by_label(village.id, "0-1")
    with pytest.raises(Refusal, match="floor_stays"):
        await racks.close_slot("0-1", by=village.wang)
    with pytest.raises(Refusal, match="floor_stays"):
        await racks.take_down(floor["shelf_id"], by=village.wang)
    assert not (await shelves.by_label(village.id, "0-1"))["closed"]


async def test_another_villages_shelf_is_no_shelf_of_ours(village: Village) -> None:
    stranger = await found_village("other", "别处驿站")
    shelf = (await shelves.by_label(village.id, "1-1-1"))["shelf_id"]
    with pytest.raises(Refusal, match="no_shelf"):
        await racks.take_down(shelf, by=stranger.wang)


async def test_a_label_that_is_nowhere_is_refused(village: Village) -> None:
    with pytest.raises(Refusal, match="no_slot"):
        await shelves.by_label(village.id, "9-9-9")


# --- Reading ---


async def test_racks_are_read_as_they_stand(village: Village) -> None:
    await fill_up(village)
    floor, first, *_ = await racks.of_station(village.id)
    assert floor["number"] == 0
    assert not floor["rows"][0][0]["full"]
    assert [row[0]["layer"] for row in first["rows"]] == [4, 3, 2, 1]
    assert [slot["bay"] for slot in first["rows"][0]] == [1, 2, 3, 4, 5, 6]
    assert all(slot["full"] for row in first["rows"] for slot in row)
