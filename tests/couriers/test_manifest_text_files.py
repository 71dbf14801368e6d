"""Text files: encodings, separators, quotes."""

import pytest

from couriers.manifest_files import ParsedManifest, read

YTO = "YT4902191309648"
PLAIN = f"运单号,收件人,手机,备注\n{YTO},瞿冬伢,13900007396,轻放\n"


def parse(text: str, encoding: str = "utf-8") -> ParsedManifest:
    return read(text.encode(encoding), "list.csv", "YTO")


@pytest.mark.parametrize(
    ("encoding", "bom", "told"),
    [
        ("utf-8", "", "utf-8"),
        ("utf-8", "\ufeff", "utf-8-sig"),
        ("gbk", "", "gb18030"),
        ("utf-16-le", "\ufeff", "utf-16-le"),
        ("utf-16-be", "\ufeff", "utf-16-be"),
        ("utf-16-le", "", "utf-16-le"),
    ],
)
def test_the_encoding_is_seen_in_the_bytes(encoding: str, bom: str, told: str) -> None:
    manifest = parse(bom + PLAIN, encoding)
    assert manifest.encoding == told
    assert [row.name for row in manifest.accepted] == ["瞿冬伢"]


def test_characters_beyond_gbk_are_read() -> None:
    assert parse(PLAIN.replace("瞿冬伢", "㐂𠮷堃"), "gb18030").accepted[0].name == "㐂𠮷堃"


def test_a_file_cut_off_in_the_middle_of_a_character_is_still_read() -> None:
    manifest = read(f"运单号,收件人\n{YTO},瞿冬伢".encode()[:-1], "list.csv", "YTO")
    assert manifest.accepted[0].waybill == YTO


@pytest.mark.parametrize(("separator", "told"), [(",", "csv"), (";", "csv"), ("\t", "tsv"), ("|", "csv")])
def test_the_separator_is_seen_in_the_header(separator: str, told: str) -> None:
    manifest = parse(PLAIN.replace(",", separator))
    assert manifest.format == told
    assert manifest.accepted[0].note == "轻放"


def test_tabs_before_cells_do_not_make_it_tab_separated() -> None:
    manifest = parse(f"快递单号,收货人\n\t{YTO},\t瞿冬伢\n\tYT4902191309649,\t向立夏\n")
    assert [row.name for row in manifest.accepted] == ["瞿冬伢", "向立夏"]


def test_commas_quotes_and_line_ends_inside_quotes_belong_to_the_cell() -> None:
    manifest = parse(f'运单号,收件人,备注\n{YTO},瞿冬伢,"放 ""老地方"",\n敲门"\n')
    assert manifest.accepted[0].note == '放 "老地方", 敲门'


def test_a_stray_quote_harms_its_own_row_only() -> None:
    manifest = parse(f'运单号,收件人,备注\n{YTO},"瞿冬伢,轻放\nYT4902191309649,向立夏,"好,的"\n')
    assert [(row.waybill, row.note) for row in manifest.accepted] == [
        (YTO, "轻放"),
        ("YT4902191309649", "好,的"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(end: str) -> None:
    assert parse(PLAIN.replace("\n", end)).counts == {"rows": 2, "accepted": 1, "rejected": 0, "skipped": 1}


def test_scripts_and_formulas_stay_text() -> None:
    manifest = parse(f"运单号,收件人,备注\n{YTO},<script>alert(1)</script>,=1+1\n")
    assert (manifest.accepted[0].name, manifest.accepted[0].note) == ("<script>alert(1)</script>", "=1+1")


def test_a_very_long_cell_is_kept() -> None:
    assert parse(PLAIN.replace("轻放", "轻" * 200_000)).accepted[0].note == "轻" * 200_000


def test_an_xml_workbook_of_2003_is_read_with_its_gaps_and_merges() -> None:
    def row(*cells: str, index: str = "") -> str:
        return f"<ss:Row{index}>{''.join(cells)}</ss:Row>"

    def cell(text: str, attributes: str = "") -> str:
        return f'<ss:Cell{attributes}><ss:Data ss:Type="String">{text}</ss:Data></ss:Cell>'

    table = (
        row(cell("派件表", ' ss:MergeAcross="2"'))
        + row(cell("运单号"), cell("快递公司"), cell("收件人"), index=' ss:Index="3"')
        + row(cell("123456000001"), cell("顺丰", ' ss:MergeDown="1"'), cell("瞿冬伢"))
        + row(cell("123456000002"), cell("向立夏", ' ss:Index="3"'))
    )
    data = f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook><ss:Worksheet><ss:Table>{table}</ss:Table></ss:Worksheet></ss:Workbook>'
    manifest = read(data.encode(), "list.xls", None)
    assert manifest.header_row == 3
    assert [(row.row, row.carrier, row.name) for row in manifest.accepted] == [
        (4, "SF", "瞿冬伢"),
        (5, "SF", "向立夏"),
    ]


def test_lines_quoted_as_a_whole_are_rows_of_cells() -> None:
    assert parse("".join(f'"{line}"\n' for line in PLAIN.splitlines())).accepted[0].note == "轻放"


def test_full_width_commas_separate_where_the_header_has_them() -> None:
    assert parse(PLAIN.replace(",", "，")).accepted[0].note == "轻放"
