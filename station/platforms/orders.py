"""An order export of a platform, or somebody's own sheet: bytes in, orders out. No clock, no database, no web.

One order may stand in several rows, wherever they are. What is paid for an order is what the file says the buyer paid, of
refunded items too: giving back is an entry of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from station.addresses import split_region
from station.platforms.columns import Header, find_header, known_headers
from station.platforms.header_names import Field, Platform
from station.platforms.reader import OrderReader, RejectedRow
from station.platforms.receivers import SplitTown
from station.platforms.rows import Order, OrderBook
from station.tables import Cell, Table, Tables, Unreadable, open_tables


class UnreadableOrders(Exception):
    """`code`: empty_file, no_order_column or unreadable_file."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ParsedOrders:
    """`header_row` counts from 1; `data_rows` are the rows of orders and the rejected ones."""

    file: str
    platform: Platform
    encoding: str | None
    header_row: int
    data_rows: int
    orders: tuple[Order, ...]
    rejected: tuple[RejectedRow, ...]

    def as_json(self) -> dict[str, Any]:
        """`rejected` is there only if there are any."""
        shippable = sum(order.shippable for order in self.orders)
        told: dict[str, Any] = {
            "file": self.file,
            "platform": self.platform.value,
            "encoding": self.encoding,
            "header_row": self.header_row,
            "counts": {"data_rows": self.data_rows, "orders": len(self.orders), "shippable": shippable},
            "orders": [order.as_json(self.platform) for order in self.orders],
        }
        return told | {"rejected": [row.as_json() for row in self.rejected]} if self.rejected else told


def parse(data: bytes, filename: str, split: SplitTown = split_region) -> ParsedOrders:
    """Read an export. `split` takes the town off the text behind the county. Raises UnreadableOrders."""
    try:
        tables = open_tables(data, known_headers)
        table, header = _choose(tables)
    except Unreadable as error:
        raise UnreadableOrders("unreadable_file") from error
    _fill_down(table, header)
    reader = OrderReader(header, OrderBook(header.platform, split))
    for index, cells in enumerate(table.rows[header.row + 1 :], start=header.row + 2):
        reader.read(index, cells)
    orders = tuple(reader.book.orders())
    further = _further_sheets(tables, {order.order_no for order in orders}, len(table.rows), split)
    return ParsedOrders(
        file=filename,
        platform=header.platform,
        encoding=tables.encoding,
        header_row=header.row + 1,
        data_rows=reader.data_rows,
        orders=orders,
        rejected=(*reader.rejected, *further),
    )


def _further_sheets(tables: Tables, known: set[str], last: int, split: SplitTown) -> list[RejectedRow]:
    """Sheets behind the chosen one may be orders too, or those of last month: somebody has to say."""
    found: list[RejectedRow] = []
    try:
        for table in tables.tables:
            if header := find_header(table.rows):
                reader = OrderReader(header, OrderBook(header.platform, split))
                for cells in table.rows[header.row + 1 :]:
                    reader.read(0, cells)
                if any(order.order_no not in known for order in reader.book.orders()):
                    found.append(RejectedRow(last + len(found) + 1, "on_another_sheet"))
    except Unreadable:
        pass
    return found


def _choose(tables: Tables) -> tuple[Table, Header]:
    """The first table with a header and a row below it; a header alone if there is no better."""
    only_header = None
    anything = False
    for table in tables.tables:
        anything = anything or any(_filled(row) for row in table.rows)
        if header := find_header(table.rows):
            if any(_filled(row) for row in table.rows[header.row + 1 :]):
                return table, header
            only_header = only_header or (table, header)
    if only_header is None:
        raise UnreadableOrders("no_order_column" if anything else "empty_file")
    return only_header


# A number merged over the rows of an order is each row's; an amount merged over them is paid once.
_COUNTED = {Field.QTY, Field.PRICE, Field.LINE_PAID, Field.ORDER_PAID, Field.FREIGHT, Field.REFUNDED}


def _fill_down(table: Table, header: Header) -> None:
    columns = {column for field, found in header.columns.items() if field not in _COUNTED for column in found}
    reached = dict.fromkeys(columns, header.row)
    for first, last, column in sorted(table.merged):
        # Merges that overlap are no spreadsheet's; following them all would take for ever.
        if not reached.get(column, first) < first < len(table.rows):
            continue
        reached[column] = last
        top = table.rows[first]
        for row in table.rows[first + 1 : last + 1] if column < len(top) else ():
            row.extend([""] * (column + 1 - len(row)))
            row[column] = top[column]


def _filled(row: Sequence[Cell]) -> bool:
    return any(isinstance(cell, float) or cell.strip() for cell in row)
