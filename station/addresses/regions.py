"""The province, city, county and town at the head of an address, against the table of divisions.

What is written is read in every way the table allows; every way is scored by how much of it is official, and the best
one wins. Ways as good as the best that mean another place are why a part stays empty: nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from station.addresses.divisions import County, is_old_county, stem, table
from station.addresses.town_names import UNKNOWN_TOWN, find_town, find_town_of_several

# How sure a reading is. Longer names count more: a character each.
_EXACT, _SHORT, _OLD, _NO_COUNTIES = 14, 8, 9, 10
_CONFLICT, _LOOSE, _NO_COUNTY, _LATE = -12, -12, -6, -4
_AS_GOOD = 1
_LONGEST = 15
_FURTHEST = 40
_NAME_LENGTH = 5
_HAN = "\u3400-\u9fff"
# After a short name these make it part of another one: 怀化路, 吉安县.
_GOES_ON = tuple("市县区州旗盟镇乡村街路巷组社屯寨道港湾桥山河江岭坪塘")
PLACEHOLDER = re.compile(
    r"市辖区|(?:新疆)?(?:生产建设兵团|兵团(?=第?[一二三四五六七八九十0-9]{1,3}师))(?:第?[一二三四五六七八九十0-9]{1,3}师)?|巢湖市(?=[ ,]*(?:居巢|庐江|无为|含山|和县))|莱芜市(?=[ ,]*(?:莱城|莱芜区|钢城))|(?:省|自治区)直辖(?:县级行政区划|县级行政单位|县)?|县(?=[ ,]*[\u3400-\u9fff]{2,14}县)"
)
_FORMER = re.compile(rf"[{_HAN}]{{1,5}}?[县区](?=[{_HAN}]{{2,8}}?(?:镇|乡|街道))")
_ZONE = re.compile(
    rf"[{_HAN}]{{0,8}}?(?:(?:高新|经济)(?:技术)?(?:产业)?(?:开发)?区|经开区|开发区|新区|示范区|管理区|工业园区?|产业园区?|度假区|风景区|景区)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the head. `start` and `end` are places in the text; `kept`: words inside that name no division."""

    start: int = 0
    end: int = 0
    score: int = 0
    province: str | None = None
    city: str | None = None
    county: County | None = None
    town: str | None = None
    kept: str = ""
    doubts: frozenset[str] = frozenset()

    def step(self, end: int, score: int, *doubts: str, **parts: Any) -> "Reading":
        return replace(
            self,
            end=end,
            score=self.score + score + end - self.end,
            doubts=self.doubts | set(doubts),
            **parts,
        )

    @property
    def place(self) -> tuple[str | None, str | None, str | None]:
        """Province, city and county: as written, else as the county or city implies."""
        province, city = self.province, self.city
        if self.county:
            province, city = province or self.county.province, city or self.county.city
        elif city:
            province = province or table().province_of_city[city]
        return province or None, city or None, (self.county.name or None) if self.county else None


def read(text: str) -> list[Reading]:
    """The best readings, best first; several where the text fits several places. Empty if it names no place."""
    found: list[Reading] = []
    late = 0
    for start in _starts(text):
        readings = [one for one in _readings(text, start) if one.score > 0]
        found += [replace(one, score=one.score + late) for one in readings]
        if start == 0 and any(one.county and not one.doubts for one in readings):
            break
        # What begins with a province or city is not to be read without it.
        late = min(late, _LATE + (_CONFLICT if any(one.province or one.city for one in readings) else 0))
    if not any(one.county or one.city for one in found):
        found += [one for one in _town_alone(text) if one.score > 0]
    best = max((one.score for one in found), default=0)
    winners: dict[object, Reading] = {}
    for one in sorted(found, key=lambda one: -one.score):
        if one.score >= best - _AS_GOOD:
            winners.setdefault(one.place, one)
    return [_with_unknown_town(text, one) for one in winners.values()]


def skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " ,/-":
        at += 1
    return at


def _starts(text: str) -> Iterator[int]:
    """Where a province, city or county begins: at the head, or behind what somebody wrote before it."""
    known = table()
    yield 0
    for at in range(1, min(len(text), _FURTHEST)):
        for length in range(2, _LONGEST):
            word = text[at : at + length]
            clear = text[at - 1] in " ,)" or word[-1] in "省市县区州旗盟"
            if word in known.provinces and (clear or at < _NAME_LENGTH):
                yield at
                break
            if clear and (word in known.cities or word in known.counties_named):
                yield at
                break


def _readings(text: str, start: int) -> Iterator[Reading]:
    for province in _provinces(text, Reading(start, start)):
        for city in _cities(text, province):
            for county in _counties(text, city):
                yield from _towns(text, county)


def _words(text: str, at: int) -> Iterator[tuple[str, int]]:
    for length in range(2, min(_LONGEST, len(text) - at) + 1):
        yield text[at : at + length], at + length


def _loose(text: str, end: int) -> int:
    return _LOOSE if text.startswith(_GOES_ON, end) else 0


def _provinces(text: str, so_far: Reading) -> Iterator[Reading]:
    yield so_far
    for word, end in _words(text, so_far.end):
        if named := table().provinces.get(word):
            score = _EXACT if named.exact else _SHORT + _loose(text, end)
            yield _past_placeholders(text, so_far.step(end, score, province=named.official))


def _cities(text: str, so_far: Reading) -> Iterator[Reading]:
    yield so_far
    known = table()
    for word, stop in _words(text, skip(text, so_far.end)):
        named, end = known.cities.get(word), stop
        if named is None:
            continue
        doubts = {"old_name"} if named.old else set()
        if not named.exact and text.startswith(("地区", "专区"), end):
            end, doubts = end + 2, {"old_name"}
        score = _EXACT if named.exact else _OLD if doubts else _SHORT + _loose(text, end)
        if so_far.province and known.province_of_city[named.official] != so_far.province:
            if not named.exact:
                continue
            doubts, score = doubts | {"conflict"}, score + _CONFLICT
        yield _past_placeholders(text, so_far.step(end, score, *doubts, city=named.official))


def _past_placeholders(text: str, so_far: Reading) -> Reading:
    found = PLACEHOLDER.match(text, skip(text, so_far.end))
    return replace(so_far, end=found.end()) if found else so_far


def _counties(text: str, so_far: Reading) -> Iterator[Reading]:
    known = table()
    if so_far.city:
        for number in known.of_city.get((known.province_of_city[so_far.city], so_far.city), ()):
            if not known.counties[number].name:
                yield so_far.step(so_far.end, _NO_COUNTIES, county=known.counties[number])
    if so_far.end > so_far.start:
        yield so_far.step(so_far.end, _NO_COUNTY)
        # 河北雄安新区容城县: a zone between a province and its county.
        if (zone := _ZONE.match(text, skip(text, so_far.end))) and zone.group() not in known.counties_named:
            past = replace(so_far, end=zone.end(), kept=zone.group(), score=so_far.score - 2)
            yield from (one for one in _counties_at(text, past) if "conflict" not in one.doubts)
    yield from _counties_at(text, so_far)


def _counties_at(text: str, so_far: Reading) -> Iterator[Reading]:
    known = table()
    for word, end in _words(text, skip(text, so_far.end)):
        meant = [known.counties[number] for number in known.counties_named.get(word, ())]
        fitting = [county for county in meant if _fits(county, so_far)]
        for county in fitting or meant:
            if step := _county(text, so_far, word, end, county, conflict=not fitting):
                yield step


def _county(
    text: str, so_far: Reading, word: str, end: int, county: County, *, conflict: bool
) -> Reading | None:
    exact, doubts = word == county.name, set()
    known = table()
    if not (exact or so_far.city or so_far.province) and (word in known.provinces or word in known.cities):
        return None  # 河北 is the province and no district of Tianjin, 大同 the city
    if is_old_county(word) and not exact:
        doubts.add("old_name")
    elif word == stem(county.name) and not exact and text.startswith(("县", "市", "区", "旗"), end):
        if text[end] == county.name[-1]:
            return None  # 玉屏县 is a spelling of its own
        end, doubts = end + 1, {"old_name"}
    elif not exact and stem(word) not in county.name and not so_far.city:
        return None  # 高新区, 开发区: there is one in every city
    if conflict and not (exact or doubts):
        return None
    score = _EXACT if exact else _OLD if doubts else _SHORT + _loose(text, end)
    if conflict:
        return so_far.step(end, score + _CONFLICT, "conflict", *doubts, county=county)
    return so_far.step(end, score, *doubts, county=county)


def _fits(county: County, so_far: Reading) -> bool:
    return (not so_far.province or county.province == so_far.province) and (
        not so_far.city or county.city == so_far.city
    )


def _towns(text: str, so_far: Reading) -> Iterator[Reading]:
    """With the town, and without. A region written twice, and a zone that is no division, may stand before the town."""
    yield so_far
    again = _past_repeats(text, so_far)
    for at in dict.fromkeys((skip(text, so_far.end), again)):
        base = replace(so_far, end=at, score=so_far.score)
        if at == again and at > skip(text, so_far.end):
            base = replace(base, score=base.score + _AS_GOOD + 1)
            yield base
        yield from _towns_at(text, base)
        if (zone := _ZONE.match(text, at)) and zone.end() < len(text):
            yield from _towns_at(
                text,
                replace(
                    base, end=skip(text, zone.end()), kept=base.kept + zone.group(), score=base.score - 2
                ),
            )
        elif so_far.county and (former := _FORMER.match(text, at)):
            # 巢湖市居巢区烔炀镇: a district or county that is no longer there.
            for town in _towns_at(text, replace(base, end=former.end(), score=base.score - 4)):
                yield replace(town, kept=base.kept + former.group(), doubts=town.doubts | {"conflict"})


def _past_repeats(text: str, so_far: Reading) -> int:
    at = skip(text, so_far.end)
    if so_far.county is None:
        return at
    names = {so_far.county.province, so_far.county.city, so_far.county.name} - {""}
    while name := next((name for name in names if text.startswith(name, at)), None):
        at = skip(text, at + len(name))
    return at


def _towns_at(text: str, so_far: Reading) -> Iterator[Reading]:
    if so_far.county:
        if town := find_town(so_far.county.towns, text, so_far.end):
            yield so_far.step(town.end, town.score, *town.doubts, town=town.name)
        return
    known = table()
    if so_far.city:
        numbers = known.of_city[known.province_of_city[so_far.city], so_far.city]
    else:
        numbers = known.of_province[so_far.province or ""]
    for number, name, end in find_town_of_several(numbers, text, so_far.end):
        yield so_far.step(end, _SHORT, "inferred", county=known.counties[number], town=name)


def _town_alone(text: str) -> Iterator[Reading]:
    known = table()
    for number, name, end in find_town_of_several(range(len(known.counties)), text, 0):
        yield Reading().step(end, _SHORT, "inferred", county=known.counties[number], town=name)


def _with_unknown_town(text: str, one: Reading) -> Reading:
    """A town that is written as one and that the county does not have: kept, and doubted."""
    if one.town:
        return one
    at = skip(text, one.end)
    kept = one.kept
    found = UNKNOWN_TOWN.match(text, at)
    if found is None and (zone := _ZONE.match(text, at)):
        kept, found = kept + zone.group(), UNKNOWN_TOWN.match(text, skip(text, zone.end()))
    if found is None:
        return one
    return replace(one, end=found.end(), town=found.group(), kept=kept, doubts=one.doubts | {"unknown_town"})
