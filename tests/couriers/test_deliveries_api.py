"""News of parcels from couriers' systems, over HTTP."""

from datetime import timedelta

from couriers.models import ConsignmentState
from station import clock, doors
from station.db import sql
from tests.couriers.outgoing import consign, consign_many, state_of
from tests.village import Browser, Village

GONE = ConsignmentState.HANDED_OVER


async def test_each_event_is_answered_in_order(browse: Browser, open_village: Village) -> None:
    own = await consign(open_village.chen, "YTO", state=GONE)
    other = await consign(open_village.chen, "ZTO", state=GONE)
    at = clock.now().isoformat()
    events = [
        {"waybill": own.waybill, "status": "delivered", "at": at, "note": "本人"},
        {"waybill": other.waybill, "status": "lost", "at": at},
        {"waybill": own.waybill, "status": "in_transit", "at": (clock.now() + timedelta(days=2)).isoformat()},
    ]
    stranger = await browse(None)
    assert open_village.liu.account_id is not None
    token = await doors.make_token(open_village.liu.account_id, by=open_village.liu)
    answer = await stranger.post(
        "/api/v1/deliveries", json={"events": events}, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    assert [(each["result"], each["reason"]) for each in answer.json()["results"]] == [
        ("accepted", ""),
        ("unknown", "unknown_parcel"),
        ("ignored", "in_future"),
    ]
    assert [await state_of(own), await state_of(other)] == ["delivered", "handed_over"]


async def test_the_same_events_again_change_nothing(browse: Browser, open_village: Village) -> None:
    parcel = await consign(open_village.chen, state=GONE)
    chen = await browse(open_village.chen)
    sent = {"events": [{"waybill": parcel.waybill, "status": "returned", "at": "2026-01-02T10:00:00"}]}
    await chen.post("/api/v1/deliveries", json=sent)
    again = await chen.post("/api/v1/deliveries", json=sent)
    assert again.json()["results"][0]["reason"] == "repeat"
    (event,) = await sql.rows("SELECT at FROM delivery_event")
    # Without an offset it is the station's own time.
    assert sql.moment(event["at"]).isoformat() == "2026-01-02T02:00:00+00:00"


async def test_a_thousand_events_at_most(browse: Browser, open_village: Village) -> None:
    parcels = await consign_many(open_village.chen, 1000, state=GONE)
    at = clock.now().isoformat()
    events = [{"waybill": parcel.waybill, "status": "delivered", "at": at} for parcel in parcels]
    chen = await browse(open_village.chen)
    answer = await chen.post("/api/v1/deliveries", json={"events": events})
    assert {each["result"] for each in answer.json()["results"]} == {"accepted"}
    (row,) = await sql.rows("SELECT count(*) AS n FROM consignment WHERE state = 'delivered'")
    assert row["n"] == 1000
    too_many = await chen.post("/api/v1/deliveries", json={"events": [*events, events[0]]})
    assert (too_many.status_code, too_many.json()["code"]) == (422, "invalid")


async def test_strangers_and_the_county_are_kept_out(browse: Browser, open_village: Village) -> None:
    sent = {"events": [{"waybill": "1", "status": "lost", "at": "2026-01-02T10:00:00"}]}
    assert (await (await browse(None)).post("/api/v1/deliveries", json=sent)).status_code == 401
    zhao = await browse(open_village.zhao)
    assert (await zhao.post("/api/v1/deliveries", json=sent)).status_code == 403
    chen = await browse(open_village.chen)
    wrong = {"events": [{"waybill": "1", "status": "eaten", "at": "2026-01-02T10:00:00"}]}
    assert (await chen.post("/api/v1/deliveries", json=wrong)).status_code == 422
