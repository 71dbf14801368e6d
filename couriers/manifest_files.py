"""A courier's list of the day, whatever program exported it: bytes in, rows out. No clock, no database, no web."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from couriers.manifest_columns import Header, find_header, header_of
from couriers.manifest_header_names import Field, known_headers
from couriers.manifest_rows import Accepted, Rejected, RowReader, Skipped, row_key
from couriers.waybills import StationPattern
from station.tables import Cell, Table, Tables, Unreadable, open_tables


@dataclass(frozen=True, slots=True)
class ParsedManifest:
    """`uploader`: carrier code of the courier who sent it, None if unknown. `header_row` counts from 1.

    `file_error` is `empty_file`, `no_waybill_column` or `unreadable_file`; then there are no rows.
    """

    file: str
    uploader: str | None
    format: str | None
    encoding: str | None
    file_error: str | None = None
    header_row: int | None = None
    columns: dict[str, str] = field(default_factory=dict)
    accepted: list[Accepted] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        parts = {"accepted": len(self.accepted), "rejected": len(self.rejected), "skipped": len(self.skipped)}
        return {"rows": sum(parts.values()), **parts}

    def as_dict(self) -> dict[str, Any]:
        file = {
            "file": self.file,
            "uploader": self.uploader,
            "format": self.format,
            "encoding": self.encoding,
            "file_error": self.file_error,
        }
        if self.file_error:
            return file
        return file | {
            "header_row": self.header_row,
            "columns": self.columns,
            "counts": self.counts,
            "accepted": [row.as_dict() for row in self.accepted],
            "rejected": [row.as_dict() for row in self.rejected],
            "skipped": [row.as_dict() for row in self.skipped],
        }


def read(
    data: bytes, filename: str, uploader: str | None, extra: Sequence[StationPattern] = ()
) -> ParsedManifest:
    """Read an uploaded file; `extra` are the station's own number patterns. Never raises for what is in the file."""
    try:
        tables = open_tables(data, known_headers)
    except Unreadable:
        return ParsedManifest(filename, uploader, None, None, "unreadable_file")
    try:
        chosen = _choose(tables)
    except Unreadable:
        return ParsedManifest(filename, uploader, tables.format, tables.encoding, "unreadable_file")
    if isinstance(chosen, str):
        return ParsedManifest(filename, uploader, tables.format, tables.encoding, chosen)
    table, header = chosen
    manifest = ParsedManifest(
        filename,
        uploader,
        tables.format,
        tables.encoding,
        header_row=header.row + 1,
        columns=_columns(header),
    )
    _read_table(manifest, table, header, extra)
    _tell_of_further_sheets(manifest, tables, len(table.rows), extra)
    return manifest


def read_rows(
    rows: Sequence[Mapping[str, object]], uploader: str | None, extra: Sequence[StationPattern] = ()
) -> ParsedManifest:
    """Read rows sent as JSON; the keys are our field names (`waybill`, `cod` …) or any header a file may have.

    Values mean what they would in a file: `"cod": 35` is 35 yuan, `"weight": 1.5` kilograms.
    """
    labels = list(dict.fromkeys(key for row in rows for key in row))
    header = header_of(labels)
    error = None if header else "no_waybill_column" if rows else "empty_file"
    columns = _columns(header) if header else {}
    manifest = ParsedManifest("", uploader, "json", None, error, columns=columns)
    if header:
        reader = RowReader(header, uploader, extra)
        for number, row in enumerate(rows, start=1):
            _sort_in(manifest, reader, number, [_json_cell(row.get(label)) for label in labels])
    return manifest


def _choose(tables: Tables) -> tuple[Table, Header] | str:
    """The first table with a header and a row below it; a header alone if there is no better; else the error."""
    only_header = None
    anything = False
    for table in tables.tables:
        anything = anything or any(row_key(row) for row in table.rows)
        if header := find_header(table.rows):
            if any(row_key(row) for row in table.rows[header.rows[-1] + 1 :]):
                return table, header
            only_header = only_header or (table, header)
    return only_header or ("no_waybill_column" if anything else "empty_file")


def _tell_of_further_sheets(
    manifest: ParsedManifest, tables: Tables, last: int, extra: Sequence[StationPattern]
) -> None:
    """Sheets behind the chosen one may be another carrier's parcels of today, or yesterday's: the courier has to say."""
    known = {row.waybill for row in manifest.accepted}
    try:
        for table in tables.tables:
            if header := find_header(table.rows):
                sheet = ParsedManifest(manifest.file, manifest.uploader, None, None)
                _read_table(sheet, table, header, extra)
                if any(row.waybill not in known for row in sheet.accepted):
                    last += 1
                    manifest.rejected.append(Rejected(last, "on_another_sheet"))
    except Unreadable:
        return


def _read_table(
    manifest: ParsedManifest, table: Table, header: Header, extra: Sequence[StationPattern]
) -> None:
    _fill_down(table, header)
    reader = RowReader(header, manifest.uploader, extra)
    for index, row in enumerate(table.rows):
        if index > header.rows[-1]:
            _sort_in(manifest, reader, index + 1, row)
        elif index in header.rows:
            reader.headers.add(row_key(row))
            manifest.skipped.append(Skipped(index + 1, "header"))
        else:
            reader.titles.add(row_key(row))
            manifest.skipped.append(Skipped(index + 1, "title" if row_key(row) else "blank"))


# A courier merged over his rows is meant for each of them; an amount merged over two parcels is paid once.
_FILLED_DOWN = (Field.CARRIER, Field.STAFF, Field.NAME, Field.PHONE, Field.ADDRESS, Field.NOTE)


def _fill_down(table: Table, header: Header) -> None:
    columns = {column for field in _FILLED_DOWN for column in header.columns.get(field, ())}
    reached = dict.fromkeys(columns, header.rows[-1])
    for first, last, column in sorted(table.merged):
        # Merges that overlap are no spreadsheet's; following them all would take for ever.
        if not reached.get(column, first) < first < len(table.rows):
            continue
        reached[column] = last
        top = table.rows[first]
        for row in table.rows[first + 1 : last + 1] if column < len(top) else ():
            row.extend([""] * (column + 1 - len(row)))
            row[column] = top[column]


def _sort_in(manifest: ParsedManifest, reader: RowReader, number: int, cells: Sequence[Cell]) -> None:
    match reader.read(number, cells):
        case Accepted() as accepted:
            manifest.accepted.append(accepted)
        case Rejected() as rejected:
            manifest.rejected.append(rejected)
        case skipped:
            manifest.skipped.append(skipped)


def _columns(header: Header) -> dict[str, str]:
    return {field.value: title for field, title in header.titles.items()}


def _json_cell(value: object) -> Cell:
    if value is None:
        return ""
    # A JSON integer is exact however long, unlike a number in a spreadsheet's cell.
    return value if isinstance(value, str | float) else str(value)
