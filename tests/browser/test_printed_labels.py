"""Labels as they leave the printer: the right paper, and bars that a scanner reads at 203 dots per inch."""

import pypdfium2
import pytest
import zxingcpp

from station import labels, racks
from station.db import act, sql
from station.racks import Layout
from tests.browser.chromium import Visit
from tests.village import Village

POINTS_PER_MM = 72 / 25.4
DPI = 203


def read_by_a_scanner(page: pypdfium2.PdfPage) -> list[str]:
    """What stands in the barcodes of a printed page. A thermal printer knows black and white only."""
    bitmap = page.render(scale=DPI / 72, grayscale=True, no_smoothtext=True, no_smoothpath=True)
    dots = bytes(0 if grey < 128 else 255 for grey in bytes(bitmap.buffer))
    picture = memoryview(dots).cast("B", (bitmap.height, bitmap.stride))
    return [found.text for found in zxingcpp.read_barcodes(picture)]


async def printed(visit: Visit, village: Village, path: str) -> list[pypdfium2.PdfPage]:
    """The pages that the browser would send to the printer, each of them 60 × 40 mm."""
    page = await (await visit(village.chen)).new_page()
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == 200
    pages = list(pypdfium2.PdfDocument(await page.pdf(prefer_css_page_size=True, print_background=True)))
    for sheet in pages:
        assert [side / POINTS_PER_MM for side in sheet.get_size()] == pytest.approx([60, 40], abs=0.3)
    return pages


async def test_every_slot_label_of_a_shelf_is_read(visit: Visit, open_village: Village) -> None:
    await racks.lay_out(Layout(number=12, layers=2, bays=2, capacity=4), by=open_village.wang)
    pages = await printed(visit, open_village, "/labels/slots?shelf=12")
    places = [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert [read_by_a_scanner(page) for page in pages] == [[labels.slot_code(12, *place)] for place in places]


async def test_every_sticker_is_read_however_much_stands_on_it(visit: Visit, open_village: Village) -> None:
    plain = await open_village.arrive("YT7428817430166")
    crowded = await open_village.arrive(
        "YT7428817430177", name="欧阳春花", flags=("fresh", "fragile", "valuable"), size="large"
    )
    ids = [crowded["parcel"]["id"], plain["parcel"]["id"]]
    path = "/labels/stickers?" + "&".join(f"parcel={number}" for number in ids)
    pages = await printed(visit, open_village, path)
    assert [read_by_a_scanner(page) for page in pages] == [[labels.sticker_code(number)] for number in ids]


# What is wider or higher than its place on the label would be cut off by the printer.
CUT_OFF = """() => [...document.querySelectorAll('.sheet, .sheet .hd, .sheet .spot, .sheet .to')]
    .filter(part => part.scrollWidth > part.clientWidth + 1
        || part.matches('.sheet') && part.scrollHeight > part.clientHeight + 1)
    .map(part => `${part.className}: ${part.innerText}`)"""


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
async def test_nothing_on_the_widest_labels_is_cut_off(
    visit: Visit, open_village: Village, lang: str
) -> None:
    await racks.lay_out(Layout(number=88, layers=8, bays=40, capacity=4), by=open_village.wang)
    page = await (await visit(open_village.chen, lang=lang)).new_page()
    await page.goto("/labels/slots?slot=88-8-40&slot=88-8-4&slot=3-2-5&slot=0-1")
    assert await page.evaluate(CUT_OFF) == []
    crowded = await open_village.arrive(
        "YT7428817430177", name="欧阳春花", flags=("fresh", "fragile", "valuable"), size="large"
    )
    for amount in (None, 9_999_99):
        await write_amount(crowded["parcel"]["id"], amount)
        await page.goto(f"/labels/stickers?parcel={crowded['parcel']['id']}")
        assert await page.evaluate(CUT_OFF) == []


@act
async def write_amount(parcel_id: int, fen: int | None) -> None:
    await sql.execute(
        "UPDATE parcel SET collect_fen = ?, slot_id = (SELECT id FROM slot WHERE label = '88-8-40')"
        " WHERE id = ?",
        fen,
        parcel_id,
    )
