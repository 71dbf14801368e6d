"""One pasted line, `张三 138… 湖南怀化溆浦县桥江镇新田村5组`, as its parts; what is not sure is said, never guessed away.

The parts are official names of the table (`station/divisions.py`). As written wins over as known: a county named under a
wrong city keeps both names and the doubt `conflict`. A directly administered county (仙桃市) has no city, a city without
counties (东莞市) no county, a municipality is its own city. What no part names stays in `rest`, in the order typed.
"""

import re
from dataclasses import dataclass

from station.addresses.divisions import table
from station.addresses.lines import Line, found_name, joined, take_apart
from station.addresses.regions import Reading, read, skip
from station.addresses.surnames import has_surname, split_end
from station.addresses.town_names import UNKNOWN_TOWN, find_town
from station.errors import N_
from station.phones import Kind, split_name
from station.texts import plain

# Longer lines are no address: the head is read, the tail stays in `rest`.
LONGEST = 500
_SURE = 2

DOUBTS = {
    "no_phone": N_("There is no phone number. Ask for one."),
    "phone_incomplete": N_("The phone number has too few or too many digits. Ask for it again."),
    "several_phones": N_("There are several phone numbers. Check which one is right."),
    "no_name": N_("There is no name. Ask who receives the parcel."),
    "name_unsure": N_("Check the name: it is not clear which words are the name."),
    "no_address": N_("There is no address. Ask where the parcel goes."),
    "county_unclear": N_(
        "It is not clear which county or district this is. Ask for province, city and county."
    ),
    "conflict": N_("Province, city and county do not belong together. Ask which one is right."),
    "inferred": N_("The county was not written; it was found by the town. Check it."),
    "no_town": N_("There is no town or street office. Ask for it."),
    "unknown_town": N_("The list does not know this town in this county. Check its name."),
    "town_unsure": N_("The town was written without its kind. Check it."),
    "old_name": N_("An old name was written; the name of today was put in. Check it."),
    "too_long": N_("This is too long for an address. Only its beginning was read."),
}


@dataclass(frozen=True, slots=True)
class Address:
    """`phone`: digits, of an incomplete one as written. `doubts`: codes of DOUBTS; without any, nothing needs a look."""

    name: str | None = None
    phone: str | None = None
    ext: str | None = None
    phone_kind: Kind = Kind.MISSING
    province: str | None = None
    city: str | None = None
    county: str | None = None
    town: str | None = None
    village: str | None = None
    rest: str = ""
    doubts: tuple[str, ...] = ()


_STRONG = "村民委员会|村委会|社区居委会|社区居民委员会|居民委员会|居委会|社区|嘎查|村(?![村委民]|社区|居委)"
_WEAK = "屯|寨|连|大队|生产队|林场|农场|牧场|分场"
_HAN = "\u3400-\u9fff"
_VILLAGE = re.compile(
    rf"[{_HAN}]{{1,10}}?(?:{_STRONG}|(?:{_WEAK})(?=$|[ ,0-9(一二三四五六七八九十]))|[0-9]{{1,3}}(?:连|大队)(?=$|[ ,0-9(])"
)
# The table has the mainland only; 大安区 of 台北 is none of 自贡.
_BEYOND_THE_TABLE = re.compile(
    r"(?:台湾|臺灣|香港|澳门|澳門)(?![东西南北中]{0,2}路)|台北|臺北|高雄|新北市|台中市|台南市|九龙|新界"
)
# In front of what was read: a province or city that the table does not have.
_DIVISION = re.compile(rf"[{_HAN}]{{2,}}(?:省|市|自治区|自治州)$")
# 于海(放驿站): what to do with the parcel is no part of the name.
_NAME_WITH_WISH = re.compile(r"([^()]+)\(((?:放|送|请|勿|不要|自提|代收|备注)[^()]*)\)")
_SIGNS = str.maketrans("·【】〔〕", "·()()")
# 4 陈芳 138…: the line's number in a list.
_LISTED = re.compile(rf"^\s*[0-9]{{1,3}}[ .,)]+(?=[{_HAN}]{{2,4}}[ ,:]*(?:\+?86[ -]?)?1[3-9][0-9])")
# 新田村5组-张三-138…, 138…/张三/湖南省: the name between the signs that others put spaces for.
_BETWEEN_DASHES = re.compile(
    rf"(?:^|(?<=[{_HAN}0-9])[-/])(?P<name>[{_HAN}]{{2,4}})[-/](?=1[3-9][0-9]{{9}}(?![0-9]))"
    rf"|(?<=1[3-9][0-9]{{9}})[-/](?P<behind>[{_HAN}]{{2,4}})[-/](?=[{_HAN}])"
)
_STREET = re.compile(r".{2,}?(?:路|大道|大街|街|巷)(?![口边下上头亭村]).+|.*(?:小区|花园)$")


def parse(text: str) -> Address:
    """Takes whatever somebody pasted. At most LONGEST characters are read; about a millisecond."""
    head, tail = text[:LONGEST], text[LONGEST:]
    written = plain(re.sub(r"[\n\r\t\x01-\x04]+", " , ", head)).translate(_SIGNS)
    written = _BETWEEN_DASHES.sub(_set_apart, _LISTED.sub("", written, count=1))
    line = take_apart(written)
    name, doubts = _name(line)
    readings = read(written := joined(line.pieces))
    name, written, readings, glued = (name, written, readings, ()) if name else _glued_name(written, readings)
    parts, rest, place_doubts = _place(written, readings)
    wish = _NAME_WITH_WISH.fullmatch(name or "")
    name, ext = split_name(wish[1] if wish else name or "")
    kind = Kind.VIRTUAL_EXT if ext and line.phone.kind is Kind.MOBILE else line.phone.kind
    found = {*doubts, *glued, *place_doubts, *_phone_doubts(line), *(["too_long"] if tail else [])}
    if name:
        found.discard("no_name")
    return Address(
        name=name or None,
        phone=line.phone.number,
        ext=line.phone.ext or ext,
        phone_kind=kind,
        **parts,
        rest=" ".join(filter(None, [rest, wish and f"({wish[2]})", *line.others])) + tail,
        doubts=tuple(code for code in DOUBTS if code in found),
    )


def _set_apart(found: re.Match[str]) -> str:
    return f", {found['name'] or found['behind']}, "


def split_region(
    detail: str, province: str | None, city: str | None, county: str | None
) -> tuple[str | None, str]:
    """The town at the head of `detail`, where the region is known; by its ending if the table has no such town."""
    known = table()
    detail = detail.strip()
    for number in known.counties_named.get(county or "", known.of_city.get((province or "", city or ""), ())):
        one = known.counties[number]
        town = find_town(one.towns, detail, 0) if province in (None, one.province) else None
        if town and not town.doubts:
            return town.name, detail[town.end :].strip()
    found = UNKNOWN_TOWN.match(detail)
    return (found.group(), detail[found.end() :].strip()) if found else (None, detail)


def _name(line: Line) -> tuple[str | None, list[str]]:
    """Takes the name's piece out of the line, unless the address reads better with it."""
    piece, likely = found_name(line.pieces)
    if piece is None:
        return None, ["no_name"]
    without = [one for one in line.pieces if one is not piece]
    if likely < 9 and _score(joined(line.pieces)) > _score(joined(without)):
        return None, ["no_name"]
    line.pieces = without
    return _bare(piece.text), [] if likely >= _SURE else ["name_unsure"]


def _bare(name: str) -> str:
    """张三亲收, 张三(收), @张三, (张三) → 张三."""
    name = re.sub(r"(?<=.{2})(?:亲?收|\(亲?收\))$", "", name.lstrip("@"))
    return name[1:-1] if name[:1] == "(" and name[-1:] == ")" else name


def _score(text: str) -> int:
    return max((one.score for one in read(text)), default=0)


def _glued_name(text: str, readings: list[Reading]) -> tuple[str | None, str, list[Reading], tuple[str, ...]]:
    """A name without a separator: before the province, or after the last number."""
    start = readings[0].start if readings else 0
    before = _bare(text[:start].strip(" ,"))
    if len(before) in (2, 3, 4) and " " not in before:
        after = text[start:]
        return before, after, read(after), () if has_surname(before) else ("name_unsure",)
    if readings and (found := split_end(text)) and len(found[0]) >= readings[0].end:
        return found[1], found[0], read(found[0]), ("name_unsure",)
    return None, text, readings, ()


def _place(text: str, readings: list[Reading]) -> tuple[dict[str, str | None], str, set[str]]:
    if not text.strip():
        return {}, "", {"no_address"}
    if not readings or _BEYOND_THE_TABLE.match(text):
        village, rest = _village(text, 0)
        return {"village": village}, rest, {"county_unclear", *([] if _town_in(text) else ["no_town"])}
    best = readings[0]
    doubts = set(best.doubts)
    province, city, county = (_agreed([one.place[level] for one in readings]) for level in range(3))
    if len(readings) > 1 or best.county is None:
        doubts |= {"county_unclear"}
        doubts -= {"inferred"}
    if best.start and not best.town and _moved_town(text, best):
        return _place(_turned(text, best), read(_turned(text, best)))
    town = _agreed([one.town for one in readings])
    if not town:
        doubts.add("no_town")
    village, rest = _village(text, best.end)
    before = text[: best.start].strip(" ,")
    if _DIVISION.search(before):
        doubts.add("conflict")
    parts = {"province": province, "city": city, "county": county, "town": town, "village": village}
    return parts, " ".join(filter(None, [before, best.kept, rest])), doubts


def _turned(text: str, one: Reading) -> str:
    return text[one.start :] + " " + text[: one.start].strip()


def _moved_town(text: str, one: Reading) -> bool:
    """The detail stands before the region: 桥江镇新田村5组 湖南省怀化市溆浦县."""
    return any(turned.town and not turned.start for turned in read(_turned(text, one)))


def _town_in(text: str) -> bool:
    return bool(UNKNOWN_TOWN.search(text))


def _agreed(values: list[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _village(text: str, at: int) -> tuple[str | None, str]:
    """The village that comes next, and everything after it."""
    at = skip(text, at)
    found = _VILLAGE.match(text, at)
    if found is None or _STREET.fullmatch(found.group()) or text.startswith(("小区", "花园"), found.end()):
        return None, text[at:].strip(" ,")
    return found.group(), text[found.end() :].strip(" ,")


def _phone_doubts(line: Line) -> set[str]:
    doubts = {
        Kind.MISSING: {"no_phone"},
        Kind.INVALID: {"phone_incomplete"},
        Kind.MASKED: {"phone_incomplete"},
    }.get(line.phone.kind, set())
    return doubts | ({"several_phones"} if line.others else set())
