"""Platforms' payout files: which column is which, and what a row says."""

import io

import pytest
import xlsxwriter

from station import tables
from station.platforms import payouts as payout_files
from station.platforms.payouts import Payout


def read(text: str, encoding: str = "utf-8") -> list[Payout]:
    return payout_files.read(text.encode(encoding)).payouts


@pytest.mark.parametrize(
    "text",
    [
        "主订单编号,结算金额,平台服务费,结算时间\n6950001,45.12,2.88,2026-11-20 10:00:00\n",
        "动账流水,动账时间,动账金额(元),订单号,技术服务费(元)\nX1,2026/11/20,45.12,'6950001,-2.88\n",
        "结算单\n导出时间:2026-11-21\n订单编号\t到账金额\t佣金\t手续费\t到账时间\n6950001\t¥45.12\t2.00\t0.88\t20261120\n",
    ],
    ids=["douyin", "with signs", "title rows, tabs, two fees"],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_columns_are_found_by_any_of_their_names(text: str, encoding: str) -> None:
    (payout,) = read(text, encoding)
    assert (payout.order_no, payout.amount_fen, payout.fee_fen, payout.day) == (
        "6950001",
        4512,
        288,
        "2026-11-20",
    )


def test_a_workbook_is_read_with_its_numbers_and_days() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["订单号", "结算金额", "日期"])
        sheet.write_row(1, 0, [6950001, 45.12, 46346])
    found = payout_files.read(data.getvalue())
    assert found.payouts == [Payout(2, "6950001", 4512, 0, "2026-11-20")]


def test_money_taken_back_is_negative() -> None:
    assert read("订单号,结算金额\n6950001,-12.00\n")[0].amount_fen == -1200


def test_rows_without_number_or_amount_are_named_empty_ones_and_sums_left_out() -> None:
    found = payout_files.read("订单号,结算金额\n6950001,abc\n,\n合计,45.12\n6950002,1\n6950003,\n".encode())
    assert ([each.order_no for each in found.payouts], found.unread) == (["6950002"], [2, 6])


def test_what_is_no_list_of_payouts_is_refused() -> None:
    with pytest.raises(payout_files.NoColumns):
        payout_files.read("姓名,电话\n向小芳,1\n".encode())
    with pytest.raises(tables.Unreadable):
        payout_files.read(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("text", "amounts", "unread"),
    [
        (
            "商户订单号,收入金额（+元）,支出金额（-元）\nA001,58.80,0.00\nA001,0.00,-0.35\nA002,,20\n",
            [5880, -35, -2000],
            [],
        ),
        ("订单号,结算金额,支出金额\nA001,52.10,7.70\n", [5210], []),
        ("商户订单号,结算金额\n`A001,`59.44\n", [5944], []),
        ("订单号,结算金额\nA001,(12.00)\nA002,¥-3\n", [-1200, -300], []),
        ("订单号,结算金额,备注\nA001,1,059.80,货款\n", [], [2]),
        ("订单号,结算金额\nA001,12\n#合计：1笔\n", [1200], []),
        ("动账方向,动账金额,订单号\n入账,45.12,A001\n出账,5.00,A001\n出账,-5,A001\n", [4512, -500, -500], []),
    ],
    ids=[
        "income and expense",
        "net already",
        "backticks",
        "bookkeepers' brackets",
        "shifted",
        "remarks",
        "direction",
    ],
)
def test_amounts_are_read_as_platforms_write_them(text: str, amounts: list[int], unread: list[int]) -> None:
    found = payout_files.read(text.encode())
    assert ([each.amount_fen for each in found.payouts], found.unread) == (amounts, unread)


def test_an_amount_in_another_unit_is_not_taken_for_yuan() -> None:
    with pytest.raises(payout_files.NoColumns):
        payout_files.read("订单号,结算金额(分)\nA001,5980\n".encode())


@pytest.mark.parametrize(
    "header",
    ["商家订单号,结算总额,平台技术服务费", "店铺订单号,商家应收金额(元),团长佣金", "交易单号,实收,平台扣点"],
)
def test_names_put_together_as_such_names_are_known(header: str) -> None:
    assert read(f"{header}\n6950001,45.12,2.88\n") == [Payout(2, "6950001", 4512, 288)]
