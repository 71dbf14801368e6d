"""Bytes become tables of cells. The bytes decide what a file is: couriers' programs write any table as `.xls`."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from station.tables import html as html_tables
from station.tables import workbook_bounds
from station.tables.html import Cell

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_SEPARATORS = "\t,;|，"
_SEPARATOR_WITHIN = 60
_MAX_SECONDS = 60
_WORKBOOK_READER = [sys.executable, "-I", "-X", "utf8", str(Path(__file__).with_name("workbook_reader.py"))]
_LINE_END = re.compile(r"\r\n|\r|\n")
# The csv module refuses cells above 128 KiB, and the limit is one for the whole process.
csv.field_size_limit(16 << 20)

KnownHeaders = Callable[[Sequence[str]], int]


class Unreadable(Exception):
    """A picture, a PDF, a damaged or encrypted workbook, or one too large to open."""


@dataclass(frozen=True, slots=True)
class Table:
    """`merged`: (first row, last row, column) of cells merged downwards, 0-based; only the first one holds the text."""

    rows: list[list[Cell]]
    merged: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tables:
    """`tables` can be read once; reading it may raise Unreadable."""

    format: str
    encoding: str | None
    tables: Iterator[Table]


def open_tables(data: bytes, known_headers: KnownHeaders) -> Tables:
    """Recognise the file. Raises Unreadable, also while `tables` is read.

    `known_headers`: how many cells of a row are headers that the reader knows; it decides what separates the columns.
    """
    if data.startswith(_ZIP):
        return _open_zip(data)
    if data.startswith(_OLE):
        return Tables("xls", None, _sheets(data))
    if data.startswith(_NO_TABLES):
        raise Unreadable
    text, encoding = decode(data)
    if html_tables.looks_like_html(text):
        return Tables("html-xls", encoding, _html_tables(text))
    separator = _separator(text, known_headers)
    return Tables("tsv" if separator == "\t" else "csv", encoding, _text_table(text, separator))


def decode(data: bytes) -> tuple[str, str]:
    """Text and its encoding: BOM, then UTF-16 by its NULs, then UTF-8, then GB18030 (which contains GBK)."""
    encoding = _marked_encoding(data)
    try:
        if encoding:
            text = data.decode(encoding).removeprefix("\ufeff")
        else:
            text, encoding = _unmarked(data)
    except UnicodeDecodeError as error:
        raise Unreadable from error
    odd = sum(character < " " and character not in "\t\r\n\f\v" for character in text[:4096])
    if odd + text[:4096].count("\ufffd") > 1 + len(text[:4096]) // 50:
        raise Unreadable
    return text, encoding


def _marked_encoding(data: bytes) -> str | None:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff"):
        return "utf-16-be"
    nul_first, nul_second = data[:400:2].count(0), data[1:400:2].count(0)
    if max(nul_first, nul_second) > 2 and not min(nul_first, nul_second):
        return "utf-16-le" if nul_second else "utf-16-be"
    return None


def _unmarked(data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    # A few bytes are broken, or the end is cut off: the encoding that loses less is the right one.
    texts = [(data.decode(encoding, "replace"), encoding) for encoding in ("utf-8", "gb18030")]
    return min(texts, key=lambda candidate: candidate[0].count("\ufffd"))


def _open_zip(data: bytes) -> Tables:
    try:
        return Tables(workbook_bounds.check_zip(data), None, _sheets(data))
    except (
        workbook_bounds.TooLarge,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
    ) as error:
        raise Unreadable from error


def _sheets(data: bytes) -> Iterator[Table]:
    try:
        read = subprocess.run(  # noqa: S603 - our own program, the upload is only its input
            _WORKBOOK_READER, input=data, capture_output=True, timeout=_MAX_SECONDS, check=True
        )
    except subprocess.SubprocessError as error:
        raise Unreadable from error
    for rows, merged in json.loads(read.stdout):
        yield Table(rows, merged)


def _html_tables(text: str) -> Iterator[Table]:
    try:
        for rows, merged in html_tables.tables(text):
            yield Table(rows, merged)
    except workbook_bounds.TooLarge as error:
        raise Unreadable from error


def _separator(text: str, known_headers: KnownHeaders) -> str:
    """The separator that makes a header of one of the first lines; without any header the most frequent one."""
    lines = text[: 1 << 16].splitlines()[:_SEPARATOR_WITHIN]

    def measure(separator: str) -> tuple[int, int]:
        known = max((known_headers(_line(line, separator)) for line in lines), default=0)
        return known, sum(line.count(separator) for line in lines)

    best = max(_SEPARATORS, key=measure)
    return best if measure(best)[1] else ","


def _text_table(text: str, separator: str) -> Iterator[Table]:
    if text.count(separator) + text.count("\n") > workbook_bounds.MAX_CELLS:
        raise Unreadable
    if not text.strip():
        return
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        # A stray quote would swallow all rows up to the next one: line by line it harms its own row only.
        try:
            rows = [_line(line, separator) for line in _LINE_END.split(text.rstrip("\r\n"))]
        except csv.Error as error:
            raise Unreadable from error
    if rows and not any(len(row) > 1 for row in rows) and separator in "".join(rows[0]):
        # Lines quoted as a whole, as when a CSV was opened as one column and saved again.
        rows = [_line("".join(row), separator) for row in rows]
    yield Table([list[Cell](row) for row in rows])


def _line(line: str, separator: str) -> list[str]:
    if line.count('"') % 2:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator), [])
