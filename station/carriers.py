"""The carriers: codes, names, hotlines, and the names they go by in couriers' lists."""

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

_BY_CODE = {carrier.code: carrier for carrier in CARRIERS}


def _key(text: str) -> str:
    return plain(text).replace(" ", "").upper()


_BY_ALIAS = {
    _key(alias): carrier.code
    for carrier in CARRIERS
    for alias in (carrier.code, carrier.name, carrier.short, *carrier.aliases)
}


def by_alias(text: str) -> str | None:
    """The code for a name as couriers write it (`圆通`, `J&T`, `yd`); None for a name nobody knows."""
    return _BY_ALIAS.get(_key(text))


def name(code: str) -> str:
    """`YTO` → `圆通速递`. A code of a station's own pattern may stand in no table: it is its own name."""
    carrier = _BY_CODE.get(code)
    return carrier.name if carrier else code


def short(code: str) -> str:
    """`YTO` → `圆通`."""
    carrier = _BY_CODE.get(code)
    return carrier.short if carrier else code
