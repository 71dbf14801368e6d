"""Weights are counted in integer grams."""

import re
from decimal import ROUND_HALF_UP, Decimal

from station.texts import plain

# 斤 is the jin of the market, 500 g.
GRAMS = {"kg": 1000, "公斤": 1000, "千克": 1000, "斤": 500, "g": 1, "克": 1}
_WEIGHT = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}) ?(kg|公斤|千克|斤|g|克)?")


def parse_grams(text: str, unit: str = "kg") -> int | None:
    """Grams of `1.5`, `1.5kg`, `3斤`, `800g`, `2公斤`; a bare number is in `unit`. None: blank or not a weight."""
    found = _WEIGHT.fullmatch(plain(text).strip("'\"= ").lower())
    if found is None:
        return None
    number, own_unit = found.groups()
    grams = Decimal(number) * GRAMS[own_unit or unit]
    return int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP))
