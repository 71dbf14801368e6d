"""Labels of parcels going out: who may print them, and what they do not tell."""

import pytest

from couriers import consignments, packing
from couriers.packing import PackIn
from station.names import masked_room
from tests.couriers.test_packing import eggs_on_offer, ordered
from tests.village import Browser, Village


@pytest.mark.parametrize(
    ("detail", "printed"),
    [
        ("枫林路18号3栋502", "枫林路18号3栋**"),
        ("枫林路18号3栋502室", "枫林路18号3栋**室"),
        ("听雨街2单元1401室", "听雨街2单元**室"),
        ("五组12号", "五组12号"),
        ("", ""),
    ],
)
def test_the_number_of_the_home_is_not_printed(detail: str, printed: str) -> None:
    assert masked_room(detail) == printed


async def test_a_label_tells_the_way_and_hides_the_person(browse: Browser, open_village: Village) -> None:
    order_id = await ordered(open_village, await eggs_on_offer(open_village))
    packed = await packing.pack(PackIn(order_id, 2150, "YZPY", "9912345678901"), by=open_village.chen)
    chen = await browse(open_village.chen)
    page = await chen.get(f"/consignments/{packed}/label")
    assert page.status_code == 200
    for shown in ("9912345678901", "湖南省", "桔子洲街道", "2.15 公斤", "土鸡蛋 30 枚"):
        assert shown in page.text
    for hidden in ("周晓梅", "13600002275", "3600002275", "3栋502"):
        assert hidden not in page.text
    assert "2275" in page.text


async def test_all_that_are_here_are_printed_in_one_document(browse: Browser, open_village: Village) -> None:
    listing = await eggs_on_offer(open_village)
    ids = []
    for number in range(3):
        order_id = await ordered(open_village, listing)
        ids.append(
            await packing.pack(PackIn(order_id, 2150, "YTO", f"YT900000000001{number}"), by=open_village.chen)
        )
    await consignments.cancel(ids[0], "破了", by=open_village.chen)
    chen = await browse(open_village.chen)
    assert (await chen.get("/consignments/labels")).text.count('class="sheet waybill"') == 2
    chosen = (await chen.get(f"/consignments/labels?ids={ids[2]},{ids[0]},99,x")).text
    assert chosen.count('class="sheet waybill"') == 1
    assert (await chen.get("/consignments/labels?ids=99")).status_code == 404
    assert (await (await browse(open_village.zhao)).get("/consignments/labels")).status_code == 403
