"""How large a workbook becomes once it is opened, found out before it is opened.

A few kilobytes can inflate to gigabytes, and one cell at XFD1048576 makes the reader allocate the whole rectangle.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

MAX_CELLS = 4_000_000
_MAX_INFLATED = 160 << 20
_MAX_STRING_BYTES = 512 << 20
_CHUNK = 1 << 20
_SHEET_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'][^>/]*>""")
_SHARED_STRING = re.compile(rb"<(?:\w+:)?si[\s>]")
_ODS_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell)\b([^>]*)>")
_ODS_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,9})["']""")


class TooLarge(Exception):
    """Nobody sends a list of this size."""


def check_zip(data: bytes) -> str:
    """`xlsx` or `ods`, if it may be opened; raises TooLarge, zipfile.BadZipFile or zlib.error if not."""
    left = _MAX_INFLATED
    cells = longest = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    names = {member.filename for member in members}
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise zipfile.BadZipFile("no workbook")
    for member in members:
        content = _inflate(data, member, left)
        left -= len(content)
        if member.filename.startswith("xl/worksheets/"):
            cells = max(cells, _sheet_box(content))
        elif member.filename == "content.xml":
            cells = max(cells, _ods_box(content))
        elif member.filename.lower().endswith("sharedstrings.xml"):
            longest = max(map(len, _SHARED_STRING.split(content)))
    # Every cell that shows a shared string becomes a copy of its own.
    if cells > MAX_CELLS or cells * longest > _MAX_STRING_BYTES:
        raise TooLarge
    return "xlsx" if "xl/workbook.xml" in names else "ods"


def _inflate(data: bytes, member: zipfile.ZipInfo, limit: int) -> bytes:
    """The member's real content. The sizes that the archive states are its maker's word and prove nothing."""
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("encrypted, or packed in a way no spreadsheet uses")
    header = data[member.header_offset : member.header_offset + 30]
    start = (
        member.header_offset
        + 30
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        return packed
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    while packed and not inflater.eof:
        content += inflater.decompress(packed, _CHUNK)
        packed = inflater.unconsumed_tail
        if len(content) > limit:
            raise TooLarge
    return bytes(content)


def _sheet_box(content: bytes) -> int:
    """Cells in the rectangle from A1 to the furthest filled cell."""
    columns: set[bytes] = set()
    last_row = 0
    for column, row in _SHEET_CELL.findall(content):
        columns.add(column)
        last_row = max(last_row, int(row))
    return last_row * max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _ods_box(content: bytes) -> int:
    largest = rows = filled_rows = widest = 0
    for repeated, width in _ods_rows(content):
        rows += repeated
        if width:
            filled_rows, widest = rows, max(widest, width)
        largest = max(largest, filled_rows * widest)
    return largest


def _ods_rows(content: bytes) -> Iterator[tuple[int, int]]:
    """For each row how often it is repeated, and its width up to the last filled cell."""
    repeated = width = column = 0
    for tag, attributes in _ODS_TAG.findall(content):
        found = _ODS_REPEATED.search(attributes)
        times = int(found.group(1)) if found else 1
        if tag == b"table-row":
            if repeated:
                yield repeated, width
            repeated, width, column = times, 0, 0
        else:
            column += times
            if not attributes.endswith(b"/"):
                width = column
    yield repeated, width
