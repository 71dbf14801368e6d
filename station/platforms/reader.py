"""The rows below an export's header, one after another: an order's, a rejected one with its reason, or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from station.errors import N_
from station.platforms.columns import Header, header_of, is_header, text
from station.platforms.header_names import Field
from station.platforms.rows import OrderBook, Row
from station.tables import Cell
from station.texts import plain, unwrap

# Why a row belongs to no order.
REJECTED: dict[str, str] = {
    "order_no_missing": N_("There is no order number in this row."),
    "order_no_bad_format": N_("This is no order number."),
    "order_no_scientific": N_(
        "The spreadsheet cut the order number short. Upload the file as the platform made it, without saving it again."
    ),
    "order_no_precision_lost": N_(
        "The spreadsheet kept 15 digits of the order number only. Upload the file as the platform made it, "
        "without saving it again."
    ),
    "on_another_sheet": N_(
        "Another sheet of this file lists further orders. Save it as a file of its own and upload it too."
    ),
}


@dataclass(frozen=True, slots=True)
class RejectedRow:
    row: int
    reason: str
    raw: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "reason": self.reason, "raw": self.raw}


_FOOTER = re.compile(
    r"合计|总计|小计|本页|共计|汇总|共 ?[0-9]+ ?[单笔条行]|第 ?[0-9一二三四五六七八九十]+ ?页|制表|打印时间|导出时间|(?:备注|说明|注):"
)
_TEXT_FORMULA = re.compile(r'="(.*)"')
_BLANK = frozenset({"", "-", "--", "—", "/", "'", "null", "NULL", "None", "#N/A"})
_NO_NOTE = frozenset({"无", "没有", "无备注", "无留言"})
_NOTES = (Field.BUYER_NOTE, Field.SELLER_NOTE)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_ORDER_NO = re.compile(r"(?=.*[0-9])[A-Za-z0-9](?:[A-Za-z0-9_-]{0,58}[A-Za-z0-9])?")
# Spreadsheets keep 15 significant digits; what stands after them in a numeric cell is made up.
_EXACT_DIGITS = 15
_RAW_SHOWN = 60


class OrderReader:
    """Reads the rows below the header in their order: a row without a number may go on with the order above."""

    def __init__(self, header: Header, book: OrderBook) -> None:
        self.book = book
        self.rejected: list[RejectedRow] = []
        self.data_rows = 0
        self._above: tuple[str, Row] | RejectedRow | None = None
        self._go_on_under(header)

    def _go_on_under(self, header: Header) -> None:
        self._columns = header.columns
        self._notes = [field for field in _NOTES if field in header.columns]
        self._known = frozenset(header.columns)

    def read(self, index: int, cells: Sequence[Cell]) -> None:
        row = Row(index, self._written(cells), self._known)
        number = self._number(cells)
        if self._aside(row, cells, number):
            return
        self.data_rows += 1
        if not row.get(Field.ORDER_NO) and self._continues(row):
            if isinstance(self._above, RejectedRow):
                self.rejected.append(RejectedRow(index, self._above.reason, self._above.raw))
            elif self._above:
                self.book.add(self._above[0], row)
            return
        order_no, reason = _order_no(number)
        if reason:
            self._above = RejectedRow(index, reason, order_no[:_RAW_SHOWN] or None)
            self.rejected.append(self._above)
            return
        self._above = order_no, row
        self.book.add(order_no, row)

    def _written(self, cells: Sequence[Cell]) -> dict[Field, str]:
        """The field's first filled cell: some tables have 手机 and 电话, and fill only one of them."""
        written, width = {}, len(cells)
        for field, columns in self._columns.items():
            for column in columns:
                if column < width and (value := _clean(cells[column])):
                    written[field] = value
                    break
        for field in self._notes:
            notes = (_clean(cells[column]) for column in self._columns[field] if column < width)
            written[field] = "；".join(dict.fromkeys(note for note in notes if note and note not in _NO_NOTE))
            if not written[field]:
                del written[field]
        return written

    def _number(self, cells: Sequence[Cell]) -> Cell:
        """The order number as it was stored: text, or a number that may have lost its last digits."""
        filled = (cells[column] for column in self._columns[Field.ORDER_NO] if column < len(cells))
        return next((cell for cell in filled if _clean(cell)), "")

    def _aside(self, row: Row, cells: Sequence[Cell], number: Cell) -> bool:
        """A row that is no order's: blank, a sum, a header printed again, a remark."""
        written = row.written
        if not written:
            return True
        if _order_no(number)[1] and self._is_header_again(cells, number):
            return True
        if written.keys() & {Field.NAME, Field.PHONE, Field.ADDRESS}:
            return False
        first = next(clean for cell in cells if (clean := _clean(cell)))
        if _FOOTER.match(plain(first).replace(" ", "")):
            return True
        # A row without goods, and without a number or with a word in its place, is a remark.
        return Field.ITEM not in written and _order_no(number)[1] in (
            "order_no_missing",
            "order_no_bad_format",
        )

    def _is_header_again(self, cells: Sequence[Cell], number: Cell) -> bool:
        """Printed again on the next page, or another table's with columns of its own."""
        if not any(isinstance(cell, str) and is_header(cell) for cell in cells):
            return False
        if header := header_of([text(cell) for cell in cells]):
            self._go_on_under(header)
        return header is not None or (isinstance(number, str) and is_header(number))

    def _continues(self, row: Row) -> bool:
        own = {Field.NAME, Field.PHONE, Field.ADDRESS, Field.STATUS}
        return self._above is not None and Field.ITEM in row.written and not own & row.written.keys()


def _order_no(cell: Cell) -> tuple[str, str | None]:
    """The number, or what stands there and why it is none."""
    written = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else text(cell)
    number = unwrap(written).replace(" ", "")
    if not number or number in _BLANK:
        return "", "order_no_missing"
    if isinstance(cell, float) and len(number) > _EXACT_DIGITS:
        return number, "order_no_precision_lost"
    if _SCIENTIFIC.fullmatch(number):
        return number, "order_no_scientific"
    return number, None if _ORDER_NO.fullmatch(number) else "order_no_bad_format"


def _clean(cell: Cell) -> str:
    """A cell's text without what exports put around it: a tab, `'`, `="…"`; "" if it says that there is nothing."""
    # Most cells of an export repeat; a pasted page is not worth remembering.
    return _remembered(cell) if isinstance(cell, float) or len(cell) < 60 else _bare(cell)


def _bare(cell: Cell) -> str:
    written = text(cell)
    if written[:1] in ("=", "'"):
        formula = _TEXT_FORMULA.fullmatch(written)
        written = (formula.group(1) if formula else written).removeprefix("'").strip()
    return "" if written in _BLANK else written


_remembered = lru_cache(maxsize=8192)(_bare)
