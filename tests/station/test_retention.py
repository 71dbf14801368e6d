"""Erasing: long after the last parcel has left, nothing tells who it was for; the counts stay."""

from datetime import timedelta

import pytest

from couriers import consignment_list, consignments, manifests, packing
from couriers.packing import PackIn
from couriers.retention import erase_lines
from pickup.collection import HandOut, collect
from pickup.models import Collector
from pickup.retention import erase_collectors
from station import areas, audit, clock, order_book, orders, parcels, residents, verify
from station.db import sql
from station.residents import ResidentIn
from station.retention import erase_finished
from station.settings import Settings
from tests.couriers.test_packing import eggs_on_offer, ordered
from tests.village import Browser, Village

PHONE, NAME, PROXY = "13900000152", "瞿冬伢", "覃小波"
LATER = timedelta(days=400)
# Where people may stand; the code under test knows the columns, this test reads all of them.
TABLES = (
    *("recipient", "message", "manifest_line", "scan", "collection", "audit_line", "parcel", "manifest"),
    *("orders", "order_line", "consignment", "handover", "stock_move"),
)


async def everything() -> str:
    return str([await sql.rows(f"SELECT * FROM {table}") for table in TABLES])


async def erase(settings: Settings) -> None:
    for job in (erase_finished, erase_collectors, erase_lines):
        await job(settings)


@pytest.fixture
async def long_ago(village: Village) -> Village:
    """A parcel announced, checked in and collected by a neighbour, 400 days ago."""
    with clock.at(clock.now() - LATER):
        rows = [{"waybill": "YT4902191309648", "name": NAME, "phone": PHONE, "carrier": "圆通"}]
        await manifests.receive_rows(rows, "old", "YTO", by=village.liu)
        answer = await village.arrive("YT4902191309648", phone=PHONE, name=NAME)
        hand = HandOut(
            "c-1", (answer["parcel"]["id"],), collector=Collector.PROXY, name=PROXY, relation="neighbour"
        )
        await collect(hand, by=village.chen)
    return village


async def test_who_it_was_for_is_erased_and_that_it_was_stays(long_ago: Village, settings: Settings) -> None:
    before, days = await everything(), await sql.rows("SELECT * FROM day_stat")
    assert all(word in before for word in (PHONE, NAME, PROXY))
    await erase(settings)
    after = await everything()
    # The tail with its quotes: a moment's microseconds may have the same digits.
    for word in (PHONE, repr(PHONE[-4:]), NAME, PROXY, "neighbour", "qdy"):
        assert word not in after, word
    assert "YT4902191309648" in after
    assert await sql.rows("SELECT * FROM day_stat") == days
    told = [line.act for line in await audit.story(long_ago.id, "station", long_ago.id)]
    assert told[-3:] == ["people_erased", "collectors_erased", "lists_erased"]
    assert await verify.everything(areas.load()) == []


async def test_erasing_again_finds_nothing_and_writes_nothing(long_ago: Village, settings: Settings) -> None:
    await erase(settings)
    before = await everything()
    await erase(settings)
    assert await everything() == before


async def test_people_with_a_waiting_or_recent_parcel_are_kept(village: Village, settings: Settings) -> None:
    with clock.at(clock.now() - LATER):
        await village.arrive("YT4902191309648", phone="13900007396", name="向春兰")
        recent = await village.arrive("YT4902191309649", phone=PHONE, name=NAME)
    await collect(HandOut("c-1", (recent["parcel"]["id"],)), by=village.chen)
    await erase_finished(settings)
    people = await sql.rows("SELECT name FROM recipient ORDER BY name")
    assert {row["name"] for row in people} == {"向春兰", NAME}


async def test_many_people_are_erased_apart_from_each_other(village: Village, settings: Settings) -> None:
    with clock.at(clock.now() - LATER):
        for number in range(3):
            answer = await village.arrive(f"YT490219130964{number}", phone=f"1390000015{number}", name=NAME)
            await collect(HandOut(f"c-{number}", (answer["parcel"]["id"],)), by=village.chen)
    await erase_finished(settings)
    rows = await sql.rows("SELECT phone, tail, initials, phone_kind FROM recipient")
    assert rows == [{"phone": "", "tail": "", "initials": "", "phone_kind": "erased"}] * 3


async def test_an_erased_persons_parcel_can_still_be_looked_at(
    open_village: Village, browse: Browser, settings: Settings
) -> None:
    with clock.at(clock.now() - LATER):
        answer = await open_village.arrive("YT4902191309648", phone=PHONE, name=NAME)
        await collect(HandOut("c-1", (answer["parcel"]["id"],)), by=open_village.chen)
    await erase(settings)
    page = await (await browse(open_village.chen)).get(f"/parcels/{answer['parcel']['id']}")
    assert page.status_code == 200
    assert NAME not in page.text
    assert (await parcels.seen(open_village.id, answer["parcel"]["id"]))["phone"] == ""


async def test_buyers_and_receivers_are_erased_and_what_they_bought_stays(
    village: Village, settings: Settings
) -> None:
    with clock.at(clock.now() - LATER):
        listing = await eggs_on_offer(village)
        order_id = await ordered(village, listing)
        packed = await packing.pack(PackIn(order_id, 2150, "YTO", "YT9000000000011"), by=village.chen)
        await consignments.cancel(packed, "盒子破了", by=village.chen)
        await orders.cancel(order_id, "no", by=village.chen)
        waiting = await ordered(village, listing)
    assert "周晓梅" in await everything()
    await erase(settings)
    gone, kept = await order_book.one(village.id, order_id), await order_book.one(village.id, waiting)
    assert (gone["name"], gone["phone"], gone["tail"], gone["detail"]) == ("", "", "", "")
    assert (gone["goods_fen"], gone["province"]) == (4800, "湖南省")
    assert (kept["name"], kept["phone"]) == ("周晓梅", "13600002275")
    assert (await consignment_list.one(village.id, packed))["name"] == ""


async def test_who_is_registered_is_still_offered_years_later(village: Village, settings: Settings) -> None:
    with clock.at(clock.now() - LATER):
        await residents.keep(ResidentIn("郑秀英", ("13900000153",)), by=village.chen)
    await erase(settings)
    known = await sql.rows("SELECT name FROM recipient WHERE phone = '13900000153'")
    assert [row["name"] for row in known] == ["郑秀英"]
