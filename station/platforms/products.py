"""What a platform's item is here: which product, and how many of its units are in one pack."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from station.texts import fold

_NUMBER = r"([0-9]{1,4}(?:\.[0-9])?|半|[一二两三四五六七八九十])"
_CHINESE = {word: Decimal(value) for value, word in enumerate("零一二三四五六七八九十")} | {
    "两": Decimal(2),
    "半": Decimal("0.5"),
}


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
        amount = re.search(_NUMBER + r"\s*" + re.escape(found.unit), text)
        if amount:
            units = _CHINESE.get(amount[1]) or Decimal(amount[1])
            return (found.id, int(units)) if units and units == int(units) else (found.id, None)
    return found.id, None
