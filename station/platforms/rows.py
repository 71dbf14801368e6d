"""The rows of one order become the order: what was bought, who gets it, what was paid, and whether it may go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from station.money import parse_fen
from station.platforms.header_names import Field, Platform
from station.platforms.receivers import Receiver, SplitTown, receiver
from station.platforms.status import RowState, is_partly_refunded, order_reason, row_reason
from station.texts import plain, unwrap


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file, counted from 1; `written` has no blank cells. `columns`: which fields the table has at all."""

    row: int
    written: dict[Field, str]
    columns: frozenset[Field]

    def get(self, field: Field) -> str:
        return self.written.get(field, "")


@dataclass(frozen=True, slots=True)
class Line:
    """Amounts in fen, None where the file has none or it cannot be read. `reason`: why this row is not to be shipped."""

    row: int
    name: str | None
    spec: str | None
    qty: int | None
    sku: str | None
    sub_no: str | None
    price_fen: int | None
    paid_fen: int | None
    refunded_fen: int | None
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "spec": self.spec, "qty": self.qty}


@dataclass(frozen=True, slots=True)
class Order:
    """`lines`: all rows of the order. `items`: those to be shipped, or all of them if the order is not shippable.

    `warnings`: partly_refunded, several_products (one row stands for them), duplicate_row, paid_unreadable.
    """

    order_no: str
    lines: tuple[Line, ...]
    receiver: Receiver
    platform_status: str | None
    paid_fen: int | None
    freight_fen: int | None
    ordered_at: str | None
    reason: str | None
    buyer_note: str | None
    seller_note: str | None
    waybill: str | None
    carrier: str | None
    warnings: tuple[str, ...] = ()

    @property
    def shippable(self) -> bool:
        return self.reason is None

    @property
    def items(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.reason is None) if self.shippable else self.lines

    def as_json(self, platform: Platform) -> dict[str, Any]:
        return {
            "order_no": self.order_no,
            "items": [line.as_json() for line in self.items],
            "receiver": self.receiver.as_json(with_postcode=platform is Platform.TAOBAO),
            "platform_status": self.platform_status,
            "paid_cents": self.paid_fen,
            "shippable": self.shippable,
            "reason": self.reason,
            "buyer_note": self.buyer_note,
            "seller_note": self.seller_note,
            "waybill": self.waybill,
        }


@dataclass(slots=True)
class _Gathered:
    rows: list[Row]
    keys: set[object] = field(default_factory=set)
    warnings: set[str] = field(default_factory=set)


@dataclass(slots=True)
class OrderBook:
    """Collects rows by order number; the orders come out as they first appear in the file."""

    platform: Platform
    split: SplitTown
    _orders: dict[str, _Gathered] = field(default_factory=dict)

    def add(self, order_no: str, row: Row) -> None:
        """A row that stands there twice, as after joining two exports, is taken once."""
        gathered = self._orders.get(order_no)
        if gathered is None:
            self._orders[order_no] = _Gathered([row])
            return
        # Most orders have one row: its key is made when a second one comes.
        gathered.keys = gathered.keys or {self._key(gathered.rows[0])}
        if (key := self._key(row)) in gathered.keys:
            gathered.warnings.add("duplicate_row")
            return
        gathered.keys.add(key)
        gathered.rows.append(row)

    def _key(self, row: Row) -> object:
        if self.platform is Platform.DOUYIN and row.get(Field.SUB_NO):
            return row.get(Field.SUB_NO), row.get(Field.ITEM), row.get(Field.SPEC)
        return frozenset(row.written.items())

    def orders(self) -> list[Order]:
        return [self._order(order_no, gathered) for order_no, gathered in self._orders.items()]

    def _order(self, order_no: str, gathered: _Gathered) -> Order:
        rows, warnings = gathered.rows, gathered.warnings
        first = _first_filled(rows)
        lines = tuple(_line(row, self.platform, first) for row in rows)
        person = receiver(first, self.split)
        reason = order_reason([line.reason for line in lines])
        shipped = [line for line in lines if line.reason is None] if reason is None else []
        reason = reason or (_differing(rows) if len(rows) > 1 else None) or person.reason or _unclear(shipped)
        told = next((row for row, line in zip(rows, lines, strict=True) if line.reason == reason), rows[0])
        paid = _paid(rows)
        if Field.AFTER_SALE in first and any(is_partly_refunded(row.get(Field.AFTER_SALE)) for row in rows):
            warnings.add("partly_refunded")
        if Field.KINDS in first and (_count(first[Field.KINDS]) or 1) > 1:
            warnings.add("several_products")
        if paid is None and {Field.LINE_PAID, Field.ORDER_PAID} & first.keys():
            warnings.add("paid_unreadable")
        return Order(
            order_no=order_no,
            lines=lines,
            receiver=person,
            platform_status=told.get(Field.STATUS) or first.get(Field.STATUS),
            paid_fen=paid,
            freight_fen=_fen(first.get(Field.FREIGHT)),
            ordered_at=first.get(Field.ORDERED_AT),
            reason=reason,
            buyer_note=_notes(rows, Field.BUYER_NOTE),
            seller_note=_notes(rows, Field.SELLER_NOTE),
            waybill=_waybill(first.get(Field.WAYBILL, "")) or None,
            carrier=first.get(Field.CARRIER),
            warnings=tuple(sorted(warnings)),
        )


_PACK = "(?:件|个|份|盒|箱|袋|只|包|提|组|套|瓶|罐|板)"
_QUANTITY = re.compile(
    rf"[x×*]? ?([0-9]{{1,6}})(?:\.0+)? ?{_PACK}?|([一二两三四五六七八九十]) ?{_PACK}", re.IGNORECASE
)
_TIMES = re.compile(r"[x×*✕] ?([0-9]{1,4})(?![0-9.]| ?(?:kg|g|克|斤|公斤|千克|cm|mm|ml))", re.IGNORECASE)
_CHINESE = {word: count for count, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_NO_WAYBILL = frozenset({"null", "none", "无", "暂无", "-", "--"})
_WAYBILL_LABEL = re.compile(r"^No[:.] ?", re.IGNORECASE)
_PERSONAL = (
    Field.NAME,
    Field.PHONE,
    Field.PROVINCE,
    Field.CITY,
    Field.COUNTY,
    Field.TOWN,
    Field.ADDRESS,
)


def _first_filled(rows: Sequence[Row]) -> dict[Field, str]:
    if len(rows) == 1:
        return rows[0].written
    first: dict[Field, str] = {}
    for row in reversed(rows):
        first.update(row.written)
    return first


def _line(row: Row, platform: Platform, order: dict[Field, str]) -> Line:
    paid, refunded = _fen(row.get(Field.LINE_PAID)), _fen(row.get(Field.REFUNDED))
    # A sheet of one's own says nothing about most orders; a platform always says something.
    silent = Field.STATUS not in row.columns or (platform is Platform.OTHER and Field.STATUS not in order)
    state = RowState(
        status=None if silent else row.get(Field.STATUS) or order.get(Field.STATUS, ""),
        after_sale=row.get(Field.AFTER_SALE),
        sent=row.get(Field.SENT),
        sent_at=row.get(Field.SENT_AT),
        delivery=row.get(Field.DELIVERY) or order.get(Field.DELIVERY, ""),
        waybill=_waybill(row.get(Field.WAYBILL)),
        refunded_fen=refunded,
        paid_fen=paid,
        held=row.get(Field.HELD),
    )
    return Line(
        row=row.row,
        name=row.get(Field.ITEM) or None,
        spec=row.get(Field.SPEC) or None,
        qty=_count(row.get(Field.QTY)) if Field.QTY in row.columns else _count_within(row.get(Field.ITEM)),
        sku=row.get(Field.SKU) or None,
        sub_no=row.get(Field.SUB_NO) or None,
        price_fen=_fen(row.get(Field.PRICE)),
        paid_fen=paid,
        refunded_fen=refunded,
        reason=row_reason(state),
    )


def _differing(rows: Sequence[Row]) -> str | None:
    """Two receivers under one number: whose parcel would it be?"""
    for field_ in _PERSONAL:
        if len({written for row in rows if (written := row.get(field_))}) > 1:
            return "receivers_differ"
    return None


def _unclear(lines: Sequence[Line]) -> str | None:
    if any(not line.name and not line.spec for line in lines):
        return "items_missing"
    return "quantity_unreadable" if any(line.qty is None for line in lines) else None


def _paid(rows: Sequence[Row]) -> int | None:
    """An amount of the whole order counts once, also where it is repeated in every row; amounts of rows are added up."""
    whole = [written for row in rows if (written := row.get(Field.ORDER_PAID))]
    if len(set(whole)) == 1:
        return parse_fen(whole[0])
    parts = whole or [written for row in rows if (written := row.get(Field.LINE_PAID))]
    amounts = [parse_fen(part) for part in parts]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(known) == len(amounts) else None


@lru_cache(maxsize=4096)
def _fen(written: str | None) -> int | None:
    return parse_fen(written) if written else None


@lru_cache(maxsize=1024)
def _count(written: str) -> int | None:
    found = _QUANTITY.fullmatch(unwrap(written))
    if found is None:
        return None
    figure, word = found.groups()
    return _CHINESE[word] if word else int(figure) or None


def _count_within(item: str) -> int | None:
    """土鸡蛋x2 where there is no column for it; 土鸡蛋x2+糍粑x1 is for a person to read. 30枚x50g tells a size."""
    found = _TIMES.findall(plain(item))
    return 1 if not found else int(found[0]) or None if len(found) == 1 else None


def _notes(rows: Sequence[Row], field_: Field) -> str | None:
    return "；".join(dict.fromkeys(note for row in rows if (note := row.get(field_)))) or None


def _waybill(written: str) -> str:
    number = _WAYBILL_LABEL.sub("", plain(unwrap(written))) if written else ""
    return "" if number.lower() in _NO_WAYBILL else number
