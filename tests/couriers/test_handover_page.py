"""Handover in the browser: fragments for the scan box, the signature, the sheet, and what Today says."""

import re
from datetime import UTC, datetime

import pytest

from couriers import handover, vans
from couriers.models import ConsignmentState
from couriers.pages import handovers
from station import clock, i18n
from station.db import sql
from tests.couriers.outgoing import STROKES, consign, consign_many, state_of
from tests.village import Browser, Village

FRAGMENT = {"hx-request": "true"}
# 16:15 in the village.
AFTERNOON = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)


def state(html: str) -> str:
    found = re.search(r'id="answer"[^>]*data-state="(\w*)"', html)
    assert found
    return found.group(1)


async def open_trip(village: Village, *codes: str) -> int:
    van = await vans.put("县共配车", codes, "17:00", by=village.wang)
    return await handover.open_(van, by=village.chen)


async def test_a_volunteer_opens_a_handover_and_scans(browse: Browser, open_village: Village) -> None:
    parcel, _ = await consign_many(open_village.chen, 2)
    van = await vans.put("县共配车", (), "17:00", by=open_village.wang)
    chen = await browse(open_village.chen)
    assert "17:00" in (await chen.get("/handovers")).text
    opened = await chen.post("/handovers", data={"van": van})
    assert opened.status_code == 303
    where = opened.headers["location"]
    page = await chen.post(
        f"{where}/items", data={"scanned": parcel.waybill, "scan_id": "a"}, headers=FRAGMENT
    )
    assert (page.status_code, state(page.text)) == (200, "ok")
    assert "<html" not in page.text
    assert re.findall(r'<\w+ id="(\w+)"', page.text) == ["answer", "side"]
    assert "1 / 2" in page.text
    whole = await chen.post(f"{where}/items", data={"scanned": parcel.waybill})
    assert "<html" in whole.text
    assert state(whole.text) == "again"
    item = re.search(r'name="item" value="(\d+)"', whole.text)
    assert item
    off = await chen.post(f"{where}/removals", data={"item": item.group(1)}, headers=FRAGMENT)
    assert (off.status_code, state(off.text)) == (200, "")
    assert "0 / 2" in off.text


@pytest.mark.parametrize(
    ("carrier", "parcel_state", "shown", "status"),
    [
        ("YTO", ConsignmentState.ACCEPTED, "refuse", 409),
        ("ZTO", ConsignmentState.BOOKED, "ask", 409),
        ("ZTO", ConsignmentState.HANDED_OVER, "refuse", 409),
        ("ZTO", ConsignmentState.CANCELLED, "refuse", 409),
    ],
)
async def test_each_mistake_has_its_own_state(
    browse: Browser,
    open_village: Village,
    carrier: str,
    parcel_state: ConsignmentState,
    shown: str,
    status: int,
) -> None:
    parcel = await consign(open_village.chen, carrier, state=parcel_state)
    trip = await open_trip(open_village, "ZTO")
    chen = await browse(open_village.chen)
    page = await chen.post(f"/handovers/{trip}/items", data={"scanned": parcel.waybill}, headers=FRAGMENT)
    assert (page.status_code, state(page.text)) == (status, shown)
    assert parcel.waybill[-4:] in page.text


async def test_a_number_nobody_knows_is_asked_about(browse: Browser, open_village: Village) -> None:
    trip = await open_trip(open_village)
    chen = await browse(open_village.chen)
    page = await chen.post(f"/handovers/{trip}/items", data={"scanned": "773199999999999"}, headers=FRAGMENT)
    assert (page.status_code, state(page.text)) == (404, "ask")


async def test_the_driver_signs_on_screen(browse: Browser, open_village: Village) -> None:
    parcel, left = await consign_many(open_village.chen, 2)
    trip = await open_trip(open_village)
    await handover.scan(trip, parcel.waybill, by=open_village.chen)
    chen = await browse(open_village.chen)
    signing = await chen.get(f"/handovers/{trip}/signatures")
    assert left.waybill[-6:] in signing.text
    unsigned = await chen.post(f"/handovers/{trip}/signatures", data={"name": "孙师傅"})
    assert unsigned.status_code == 422
    assert 'value="孙师傅"' in unsigned.text
    assert await state_of(parcel) == "accepted"
    sent = {"name": "孙师傅", "signature": STROKES, "how": "screen"}
    signed = await chen.post(f"/handovers/{trip}/signatures", data=sent)
    assert (signed.status_code, signed.headers["location"]) == (303, f"/handovers/{trip}")
    assert await state_of(parcel) == "handed_over"
    shown = await chen.get(f"/handovers/{trip}")
    assert "孙师傅" in shown.text
    assert left.waybill[-6:] in shown.text
    assert "data-scan" not in shown.text
    sheet = await chen.get(f"/handovers/{trip}/sheet")
    assert f'd="{STROKES}"' in sheet.text
    assert (await chen.get(f"/handovers/{trip}/signatures")).status_code == 303


async def test_the_sheet_has_whole_waybills_weights_and_three_places_to_sign(
    browse: Browser, open_village: Village
) -> None:
    parcels = await consign_many(open_village.chen, 3, weight_g=1500)
    trip = await open_trip(open_village)
    for parcel in parcels:
        await handover.scan(trip, parcel.waybill, by=open_village.chen)
    sheet = (await (await browse(open_village.chen)).get(f"/handovers/{trip}/sheet")).text
    assert sheet.count("1.50") == 3
    assert "4.50" in sheet
    for parcel in parcels:
        assert parcel.waybill in sheet.replace(" ", "")
    signs = sheet[sheet.index('class="sign"') :]
    assert signs[: signs.index("</article>")].count("<div") == 3


async def test_paper_is_signed_without_strokes_and_taken_back_with_a_reason(
    browse: Browser, open_village: Village
) -> None:
    parcel = await consign(open_village.chen)
    trip = await open_trip(open_village)
    await handover.scan(trip, parcel.waybill, by=open_village.chen)
    chen = await browse(open_village.chen)
    await chen.post(f"/handovers/{trip}/signatures", data={"name": "孙师傅", "how": "paper"})
    assert await state_of(parcel) == "handed_over"
    back = await chen.post(f"/handovers/{trip}/undos", data={"reason": "wrong van"})
    assert back.status_code == 303
    assert await state_of(parcel) == "accepted"
    (item,) = await sql.rows("SELECT undo_reason FROM handover_item")
    assert item["undo_reason"] == "wrong van"
    assert (await chen.get(f"/handovers/{trip}")).status_code == 200


async def test_the_county_looks_and_changes_nothing(browse: Browser, open_village: Village) -> None:
    parcel = await consign(open_village.chen)
    trip = await open_trip(open_village)
    zhao = await browse(open_village.zhao)
    page = await zhao.get(f"/handovers/{trip}")
    assert page.status_code == 200
    assert "<form" not in page.text[page.text.index('<main id="main">') : page.text.index("</main>")]
    refused = await zhao.post(f"/handovers/{trip}/items", data={"scanned": parcel.waybill})
    assert refused.status_code == 403
    assert (await zhao.get("/handovers")).status_code == 200


async def test_today_tells_how_long_the_van_still_waits(village: Village) -> None:
    await consign_many(village.chen, 3, "ZTO")
    await consign(village.chen, "YTO")
    await vans.put("县共配车", ("ZTO",), "17:00", by=village.wang)
    with clock.at(AFTERNOON), i18n.speaking("en"):
        van, stray, claims = await handovers.figures(village.id)
    assert (van.number, van.sentence, van.urgent) == (3, "parcels for the 17:00 van", True)
    assert van.detail.startswith("45 min left")
    assert (stray.number, stray.detail, claims.number) == (1, "圆通", 0)
    with clock.at(AFTERNOON.replace(hour=3)):
        assert not (await handovers.figures(village.id))[0].urgent


@pytest.mark.parametrize(("hour", "said"), [(8, "The van leaves at 17:00"), (11, "van at 17:00")])
async def test_the_packing_table_says_when_the_van_is_tomorrows(
    browse: Browser, open_village: Village, hour: int, said: str
) -> None:
    await vans.put("县共配车", (), "17:00", by=open_village.wang)
    with clock.at(AFTERNOON.replace(hour=hour)):
        chen = await browse(open_village.chen)
        page = (await chen.get("/packing", headers={"accept-language": "en"})).text
    assert said in page
    assert ("Tomorrow" in page) == (hour == 11)
