"""What a platform's item is here: which product, and how many of its units are in one pack."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from station.numerals import DOZEN, NUMBER, STARTS, WEIGHTS, measure, number
from station.texts import fold, plain

_WEIGHT = "|".join(WEIGHTS)
_BOX = "[盒袋包板箱份瓶罐件组提]"
_MADE_OF = rf"(?:({NUMBER}) ?{_BOX}? ?[x×*✕] ?)?"
# 30枚x50g says how heavy each is, not how often.
_TIMES = rf"(?: ?装?(?:/?{_BOX})?装? ?[x×*✕] ?({NUMBER})(?![0-9.]| ?(?:{_WEIGHT}|cm|mm)))?"
# From 2 to 3 jin, or 30 and 5 more: nobody can say from here how much is packed.
_VAGUE_BEFORE = re.compile(r"[0-9一二两三四五六七八九十] ?(?:-|~|—|–|至|到|\+|送|赠) ?$")
_VAGUE_BEHIND = re.compile(rf" ?(?:装|(?:\+|送|赠|-|~|至|到) ?{NUMBER})* ?(?:\+|送|赠|-|~|至|到) ?{NUMBER}")


@dataclass(frozen=True, slots=True)
class Known:
    """A product of the station: 土鸡蛋, counted in 枚."""

    id: int
    name: str
    unit: str


def match(name: str, spec: str, products: Sequence[Known]) -> tuple[int | None, int | None]:
    """(product, its units in one pack) of an item such as 土鸡蛋, 30枚珍珠棉装; None where it does not say.

    The longest product name that the item's name contains is meant. A product is needed to know the units, and whole
    units only: half a jin of something counted in jin is nothing that the stock can give.
    """
    written = fold(name)
    found = max((p for p in products if fold(p.name) in written), key=lambda p: len(p.name), default=None)
    if found is None:
        return None, None
    for text in (spec, name):
        units = _units(plain(text).lower(), found.unit.lower())
        if units is not None:
            return found.id, int(units) if units >= 1 and units == int(units) else None
    return found.id, None


def _units(text: str, unit: str) -> Fraction | None:
    """How many of `unit` the text names, 0 if it names them in a way that may mean several; None if it does not."""
    size, kind = measure(Fraction(1), unit)
    units = (unit, *WEIGHTS) if kind == "g" else (unit, DOZEN)
    # 两斤半, 一斤二两
    amount = rf"({NUMBER}) ?({'|'.join(map(re.escape, units))})(?:(半)|({NUMBER}) ?(两))?"
    found = re.search(rf"{STARTS}{_MADE_OF}{amount}{_TIMES}", text)
    if found is None:
        return None
    if _VAGUE_BEFORE.search(text, 0, found.start()) or _VAGUE_BEHIND.match(text, found.end()):
        return Fraction(0)
    boxes, many, named, half, tenths, liang, times = found.groups()
    total, _ = measure(number(many) + (Fraction(1, 2) if half else 0), named)
    if tenths:
        total += measure(number(tenths), liang)[0]
    for factor in (boxes, times):
        total *= number(factor) if factor else 1
    return total / size
