"""A program of its own: a workbook on standard input, its sheets as JSON on standard output.

A damaged or malicious .xls makes the reader ask for tens of gigabytes. Here that ends this short-lived process and not
the station. Run by path, so it imports nothing of the house.
"""

import io
import json
import re
import sys
import zipfile

from python_calamine import CalamineWorkbook

_MAX_MEMORY = 1 << 30
_MAX_SECONDS = 30
_MAX_SHEETS = 30
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*\br:id=[\"']([^\"']+)")
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r"\b(Id|Target)=[\"']([^\"']+)")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\st=["']e["'])[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>"""
    rb"""(?:<(?:\w+:)?f\b[^>]*(?:(?<=/)>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]{1,20})<"""
)


def _limit_myself() -> None:
    # Windows has no such limits; there the time limit of the parent remains.
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_MAX_SECONDS, _MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cell(value: object) -> str | float:
    if isinstance(value, str | float):
        return value
    return "" if value is None else str(value)


def _errors(data: bytes) -> dict[int, list[tuple[int, int, str]]]:
    """Cells of an .xlsx that show #N/A or the like, by sheet: the reader gives them as blank, and blank says nothing is
    to be paid."""
    if not data.startswith(b"PK"):
        return {}
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        relations = [
            dict(_ATTRIBUTE.findall(tag))
            for tag in _RELATION.findall(
                archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
            )
        ]
        targets = {one.get("Id"): one.get("Target", "").removeprefix("/xl/") for one in relations}
        sheets = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))
        for index, id_ in enumerate(sheets[:_MAX_SHEETS]):
            member = f"xl/{targets.get(id_)}"
            content = archive.read(member) if member in names else b""
            if b't="e"' in content or b"t='e'" in content:
                found[index] = [
                    (int(row) - 1, _column(letters), shown.decode("utf-8", "replace"))
                    for letters, row, shown in _ERROR.findall(content)
                ]
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def main() -> None:
    _limit_myself()
    sheets = []
    data = sys.stdin.buffer.read()
    errors = _errors(data)
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for index, name in enumerate(workbook.sheet_names[:_MAX_SHEETS]):
            sheet = workbook.get_sheet_by_name(name)
            rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            for row, column, shown in errors.get(index, ()):
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = shown
            merged = [(top, bottom, left) for (top, left), (bottom, _) in sheet.merged_cell_ranges or []]
            sheets.append((rows, merged))
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    main()
