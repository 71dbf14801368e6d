"""The sample exports as rows that a test can change, and files made of such rows again."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

FOLDER = Path(__file__).parents[1] / "samples" / "orders"


@dataclass(frozen=True)
class Sample:
    path: Path
    expected: dict[str, Any]

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def rows(self) -> list[list[str]]:
        text = self.data.decode(self.expected["encoding"])
        return list(csv.reader(io.StringIO(text, newline="")))

    def __str__(self) -> str:
        return str(self.expected["platform"])


def _sample(path: Path) -> Sample:
    expected = json.loads(path.read_text(encoding="utf-8"))
    # Explanations for people, no part of the answer.
    del expected["notes"]
    return Sample(path.with_name(expected["file"]), expected)


SAMPLES = [_sample(path) for path in sorted(FOLDER.glob("*.expected.json"))]
BY_PLATFORM = {str(sample): sample for sample in SAMPLES}


def csv_file(rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def workbook(
    rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, object]] = (), sheet: str = "订单"
) -> bytes:
    """`merged`: first row, last row, column, what stands in them; 0-based."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet(sheet)
        for index, row in enumerate(rows):
            for column, cell in enumerate(row):
                # A tab or an apostrophe before a number does what it does in a spreadsheet: it is text.
                (page.write_string if isinstance(cell, str) else page.write)(index, column, cell)
        for first, last, column, cell in merged:
            page.merge_range(first, column, last, column, cell)
    return file.getvalue()


def pdd(**cells: str) -> dict[str, str]:
    """One row of a Pinduoduo export that may be shipped; `cells` are written over it."""
    row = {
        "商品": "土鸡蛋", "订单号": "260715-123456789012345", "订单状态": "待发货", "商品总价(元)": "52.00",
        "店铺优惠折扣(元)": "2.20", "平台优惠折扣(元)": "1.00", "用户实付金额(元)": "48.80", "商家实收金额(元)": "49.80",
        "商品数量(件)": "1", "商品id": "530000000001", "样式ID": "9901", "商品规格": "30枚", "收货人": "覃桂香",
        "手机": "15000006593", "省": "江西省", "市": "九江市", "区": "彭泽县", "街道": "马垱镇", "详细地址": "采薇路11号",
        "快递单号": "", "快递公司": "", "买家留言": "", "商家备注": "", "售后状态": "无售后或售后取消",
    }  # fmt: skip
    return row | cells


def sheet(*rows: Mapping[str, str]) -> bytes:
    return csv_file([list(rows[0]), *(list(row.values()) for row in rows)])
