"""A program of its own: a workbook on standard input, its sheets as JSON on standard output.

A damaged or malicious .xls makes the reader ask for tens of gigabytes. Here that ends this short-lived process and not
the station. Run by path, so it imports nothing of the house.
"""

import io
import json
import sys

from python_calamine import CalamineWorkbook

_MAX_MEMORY = 1 << 30
_MAX_SECONDS = 30
_MAX_SHEETS = 30


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


def main() -> None:
    _limit_myself()
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
        for name in workbook.sheet_names[:_MAX_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            merged = [(top, bottom, left) for (top, left), (bottom, _) in sheet.merged_cell_ranges or []]
            sheets.append((rows, merged))
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    main()
