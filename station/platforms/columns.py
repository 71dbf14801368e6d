"""Which column is which in an order export, and which platform wrote it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from station.addresses import simplified
from station.platforms.header_names import GENERAL, GRAMMAR, OWN, TELLING, Field, Platform
from station.tables import Cell
from station.texts import fold, plain, unwrap

_TELLING_SETS = {platform: frozenset(names.split()) for platform, names in TELLING.items()}


def _names(platform: Platform, field: Field) -> tuple[str, ...]:
    own, general = OWN.get(platform, {}).get(field, ""), GENERAL.get(field, "")
    # What a platform calls paid is known exactly: another amount of its export is not that.
    is_paid = field in (Field.LINE_PAID, Field.ORDER_PAID)
    return tuple(own.split() if is_paid and platform in OWN else f"{own} {general}".split())


_NAMES = {platform: {field: _names(platform, field) for field in Field} for platform in Platform}
_KNOWN = frozenset(name for fields in _NAMES.values() for names in fields.values() for name in names)
# 实付金额(分) is left: it would be a hundred times the amount.
_BRACKETED = re.compile(r"(.+)\((?!分\)|万)[^()]*\)")
_NUMBER = re.compile(r"(?=.*[0-9]{2})[A-Za-z0-9_-]+")
_HEADER_WITHIN = 60
_LONGEST_HEADER = 40


@dataclass(frozen=True, slots=True)
class Header:
    """`row` is 0-based; the columns of each field, the preferred one first."""

    row: int
    platform: Platform
    columns: dict[Field, tuple[int, ...]]


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The row with most known columns among the first ones, one of them the order number; the uppermost of equals, and
    of those with orders below them: further down another table may begin."""
    best: Header | None = None
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        labels = [text(cell) for cell in row]
        if best and any(
            at < len(labels) and _NUMBER.fullmatch(unwrap(labels[at])) for at in best.columns[Field.ORDER_NO]
        ):
            break
        header = header_of(labels, index)
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def header_of(labels: Sequence[str], row: int = 0) -> Header | None:
    """None if no label is the order number's, or if it stands alone, as in a sentence about it."""
    keys = [_key(label) for label in labels]
    platform = _platform(keys)
    columns = {field: found for field in Field if (found := _columns(keys, _NAMES[platform][field]))}
    columns |= _alike(keys, platform, columns)
    return Header(row, platform, columns) if Field.ORDER_NO in columns and len(columns) > 1 else None


def known_headers(cells: Sequence[Cell]) -> int:
    """How many of the cells are headers of any platform: the measure for guessing a text file's separator."""
    return sum(is_header(cell) for cell in cells if isinstance(cell, str))


def is_header(label: str) -> bool:
    key = _key(label)
    return key in _KNOWN or _bare(key) in _KNOWN


def text(cell: Cell) -> str:
    """A cell as the text a person would have seen; floats carry 15 digits, the rest is noise."""
    if isinstance(cell, str):
        return fold(cell)
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"


def _columns(keys: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    """Columns by the rank of their names; a name with its unit behind it, `数量(件)`, counts as well."""
    ranked = [(rank, column) for column, key in enumerate(keys) if (rank := _rank(key, names)) is not None]
    return tuple(column for _, column in sorted(ranked))


def _alike(
    keys: Sequence[str], platform: Platform, named: dict[Field, tuple[int, ...]]
) -> dict[Field, tuple[int, ...]]:
    """Columns whose names are put together as such names are, for the fields that no column bears a known name of."""
    taken = {column for columns in named.values() for column in columns}
    free = [(column, _bare(key) or key) for column, key in enumerate(keys) if column not in taken]
    asked = [field for field in GRAMMAR if field not in named]
    if platform in OWN:
        asked = [field for field in asked if field is not Field.ORDER_PAID]
    found = {field: tuple(at for at, key in free if _is_called(GRAMMAR[field], key)) for field in asked}
    return {field: columns for field, columns in found.items() if columns}


def _is_called(words: re.Pattern[str], key: str) -> bool:
    """手机/电话 are two names for one thing, 退款/售后状态 is one name."""
    if words.fullmatch(key.replace("/", "")):
        return True
    return "/" in key and all(words.fullmatch(part) for part in key.split("/"))


def _rank(key: str, names: Sequence[str]) -> int | None:
    for name in (key, _bare(key)):
        if name and name in names:
            return names.index(name)
    return None


def _platform(keys: Sequence[str]) -> Platform:
    found = {platform: len(telling.intersection(keys)) for platform, telling in _TELLING_SETS.items()}
    best = max(found, key=lambda platform: found[platform])
    return best if found[best] else Platform.OTHER


def _bare(key: str) -> str:
    return bracketed.group(1) if (bracketed := _BRACKETED.fullmatch(key)) else ""


@lru_cache(maxsize=4096)
def _key(label: str) -> str:
    """A header as it is compared: half width, lower case, simplified, without spaces, `*` and `:`."""
    if len(label) > _LONGEST_HEADER:
        return ""
    return simplified(plain(label)).lower().translate({ord(sign): None for sign in " *:'\"._"})
