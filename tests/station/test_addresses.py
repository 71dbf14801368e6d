"""One pasted line becomes its parts; what is doubtful is said, and nothing typed is lost."""

import csv
import random
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.addresses import DOUBTS, LONGEST, parse, split_region
from station.addresses.divisions import County, spellings, table

with (Path(__file__).parents[1] / "samples" / "addresses.tsv").open(encoding="utf-8", newline="") as _file:
    SAMPLES = list(csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))
PARTS = ("name", "phone", "ext", "province", "city", "county", "town", "village", "rest")
TIDY = "青山村3组"


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["text"] for sample in SAMPLES])
def test_a_pasted_line_is_taken_apart(sample: dict[str, str]) -> None:
    found = parse(sample["text"].replace("\\n", "\n"))
    assert {part: getattr(found, part) or "" for part in PARTS} == {part: sample[part] for part in PARTS}
    assert set(found.doubts) == set(filter(None, sample["doubts"].split(",")))


def no_phone(house: str) -> bool:
    """Seven digits in a row may be a telephone, and are asked about."""
    return not re.search(r"[0-9]{7}", house.replace(" ", ""))


COUNTIES = st.sampled_from(table().counties).filter(
    lambda county: any(town.endswith(("镇", "乡", "街道", "苏木")) for town in county.towns.split("|"))
)


@settings(max_examples=300, deadline=None)
@given(county=COUNTIES, data=st.data())
def test_every_town_of_the_table_is_found_and_nothing_typed_is_lost(
    county: County, data: st.DataObject
) -> None:
    towns = [town for town in county.towns[1:-1].split("|") if town.endswith(("镇", "乡", "街道", "苏木"))]
    town = data.draw(st.sampled_from(towns))
    province = data.draw(st.sampled_from(sorted(spellings(county.province))))
    between = data.draw(st.sampled_from(["", " ", "，"]))
    city = county.city if county.city != county.province else ""
    house = data.draw(st.text("0123456789号栋组户湾坡塘 ", max_size=12).filter(no_phone))
    line = between.join(filter(None, [province, city, county.name, town + TIDY + house]))
    found = parse(f"王小梅 13700000001 {line}")
    assert (found.province, found.city or "", found.county or "") == (
        county.province,
        county.city,
        county.name,
    )
    assert (found.town, found.village) == (town, "青山村")
    assert found.rest.replace(" ", "") == ("3组" + house).replace(" ", "")
    assert (found.name, found.phone, found.doubts) == ("王小梅", "13700000001", ())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=LONGEST) | st.text("湖南省怀化市溆浦县桥江镇新田村组号张三138-0 ，:\n", max_size=120))
def test_whatever_is_pasted_is_answered(text: str) -> None:
    assert set(parse(text).doubts) <= set(DOUBTS)


@pytest.mark.parametrize(
    "text",
    ["", " ", "👵🥚" * 100, "'; DROP TABLE parcel; --", "<script>alert(1)</script>", "湖南" * 50_000, "1" * 100_000, "怀化市" * 166,
     "镇" * 500, "138 " * 125, "(" * 500, "电话" * 250, "转" * 100_000, "城关镇" * 160],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_nonsense_is_answered_with_doubts(text: str) -> None:
    assert parse(text).doubts


def test_random_lines_are_answered_with_doubts() -> None:
    dice = random.Random(5)
    pool = string.printable + "".join(county.name + county.city for county in table().counties)
    for _ in range(100):
        assert parse("".join(dice.choices(pool, k=500))).doubts


def test_nothing_of_a_long_line_is_lost() -> None:
    found = parse("张三 13700000001 湖南省怀化市溆浦县桥江镇" + "路" * 600)
    assert found.town == "桥江镇"
    assert found.rest.count("路") == 600
    assert "too_long" in found.doubts


def test_the_town_of_an_order_is_cut_from_its_detail() -> None:
    region = ("甘肃省", "定西市", "陇西县")
    assert split_region("宏伟乡望山路21号1栋", *region) == ("宏伟乡", "望山路21号1栋")
    assert split_region("望山路21号1栋", *region) == (None, "望山路21号1栋")
    assert split_region("青青镇望山路21号", *region) == ("青青镇", "望山路21号")
    assert split_region("虎门镇北面社区", "广东省", "东莞市", None) == ("虎门镇", "北面社区")
    assert split_region("", None, None, None) == (None, "")
