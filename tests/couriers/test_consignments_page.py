"""Parcels sent: listed and found, told with their looks, masked; a receipt; called back with a reason."""

from dataclasses import replace

import httpx2
import pytest

from couriers import consignment_list, consignments
from couriers.acceptance import Sender
from station import residents
from station.db import sql
from station.residents import ResidentIn
from tests.couriers.outgoing import consign_many
from tests.couriers.test_consignments import PARCEL, with_prices
from tests.village import Browser, Village, found_village


@pytest.fixture
async def desk(open_village: Village) -> Village:
    return await with_prices(open_village)


async def reader(browse: Browser, who: object) -> httpx2.AsyncClient:
    client = await browse(who)  # type: ignore[arg-type]
    client.headers["accept-language"] = "en"
    client.cookies.set("lang", "en")
    return client


async def test_a_parcel_tells_its_looks_its_freight_and_its_story_masked(
    browse: Browser, desk: Village
) -> None:
    sent = (await consignments.accept(PARCEL, by=desk.chen)).id
    page = (await (await reader(browse, desk.chen)).get(f"/consignments/{sent}")).text
    assert "周*梅" in page
    assert "郑*英" in page
    assert "identity card" in page
    assert "陈*" in page
    assert "Taken in for 中通" in page
    assert "Something else" not in page
    for whole in ("周晓梅", "13600002275", "13900000152", "3栋502"):
        assert whole not in page


async def test_parcels_are_found_by_number_waybill_and_phone(browse: Browser, desk: Village) -> None:
    sent = await consignments.accept(PARCEL, by=desk.chen)
    client = await reader(browse, desk.zhao)
    for asked in (sent.number, "0011", "2275", PARCEL.waybill):
        page = (await client.get("/consignments", params={"q": asked})).text
        assert f'href="/consignments/{sent.id}"' in page
    for query in ({"q": "9999"}, {"show": "way"}, {"q": "%"}):
        page = (await client.get("/consignments", params=query)).text
        assert f'href="/consignments/{sent.id}"' not in page


async def test_parcels_are_found_by_names_and_by_the_initials_of_a_sender(
    browse: Browser, desk: Village
) -> None:
    person = await residents.keep(ResidentIn("郑秀英", ("13900000152",)), by=desk.wang)
    known = await consignments.accept(
        replace(PARCEL, sender=replace(PARCEL.sender, resident_id=person)), by=desk.chen
    )
    stranger = replace(
        PARCEL, scan_id="send-2", waybill="73120000000012", sender=Sender("李四", "13900000153")
    )
    other = await consignments.accept(stranger, by=desk.chen)
    client = await reader(browse, desk.chen)
    for asked, found in (
        ("zxy", {known.id}),
        ("秀英", {known.id}),
        ("周", {known.id, other.id}),
        ("zz", set()),
    ):
        page = (await client.get("/consignments", params={"q": asked})).text
        assert {sent.id for sent in (known, other) if f'href="/consignments/{sent.id}"' in page} == found


async def test_long_lists_have_pages(browse: Browser, desk: Village) -> None:
    rows = await consign_many(desk.chen, consignment_list.PAGE + 1)
    client = await reader(browse, desk.chen)
    first = (await client.get("/consignments")).text
    second = (await client.get("/consignments?show=here&page=2")).text
    assert 'rel="next"' in first
    assert f'href="/consignments/{rows[0].id}"' not in first
    assert 'rel="next"' not in second
    assert f'href="/consignments/{rows[0].id}"' in second


async def test_calling_back_wants_a_reason_and_happens_once(browse: Browser, desk: Village) -> None:
    sent = (await consignments.accept(PARCEL, by=desk.chen)).id
    client = await reader(browse, desk.chen)
    assert (await client.post(f"/consignments/{sent}/cancellations", data={"reason": " "})).status_code == 422
    assert (await consignment_list.one(desk.id, sent))["state"] == "accepted"
    done = await client.post(f"/consignments/{sent}/cancellations", data={"reason": "寄件人改主意"})
    assert done.status_code == 303
    page = (await client.get(f"/consignments/{sent}")).text
    assert "Called back: 寄件人改主意" in page
    assert "cancellations" not in page
    again = await client.post(f"/consignments/{sent}/cancellations", data={"reason": "again"})
    assert again.status_code == 409
    lines = await sql.rows("SELECT id FROM audit_line WHERE act = 'consignment_cancelled'")
    assert len(lines) == 1


async def test_the_receipt_says_what_was_paid_who_looked_and_where_to_ring(
    browse: Browser, desk: Village
) -> None:
    sent = (await consignments.accept(PARCEL, by=desk.chen)).id
    row = await consignment_list.one(desk.id, sent)
    client = await reader(browse, desk.chen)
    page = (await client.get(f"/consignments/{sent}/receipt")).text
    assert f"¥{row['freight_fen'] / 100:.2f}" in page
    assert "陈*" in page
    assert "0730-5550123" in page
    assert "95311" in page
    assert PARCEL.waybill in page
    assert "周晓梅" not in page
    assert "13600002275" not in page
    await consignments.cancel(sent, "误收", by=desk.chen)
    assert (await client.get(f"/consignments/{sent}/receipt")).status_code == 409


async def test_a_parcel_of_another_station_does_not_exist_here(browse: Browser, desk: Village) -> None:
    there = await with_prices(await found_village("xinhe", "新河驿站"))
    theirs = (await consignments.accept(PARCEL, by=there.chen)).id
    client = await reader(browse, desk.chen)
    for path in (f"/consignments/{theirs}", f"/consignments/{theirs}/receipt", f"/send?booked={theirs}"):
        assert (await client.get(path)).status_code == 404
    gone = await client.post(f"/consignments/{theirs}/cancellations", data={"reason": "x"})
    assert gone.status_code == 404
    assert (await consignment_list.one(there.id, theirs))["state"] == "accepted"


async def test_the_county_officer_reads_and_does_nothing(browse: Browser, desk: Village) -> None:
    sent = (await consignments.accept(PARCEL, by=desk.chen)).id
    client = await reader(browse, desk.zhao)
    page = (await client.get(f"/consignments/{sent}")).text
    assert "cancellations" not in page
    assert "/label" not in page
    refused = await client.post(f"/consignments/{sent}/cancellations", data={"reason": "x"})
    assert refused.status_code in (403, 404)
