"""A check-in is taken back within minutes, as if the parcel had never come; that it happened stays on record."""

import pytest

from couriers import checkin, manifests, takeback
from couriers.checkin import Answer, ScanIn
from pickup.collection import HandOut, collect
from station import audit, clock
from station.db import sql
from station.errors import Refusal
from tests.village import Village, found_village

YTO, OTHER, GRANDMA = "YT4902191309648", "YT4168021422322", "13900007396"


@pytest.fixture
async def scanned(village: Village) -> Answer:
    await manifests.receive_rows([{"waybill": YTO, "phone": GRANDMA}], "today", "YTO", by=village.liu)
    return await checkin.check_in(ScanIn("wrong", YTO), by=village.chen)


async def one(query: str) -> dict[str, object]:
    (row,) = await sql.rows(query)
    return row


async def test_everything_the_scan_took_is_given_back(village: Village, scanned: Answer) -> None:
    parcel_id = await takeback.take_back("wrong", by=village.li)
    assert parcel_id == scanned["parcel"]["id"]
    assert (await one("SELECT state FROM parcel"))["state"] == "undone"
    assert await sql.rows("SELECT label FROM slot WHERE used <> 0") == []
    assert (await one("SELECT state FROM message"))["state"] == "withdrawn"
    assert (await one("SELECT parcel_id FROM manifest_line"))["parcel_id"] is None
    assert (await one("SELECT scanned FROM manifest"))["scanned"] == 0
    assert (await one("SELECT checked_in FROM day_stat"))["checked_in"] == 0
    story = await audit.story(village.id, "parcel", parcel_id)
    assert [(told.act, told.who) for told in story] == [("checked_in", "陈国"), ("checkin_undone", "李珍")]


async def test_the_parcel_can_be_scanned_again_and_gets_another_code(
    village: Village, scanned: Answer
) -> None:
    await takeback.take_back("wrong", by=village.chen)
    again = await checkin.check_in(ScanIn("right", YTO), by=village.chen)
    assert (again["status"], again["parcel"]["announced"]) == ("ok", True)
    assert again["parcel"]["code"] != scanned["parcel"]["code"]
    assert (await one("SELECT scanned FROM manifest"))["scanned"] == 1


async def test_other_parcels_stay_in_the_message(village: Village, scanned: Answer) -> None:
    stays = await village.arrive(OTHER, GRANDMA)
    await takeback.take_back("wrong", by=village.chen)
    message = await one("SELECT state, text FROM message")
    assert message["state"] == "queued"
    assert stays["parcel"]["code"] in str(message["text"])
    assert scanned["parcel"]["code"] not in str(message["text"])


async def refused(village: Village, scan_id: str = "wrong") -> str:
    with pytest.raises(Refusal) as refusal:
        await takeback.take_back(scan_id, by=village.chen)
    return refusal.value.code


async def test_it_cannot_be_taken_back_twice(village: Village, scanned: Answer) -> None:
    await takeback.take_back("wrong", by=village.chen)
    assert await refused(village) == "not_waiting"
    assert await sql.rows("SELECT label FROM slot WHERE used <> 0") == []


async def test_after_ten_minutes_it_is_too_late(village: Village, scanned: Answer) -> None:
    with clock.later(minutes=10, seconds=1):
        assert await refused(village) == "takeback_late"
    assert (await one("SELECT state FROM parcel"))["state"] == "waiting"


async def test_a_collected_parcel_is_not_taken_back(village: Village, scanned: Answer) -> None:
    await collect(HandOut("c", (scanned["parcel"]["id"],)), by=village.chen)
    assert await refused(village) == "not_waiting"


async def test_the_second_scan_of_a_parcel_took_nothing_in(village: Village, scanned: Answer) -> None:
    await checkin.check_in(ScanIn("again", YTO), by=village.chen)
    assert await refused(village, "again") == "no_scan"


async def test_another_stations_scan_is_not_known(village: Village, scanned: Answer) -> None:
    assert await refused(await found_village("other", "他村驿站")) == "no_scan"
