"""Which column is which: couriers' programs name their headers in many ways, in one row or in two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from station.html_tables import Cell
from station.texts import fold, plain
from station.weights import GRAMS


class Field(StrEnum):
    WAYBILL = "waybill"
    CARRIER = "carrier"
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    COD = "cod"
    COLLECT = "collect"
    WEIGHT = "weight"
    PIECES = "pieces"
    NOTE = "note"
    STAFF = "staff"


# Seen in exports, written as `_key` leaves them. A field's own name is a header too: the JSON API uses those.
_HEADERS = {
    Field.WAYBILL: "运单号 运单号码 运单编号 运单 快递单号 快递运单号 物流单号 物流运单号 物流编号 邮件号 邮件号码 单号 面单号 "
    "快件单号 快件号 条码 条形码 快递编号 包裹单号 包裹号 mailno trackingnumber",
    Field.NAME: "收件人 收件人姓名 收件人名称 收货人 收货人姓名 收方姓名 收件客户 收件客户姓名 姓名 客户姓名 收件姓名 收货姓名 "
    "收件人名 收方 收件方 收件方姓名 收件人信息姓名 收件信息姓名",
    Field.PHONE: "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 联系手机 收件人电话 收件电话 收件人手机 收件手机 收件手机号 "
    "收件人手机号 收件人手机号码 收件人电话号码 收件人联系电话 收件人联系方式 收货电话 收货手机 收货人电话 收货人手机 "
    "收货人手机号 收货人手机号码 收货人联系电话 收货人联系方式 收方手机 收方电话 收方联系电话 收方联系方式 收件方电话 收件方手机 "
    "收件客户电话 客户电话 客户手机 电话/手机 手机/电话",
    Field.ADDRESS: "地址 收件地址 收件人地址 收件人详细地址 收件详细地址 收货地址 收货人地址 收货详细地址 详细地址 目的地 收方地址 "
    "收方详细地址 收件方地址 派送地址 派件地址 配送地址 客户地址",
    Field.COD: "代收货款 代收货款金额 代收金额 代收款 代收 货款 cod cod金额",
    Field.COLLECT: "到付金额 到付 到付款 到付运费 到付费用",
    Field.WEIGHT: "重量 计费重量 实际重量 结算重量 包裹重量",
    Field.PIECES: "件数 数量 包裹数 包裹数量",
    Field.NOTE: "备注 备注信息 留言 客户留言 买家留言 客户备注",
    Field.STAFF: "派件员 派送员 配送员 快递员 业务员 派件业务员 小件员 投递员 收派员",
    Field.CARRIER: "快递公司 快递公司名称 物流公司 承运商 承运公司 快递 快递品牌 品牌",
}
_FIELDS = {header: field for field, headers in _HEADERS.items() for header in (field.value, *headers.split())}
_PERSONAL = {Field.NAME, Field.PHONE, Field.ADDRESS}
_SENDER = re.compile(r"寄|发件|发货|始发")
_RECIPIENT = re.compile(r"收|派")
_BRACKETED = re.compile(r"(.+)\(([^()]*)\)")
# Titles, notices and signatures above the table; a header further down belongs to something else.
_HEADER_WITHIN = 60
_LONGEST_HEADER = 40


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (0-based rows) and the columns of each field, the preferred one first."""

    rows: tuple[int, ...]
    row: int
    columns: dict[Field, tuple[int, ...]]
    titles: dict[Field, str]
    weight_unit: str


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The header with most known columns, one of them the waybill; the uppermost of equals."""
    best: tuple[int, Header] | None = None
    for index in range(min(len(rows), _HEADER_WITHIN)):
        labels = [text(cell) for cell in rows[index]]
        for score, header in _single(index, labels), _pair(index, labels, rows):
            if header and (best is None or score > best[0]):
                best = score, header
    return best[1] if best else None


def header_of(labels: Sequence[str], rows: tuple[int, ...] = ()) -> Header | None:
    """The columns these labels name; None if none of them is the waybill."""
    columns = {field: _preferred(field, labels) for field in Field if field in map(field_of, labels)}
    if Field.WAYBILL not in columns:
        return None
    titles = {field: labels[found[0]] for field, found in columns.items()}
    return Header(rows, rows[0] if rows else -1, columns, titles, _unit(titles.get(Field.WEIGHT, "")))


def known_headers(cells: Sequence[str]) -> int:
    """How many of the cells name a field: the measure for guessing a text file's separator."""
    return sum(field_of(cell) is not None for cell in cells)


def field_of(label: str) -> Field | None:
    """The field that a header names; None for any other text."""
    return _field(label) if len(label) <= _LONGEST_HEADER else None


@lru_cache(maxsize=4096)
def _field(label: str) -> Field | None:
    key = header_key(label)
    if (field := _FIELDS.get(key)) is None and (bracketed := _BRACKETED.fullmatch(key)):
        return _FIELDS.get(bracketed.group(1))
    return field


def header_key(label: str) -> str:
    """A header as it is compared: half width, lower case, without spaces, `*` and `:`."""
    return plain(label).lower().translate({ord(sign): None for sign in " *:"})


def text(cell: Cell) -> str:
    """A cell as the text a person would have seen; floats carry 15 digits, the rest is noise."""
    if isinstance(cell, str):
        return fold(cell)
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"


def _single(index: int, labels: Sequence[str]) -> tuple[int, Header | None]:
    header = header_of(labels, (index,))
    return (2 * len(header.columns), header) if header else (0, None)


def _pair(index: int, upper: Sequence[str], rows: Sequence[Sequence[Cell]]) -> tuple[int, Header | None]:
    """The row and the one below it as one header: `收件人` over `姓名 电话`. Wins a tie if the upper row told whose."""
    lower = [text(cell) for cell in rows[index + 1]] if index + 1 < len(rows) else []
    if known_headers(lower) < 2:
        return 0, None
    labels, informed = _joined(upper, lower)
    header = header_of(labels, (index, index + 1))
    if header is None:
        return 0, None
    waybill = header.columns[Field.WAYBILL][0]
    in_upper = waybill < len(upper) and field_of(upper[waybill]) is Field.WAYBILL
    placed = Header(
        header.rows, index if in_upper else index + 1, header.columns, header.titles, header.weight_unit
    )
    return 2 * len(header.columns) + (1 if informed else -1), placed


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[list[str], bool]:
    labels, informed, group = [], False, ""
    for column in range(max(len(upper), len(lower))):
        over = upper[column] if column < len(upper) else ""
        under = lower[column] if column < len(lower) else ""
        group = over or group
        if not under or over == under:
            labels.append(over)
        elif group and field_of(group + under):
            labels.append(group + under)
            informed = True
        elif _SENDER.match(group):
            labels.append("")
            informed = True
        else:
            labels.append(under)
    return labels, informed


def _preferred(field: Field, labels: Sequence[str]) -> tuple[int, ...]:
    """The field's columns: not the sender's if there is another, mobiles before other phones, then from the left."""
    found = [column for column, label in enumerate(labels) if field_of(label) is field]
    if field in _PERSONAL and len(found) > 1:
        found = [column for column in found if not _is_senders(column, labels)] or found
    if field is Field.PHONE:
        found.sort(key=lambda column: "手机" not in labels[column])
    return tuple(found)


def _is_senders(column: int, labels: Sequence[str]) -> bool:
    """`寄件人 电话 收件人 电话`: a bare 电话 belongs to whom the nearest label on its left names."""
    for label in reversed(labels[: column + 1]):
        if _SENDER.match(label):
            return True
        if _RECIPIENT.match(label):
            return False
    return False


def _unit(title: str) -> str:
    bracketed = _BRACKETED.fullmatch(header_key(title))
    return bracketed.group(2) if bracketed and bracketed.group(2) in GRAMS else "kg"
