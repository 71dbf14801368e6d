"""What became of parcels: the latest news holds, orders and books follow, nothing is written twice."""

from datetime import datetime, timedelta

import pytest

from couriers import deliveries, delivery_news, handover, vans
from couriers.deliveries import Noted
from couriers.delivery_news import News
from couriers.models import Consignment, ConsignmentState
from station import audit, clock
from station.db import act, sql
from station.errors import Refusal
from tests.couriers.outgoing import STROKES, consign, consign_many, order_state, packed_order, state_of
from tests.village import Browser, Village, found_village


async def send_off(village: Village, *parcels: Consignment) -> datetime:
    """Hand these over; returns when."""
    van = await vans.put("县共配车", (), "17:00", by=village.wang)
    trip = await handover.open_(van, by=village.chen)
    for parcel in parcels:
        await handover.scan(trip, parcel.waybill, by=village.chen)
    await handover.sign(trip, "孙师傅", STROKES, on_paper=False, by=village.chen)
    return clock.now()


async def test_news_moves_the_parcel_and_its_order_and_books_the_sale_once(village: Village) -> None:
    order_id = await packed_order(village.chen)
    parcel = await consign(village.chen, order_id=order_id, freight_fen=450, payer="order")
    left = await send_off(village, parcel)
    noted = await deliveries.note(parcel.id, "delivered", left, "hand", "a", by=village.chen)
    assert noted == Noted("accepted")
    assert (await state_of(parcel), await order_state(order_id)) == ("delivered", "delivered")
    again = await deliveries.note(parcel.id, "delivered", left, "hand", "a", by=village.chen)
    assert again == Noted("ignored", "repeat")
    rows = await sql.rows("SELECT fen FROM ledger_entry WHERE party = 'buyer'")
    assert [row["fen"] for row in rows] == [-6800]
    (freight,) = await sql.rows("SELECT fen, carrier FROM ledger_entry WHERE party = 'carrier'")
    assert (freight["fen"], freight["carrier"]) == (450, "ZTO")
    acts = [line.act for line in await audit.story(village.id, "consignment", parcel.id)]
    assert acts.count("delivery_noted") == 1


async def test_the_latest_by_time_holds_in_whatever_order_it_comes(village: Village) -> None:
    parcel = await consign(village.chen)
    left = await send_off(village, parcel)

    async def tell(state: str, minutes: int) -> Noted:
        at = left + timedelta(minutes=minutes)
        return await deliveries.note(parcel.id, state, at, "api", f"{state}{minutes}", by=village.chen)

    assert await tell("returned", 30) == Noted("accepted")
    assert await tell("delivered", 10) == Noted("accepted", "outdated")
    assert await state_of(parcel) == "returned"
    assert await tell("in_transit", 40) == Noted("accepted")
    assert await state_of(parcel) == "returned"
    assert await tell("lost", 50) == Noted("accepted")
    assert await state_of(parcel) == "lost"
    events = await sql.rows(
        "SELECT state FROM delivery_event WHERE station_id = ? AND consignment_id = ? ORDER BY at",
        *(village.id, parcel.id),
    )
    assert [event["state"] for event in events] == ["delivered", "returned", "handed_over", "lost"]


async def test_delivered_and_then_returned_is_taken_out_of_the_books(village: Village) -> None:
    order_id = await packed_order(village.chen)
    parcel = await consign(village.chen, order_id=order_id)
    left = await send_off(village, parcel)
    await deliveries.note(parcel.id, "delivered", left, "hand", "a", by=village.chen)
    later = left + timedelta(minutes=5)
    await deliveries.note(parcel.id, "returned", later, "hand", "b", by=village.chen)
    assert (await state_of(parcel), await order_state(order_id)) == ("returned", "returned")
    (row,) = await sql.rows("SELECT sum(fen) AS fen FROM ledger_entry WHERE party = 'buyer'")
    assert row["fen"] == 0


async def test_news_before_the_handover_or_from_the_future_changes_nothing(village: Village) -> None:
    parcel, waiting = await consign_many(village.chen, 2)
    left = await send_off(village, parcel)
    for which, at, reason in (
        (parcel, left - timedelta(minutes=1), "before_handover"),
        (parcel, left + timedelta(days=1), "in_future"),
        (waiting, left, "not_left"),
    ):
        noted = await deliveries.note(which.id, "delivered", at, "hand", "a", by=village.chen)
        assert noted == Noted("ignored", reason)
    assert await sql.rows("SELECT id FROM delivery_event") == []
    assert [await state_of(parcel), await state_of(waiting)] == ["handed_over", "accepted"]


async def test_what_was_ignored_counts_when_it_is_told_again_after_the_handover(village: Village) -> None:
    parcel = await consign(village.chen)
    news = [News(parcel.waybill, "delivered", clock.now() + timedelta(minutes=20), "a")]
    assert await delivery_news.note_all(news, None, "file", by=village.chen) == [Noted("ignored", "not_left")]
    await send_off(village, parcel)
    assert await delivery_news.note_all(news, None, "file", by=village.chen) == [Noted("accepted")]


async def test_a_courier_tells_only_of_his_own_parcels(village: Village) -> None:
    own, other = await consign(village.chen, "YTO"), await consign(village.chen, "ZTO")
    left = await send_off(village, own, other)
    news = [News(each.waybill, "delivered", left, "a") for each in (own, other)]
    told = await delivery_news.note_all(news, "ZTO", "api", by=village.liu)
    assert told == [Noted("accepted"), Noted("unknown", "unknown_parcel")]
    assert [await state_of(own), await state_of(other)] == ["delivered", "handed_over"]
    with pytest.raises(Refusal, match="not_your_parcel"):
        await deliveries.note(other.id, "delivered", left, "api", "a", by=village.liu)


async def test_a_number_of_two_companies_needs_the_company(village: Village) -> None:
    one = await consign(village.chen, "YTO", waybill="12345678901")
    two = await consign(village.chen, "ZTO", waybill="12345678901", state=ConsignmentState.HANDED_OVER)
    left = await send_off(village, one)
    news = [News("12345678901", "delivered", left, "a")]
    assert await delivery_news.note_all(news, None, "file", by=village.chen) == [
        Noted("unknown", "two_carriers")
    ]
    assert await delivery_news.note_all(news, "ZTO", "file", by=village.chen) == [Noted("accepted")]
    assert [await state_of(one), await state_of(two)] == ["handed_over", "delivered"]


async def test_one_impossible_piece_of_news_harms_no_other(village: Village) -> None:
    order_id = await packed_order(village.chen)
    parcel, other = await consign(village.chen, order_id=order_id), await consign(village.chen)
    left = await send_off(village, parcel, other)
    await _misplace(order_id)
    news = [News(each.waybill, "delivered", left, "a") for each in (parcel, other)]
    told = await delivery_news.note_all(news, None, "file", by=village.chen)
    assert told == [Noted("ignored", "refused"), Noted("accepted")]
    assert [await state_of(parcel), await state_of(other)] == ["handed_over", "delivered"]


async def test_another_station_s_parcel_is_unknown(village: Village) -> None:
    other = await found_village("lucun", "芦村驿站")
    parcel = await consign(village.chen, state=ConsignmentState.HANDED_OVER)
    news = [News(parcel.waybill, "delivered", None, "a")]
    assert await delivery_news.note_all(news, None, "api", by=other.chen) == [
        Noted("unknown", "unknown_parcel")
    ]
    with pytest.raises(Refusal, match="not_found"):
        await deliveries.note(parcel.id, "delivered", clock.now(), "api", "a", by=other.chen)


async def test_a_file_is_told_row_by_row_and_harmless_again(browse: Browser, open_village: Village) -> None:
    parcel, lost = await consign_many(open_village.chen, 2)
    left = await send_off(open_village, parcel, lost)
    when = (left + timedelta(hours=8, minutes=2)).strftime("%Y-%m-%d %H:%M")
    rows = [f"{parcel.waybill},签收,{when}", f"{lost.waybill},遗失,{when}", f"773100000000009,签收,{when}", f"{parcel.waybill},？,{when}"]  # fmt: skip
    data = ("运单号,状态,时间\n" + "\n".join(rows)).encode()
    chen = await browse(open_village.chen)
    page = await chen.post("/deliveries", files={"file": ("签收.csv", data)})
    assert page.status_code == 200
    assert [part.split("</dd>")[0] for part in page.text.split("<dd>")[1:4]] == ["2", "0", "2"]
    assert [await state_of(parcel), await state_of(lost)] == ["delivered", "lost"]
    again = await chen.post("/deliveries", files={"file": ("签收.csv", data)})
    assert [part.split("</dd>")[0] for part in again.text.split("<dd>")[1:4]] == ["0", "2", "2"]
    assert len(await sql.rows("SELECT id FROM delivery_event")) == 2
    broken = await chen.post("/deliveries", files={"file": ("a.csv", b"a,b\n1,2")})
    assert broken.status_code == 422


async def test_one_parcel_is_noted_by_hand(browse: Browser, open_village: Village) -> None:
    parcel = await consign(open_village.chen)
    chen = await browse(open_village.chen)
    sent = {"waybill": parcel.waybill, "state": "delivered", "ref": "h1"}
    early = await chen.post("/deliveries/notes", data=sent)
    assert early.status_code == 409
    assert f'value="{parcel.waybill}"' in early.text
    await send_off(open_village, parcel)
    done = await chen.post("/deliveries/notes", data=sent)
    assert (done.status_code, await state_of(parcel)) == (200, "delivered")
    assert (await (await browse(open_village.zhao)).post("/deliveries/notes", data=sent)).status_code == 403
    assert (await (await browse(open_village.zhao)).get("/deliveries")).status_code == 200


async def test_a_courier_sees_and_notes_his_own_parcels_only(browse: Browser, open_village: Village) -> None:
    own = await consign(open_village.chen, "YTO", state=ConsignmentState.HANDED_OVER)
    other = await consign(open_village.chen, "ZTO", state=ConsignmentState.HANDED_OVER)
    liu = await browse(open_village.liu)
    page = await liu.get("/deliveries")
    assert own.waybill in page.text
    assert other.waybill not in page.text
    sent = {"state": "delivered", "ref": "h1"}
    assert (await liu.post("/deliveries/notes", data={**sent, "waybill": other.waybill})).status_code == 409
    assert (await liu.post("/deliveries/notes", data={**sent, "waybill": own.waybill})).status_code == 200
    assert [await state_of(own), await state_of(other)] == ["delivered", "handed_over"]


@act
async def _misplace(order_id: int) -> None:
    await sql.execute("UPDATE orders SET state = 'cancelled' WHERE id = ?", order_id)
