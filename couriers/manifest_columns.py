"""Which column is which: couriers' programs name their headers in many ways, in one row or in two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from couriers import waybills
from couriers.manifest_header_names import (
    Field,
    field_of,
    is_person_and_phone,
    is_vague,
    known_headers,
    unit_of,
)
from station.tables import Cell
from station.texts import fold

_PERSONAL = {Field.NAME, Field.PHONE, Field.ADDRESS}
_SENDER = re.compile(r"寄|发件|发货|始发")
_RECIPIENT = re.compile(r"收|派")
# Titles, notices and signatures above the table; a header further down belongs to something else.
_HEADER_WITHIN = 60
# A row with a phone, a date or a waybill is no upper half of a header that is printed again below it.
_DATA = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (0-based rows) and the columns of each field, the preferred one first."""

    rows: tuple[int, ...]
    row: int
    columns: dict[Field, tuple[int, ...]]
    titles: dict[Field, str]
    weight_unit: str


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The header with most known columns, one of them the waybill; the uppermost of equals, and of those with parcels
    below them: another carrier's parcels may follow further down under a header of their own."""
    best: tuple[int, Header] | None = None
    for index in range(min(len(rows), _HEADER_WITHIN)):
        labels = [text(cell) for cell in rows[index]]
        if best and index not in best[1].rows and _is_waybill(labels, best[1]):
            break
        for score, header in _single(index, labels), _pair(index, labels, rows):
            if header and (best is None or score > best[0]):
                best = score, header
    return best[1] if best else None


def _is_waybill(labels: Sequence[str], header: Header) -> bool:
    return any(
        column < len(labels) and waybills.recognise(labels[column]).candidates
        for column in header.columns[Field.WAYBILL]
    )


def header_of(labels: Sequence[str], rows: tuple[int, ...] = ()) -> Header | None:
    """The columns these labels name; None if none of them is the waybill."""
    columns = {field: found for field in Field if (found := _preferred(field, labels))}
    if Field.WAYBILL not in columns:
        return None
    titles = {field: labels[found[0]] for field, found in columns.items()}
    return Header(rows, rows[0] if rows else -1, columns, titles, unit_of(titles.get(Field.WEIGHT, "")))


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
    if known_headers(lower) < 2 or any(map(_DATA.search, upper)):
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
    if not found and field in (Field.NAME, Field.PHONE):
        found = [column for column, label in enumerate(labels) if is_person_and_phone(label)]
    if field in _PERSONAL and len(found) > 1:
        found = [column for column in found if not _is_senders(column, labels)] or found
    if field in (Field.NAME, Field.ADDRESS):
        # 客户名称 beside 收件人 may be the shop that sends.
        found.sort(key=lambda column: _RECIPIENT.match(labels[column].lstrip(" *＊")) is None)
    if field is Field.PHONE:
        found.sort(key=lambda column: "手机" not in labels[column])
    if field is Field.WAYBILL:
        found.sort(key=lambda column: is_vague(labels[column]))
    return tuple(found)


def _is_senders(column: int, labels: Sequence[str]) -> bool:
    """`寄件人 电话 收件人 电话`: a bare 电话 belongs to whom the nearest label on its left names."""
    for label in reversed(labels[: column + 1]):
        if _SENDER.match(label):
            return True
        if _RECIPIENT.match(label):
            return False
    return False
