"""Tracking numbers go back to each platform in the file it takes."""

import csv
import io

import pytest

from station.platforms.header_names import Platform
from station.platforms.shipping import Shipped, build

NUMBER, OTHER = "3716202183220023878", "5698002523260187336"
WAYBILL = "YT8598393207299"


def table(platform: str, *shipped: Shipped) -> list[list[str]]:
    _, data = build(platform, shipped)
    text = data.decode("gb18030" if platform == "taobao" else "utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("platform", "header"),
    [
        ("douyin", ["订单号", "物流公司", "运单号"]),
        ("youzan", ["订单号", "物流公司", "物流单号"]),
        ("taobao", ["订单编号", "物流公司", "物流单号"]),
        ("pdd", ["订单号", "快递公司", "快递单号"]),
        ("other", ["订单号", "快递公司", "快递单号"]),
    ],
)
def test_each_platform_has_its_own_header(platform: str, header: list[str]) -> None:
    assert table(platform, Shipped(NUMBER, "YTO", WAYBILL)) == [header, [f"\t{NUMBER}", "圆通速递", WAYBILL]]


def test_the_files_of_the_platforms_have_different_names() -> None:
    assert len({build(platform, [])[0] for platform in Platform}) == len(Platform)


def test_excel_sees_the_encoding_and_taobao_gets_its_gbk() -> None:
    assert build("pdd", [])[1].startswith(b"\xef\xbb\xbf")
    assert build("taobao", [])[1].decode("gbk").startswith("订单编号")


def test_long_numbers_stay_text_and_short_ones_and_letters_need_nothing() -> None:
    rows = table(
        "pdd", Shipped("260715-123456789012345", "STO", "772863064707593"), Shipped("17", "YTO", WAYBILL)
    )
    assert rows[1] == ["260715-123456789012345", "申通快递", "\t772863064707593"]
    assert rows[2][0] == "17"


def test_no_spreadsheet_runs_what_somebody_wrote_into_a_number() -> None:
    row = table("other", Shipped("=1+1", "=cmd()", "@SUM(A1)"))[1]
    assert row == ["'=1+1", "'=cmd()", "'@SUM(A1)"]


def test_an_order_in_one_parcel_stands_in_one_row() -> None:
    shipped = Shipped(NUMBER, "YTO", WAYBILL, (NUMBER, OTHER))
    assert len(table("douyin", shipped, shipped)) == 2


def test_douyin_is_told_which_sub_order_is_in_which_parcel() -> None:
    rows = table(
        "douyin",
        Shipped(NUMBER, "YTO", WAYBILL, (NUMBER,)),
        Shipped(NUMBER, "YTO", "YT8598393207300", (OTHER,)),
    )
    assert rows[0] == ["订单号", "子订单号", "物流公司", "运单号"]
    assert [row[1:] for row in rows[1:]] == [
        [f"\t{NUMBER}", "圆通速递", WAYBILL], [f"\t{OTHER}", "圆通速递", "YT8598393207300"],
    ]  # fmt: skip
