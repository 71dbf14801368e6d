"""One rule for numbers: chats and platforms' items read 三十, 半斤, 一打 and 30枚x2 alike."""

import pytest

from station.numerals import number
from station.platforms.products import Known, match

EGGS, BACON, HEN = Known(1, "土鸡蛋", "枚"), Known(2, "黑猪腊肉", "斤"), Known(3, "土鸡", "只")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2", 2), ("1.5", 1.5), ("2.25", 2.25), ("两", 2), ("十", 10), ("十二", 12), ("三十", 30), ("二十五", 25), ("廿", 20),
        ("廿五", 25), ("卅", 30), ("百", 100), ("一百", 100), ("一百零二", 102), ("一百二", 120), ("三百二十五", 325),
        ("一千二", 1200), ("一千零五", 1005), ("半", 0.5), ("两半", 2.5),
    ],
)  # fmt: skip
def test_numbers_are_numbers_however_written(written: str, value: float) -> None:
    assert number(written) == value


@pytest.mark.parametrize(
    ("product", "spec", "units"),
    [
        (EGGS, "三十枚装", 30), (EGGS, "十二枚", 12), (EGGS, "廿五枚", 25), (EGGS, "一百二十枚", 120), (EGGS, "一千枚", 1000),
        (EGGS, "10000枚", 10000), (EGGS, "一打", 12), (EGGS, "半打装", 6), (EGGS, "30枚x2", 60), (EGGS, "３０枚×２", 60),
        (EGGS, "2盒x30枚", 60), (EGGS, "30枚/盒*2盒", 60), (EGGS, "30枚x50g", 30), (HEN, "约3斤 1只", 1),
        (BACON, "十两", 1), (BACON, "1.5kg", 3), (BACON, "500g*2", 2), (BACON, "2x500g", 2), (BACON, "一千克", 2),
        (BACON, "两斤半*2袋", 5), (BACON, "1.5斤x2", 3), (BACON, "3斤（1.5kg）", 3),
    ],
)  # fmt: skip
def test_an_items_words_say_how_much_is_packed(product: Known, spec: str, units: int) -> None:
    assert match(product.name, spec, [EGGS, BACON, HEN]) == (product.id, units)


@pytest.mark.parametrize(
    ("product", "spec"),
    [
        (BACON, "2.25斤"), (BACON, "半斤"), (BACON, "八两"), (BACON, "一斤二两"), (BACON, "2-3斤"), (EGGS, "一盒"),
        (EGGS, "30枚+5枚"), (EGGS, "30枚送5枚"), (EGGS, "一万枚"),
    ],
)  # fmt: skip
def test_what_is_not_whole_or_not_sure_is_left_to_a_person(product: Known, spec: str) -> None:
    assert match(product.name, spec, [EGGS, BACON, HEN]) == (product.id, None)
