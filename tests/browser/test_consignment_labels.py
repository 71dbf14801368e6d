"""Labels of parcels going out as they leave the printer: the right paper, bars that a scanner reads."""

import pypdfium2
import pytest

from couriers import packing
from couriers.packing import PackIn
from tests.browser.chromium import Visit
from tests.browser.test_printed_labels import CUT_OFF, POINTS_PER_MM, read_by_a_scanner
from tests.couriers.test_packing import eggs_on_offer, ordered
from tests.village import Village

WAYBILLS = {
    "YT9000000000011": "YTO",
    "9912345678901": "YZPY",
    "SF1234567890123": "SF",
    "773000000000001": "STO",
}


async def test_every_label_is_read_again(visit: Visit, open_village: Village) -> None:
    listing = await eggs_on_offer(open_village)
    for waybill, carrier in WAYBILLS.items():
        order_id = await ordered(open_village, listing)
        await packing.pack(PackIn(order_id, 2150, carrier, waybill), by=open_village.chen)
    page = await (await visit(open_village.chen)).new_page()
    await page.goto("/consignments/labels")
    assert await page.evaluate(CUT_OFF) == []
    printed = list(pypdfium2.PdfDocument(await page.pdf(prefer_css_page_size=True, print_background=True)))
    for sheet in printed:
        assert [side / POINTS_PER_MM for side in sheet.get_size()] == pytest.approx([76, 130], abs=0.3)
    assert [read_by_a_scanner(sheet) for sheet in printed] == [[waybill] for waybill in WAYBILLS]
