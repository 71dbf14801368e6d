"""What the volunteer is told about the goods a villager names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couriers import prohibited
from couriers.prohibited import Severity, check


def words(goods: str, severity: Severity | None = None) -> list[str]:
    return [found.word for found in check(goods) if severity in {None, found.severity}]


@pytest.mark.parametrize(
    ("goods", "word", "class_no"),
    [
        ("猎枪", "猎枪", 1),
        ("玩具枪一把", "玩具枪", 1),
        ("匕首一把", "匕首", 2),
        ("过年的鞭炮", "鞭炮", 3),
        ("防风打火机", "防风打火机", 4),
        ("煤气罐", "煤气罐", 4),
        ("酒精", "酒精", 5),
        ("自家桐油两斤", "桐油", 5),
        ("生漆", "生漆", 5),
        ("汽油", "汽油", 5),
        ("火柴", "火柴", 6),
        ("双氧水", "双氧水", 7),
        ("剧毒农药", "剧毒农药", 8),
        ("老鼠药", "老鼠药", 8),
        ("医疗废物", "医疗废物", 9),
        ("放射源", "放射源", 10),
        ("三轮车电瓶", "三轮车电瓶", 11),
        ("蓄电池", "蓄电池", 11),
        ("罂粟壳", "罂粟壳", 12),
        ("盗版光盘", "盗版光盘", 13),
        ("针孔摄像头", "针孔摄像头", 14),
        ("假币", "假币", 15),
        ("假烟", "假烟", 16),
        ("象牙手镯", "象牙", 17),
        ("活鸡两只", "活鸡", 19),
        ("鸡苗", "鸡苗", 19),
    ],
)
def test_it_may_not_go(goods: str, word: str, class_no: int) -> None:
    (found,) = check(goods)
    assert (found.word, found.class_no, found.severity) == (word, class_no, Severity.REFUSE)
    assert found.class_name == prohibited.CLASSES[class_no]
    assert found.why
    assert found.instead


@pytest.mark.parametrize(
    "goods",
    [
        "散装白酒",
        "充电宝",
        "干电池",
        "菜刀",
        "水稻种子",
        "活鱼",
        "泥鳅",
        "甲鱼",
        "酒精灯",
        "花露水",
        "香烟",
        "电瓶车",
        "出土文物",
        "苞谷酒",
    ],
)
def test_it_may_go_on_a_condition(goods: str) -> None:
    assert [found.severity for found in check(goods)] == [Severity.RESTRICTED]


@pytest.mark.parametrize(
    "goods",
    [
        "腊肉",
        "土鸡蛋 30 枚",
        "糍粑、干豆角",
        "火柴盒模型",
        "生漆家具",
        "鞭炮花",
        "农药残留检测报告",
        "农药喷雾器",
        "灭鼠药说明书",
        "没打农药的青菜",
        "不含酒精的湿巾",
        "子弹头辣椒",
        "香水柠檬",
        "象牙芒果",
        "虎皮凤爪",
        "泥鳅干",
        "中蜂蜂蜜",
        "蜂王浆",
        "快乐果园的橙子",
        "泡酒药材",
        "白酒杯",
        "生活用品",
        "老母鸡（杀好的）",
        "电池盒",
        "菜籽油",
        "",
    ],
)
def test_harmless_goods_are_left_alone(goods: str) -> None:
    assert check(goods) == []


@pytest.mark.parametrize("separator", ["、", "，", ",", " ", "/", "；", "和", "\n", "　", "+"])
def test_several_goods_are_each_looked_at(separator: str) -> None:
    goods = separator.join(["腊肉", "打火机", "白酒", "散装", "打火机"])
    assert words(goods, Severity.REFUSE) == ["打火机"]
    assert words(goods, Severity.RESTRICTED) == ["白酒"]


def test_a_harmless_word_hides_nothing_beside_it() -> None:
    assert words("火柴盒模型、火柴") == ["火柴"]
    assert words("手枪图案打火机") == ["打火机"]
    assert words("无、打火机") == ["打火机"]
    assert words("白酒瓶装两斤") == ["白酒"]
    assert words("未用过的打火机") == ["打火机"]


def test_full_width_and_invisible_characters_change_nothing() -> None:
    assert words("Ｋ粉") == ["k粉"]
    assert words("打\u200b火机") == ["打火机"]


def test_the_volunteer_hears_the_class_the_reason_and_a_way_out() -> None:
    (found,) = check("腊肉、打火机")
    assert found.class_name == "Compressed and liquefied gases"
    assert found.why == "Gas under pressure bursts in a hot van."


def test_all_nineteen_classes_have_a_name_and_words() -> None:
    assert sorted(prohibited.CLASSES) == list(range(1, 20))
    assert {check(row["words"].split()[0])[0].class_no for row in prohibited._TABLE["listed"]} == set(
        range(1, 20)
    )


@pytest.mark.parametrize(
    "row", prohibited._TABLE["listed"], ids=lambda row: f"{row['class']}-{row['advice']}"
)
def test_every_listed_word_is_found_as_itself(row: dict[str, str]) -> None:
    for word in row["words"].split():
        assert words(word) == [word]


def test_every_harmless_word_would_be_hit_without_its_exception() -> None:
    listed = [word for row in prohibited._TABLE["listed"] for word in row["words"].split()]
    tricks = {"生活"}  # it keeps 生活鸡… from being 活鸡
    harmless = set(prohibited._TABLE["harmless"]["words"].split()) - tricks
    assert [word for word in harmless if not any(hit in word for hit in listed)] == []
    assert [word for word in harmless | tricks if check(word)] == []


@given(st.text(alphabet="打火机酒精灯无不含、 农药白酒瓶活鸡生"))
def test_what_is_found_stands_in_the_text(goods: str) -> None:
    found = words(goods)
    assert len(set(found)) == len(found)
    assert all(word in goods for word in found)


@given(st.text())
def test_checking_never_fails(goods: str) -> None:
    check(goods)
