"""Towns as people write them: `朱家场`, `禾木哈纳斯乡`, `桥江乡` for what is 桥江镇 today."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from station.addresses.divisions import table, town_stem

_HAN = "\u3400-\u9fff"
_OFFICIAL, _SAME, _OLD, _ALONE, _GLUED = 16, 12, 9, 9, 6
_KIND = re.compile(r"街道办事处|街道办|街道|办事处|(?:民?族)?乡|镇|苏木")
_WRITTEN = re.compile(r"镇|乡|街道|苏木|场|区|团|所")
# Not 乡村, 镇街, 乡道; no county inside; a road is no town.
UNKNOWN_TOWN = re.compile(rf"(?:(?![县市省路街巷村组号])[{_HAN}]){{1,8}}?(?:镇|乡|街道|苏木)(?![村路街巷镇])")
# A short name goes on into another name: 河口村, 河口路.
_GOES_ON = tuple("村组社屯寨路街巷道号")
_VILLAGE_FOLLOWS = re.compile(rf"[{_HAN}]{{1,6}}?(?:村|社区|居委会|嘎查|屯|寨|大队)")
# 桔子洲潇湘中路32号: the street office without its kind, before a street's whole name.
_STREET_FOLLOWS = re.compile(rf"[{_HAN}]{{2,6}}?(?:路|街|大道)[0-9]")
_NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")
_LONGEST = 16


class Town(NamedTuple):
    """`end`: where the written name ends. `score`: how sure it is."""

    name: str
    end: int
    score: int
    doubts: tuple[str, ...] = ()


def find_town(towns: str, text: str, at: int) -> Town | None:
    """The town of `|a|b|c|` that is written at `at`; None too where a short name fits several."""
    found = [town for name in towns[1:-1].split("|") if (town := _written(name, text, at))]
    if not found:
        return None
    best = max(found, key=lambda town: (town.score, town.end))
    if best.score < _OFFICIAL and len({town.name for town in found if town.score == best.score}) > 1:
        return None
    return best


def find_town_of_several(numbers: Iterable[int], text: str, at: int) -> Iterator[tuple[int, str, int]]:
    """Counties with exactly the town written at `at`: their number, the town, where it ends."""
    counties = table().counties
    ends = [found.end() for found in _WRITTEN.finditer(text, at, at + _LONGEST) if found.end() - at > 1]
    names = [(f"|{text[at:end]}|", end) for end in ends]
    for number in numbers:
        towns = counties[number].towns
        for name, end in names:
            if name in towns:
                yield number, name[1:-1], end


def _written(name: str, text: str, at: int) -> Town | None:
    if text.startswith(name, at):
        return Town(name, at + len(name), _OFFICIAL)
    short, kind = town_stem(name)
    if not kind:
        return _regiment(name, text, at)
    if len(short) < 2 or not text.startswith(short, at):
        return None
    end = at + len(short)
    if written := _KIND.match(text, end):
        same = written.group().endswith(kind) or (kind == "街道" and written.group()[0] in "街办")
        return Town(name, written.end(), _SAME if same else _OLD, () if same else ("old_name",))
    if end == len(text) or text[end] in " ,/-":
        return Town(name, end, _ALONE)
    street = kind == "街道" and len(short) > 2 and _STREET_FOLLOWS.match(text, end)
    if text.startswith(_GOES_ON, end) or not (street or _VILLAGE_FOLLOWS.match(text, end)):
        return None
    return Town(name, end, _GLUED, ("town_unsure",))


def _regiment(name: str, text: str, at: int) -> Town | None:
    """兵团一四三团, written 143团 or 一四三团."""
    if not name.startswith("兵团"):
        return None
    written = name.removeprefix("兵团")
    if text[at : at + len(written)].translate(_NUMERALS).replace("零", "〇") != written.replace("零", "〇"):
        return None
    return Town(name, at + len(written), _SAME)
