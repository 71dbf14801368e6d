"""What is no manifest, by accident or on purpose, is refused soon and harms nobody."""

import io
import time
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from couriers.manifest_files import read
from station.tables.workbook_bounds import TooLarge, check_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_column(0, 0, ["运单号", "YT4902191309648"])
    return file.getvalue()


def error_of(data: bytes) -> str | None:
    return read(data, "list.xls", "YTO").file_error


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06\0\0\0" + bytes(range(256)) * 8,
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 8,
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        OLE + bytes(4096),
        zipped(letter__document_xml=b"<w/>"),
        workbook()[:-200],
        workbook()[:300],
    ],
    ids=["png", "jpeg", "pdf", "broken-xls", "other-zip", "cut-xlsx", "stump"],
)
def test_what_is_no_table_is_unreadable(data: bytes) -> None:
    assert error_of(data) == "unreadable_file"


def test_a_cell_of_more_than_16_mb_is_no_list() -> None:
    assert error_of("运单号\n".encode() + b"x" * ((16 << 20) + 1)) == "unreadable_file"


@pytest.mark.parametrize("data", [b"", b"\n\n", b",,,\n,,\n", b"\xef\xbb\xbf", "　 \n".encode()])
def test_a_file_without_any_text_is_empty(data: bytes) -> None:
    assert error_of(data) == "empty_file"


def test_a_header_alone_is_a_list_of_no_parcels() -> None:
    manifest = read("运单号,收件人\n".encode(), "list.csv", "YTO")
    assert (manifest.file_error, manifest.counts["accepted"]) == (None, 0)


def assert_too_large(data: bytes) -> None:
    with pytest.raises(TooLarge):
        check_zip(data)
    assert error_of(data) == "unreadable_file"


def test_a_zip_that_inflates_without_end_is_not_inflated() -> None:
    bomb = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=bytes(200 << 20))
    assert len(bomb) < 1 << 20
    assert_too_large(bomb)


def test_a_size_stated_falsely_does_not_help_the_bomb() -> None:
    bomb = bytearray(zipped(xl__workbook_xml=b"<workbook/>", xl__sharedStrings_xml=bytes(200 << 20)))
    for place in range(len(bomb) - 4):
        if bomb[place : place + 4] == (200 << 20).to_bytes(4, "little"):
            bomb[place : place + 4] = (100).to_bytes(4, "little")
    assert_too_large(bytes(bomb))


def test_one_cell_at_the_far_corner_does_not_allocate_the_sheet() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "运单号")
        sheet.write(1_048_575, 16_383, "x")
    assert_too_large(file.getvalue())


def test_one_long_text_shown_in_every_cell_is_not_multiplied() -> None:
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(1, 100_000))
    shared = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    data = zipped(
        xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=cells, xl__sharedStrings_xml=shared
    )
    assert_too_large(data)


def test_repeated_cells_of_an_ods_are_counted_as_often_as_they_repeat() -> None:
    row = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="9">x'
    assert_too_large(zipped(content_xml=row))


def test_spans_of_html_do_not_multiply_without_end() -> None:
    cell = "<td colspan=1000 rowspan=65534>"
    assert error_of(f"<table>{('<tr>' + cell) * 5000}".encode()) == "unreadable_file"


@pytest.mark.parametrize("broken", ['<a "', "<!--", "<!", "</", "&", "<td ", "<td rowspan=9>"])
def test_broken_html_is_read_once_and_not_again_and_again(broken: str) -> None:
    started = time.process_time()
    error_of(f"<table>{broken * 20_000}".encode())
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "cell", ["x" + "'" * 300_000 + "x", "1" + ".0" * 100_000, "1/" * 100_000, "(" * 200_000]
)
def test_an_endless_cell_does_not_hold_up_the_list(cell: str) -> None:
    started = time.process_time()
    for columns in (
        "运单号,手机,代收\n{},1,1\n",
        "运单号,手机,代收\nYT4902191309648,{},1\n",
        "运单号,手机,代收\nx,,{}\n",
    ):
        read(columns.format(cell).encode(), "list.csv", None)
    assert time.process_time() - started < 5


@given(st.binary(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_reading_any_bytes_never_fails(data: bytes) -> None:
    read(data, "list.xls", "YTO").as_dict()


CELL = st.text(alphabet=st.characters(exclude_characters="<>&", exclude_categories=["Cc", "Cs"]), max_size=20)


@given(st.lists(st.lists(CELL, max_size=6), max_size=8))
@settings(max_examples=60, deadline=None)
def test_every_row_of_a_table_is_accounted_for(cells: list[list[str]]) -> None:
    rows = [["运单号", "姓名"], *cells]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    manifest = read(f"<table>{table}</table>".encode("utf-8", "replace"), "list.xls", None)
    groups = (manifest.accepted, manifest.rejected, manifest.skipped)
    assert sorted(row.row for group in groups for row in group) == list(range(1, len(rows) + 1))
