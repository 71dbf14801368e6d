"""HTML tables: what many couriers' programs save under the name of an Excel file. And "XML 2003" tables, which other
programs save there: https://learn.microsoft.com/previous-versions/office/developer/office-xp/aa140066(v=office.10)

Not html.parser: it needs minutes for a hundred kilobytes of broken tags. This reads every character once.
"""

import re
from collections.abc import Iterator
from html import unescape

from station.tables.workbook_bounds import MAX_CELLS, TooLarge

# What a table holds: text, or a number where a spreadsheet stored one.
Cell = str | float

Merged = list[tuple[int, int, int]]
_HTML = re.compile(r"\s*<(?:!doctype|html|head|meta|style|body|table|div|(?:ss:)?workbook)\b", re.IGNORECASE)
_PREAMBLE = re.compile(r"(?:\s*<\?(?:xml|mso)[^>]*>)+")
_TAG = re.compile(r"""<(/?)([a-zA-Z][\w:-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_SPAN = re.compile(
    r"""\b(rowspan|colspan|mergedown|mergeacross|index)\s*=\s*["']?\s*([0-9]{1,8})""", re.IGNORECASE
)
# As browsers do: https://html.spec.whatwg.org/multipage/tables.html
_MAX_COLSPAN, _MAX_ROWSPAN = 1000, 65534
_CELLS = {"td", "th"}
_XML_NAMES = {"row": "tr", "cell": "td"}
_BREAKS = {"br", "p", "div"}


def looks_like_html(text: str) -> bool:
    start = _without_comments(text[:4096])
    return _HTML.match(_PREAMBLE.sub("", start, count=1)) is not None


def tables(text: str) -> Iterator[tuple[list[list[Cell]], Merged]]:
    """Rows and downward merges of every table, a nested one before the one around it; raises TooLarge."""
    text = _without_comments(text)
    unfinished: list[_Table] = []
    end = 0
    for tag in _TAG.finditer(text):
        if unfinished:
            unfinished[-1].add(unescape(text[end : tag.start()]))
        end = tag.end()
        closing, name = bool(tag.group(1)), tag.group(2).lower().removeprefix("ss:")
        name = _XML_NAMES.get(name, name)
        if name == "table" and not closing:
            unfinished.append(_Table())
        elif name == "table" and unfinished:
            yield unfinished.pop().finish()
        elif unfinished:
            unfinished[-1].tag(name, closing, tag.group(3))
    for table in reversed(unfinished):
        yield table.finish()


class _Table:
    def __init__(self) -> None:
        self._rows: list[list[Cell]] = []
        self._merged: Merged = []
        self._row: list[Cell] | None = None
        self._text: list[str] | None = None
        # Column → the last row that a cell above reaches down to.
        self._taken: dict[int, int] = {}
        self._width = 1
        self._cells = 0

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        if name == "tr":
            self._end_row()
            self._row = None if closing else []
            if not closing and (found := _spans(attributes).get("index")):
                self._skip_to(found)
        elif name in _CELLS and closing:
            self._end_cell()
        elif name in _CELLS:
            spans = _spans(attributes)
            rows, columns = spans.get("mergedown", 0) + 1, spans.get("mergeacross", 0) + 1
            self._start_cell(spans.get("rowspan", rows), spans.get("colspan", columns), spans.get("index", 0))
        elif name in _BREAKS:
            self.add(" ")

    def add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def finish(self) -> tuple[list[list[Cell]], Merged]:
        self._end_row()
        return self._rows, self._merged

    def _skip_to(self, row: int) -> None:
        """Rows left out above this one, which counts from 1: XML leaves out empty ones."""
        if row > _MAX_ROWSPAN:
            raise TooLarge
        self._rows += [[] for _ in range(row - 1 - len(self._rows))]

    def _start_cell(self, rowspan: int, colspan: int, column: int) -> None:
        self._end_cell()
        row = self._row = [] if self._row is None else self._row
        row += [""] * (min(column, _MAX_COLSPAN) - 1 - len(row))
        here = len(self._rows)
        while self._taken.get(len(row), -1) >= here:
            row.append("")
        self._text, self._width = [], max(1, min(colspan, _MAX_COLSPAN))
        # Spans multiply: a short file can claim a thousand columns for each of its cells.
        if self._cells + len(row) + self._width > MAX_CELLS:
            raise TooLarge
        if rowspan > 1:
            last = here + min(rowspan, _MAX_ROWSPAN) - 1
            self._merged.append((here, last, len(row)))
            self._taken.update(dict.fromkeys(range(len(row), len(row) + self._width), last))

    def _end_cell(self) -> None:
        if self._text is not None and self._row is not None:
            self._row += ["".join(self._text), *[""] * (self._width - 1)]
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._rows.append(self._row)
            self._cells += len(self._row)
        self._row = None


def _spans(attributes: str) -> dict[str, int]:
    return {key.lower(): int(value) for key, value in _SPAN.findall(attributes)}


def _without_comments(text: str) -> str:
    before, *commented = text.split("<!--")
    return before + "".join(comment.partition("-->")[2] for comment in commented)
