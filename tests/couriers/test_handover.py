"""What leaves with which van: scanned against the list, signed for once, taken back for a few minutes."""

import asyncio

import pytest

from couriers import consignments, deliveries, handover, handover_list, vans
from couriers.models import ConsignmentState
from station import audit, clock, order_book, orders
from station.db import act, sql
from station.errors import Refusal
from station.models import OrderState
from tests.couriers.outgoing import STROKES, consign, consign_many, order_state, packed_order, state_of
from tests.village import Village, found_village


async def load(village: Village, *codes: str, name: str = "县共配车") -> int:
    """An open handover of a van that takes these companies."""
    van = await vans.put(name, codes, "17:00", by=village.wang)
    return await handover.open_(van, by=village.chen)


async def listed(village: Village, trip: int) -> tuple[list[str], list[str]]:
    """The waybills on the van, and those not."""
    told = await handover_list.one(village.id, trip)
    on = await handover_list.items(told, village.id)
    off = await handover_list.behind(told, village.id)
    return [row["waybill"] for row in on], [row["waybill"] for row in off]


async def sign(village: Village, trip: int) -> int:
    return await handover.sign(trip, "孙师傅", STROKES, on_paper=False, by=village.chen)


async def test_what_is_scanned_goes_onto_the_van_and_off_the_list(village: Village) -> None:
    first, second = await consign_many(village.chen, 2)
    await consign(village.chen, "YTO")
    trip = await load(village, "ZTO", "YUNDA")
    assert await listed(village, trip) == ([], [first.waybill, second.waybill])
    scanned = await handover.scan(trip, f" {first.waybill}\n", by=village.chen)
    assert (scanned.cargo["id"], scanned.again) == (first.id, False)
    assert await listed(village, trip) == ([first.waybill], [second.waybill])
    assert await state_of(first) == "accepted"
    (told,) = await audit.story(village.id, "consignment", first.id)
    assert told.act == "put_on_van"


async def test_our_own_number_is_as_good_as_the_waybill(village: Village) -> None:
    parcel = await consign(village.chen, waybill="")
    trip = await load(village)
    assert (await handover.scan(trip, parcel.number.lower(), by=village.chen)).cargo["id"] == parcel.id


async def test_the_same_scan_again_changes_nothing(village: Village) -> None:
    parcel = await consign(village.chen)
    trip = await load(village)
    first = await handover.scan(trip, parcel.waybill, by=village.chen)
    again = await handover.scan(trip, parcel.waybill, by=village.li)
    assert (again.again, again.item_id) == (True, first.item_id)
    assert len(await sql.rows("SELECT id FROM handover_item")) == 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (ConsignmentState.BOOKED, "still_booked"),
        (ConsignmentState.CANCELLED, "consignment_cancelled"),
        (ConsignmentState.HANDED_OVER, "left_already"),
        (ConsignmentState.DELIVERED, "left_already"),
    ],
)
async def test_what_cannot_leave_says_why(village: Village, state: ConsignmentState, code: str) -> None:
    parcel = await consign(village.chen, state=state)
    trip = await load(village)
    with pytest.raises(Refusal, match=code):
        await handover.scan(trip, parcel.waybill, by=village.chen)
    assert await sql.rows("SELECT id FROM handover_item") == []


async def test_another_company_s_parcel_is_not_for_this_van(village: Village) -> None:
    parcel = await consign(village.chen, "YTO")
    trip = await load(village, "ZTO")
    with pytest.raises(Refusal, match="not_for_van") as refused:
        await handover.scan(trip, parcel.waybill, by=village.chen)
    assert refused.value.facts["parcel"] == f"圆通 …{parcel.waybill[-4:]}"


@pytest.mark.parametrize(
    ("scanned", "code"),
    [("", "scan_empty"), ("773912345678901", "not_ours_to_send"), ("13900007396", "scan_is_phone")],
)
async def test_what_is_no_parcel_of_ours_is_refused(village: Village, scanned: str, code: str) -> None:
    trip = await load(village)
    with pytest.raises(Refusal, match=code):
        await handover.scan(trip, scanned, by=village.chen)


async def test_another_station_s_parcel_is_unknown_here(village: Village) -> None:
    other = await found_village("lucun", "芦村驿站")
    parcel = await consign(other.chen)
    trip = await load(village)
    with pytest.raises(Refusal, match="not_ours_to_send"):
        await handover.scan(trip, parcel.waybill, by=village.chen)
    with pytest.raises(Refusal, match="no_handover"):
        await handover.scan(trip, parcel.waybill, by=other.chen)


async def test_of_a_number_that_was_given_twice_the_one_that_can_leave_is_meant(village: Village) -> None:
    old = await consign(village.chen, state=ConsignmentState.CANCELLED)
    new = await consign(village.chen, waybill=old.waybill)
    trip = await load(village)
    assert (await handover.scan(trip, old.waybill, by=village.chen)).cargo["id"] == new.id


async def test_an_order_that_was_called_off_does_not_leave(village: Village) -> None:
    order_id = await packed_order(village.chen)
    parcel = await consign(village.chen, order_id=order_id)
    await orders.cancel(order_id, "buyer", by=village.chen)
    trip = await load(village)
    with pytest.raises(Refusal, match="order_called_off"):
        await handover.scan(trip, parcel.waybill, by=village.chen)


async def test_a_parcel_on_one_van_is_not_put_on_another(village: Village) -> None:
    parcel = await consign(village.chen)
    one, other = await load(village), await load(village, name="中通车")
    await handover.scan(one, parcel.waybill, by=village.chen)
    with pytest.raises(Refusal, match="on_other_van"):
        await handover.scan(other, parcel.waybill, by=village.li)
    assert await listed(village, other) == ([], [])


async def test_two_laptops_loading_two_vans_one_wins(village: Village) -> None:
    parcels = await consign_many(village.chen, 8)
    trips = [await load(village), await load(village, name="中通车")]
    scans = [
        handover.scan(trip, parcel.waybill, by=by)
        for parcel in parcels
        for trip, by in zip(trips, (village.chen, village.li), strict=True)
    ]
    outcomes = await asyncio.gather(*scans, return_exceptions=True)
    assert sum(isinstance(outcome, handover.Scanned) for outcome in outcomes) == 8
    assert {outcome.code for outcome in outcomes if isinstance(outcome, Refusal)} == {"on_other_van"}
    rows = await sql.rows("SELECT consignment_id FROM handover_item WHERE undone_at IS NULL")
    assert sorted(row["consignment_id"] for row in rows) == sorted(parcel.id for parcel in parcels)


async def test_a_parcel_taken_off_waits_again_and_can_be_scanned_again(village: Village) -> None:
    parcel = await consign(village.chen)
    trip = await load(village)
    scanned = await handover.scan(trip, parcel.waybill, by=village.chen)
    await handover.take_off(scanned.item_id, "wrong one", by=village.chen)
    assert await listed(village, trip) == ([], [parcel.waybill])
    with pytest.raises(Refusal, match="off_already"):
        await handover.take_off(scanned.item_id, by=village.chen)
    again = await handover.scan(trip, parcel.waybill, by=village.chen)
    assert not again.again
    assert len(await sql.rows("SELECT id FROM handover_item")) == 2


async def test_signing_moves_parcels_and_orders_and_leaves_the_rest(village: Village) -> None:
    order_id = await packed_order(village.chen)
    bought = await consign(village.chen, order_id=order_id)
    sent, left = await consign_many(village.chen, 2)
    trip = await load(village)
    for parcel in (bought, sent):
        await handover.scan(trip, parcel.waybill, by=village.chen)
    assert await sign(village, trip) == 2
    assert [await state_of(each) for each in (bought, sent, left)] == [
        "handed_over",
        "handed_over",
        "accepted",
    ]
    assert await order_state(order_id) == "handed_over"
    told = await handover_list.one(village.id, trip)
    assert (told.state, told.signed_by, told.signature, told.on_paper) == ("signed", "孙师傅", STROKES, False)
    assert await listed(village, trip) == ([bought.waybill, sent.waybill], [left.waybill])
    story = await audit.story(village.id, "consignment", sent.id)
    assert [line.act for line in story] == ["put_on_van", "handed_over"]
    assert "孙师傅" not in str([line.facts for line in story])


async def test_what_stayed_behind_is_still_told_when_it_left_later(village: Village) -> None:
    gone, left = await consign_many(village.chen, 2)
    first = await load(village)
    await handover.scan(first, gone.waybill, by=village.chen)
    await sign(village, first)
    with clock.later(hours=3):
        late = await consign(village.chen)
        second = await load(village)
        assert second != first
        for parcel in (left, late):
            await handover.scan(second, parcel.waybill, by=village.chen)
        await sign(village, second)
    assert await listed(village, first) == ([gone.waybill], [left.waybill])
    assert await listed(village, second) == ([left.waybill, late.waybill], [])


@pytest.mark.parametrize(
    ("name", "signature", "code"),
    [
        ("", STROKES, "who_signs"),
        ("孙师傅", "", "no_signature"),
        ("孙师傅", 'M1 1"><script>', "no_signature"),
        ("孙师傅", "M10 10" * 12_000, "signature_too_long"),
    ],
)
async def test_a_name_and_strokes_are_needed(village: Village, name: str, signature: str, code: str) -> None:
    parcel = await consign(village.chen)
    trip = await load(village)
    await handover.scan(trip, parcel.waybill, by=village.chen)
    with pytest.raises(Refusal, match=code):
        await handover.sign(trip, name, signature, on_paper=False, by=village.chen)
    assert await state_of(parcel) == "accepted"


async def test_on_paper_no_strokes_are_kept(village: Village) -> None:
    parcel = await consign(village.chen)
    trip = await load(village)
    await handover.scan(trip, parcel.waybill, by=village.chen)
    await handover.sign(trip, "孙师傅", STROKES, on_paper=True, by=village.chen)
    told = await handover_list.one(village.id, trip)
    assert (told.on_paper, told.signature) == (True, "")


async def test_an_empty_van_is_not_signed_for(village: Village) -> None:
    trip = await load(village)
    with pytest.raises(Refusal, match="nothing_on_van"):
        await sign(village, trip)


async def test_a_signed_handover_takes_nothing_more(village: Village) -> None:
    parcel, late = await consign_many(village.chen, 2)
    trip = await load(village)
    scanned = await handover.scan(trip, parcel.waybill, by=village.chen)
    await sign(village, trip)
    for refused in (
        handover.scan(trip, late.waybill, by=village.chen),
        handover.take_off(scanned.item_id, by=village.chen),
        sign(village, trip),
    ):
        with pytest.raises(Refusal, match="handover_signed"):
            await refused
    assert await state_of(late) == "accepted"


async def test_scans_and_a_signature_at_once_leave_nothing_in_between(village: Village) -> None:
    parcels = await consign_many(village.chen, 6)
    trip = await load(village)
    await handover.scan(trip, parcels[0].waybill, by=village.chen)
    scans = [handover.scan(trip, parcel.waybill, by=village.li) for parcel in parcels[1:]]
    await asyncio.gather(*scans[:2], sign(village, trip), *scans[2:], return_exceptions=True)
    on = {row["consignment_id"] for row in await sql.rows("SELECT consignment_id FROM handover_item")}
    for parcel in parcels:
        assert (await state_of(parcel) == "handed_over") == (parcel.id in on)


async def test_one_cancelled_meanwhile_holds_the_signature_up(village: Village) -> None:
    parcel, cancelled = await consign_many(village.chen, 2)
    trip = await load(village)
    for each in (parcel, cancelled):
        await handover.scan(trip, each.waybill, by=village.chen)
    await _cancel(cancelled.id)
    with pytest.raises(Refusal, match="handover_changed"):
        await sign(village, trip)
    assert await state_of(parcel) == "accepted"


async def test_the_van_s_open_handover_is_gone_on_with(village: Village) -> None:
    trip = await load(village)
    assert await load(village) == trip
    other = await handover.open_(None, "YTO", by=village.chen)
    assert other != trip
    numbers = [row["number"] for row in await sql.rows("SELECT number FROM handover ORDER BY id")]
    assert [number.rpartition("-")[2] for number in numbers] == ["1", "2"]
    with pytest.raises(Refusal, match="handover_needs_van"):
        await handover.open_(None, by=village.chen)


async def test_a_handover_taken_back_leaves_everything_waiting(village: Village) -> None:
    order_id = await packed_order(village.chen)
    parcel = await consign(village.chen, order_id=order_id)
    trip = await load(village)
    await handover.scan(trip, parcel.waybill, by=village.chen)
    await sign(village, trip)
    await handover.undo(trip, "wrong van", by=village.chen)
    assert (await state_of(parcel), await order_state(order_id)) == ("accepted", "packed")
    told = await handover_list.one(village.id, trip)
    assert (told.state, told.signed_by) == ("undone", "孙师傅")
    assert [row["id"] for row in await handover_list.items(told, village.id)] == [parcel.id]
    again = await load(village)
    assert again != trip
    await handover.scan(again, parcel.waybill, by=village.chen)
    assert await sign(village, again) == 1
    with pytest.raises(Refusal, match="handover_undone"):
        await handover.undo(trip, "wrong van", by=village.chen)


async def test_a_handover_is_taken_back_soon_or_never(village: Village) -> None:
    parcel = await consign(village.chen)
    trip = await load(village)
    await handover.scan(trip, parcel.waybill, by=village.chen)
    await sign(village, trip)
    with pytest.raises(Refusal, match="handover_needs_reason"):
        await handover.undo(trip, " ", by=village.chen)
    with clock.later(hours=2), pytest.raises(Refusal, match="handover_too_late"):
        await handover.undo(trip, "wrong van", by=village.chen)
    await _deliver(parcel.id)
    with pytest.raises(Refusal, match="handover_moved_on"):
        await handover.undo(trip, "wrong van", by=village.chen)
    assert (await handover_list.one(village.id, trip)).state == "signed"


async def test_an_order_that_was_packed_at_the_table_leaves_and_arrives(village: Village) -> None:
    order_id = await packed_order(village.chen)
    taken = await consignments.for_order(
        order_id, 1840, "ZTO", "73123456789012", scan_id="packed", by=village.chen
    )
    trip = await load(village, "ZTO")
    assert (await handover.scan(trip, taken.number, by=village.chen)).cargo["id"] == taken.id
    await sign(village, trip)
    sent = await order_book.one(village.id, order_id)
    assert sent["state"] == "handed_over"
    news = await deliveries.note(taken.id, "delivered", clock.now(), "hand", "a", by=village.chen)
    assert news.result == "accepted"
    assert await order_state(order_id) == "delivered"
    with pytest.raises(Refusal, match="consignment_gone"):
        await consignments.cancel(taken.id, "", by=village.chen)


async def test_five_hundred_parcels_with_their_orders_leave_at_once(village: Village) -> None:
    order_ids = tuple([await packed_order(village.chen) for _ in range(20)])
    parcels = await consign_many(village.chen, 500, order_ids=order_ids)
    trip = await load(village)
    for parcel in parcels:
        await handover.scan(trip, parcel.waybill, by=village.chen)
    assert await sign(village, trip) == 500
    (row,) = await sql.rows("SELECT count(*) AS n FROM consignment WHERE state = 'handed_over'")
    assert row["n"] == 500
    assert {await order_state(order_id) for order_id in order_ids} == {OrderState.HANDED_OVER}


async def _cancel(consignment_id: int) -> None:
    await _set(consignment_id, "cancelled")


async def _deliver(consignment_id: int) -> None:
    await _set(consignment_id, "delivered")


async def _set(consignment_id: int, state: str) -> None:
    @act
    async def change() -> None:
        await sql.execute("UPDATE consignment SET state = ? WHERE id = ?", state, consignment_id)

    await change()
