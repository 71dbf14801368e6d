"""Rows: what is accepted with warnings, rejected with its reason, or skipped."""

import pytest

from couriers.manifest_files import ParsedManifest, read
from couriers.waybills import StationPattern

YTO, YTO2 = "YT4902191309648", "YT4902191309649"


def parse(text: str, uploader: str | None = "YTO") -> ParsedManifest:
    return read(text.encode(), "list.csv", uploader)


def test_page_subtotals_and_repeated_heads_are_skipped() -> None:
    manifest = parse(
        f"到件表\n运单号,收件人,手机\n{YTO},瞿冬伢,13900000001\n本页小计,1\n\n到件表\n运单号,收件人,手机\n"
        f"{YTO2},向立夏,13900000002\n总计：2\n第1页 共2页\n制表人：王,13800000009\n备注：好\n"
    )
    assert [row.row for row in manifest.accepted] == [3, 8]
    assert [(skipped.row, skipped.kind) for skipped in manifest.skipped] == [
        (1, "title"), (2, "header"), (4, "footer"), (5, "blank"), (6, "title"), (7, "repeated_header"),
        (9, "footer"), (10, "footer"), (11, "footer"), (12, "footer"),
    ]  # fmt: skip
    assert not manifest.rejected


def test_a_parcel_whose_note_begins_like_a_footer_is_no_footer() -> None:
    manifest = parse(
        f"备注,运单号,收件人,手机\n备注:放门口,{YTO},瞿冬伢,13900000001\n备注:易碎,,向立夏,13900000002\n"
    )
    assert [row.row for row in manifest.accepted] == [2]
    assert [(row.row, row.reason) for row in manifest.rejected] == [(3, "waybill_missing")]


def test_a_row_with_nothing_but_its_running_number_is_blank() -> None:
    manifest = parse(f"序号,运单号,收件人\n1,{YTO},瞿冬伢\n2,,\n")
    assert manifest.skipped[-1].kind == "blank"


def test_a_second_row_of_the_same_piece_is_a_duplicate() -> None:
    manifest = parse("单号\nJDVB36397158427-1-2-\nJDVB36397158427-2-2-\nJDVB36397158427-1-2-\n", "JD")
    assert [(row.piece_no, row.piece_count) for row in manifest.accepted] == [(1, 2), (2, 2)]
    assert [row.as_dict() for row in manifest.rejected] == [
        {"row": 4, "reason": "duplicate_in_file", "waybill": "JDVB36397158427"}
    ]


@pytest.mark.parametrize(
    ("row", "warnings"),
    [
        ("瞿冬伢,13900000001,青禾村,35", ()),
        (",13900000001,青禾村,35", ("name_missing",)),
        ("瞿*伢,,青禾村,35", ("name_masked", "phone_missing")),
        ("##x##,$$y$$,~z~,35", ("address_encrypted", "name_encrypted", "phone_encrypted")),
        ("瞿冬伢,13900000001/13900000002,青禾村,见面单", ("cod_unreadable", "phone_multiple")),
    ],
)
def test_doubts_are_warnings_because_the_parcel_is_real(row: str, warnings: tuple[str, ...]) -> None:
    accepted = parse(f"运单号,收件人,手机,地址,代收\n{YTO},{row}\n").accepted
    assert [each.warnings for each in accepted] == [warnings]


def test_encrypted_text_is_not_kept() -> None:
    row = parse(f"运单号,收件人,地址\n{YTO},##x##,$$y$$\n").accepted[0]
    assert (row.name, row.address) == (None, None)


def test_the_extension_after_a_name_goes_to_the_phone() -> None:
    row = parse(f"运单号,收件人,手机\n{YTO},瞿冬伢[1234],17000002718\n").accepted[0]
    assert (row.name, row.phone.kind, row.phone.ext) == ("瞿冬伢", "virtual_ext", "1234")


def test_a_carrier_nobody_knows_counts_as_blank() -> None:
    row = parse("快递公司,运单号\n飞毛腿,438732394666809\n", "STO").accepted[0]
    assert row.carrier == "STO"


def test_the_stations_own_patterns_decide_what_the_table_cannot() -> None:
    data = "运单号\nQX2718798986\n".encode()
    assert read(data, "x", None).accepted[0].carrier is None
    assert read(data, "x", None, [StationPattern("QX", 12, "SNWL")]).accepted[0].carrier == "SNWL"


@pytest.mark.parametrize(("written", "pieces"), [("", 1), ("3", 3), ("2件", 2), ("0", 1), ("几件", 1)])
def test_pieces_are_at_least_one(written: str, pieces: int) -> None:
    assert parse(f"运单号,件数\n{YTO},{written}\n").accepted[0].pieces == pieces


@pytest.mark.parametrize("line", ["签字：______", "派件员签名：,,", "以上共计,2件", ",共 2 件,", "合 计,2"])
def test_signatures_and_counts_below_the_table_are_footers(line: str) -> None:
    manifest = parse(f"运单号,收件人,手机\n{YTO},瞿冬伢,13900000001\n{line}\n")
    assert [(row.row, row.kind) for row in manifest.skipped] == [(1, "header"), (3, "footer")]


def test_the_parcel_number_that_tells_the_piece_comes_before_the_waybill() -> None:
    waybill = "JDVA12345678901"
    rows = parse(f"运单号,包裹号\n{waybill},{waybill}-1-2-\n{waybill},{waybill}-2-2-\n").accepted
    assert [(row.waybill, row.piece_no, row.piece_count) for row in rows] == [
        (waybill, 1, 2),
        (waybill, 2, 2),
    ]


@pytest.mark.parametrize(
    ("columns", "cells", "cod", "asked"),
    [
        ("应收金额", "35", None, True),
        ("应收金额", "0.00", None, False),
        ("代收货款,到付,合计应收", "30,5,35", 3000, False),
        ("代收货款,到付,合计应收", "30,,40", None, True),
    ],
)
def test_money_due_that_no_column_explains_is_asked_about(
    columns: str, cells: str, cod: int | None, asked: bool
) -> None:
    (row,) = parse(f"运单号,{columns}\n{YTO},{cells}\n").accepted
    assert (row.cod_cents, "cod_unreadable" in row.warnings) == (cod, asked)


def test_a_further_sheet_with_parcels_is_spoken_of() -> None:
    sheet = "<table><tr><td>运单号<td>手机<tr><td>{}<td>13900000001</table>"
    other = "YT4902191309649"
    for second, told in ((YTO, []), (other, [(3, "on_another_sheet")])):
        manifest = read((sheet.format(YTO) + sheet.format(second)).encode(), "list.xls", "YTO")
        assert [row.waybill for row in manifest.accepted] == [YTO]
        assert [(row.row, row.reason) for row in manifest.rejected] == told


def test_parcels_under_a_header_of_their_own_are_read_by_it_and_none_above_is_lost() -> None:
    manifest = parse(
        f"运单号,收件人\n{YTO},瞿冬伢\n\n收件人,手机,运单号,代收货款\n向立夏,13900000002,{YTO2},35\n合计,1\n"
    )
    assert [(row.row, row.waybill, row.name, row.cod_cents) for row in manifest.accepted] == [
        (2, YTO, "瞿冬伢", None),
        (5, YTO2, "向立夏", 3500),
    ]
    assert (manifest.header_row, manifest.rejected, manifest.skipped[-2].kind) == (1, [], "repeated_header")


def test_amounts_in_another_unit_are_not_taken_for_yuan() -> None:
    (row,) = parse(f"运单号,代收货款(分)\n{YTO},3500\n").accepted
    assert (row.cod_cents, "cod_unreadable" in row.warnings) == (None, True)
