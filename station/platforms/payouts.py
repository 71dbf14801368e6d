"""A platform's list of what it paid out: bytes in, rows out.

No platform documents its columns; the names are those seen in their merchants' manuals and may change, so a column is found
by any of them, anywhere in the first rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from station.addresses import simplified
from station.money import parse_fen
from station.tables import Cell, open_tables
from station.texts import fold, plain, unwrap


class NoColumns(Exception):
    """No row holds headers for both an order's number and an amount."""


class Field(StrEnum):
    ORDER = "order"
    AMOUNT = "amount"
    SPENT = "spent"  # what was taken back, where income and expense have a column each
    FEE = "fee"
    DAY = "day"
    WAY = "way"  # 入账 or 出账, where amounts bear no sign


# The preferred name first. Fees stand in several columns, which are added up.
_NAMES = {
    Field.ORDER: "主订单编号 主订单号 订单编号 订单号 订单id 商户订单号 平台订单号 交易订单号 业务订单号 关联订单号 交易编号 子订单编号 "
    "子订单号 orderno orderid",
    Field.AMOUNT: "结算金额 实际结算金额 商家结算金额 到账金额 实际到账金额 入账金额 商家实收金额 打款金额 动账金额 应结金额 实收金额 "
    "收入金额 收入 金额 amount",
    Field.SPENT: "支出金额 支出",
    Field.FEE: "平台服务费 技术服务费 软件服务费 基础技术服务费 平台佣金 佣金 达人佣金 渠道分成 手续费 支付手续费 服务费 扣点金额 佣金金额 支付渠道费 fee",
    Field.DAY: "结算时间 结算日期 到账时间 到账日期 打款时间 入账时间 动账时间 结算完成时间 账务时间 费用结算时间 发生时间 交易时间 日期 时间 "
    "date",
    Field.WAY: "动账方向 资金方向 收支方向 收支类型 账务方向 交易方向 收/支 收支",
}
_TAKEN_BACK = re.compile("出账|支出|扣款|^支$")
_FIELDS = {field: names.split() for field, names in _NAMES.items()}
# What the names above leave out; fees always, the others where no column bears a name of the list.
_GRAMMAR = {
    Field.ORDER: re.compile(
        r"(?:平台|主|父|原始?|商户|商家|店铺|网店|关联|业务|线上|淘宝|抖店|抖音|拼多多|有赞|微信)*(?:订单|交易|业务)(?:流水|单)?(?:号码?|编号|id)"
    ),
    Field.AMOUNT: re.compile(
        r"(?:商家|实际|本次|订单|可)*(?:结算|到账|入账|打款|动账|应结|实收|应收|收款|收支|变动|提现)(?:订单)?(?:总|净)?(?:金额|额|款)"
        r"|商家[实应]收|实际到账|实收|净收入"
    ),
    Field.FEE: re.compile(
        r"(?:平台|技术|软件|基础|招商|渠道|达人|团长|站外|支付|交易|推广)*(?:服务费|佣金|手续费|扣点|抽成|推广费)(?:金额)?|平台费用?"
    ),
}
_KNOWN = frozenset(name for names in _FIELDS.values() for name in names)
# Beside these stands what was taken back.
_INCOME = frozenset({"收入金额", "收入"})
_HEADER_WITHIN = 30
# Behind a name; 结算金额(分) and (万元) would be another amount, so they are left.
_BRACKETED = re.compile(r"\((?!分\)|万)[^()]*\)$")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
# Spreadsheets count days from here.
_SPREADSHEET_ERA = date(1899, 12, 30)
_SUMS = frozenset({"合计", "总计", "小计", "汇总"})
_ORDER_NO = re.compile(r"[0-9A-Za-z_-]{4,60}")


@dataclass(frozen=True, slots=True)
class Payout:
    """What one row says: `amount_fen` arrived (below zero: was taken back), `fee_fen` was kept. `day` is ISO, or empty."""

    row: int
    order_no: str
    amount_fen: int
    fee_fen: int = 0
    day: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """`unread`: numbers of rows (from 1) that have something in them but no order number and amount."""

    payouts: list[Payout] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


def read(data: bytes) -> Read:
    """The rows of the first sheet that has headers. Raises tables.Unreadable or NoColumns."""
    for table in open_tables(data, known_headers).tables:
        for index, row in enumerate(table.rows[:_HEADER_WITHIN]):
            columns = _columns(row)
            if columns[Field.ORDER] and columns[Field.AMOUNT]:
                return _rows(table.rows, index, columns)
    raise NoColumns


def known_headers(cells: Sequence[Cell]) -> int:
    """How many of the cells are headers that this reader knows."""
    return sum(
        key in _KNOWN or any(words.fullmatch(key) for words in _GRAMMAR.values()) for key in map(_key, cells)
    )


def _columns(cells: Sequence[Cell]) -> dict[Field, list[int]]:
    keys = [_key(cell) for cell in cells]
    columns = {
        each: sorted(
            (column for column, key in enumerate(keys) if key in names),
            key=lambda column, names=names: names.index(keys[column]),  # type: ignore[misc]
        )
        for each, names in _FIELDS.items()
    }
    for each, words in _GRAMMAR.items():
        alike = [column for column, key in enumerate(keys) if key not in _KNOWN and words.fullmatch(key)]
        if each is Field.FEE or not columns[each]:
            columns[each] += alike
    if columns[Field.AMOUNT] and keys[columns[Field.AMOUNT][0]] not in _INCOME:
        columns[Field.SPENT] = []  # what arrived is told already without what was taken back
    return columns


def _rows(rows: Sequence[Sequence[Cell]], header: int, columns: dict[Field, list[int]]) -> Read:
    found = Read()
    width = len(rows[header])
    for number, cells in enumerate(rows[header + 1 :], header + 2):

        def texts(each: Field, cells: Sequence[Cell] = cells) -> list[str]:
            return [_text(cells[column]) for column in columns[each] if column < len(cells)]

        filled = [told for cell in cells if (told := _text(cell))]
        if not filled or any(told in _SUMS for told in filled) or (filled[0][0] == "#" and len(filled) == 1):
            continue
        order_no = next(filter(None, map(unwrap, texts(Field.ORDER))), "")
        amount = _amount(texts(Field.AMOUNT), texts(Field.SPENT))
        fees = [_fen(text) for text in texts(Field.FEE) if text]
        # 1,059.80 without quotes is two cells, and all behind it stand one further.
        shifted = any(_text(cell) for cell in cells[width:])
        if shifted or not _ORDER_NO.fullmatch(order_no) or amount is None or None in fees:
            found.unread.append(number)
            continue
        if any(map(_TAKEN_BACK.search, texts(Field.WAY))):
            amount = -abs(amount)
        fee = sum(abs(fen) for fen in fees if fen is not None)
        day = next(filter(None, map(_day, texts(Field.DAY))), "")
        found.payouts.append(Payout(number, order_no, amount, fee, day))
    return found


def _amount(received: Sequence[str], spent: Sequence[str]) -> int | None:
    """What arrived, less what was taken back. Both columns are filled in some files, the unused one with 0.00."""
    arrived = _fen(next(filter(None, received), ""))
    taken = next(filter(None, spent), "")
    if not taken:
        return arrived
    back = _fen(taken)
    if back is None or (arrived is None and any(received)):
        return None
    return (arrived or 0) - abs(back)


def _fen(text: str) -> int | None:
    """An amount, which may be negative; None if it is none or there is nothing."""
    amount = plain(text).strip()
    if amount.startswith("(") and amount.endswith(")"):
        amount = f"-{amount[1:-1]}"  # as bookkeepers write it
    if not amount:
        return None
    amount = amount.replace("¥-", "-¥")
    sign = -1 if amount[0] in "-−" else 1
    fen = parse_fen(amount.lstrip("-−+ "))
    return None if fen is None else sign * fen


def _day(text: str) -> str:
    """The ISO day at the beginning of a cell, as text or as a spreadsheet's number of days."""
    try:
        if found := _DAY.match(text):
            return date(*map(int, found.groups())).isoformat()
        if re.fullmatch(r"\d{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
        if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", text):
            return (_SPREADSHEET_ERA + timedelta(days=int(float(text)))).isoformat()
    except ValueError:
        pass
    return ""


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return fold(cell).removeprefix("`")  # WeChat's bills put it before every cell
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"


def _key(cell: Cell) -> str:
    """A header as it is compared: half width, lower case, no spaces, signs or unit in brackets."""
    if not isinstance(cell, str) or len(cell) > 40:
        return ""
    key = simplified(plain(cell)).lower().translate({ord(sign): None for sign in " *:'\""})
    return _BRACKETED.sub("", key)
