"""A household's statement for a period: drawn from its entries in the ledger, and the same whenever it is drawn again.

Nothing is remembered between entries: every figure is a sum. So their order does not matter, an entry that reverses another
takes it away whole, and what a household owes goes into the next period instead of being paid out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from station.errors import N_
from station.i18n import gettext as _
from station.money import format_fen

# The lines of a slip in this order; what has another kind stands under `other`.
KINDS = {
    "sale": N_("Sold: {label}"),
    "freight_paid": N_("Freight that buyers paid"),
    "packing": N_("Less packing {quantity} × {each}"),
    "commission": N_("Less the station's service, {percent} %"),
    "freight": N_("Less freight"),
    "platform_fee": N_("Less the platform's fee, {percent} %"),
    "refund": N_("Given back to buyers"),
    "claim": N_("Compensation"),
    "share": N_("Shared as agreed"),
    "other": N_("Other"),
}


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry of the ledger as its household sees it: plus is owed to it.

    One that reverses another has its kind, order and label, and the opposite `fen` and `quantity`. `day` is an ISO day.
    """

    id: int
    kind: str
    fen: int
    day: str
    order: str = ""
    label: str = ""
    quantity: int = 0
    each_fen: int | None = None
    rate_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Entries of one kind, goods and rate together. `orders` counts those that are not wholly taken back."""

    kind: str
    label: str
    fen: int
    orders: int
    quantity: int
    each_fen: int | None
    rate_bp: int | None

    @property
    def words(self) -> str:
        percent = format_fen(self.rate_bp or 0).rstrip("0").rstrip(".")
        facts = {"label": self.label, "quantity": abs(self.quantity), "percent": percent}
        return _(KINDS[self.kind]).format(**facts, each=format_fen(self.each_fen or 0))


@dataclass(frozen=True, slots=True)
class Statement:
    """`total_fen` = `carry_in_fen` + all lines = `pay_fen` + `carry_out_fen`. Deductions are negative, as in the ledger."""

    lines: tuple[Line, ...]
    gross_fen: int
    freight_fen: int
    packing_fen: int
    commission_fen: int
    platform_fee_fen: int
    refunds_fen: int
    claims_fen: int
    shares_fen: int
    other_fen: int
    carry_in_fen: int
    total_fen: int
    pay_fen: int
    carry_out_fen: int
    first_day: str = ""
    last_day: str = ""


def draw(entries: Sequence[Posted], carry_in_fen: int = 0) -> Statement:
    """The statement of one household's `entries`; `carry_in_fen` is what the last one carried over (0 or negative).

    An entry given twice counts once. ValueError if two different entries have the same id.
    """
    once = _once(entries)
    kinds: defaultdict[str, int] = defaultdict(int)
    for entry in once:
        kinds[_kind(entry)] += entry.fen
    total = carry_in_fen + sum(kinds.values())
    days = [entry.day for entry in once]
    return Statement(
        lines=_lines(once),
        gross_fen=kinds["sale"],
        freight_fen=kinds["freight_paid"] + kinds["freight"],
        packing_fen=kinds["packing"],
        commission_fen=kinds["commission"],
        platform_fee_fen=kinds["platform_fee"],
        refunds_fen=kinds["refund"],
        claims_fen=kinds["claim"],
        shares_fen=kinds["share"],
        other_fen=kinds["other"],
        carry_in_fen=carry_in_fen,
        total_fen=total,
        pay_fen=max(total, 0),
        carry_out_fen=min(total, 0),
        first_day=min(days, default=""),
        last_day=max(days, default=""),
    )


def _kind(entry: Posted) -> str:
    return entry.kind if entry.kind in KINDS else "other"


def _once(entries: Iterable[Posted]) -> list[Posted]:
    known: dict[int, Posted] = {}
    for entry in entries:
        if known.setdefault(entry.id, entry) != entry:
            raise ValueError(f"two entries of the ledger have the id {entry.id}")
    return list(known.values())


_Group = tuple[str, str, int | None, int | None]


def _lines(entries: Iterable[Posted]) -> tuple[Line, ...]:
    groups: defaultdict[_Group, list[Posted]] = defaultdict(list)
    for entry in entries:
        groups[(_kind(entry), entry.label, entry.each_fen, entry.rate_bp)].append(entry)
    lines = [_line(group, groups[group]) for group in groups]
    return tuple(sorted((line for line in lines if line.fen or line.orders or line.quantity), key=_place))


def _line(group: _Group, entries: list[Posted]) -> Line:
    kind, label, each_fen, rate_bp = group
    of_order: defaultdict[str, int] = defaultdict(int)
    quantity = 0
    for entry in entries:
        of_order[entry.order] += entry.fen
        quantity += entry.quantity
    orders = sum(1 for order, fen in of_order.items() if order and fen)
    return Line(kind, label, sum(of_order.values()), orders, quantity, each_fen, rate_bp)


_PLACES = {kind: place for place, kind in enumerate(KINDS)}


def _place(line: Line) -> tuple[int, str, int, int]:
    """Unlike for any two lines, so that the order of the entries cannot show: no price is not a price of 0."""
    each, rate = (-1 if one is None else one for one in (line.each_fen, line.rate_bp))
    return (_PLACES[line.kind], line.label, each, rate)
