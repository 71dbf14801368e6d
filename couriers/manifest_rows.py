"""One row of a courier's table becomes a parcel announced, a row rejected with its reason, or a row to skip."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from couriers import waybills
from couriers.manifest_columns import Header, header_of, text
from couriers.manifest_header_names import Field, field_of, header_key
from couriers.waybills import StationPattern, Status
from station import addresses, carriers, phones
from station.money import parse_fen
from station.phones import Phone
from station.tables import Cell
from station.texts import plain, unwrap
from station.weights import parse_grams


@dataclass(frozen=True, slots=True)
class Accepted:
    """`row` counts from 1 as the courier sees the table. Amounts are None if unreadable or if there is no such column."""

    row: int
    waybill: str
    carrier: str | None
    piece_no: int | None
    piece_count: int | None
    name: str | None
    phone: Phone
    address: str | None
    cod_cents: int | None
    collect_cents: int | None
    weight_g: int | None
    pieces: int
    note: str | None
    staff: str | None
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        written = {name: getattr(self, name) for name in self.__slots__}
        phone = self.phone
        written["phone"] = {
            "kind": phone.kind.value, "number": phone.number, "ext": phone.ext, "alt": list(phone.alt)
        }  # fmt: skip
        written["warnings"] = list(self.warnings)
        return written


@dataclass(frozen=True, slots=True)
class Rejected:
    row: int
    reason: str
    waybill: str | None = None
    raw: str | None = None

    def as_dict(self) -> dict[str, Any]:
        told = {"row": self.row, "reason": self.reason, "waybill": self.waybill, "raw": self.raw}
        return {key: value for key, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Skipped:
    """`kind`: title, header, repeated_header, blank or footer."""

    row: int
    kind: str

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "kind": self.kind}


_FOOTER = re.compile(
    r"(?:合计|总计|小计|本页|(?:以上)?共计|第 ?[0-9一二三四五六七八九十]+ ?页|制表|打印时间|(?:备注|说明):"
    r"|共 ?[0-9]+ ?[件票单条]|(?:制单|打印|导出|交接|派送?|收|客户|派件员|快递员|网点|站点)?(?:人|员)?(?:签字|签名|签收|盖章)(?:人|栏)?[:_])"
)
_PIECES = re.compile(r"([0-9]{1,4}|[一二两三四五六七八九十]) ?(?:件|个|包|箱|袋|票)?")
_COUNTED = {word: count for count, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
# 瞿冬伢 13900000001 in one cell under 收件人/电话.
_PHONE_BESIDE_NAME = re.compile(r"[ ,:/]*[+0-9][0-9*-]{9,}(?:转[0-9]+)?[ ,:/]*")
# Asked first, because asking for a header's meaning takes its time.
_LIKE_A_HEADER = re.compile(r"[^0-9]{0,14}(?:[单号码条]|no|awb|number|barcode)[^0-9]{0,14}")
# Of a header such as 代收货款(分): the amounts below it are not in yuan.
_NOT_IN_YUAN = re.compile(r"[(（/](?:分|万)")
_TEXT_FORMULA = re.compile(r'="(.*)"')
# Rejected rows are shown again with what was in the waybill cell, but not a whole pasted page of it.
_RAW_SHOWN = 200
# What may stand in a row that announces no parcel: a running number, or a carrier or courier merged down over it.
_BESIDE_THE_POINT = (Field.CARRIER, Field.STAFF)


@dataclass(slots=True)
class RowReader:
    """Reads the rows below one header, in order: it remembers titles and waybills, which may come again."""

    header: Header
    uploader: str | None
    extra: Sequence[StationPattern] = ()
    titles: set[tuple[str, ...]] = field(default_factory=set)
    headers: set[tuple[str, ...]] = field(default_factory=set)
    _seen: set[tuple[str, int | None]] = field(default_factory=set)

    def read(self, row: int, cells: Sequence[Cell]) -> Accepted | Rejected | Skipped:
        if not (filled := [cell for cell in cells if isinstance(cell, float) or cell.strip()]):
            return Skipped(row, "blank")
        written = {field: text(self._cell(cells, field)) for field in self.header.columns}
        if told := written.get(Field.RECEIVER):
            _take_apart(told, written)
        recognised = self._recognised(cells)
        phone = phones.classify(
            written.get(Field.PHONE, ""), written.get(Field.NAME, ""), written.get(Field.EXTENSION, "")
        )
        if not recognised.candidates and (kind := self._aside(cells, filled, written, phone)):
            return Skipped(row, kind)
        if recognised.status is Status.INVALID:
            return _rejected(row, recognised)
        key = (recognised.normalized, recognised.piece[0] if recognised.piece else None)
        if key in self._seen:
            return Rejected(row, "duplicate_in_file", waybill=recognised.normalized)
        self._seen.add(key)
        return self._accepted(row, written, recognised, phone)

    def _recognised(self, cells: Sequence[Cell]) -> waybills.Recognised:
        """By the first filled column of numbers; where 包裹号 repeats 运单号 with its piece, -1-2-, by that one."""
        columns = [column for column in self.header.columns[Field.WAYBILL] if column < len(cells)]
        filled = [cells[column] for column in columns if cells[column] != ""] or [""]
        found = [
            waybills.recognise(_number_text(cell), numeric_cell=isinstance(cell, float), extra=self.extra)
            for cell in filled
        ]
        return next((one for one in found if one.piece and one.normalized == found[0].normalized), found[0])

    def _cell(self, cells: Sequence[Cell], field: Field) -> Cell:
        """The field's first filled cell: some tables have 手机 and 电话, and fill only one of them."""
        for column in self.header.columns[field]:
            if column < len(cells) and cells[column] != "":
                return cells[column]
        return ""

    def _aside(
        self, cells: Sequence[Cell], filled: Sequence[Cell], written: Mapping[Field, str], phone: Phone
    ) -> str | None:
        """The kind of a row that is no parcel's, None if it is one."""
        key = row_key(cells)
        if key in self.headers:
            return "repeated_header"
        if any(map(_LIKE_A_HEADER.fullmatch, key)) and self._goes_on_under(cells):
            return "repeated_header"
        if key in self.titles:
            return "title"
        if phone.kind in (phones.Kind.MISSING, phones.Kind.INVALID) and _FOOTER.match(
            plain(text(filled[0])).replace(" ", "")
        ):
            return "footer"
        if any(written.get(field) for field in (Field.WAYBILL, Field.NAME, Field.PHONE)):
            return None
        beside = {written.get(field) for field in _BESIDE_THE_POINT}
        tells = any(not unwrap(told).isdecimal() for told in map(text, filled) if told not in beside)
        return "title" if tells else "blank"

    def _goes_on_under(self, cells: Sequence[Cell]) -> bool:
        """A header again: the rows below it follow its own columns, which may be others than the first one's."""
        labels = [text(cell) for cell in cells]
        if (
            not any(field_of(label) is Field.WAYBILL for label in labels)
            or (header := header_of(labels)) is None
        ):
            return False
        if len(header.columns) > 1:
            self.header = header
        return True

    def _accepted(
        self, row: int, written: Mapping[Field, str], recognised: waybills.Recognised, phone: Phone
    ) -> Accepted:
        hint = carriers.by_alias(written.get(Field.CARRIER, "")) or self.uploader
        decision = waybills.decide(recognised, hint)
        told = written.get(Field.NAME, "")
        if self.header.columns.get(Field.NAME) == self.header.columns.get(Field.PHONE):
            told = _PHONE_BESIDE_NAME.sub("", plain(told))
        name, name_warning = _name(told)
        address, address_warning = _address(written.get(Field.ADDRESS, ""))
        cod, cod_warning = _amount(written, Field.COD, self.header)
        collect, collect_warning = _amount(written, Field.COLLECT, self.header)
        if not cod_warning and _is_more_due(written, (cod or 0) + (collect or 0)):
            cod, cod_warning = None, "cod_unreadable"
        own = filter(None, (name_warning, address_warning, cod_warning, collect_warning))
        no, count = recognised.piece or (None, None)
        return Accepted(
            row=row,
            waybill=recognised.normalized,
            carrier=decision.carrier,
            piece_no=no,
            piece_count=count,
            name=name,
            phone=phone,
            address=address,
            cod_cents=cod,
            collect_cents=collect,
            weight_g=parse_grams(written.get(Field.WEIGHT, ""), self.header.weight_unit),
            pieces=_pieces(written.get(Field.PIECES, "")),
            note=_unformula(written.get(Field.NOTE, "")) or None,
            staff=_unformula(written.get(Field.STAFF, "")) or None,
            warnings=tuple(sorted((*recognised.warnings, *decision.warnings, *phone.warnings, *own))),
        )


def row_key(cells: Sequence[Cell]) -> tuple[str, ...]:
    """What stands in a row, for recognising it when it is printed again on the next page."""
    return tuple(key for cell in cells if (key := header_key(text(cell))))


def _take_apart(told: str, written: dict[Field, str]) -> None:
    """One cell with name, phone and address becomes the three fields, where the table has no columns for them."""
    if any(written.get(field) for field in (Field.NAME, Field.PHONE, Field.ADDRESS)):
        return
    one = addresses.parse(told)
    where = (one.province, one.city if one.city != one.province else "", one.county, one.town, one.village)
    written[Field.NAME] = one.name or ""
    written[Field.PHONE] = f"{one.phone or ''}-{one.ext}" if one.ext else one.phone or ""
    written[Field.ADDRESS] = "".join(filter(None, where)) + one.rest


def _number_text(cell: Cell) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else text(cell)


def _rejected(row: int, recognised: waybills.Recognised) -> Rejected:
    shows_raw = recognised.reason in ("waybill_bad_format", "waybill_scientific")
    return Rejected(
        row,
        recognised.reason or "waybill_bad_format",
        waybill=recognised.normalized or None,
        raw=recognised.raw[:_RAW_SHOWN] if shows_raw else None,
    )


def _amount(written: Mapping[Field, str], field: Field, header: Header) -> tuple[int | None, str | None]:
    if field not in written:
        return None, None
    fen = parse_fen(written[field])
    if fen and _NOT_IN_YUAN.search(header.titles[field]):
        fen = None
    return fen, f"{field}_unreadable" if fen is None else None


def _is_more_due(written: Mapping[Field, str], known_fen: int) -> bool:
    """应收金额 says how much and not what for: what the other columns do not explain, somebody has to ask about."""
    due = parse_fen(written.get(Field.DUE, ""))
    return due is None or due not in (0, known_fen)


def _unformula(value: str) -> str:
    """Text out of `="…"`; a real formula stays as the text it is, since nothing here ever calculates."""
    found = _TEXT_FORMULA.fullmatch(value) if value.startswith("=") else None
    return found.group(1) if found else value


def _name(value: str) -> tuple[str | None, str | None]:
    name = phones.split_name(_unformula(value).removeprefix("'"))[0]
    if not name:
        return None, "name_missing"
    if name.startswith(phones.ENCRYPTED_MARKS):
        return None, "name_encrypted"
    return name, "name_masked" if "*" in name or "＊" in name else None


def _address(value: str) -> tuple[str | None, str | None]:
    if value.startswith(phones.ENCRYPTED_MARKS):
        return None, "address_encrypted"
    return _unformula(value) or None, None


def _pieces(value: str) -> int:
    if not value:
        return 1
    found = _PIECES.fullmatch(unwrap(value))
    return max(1, _COUNTED.get(found.group(1)) or int(found.group(1))) if found else 1
