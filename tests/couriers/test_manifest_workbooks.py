"""Workbooks and HTML tables: merged cells, sheets, numbers stored as numbers."""

import io
from collections.abc import Callable

import pytest
import xlsxwriter

from couriers.manifest_files import ParsedManifest, read

YTO, YTO2, YTO3 = "YT4902191309648", "YT4902191309649", "YT4902191309650"


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        fill(book)
    return file.getvalue()


def html(table: str, encoding: str = "utf-8") -> ParsedManifest:
    return read(f"<html><body>{table}</body></html>".encode(encoding), "list.xls", "YTO")


def test_a_courier_and_a_carrier_merged_downwards_are_meant_for_each_row() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["快递公司", "运单号", "派件员", "代收"])
        for row in range(1, 4):
            sheet.write(row, 1, 438732394666808 + row)
        sheet.merge_range(1, 0, 2, 0, "申通")
        sheet.merge_range(1, 2, 3, 2, "王五")
        sheet.merge_range(1, 3, 3, 3, 35)

    rows = read(workbook(fill), "list.xlsx", None).accepted
    assert [row.carrier for row in rows] == ["STO", "STO", None]
    assert [row.staff for row in rows] == ["王五"] * 3
    # An amount merged over three parcels is paid once.
    assert [row.cod_cents for row in rows] == [3500, 0, 0]


def test_the_sheet_with_the_parcels_is_found_behind_others() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("说明").write(0, 0, "请勿修改表头")
        book.add_worksheet("模板").write_row(0, 0, ["运单号", "收件人"])
        sheet = book.add_worksheet("到件")
        sheet.write_row(3, 2, ["运单号", "收件人"])
        sheet.write_row(4, 2, [YTO, "瞿冬伢"])

    manifest = read(workbook(fill), "list.xlsx", "YTO")
    assert (manifest.header_row, manifest.accepted[0].row) == (4, 5)


def test_a_numeric_cell_beyond_fifteen_digits_is_not_trusted() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().write_column(0, 0, ["运单号", 772863064707593, 887940340842475230])

    manifest = read(workbook(fill), "list.xlsx", None)
    assert [row.waybill for row in manifest.accepted] == ["772863064707593"]
    assert [row.as_dict() for row in manifest.rejected] == [{"row": 3, "reason": "waybill_precision_lost"}]


def test_the_result_of_a_formula_is_an_amount() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["运单号", "代收货款"])
        sheet.write_row(1, 0, [YTO, 0.1 + 0.2])

    assert read(workbook(fill), "list.xlsx", None).accepted[0].cod_cents == 30


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_html_table_is_read_with_its_tags_entities_and_spans(encoding: str) -> None:
    manifest = html(
        "<!-- <table> --><table><tr><td>页眉<table>"
        "<tr><th rowspan=2>运单号<th colspan='2'>收件人<th rowspan=\"2\">派件员</tr><tr><th>姓名<th>电话</tr>"
        f"<tr><td>{YTO}</td><td><b>瞿</b>&nbsp;<i>冬伢</i></td><td>&#49;3900000001</td><td rowspan=2>王五</td></tr>"
        f"<tr><td>{YTO2}<td>&lt;script&gt;<td>13900000002</tr>"
        "</table></td></tr></table>",
        encoding,
    )
    assert (manifest.format, manifest.encoding) == ("html-xls", encoding)
    assert [(row.name, row.phone.number, row.staff) for row in manifest.accepted] == [
        ("瞿 冬伢", "13900000001", "王五"),
        ("<script>", "13900000002", "王五"),
    ]


def test_a_cell_that_spans_rows_keeps_its_neighbours_in_their_columns() -> None:
    manifest = html(
        "<table><tr><td>派件员<td>运单号<td>收件人</tr>"
        f"<tr><td rowspan=2>王五<td>{YTO}<td>瞿冬伢</tr><tr><td>{YTO2}<td>向立夏</tr><tr><td>李四<td>{YTO3}<td>米桂香</tr></table>"
    )
    assert [(row.staff, row.waybill, row.name) for row in manifest.accepted] == [
        ("王五", YTO, "瞿冬伢"), ("王五", YTO2, "向立夏"), ("李四", YTO3, "米桂香"),
    ]  # fmt: skip


def test_an_html_table_that_is_never_closed_is_read() -> None:
    assert html(f"<table><tr><td>运单号<tr><td>{YTO}").accepted[0].waybill == YTO


def test_a_cell_that_shows_an_error_is_no_blank_one() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("到件")
        sheet.write_row(0, 0, ["运单号", "代收货款", "备注"])
        sheet.write_row(1, 0, [YTO, "", "轻放"])
        sheet.write_formula(1, 1, "=VLOOKUP(1,A:A,1)", None, "#N/A")

    (row,) = read(workbook(fill), "list.xlsx", "YTO").accepted
    # Never as if nothing were to be paid.
    assert (row.cod_cents, row.note, "cod_unreadable" in row.warnings) == (None, "轻放", True)
