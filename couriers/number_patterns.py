"""Which number patterns are whose: the built-in table, as data."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_TABLE = tomllib.loads(Path(__file__).with_name("number_patterns.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class NumberPattern:
    pattern: re.Pattern[str]
    carriers: tuple[str, ...]


STRONG = tuple(
    NumberPattern(re.compile(pattern), tuple(codes)) for pattern, codes in _TABLE["strong"].items()
)
WEAK = tuple(NumberPattern(re.compile(pattern), tuple(codes)) for pattern, codes in _TABLE["weak"].items())
