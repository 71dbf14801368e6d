"""Status files as couriers' programs write them: which rows, which state, which time."""

import io
from datetime import datetime

import pytest
import xlsxwriter

from couriers import delivery_files
from couriers.delivery_files import moment, read, state_of

CSV = """运单号,收件人,最新状态,签收时间
773100000000001,周,已签收，签收人：本人,2026-11-22 17:03
773100000000002,周,退回,2026/11/22 9:05:07
773100000000003,周,遗失,2026年11月22日 17时03分
773100000000004,周,派送中,
773100000000005,周,奇怪的词,2026-11-22 17:03
""".replace("已签收，签收人", '"已签收，签收人').replace("：本人", '：本人"')


def test_a_csv_is_read_row_by_row() -> None:
    found = read(CSV.encode("gb18030"))
    assert found.error == ""
    assert [(row.row, row.waybill[-1], row.state) for row in found.rows] == [
        (2, "1", "delivered"),
        (3, "2", "returned"),
        (4, "3", "lost"),
        (5, "4", "in_transit"),
        (6, "5", ""),
    ]
    assert found.rows[0].at == datetime.fromisoformat("2026-11-22T17:03:00")
    assert found.rows[3].at is None
    assert found.rows[4].said == "奇怪的词"


def test_a_workbook_with_a_title_above_its_header_and_real_dates_is_read() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["中通快递 签收明细"])
        sheet.write_row(1, 0, ["快递单号", "状态", "时间"])
        sheet.write_row(2, 0, ["773100000000001", "签收"])
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(2, 2, datetime.fromisoformat("2026-11-22T17:03:00"), when)
        sheet.write_row(4, 0, ["773100000000002", "拒收退回", 46348.5])
    found = read(file.getvalue())
    assert [(row.row, row.state) for row in found.rows] == [(3, "delivered"), (5, "returned")]
    assert found.rows[0].at == datetime.fromisoformat("2026-11-22T17:03:00")
    assert found.rows[1].at == datetime.fromisoformat("2026-11-22T12:00:00")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "empty_file"),
        ("姓名,状态\n周,签收".encode(), "no_waybill_column"),
        ("运单号,重量\n773100000000001,2".encode(), "no_status_column"),
        (b"%PDF-1.7", "unreadable_file"),
        (b"PK\x03\x04broken", "unreadable_file"),
    ],
)
def test_a_file_that_tells_nothing_says_what_is_missing(data: bytes, error: str) -> None:
    assert read(data) == delivery_files.Statuses(error=error)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("签收", "delivered"),
        ("快件已签收，感谢使用中通", "delivered"),
        ("妥投", "delivered"),
        ("退回签收", "returned"),
        ("拒收", "returned"),
        ("丢失", "lost"),
        ("未签收", "in_transit"),
        ("在途", "in_transit"),
        ("DELIVERED", "delivered"),
        ("", ""),
        ("？", ""),
    ],
)
def test_words_for_states(said: str, state: str) -> None:
    assert state_of(said) == state


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("2026-11-22 17:03", "2026-11-22T17:03:00"),
        ("2026/1/2 7:03:05", "2026-01-02T07:03:05"),
        ("20261122170305", "2026-11-22T17:03:05"),
        ("2026-11-22T17:03:05+08:00", "2026-11-22T17:03:05+08:00"),
        ("2026-11-22", "2026-11-22T00:00:00"),
        ("2026-11-22 下午5:03", "2026-11-22T17:03:00"),
        ("2026/11/22 12:03 AM", "2026-11-22T00:03:00"),
        ("2026-13-22 17:03", None),
        ("2026-11-22 25:03", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times_as_files_write_them(said: str, iso: str | None) -> None:
    assert moment(said) == (datetime.fromisoformat(iso) if iso else None)


def test_the_same_news_has_the_same_name_however_its_time_is_written() -> None:
    first, second = (
        read(f"运单号,状态,时间\n773100000000001,签收,{when}".encode()).rows[0]
        for when in ("2026-11-22 17:03", "2026/11/22 17:03:00")
    )
    assert first.ref == second.ref
    assert first.ref != read("运单号,状态,时间\n773100000000001,退回,2026-11-22 17:03".encode()).rows[0].ref


def test_day_and_hour_in_two_columns_and_a_sum_below() -> None:
    text = "快递单号,签收类型,签收状态,签收日期,签收时间\n773100000000001,本人,正常签收,2026-11-22,10:00:01\nJDVA10000000211-1-1-,,签收,46348,0.5\n合计,2\n"
    found = read(text.encode()).rows
    assert [(row.waybill, row.state, row.at) for row in found] == [
        ("773100000000001", "delivered", datetime.fromisoformat("2026-11-22T10:00:01")),
        ("JDVA10000000211", "delivered", datetime.fromisoformat("2026-11-22T12:00:00")),
    ]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("UNDELIVERED", "in_transit"),
        ("Out for delivery", "in_transit"),
        ("已揽件", "in_transit"),
        ("他人代收", "delivered"),
        ("派送成功", "delivered"),
        ("收件人已取走", "delivered"),
        ("已取消", ""),
        ("拒签", "returned"),
        ("到件扫描", "in_transit"),
    ],
)
def test_other_words_for_the_way(said: str, state: str) -> None:
    assert state_of(said) == state


def test_headers_put_together_as_such_headers_are_known_and_the_arrival_comes_first() -> None:
    text = (
        "运单号,派送时间,订单状态,最新物流状态,妥投时间\n"
        "773100000000001,2026-11-22 08:00,已发货,妥投,2026-11-22 10:00\n"
    )
    (row,) = read(text.encode()).rows
    assert (row.state, row.at) == ("delivered", datetime.fromisoformat("2026-11-22T10:00:00"))
