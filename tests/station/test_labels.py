"""What the label printer gets: numbers, bars, and sheets that tell no secret."""

import re
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from station import labels
from station.db import act, sql
from station.racks import MAX_BAYS, MAX_LAYERS, MAX_NUMBER
from tests.village import Browser, Village, found_village

# --- The numbers ---


def test_a_slots_number_is_its_label_and_a_check_digit() -> None:
    assert labels.slot_code(3, 2, 5) == "01032059"
    assert labels.slot_code(12, 1, 0).startswith("0112100")


@given(st.integers(1, MAX_NUMBER), st.integers(1, MAX_LAYERS), st.integers(0, MAX_BAYS))
def test_every_slots_number_leads_back_to_its_label(shelf: int, layer: int, bay: int) -> None:
    code = labels.slot_code(shelf, layer, bay)
    assert len(code) == 8
    assert labels.read_slot_code(code) == (f"{shelf}-{layer}-{bay}" if bay else f"{shelf}-{layer}")
    assert labels.read_sticker_code(code) is None


@given(st.integers(0, 7), st.integers(1, 9))
def test_a_wrong_digit_in_a_slots_number_finds_no_slot(place: int, more: int) -> None:
    code = labels.slot_code(3, 2, 5)
    wrong = code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]
    assert labels.read_slot_code(wrong) is None


@given(st.integers(1, 2**31 - 1))
def test_a_stickers_number_holds_the_end_of_the_parcels_id(parcel_id: int) -> None:
    code = labels.sticker_code(parcel_id)
    assert len(code) == 8
    assert labels.read_sticker_code(code) == parcel_id % labels.STICKERS
    assert labels.read_slot_code(code) is None


@pytest.mark.parametrize("text", ["", "2", "2123456", "212345678", "2123456x", "3-2-5", "48215"])
def test_another_number_is_no_sticker(text: str) -> None:
    assert labels.read_sticker_code(text) is None


# --- The bars ---


@given(st.from_regex(r"[0-9]{8}|[A-Z]{2}[0-9]{5,13}|99[0-9]{1,13}|[A-Z0-9]{8,20}", fullmatch=True))
def test_bars_are_read_again(text: str) -> None:
    (found,) = zxingcpp.read_barcodes(drawn(labels.bars(text)))
    assert (found.text, found.format) == (text, zxingcpp.BarcodeFormat.Code128)


@pytest.mark.parametrize("text", ["9912345678901", "99", "991", "99123", "9999999999", "99A1234567"])
def test_a_number_that_begins_with_99_keeps_its_first_digits(text: str) -> None:
    (found,) = zxingcpp.read_barcodes(drawn(labels.bars(text)))
    assert found.text == text


def drawn(bars: labels.Bars, dots: int = 3) -> memoryview:
    """The path as a picture of grey values, `dots` pixels for each module."""
    line = bytearray(b"\xff" * bars.modules * dots)
    for x, width in re.findall(r"M(\d+) 0h(\d+)v10h-\2z", bars.path):
        line[int(x) * dots : (int(x) + int(width)) * dots] = bytes(int(width) * dots)
    return memoryview(bytes(line) * 60).cast("B", (60, len(line)))


def test_bars_are_wide_enough_for_a_203_dpi_printer_and_fit_a_60_mm_label() -> None:
    assert labels.MODULE_MM >= 0.4
    assert labels.bars("01032059").width_mm <= 55


# --- The sheets ---


async def sticker_of(browse: Browser, village: Village) -> tuple[dict[str, Any], str]:
    """A parcel just checked in, and the page of its sticker."""
    answer = await village.arrive("YT7428817430166", name="张小梅")
    page = await (await browse(village.chen)).get(f"/labels/stickers?parcel={answer['parcel']['id']}")
    assert page.status_code == 200
    return answer["parcel"], page.text


async def test_a_sticker_shows_place_carrier_and_masked_recipient(
    browse: Browser, open_village: Village
) -> None:
    parcel, sheet = await sticker_of(browse, open_village)
    for shown in (">1-1-1<", "圆通 0166", "张*梅", "*******0152", labels.sticker_code(parcel["id"])):
        assert shown in sheet


async def test_a_sticker_tells_neither_pickup_code_nor_phone_nor_waybill_nor_name(
    browse: Browser, open_village: Village
) -> None:
    parcel, sheet = await sticker_of(browse, open_village)
    for secret in (parcel["code"], "13900000152", "00000152", "7428817430166", "张小梅"):
        assert secret not in sheet


@pytest.mark.parametrize(("fen", "words"), [(1250, "12.50"), (None, "Amount?"), (0, None)])
async def test_a_sticker_says_what_is_to_be_paid(
    browse: Browser, open_village: Village, fen: int | None, words: str | None
) -> None:
    parcel, _ = await sticker_of(browse, open_village)

    @act
    async def write_down() -> None:
        await sql.execute("UPDATE parcel SET collect_fen = ? WHERE id = ?", fen, parcel["id"])

    await write_down()
    chen = await browse(open_village.chen)
    chen.cookies.set("lang", "en")
    sheet = (await chen.get(f"/labels/stickers?parcel={parcel['id']}")).text
    assert ("<li>" in sheet) == (words is not None)
    assert words is None or words in sheet


async def test_sheets_have_no_inline_style_or_script(browse: Browser, open_village: Village) -> None:
    _, sheet = await sticker_of(browse, open_village)
    slots = (await (await browse(open_village.wang)).get("/labels/slots?shelf=1")).text
    assert slots.count("<article") == 24
    for text in (sheet, slots):
        assert "style=" not in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/labels/stickers",
        "/labels/stickers?parcel=999999",
        "/labels/stickers?parcel=x",
        "/labels/stickers?parcel=99999999999999999999",
        "/labels/slots?shelf=77",
        "/labels/slots?shelf=x",
        "/labels/slots?slot=9-9-9",
    ],
)
async def test_what_is_not_there_cannot_be_printed(browse: Browser, open_village: Village, path: str) -> None:
    assert (await (await browse(open_village.chen)).get(path)).status_code == 404


async def test_another_village_gets_no_sticker_of_our_parcel(browse: Browser, open_village: Village) -> None:
    parcel, _ = await sticker_of(browse, open_village)
    stranger = await found_village("other", "别处驿站")
    page = await (await browse(stranger.chen)).get(f"/labels/stickers?parcel={parcel['id']}")
    assert page.status_code == 404


async def test_the_list_of_labels_leads_to_every_shelf(browse: Browser, open_village: Village) -> None:
    page = (await (await browse(open_village.chen)).get("/labels")).text
    assert [f"/labels/slots?shelf={number}" in page for number in (0, 1, 2, 3)] == [False, True, True, True]
