"""The carriers: codes, names, hotlines, and the names they go by in couriers' lists."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from station.texts import plain

_TABLE = tomllib.loads(Path(__file__).with_name("carriers.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Carrier:
    code: str
    name: str
    short: str
    hotline: str
    aliases: tuple[str, ...]


CARRIERS = tuple(Carrier(**{**row, "aliases": tuple(row["aliases"])}) for row in _TABLE["carriers"])

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_KIND_OF_FIRM = re.compile(r"(?:快递|速递|速运|物流|快运|EXPRESS|(?:股份)?(?:有限)?公司|集团)+$")
_BY_CODE = {carrier.code: carrier for carrier in CARRIERS}
CODES = frozenset(_BY_CODE)


def _key(text: str) -> str:
    return plain(text).replace(" ", "").upper()


_BY_ALIAS = {
    _key(alias): carrier.code
    for carrier in CARRIERS
    for alias in (carrier.code, carrier.name, carrier.short, *carrier.aliases)
}


def by_alias(text: str) -> str | None:
    """The code for a name as couriers write it (`圆通`, `J&T`, `yd`, `圆通速递(YTO)`, `申通速递有限公司`); None for a name
    nobody knows."""
    key = _key(text)
    if found := _BY_ALIAS.get(key):
        return found
    bare = _IN_BRACKETS.sub("", key)
    return _BY_ALIAS.get(bare) or _BY_ALIAS.get(_KIND_OF_FIRM.sub("", bare))


def name(code: str) -> str:
    """`YTO` → `圆通速递`. A code of a station's own pattern may stand in no table: it is its own name."""
    carrier = _BY_CODE.get(code)
    return carrier.name if carrier else code


def short(code: str) -> str:
    """`YTO` → `圆通`."""
    carrier = _BY_CODE.get(code)
    return carrier.short if carrier else code
