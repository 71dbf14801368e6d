import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.amount_words import in_words

# The first ones are examples of the bank's own rules.
AMOUNTS = {
    "1409.50": "壹仟肆佰零玖元伍角整",
    "6007.14": "陆仟零柒元壹角肆分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "1680.32": "壹仟陆佰捌拾元叁角贰分",
    "107000.53": "壹拾万柒仟元伍角叁分",
    "603.40": "陆佰零叁元肆角整",
    "0.00": "零元整",
    "0.01": "壹分",
    "0.10": "壹角整",
    "0.55": "伍角伍分",
    "1.00": "壹元整",
    "1.05": "壹元零伍分",
    "1.50": "壹元伍角整",
    "10.00": "壹拾元整",
    "10.01": "壹拾元零壹分",
    "20.20": "贰拾元贰角整",
    "100.00": "壹佰元整",
    "101.00": "壹佰零壹元整",
    "110.00": "壹佰壹拾元整",
    "1001.00": "壹仟零壹元整",
    "1010.00": "壹仟零壹拾元整",
    "1100.00": "壹仟壹佰元整",
    "10000.00": "壹万元整",
    "10001.00": "壹万零壹元整",
    "10100.00": "壹万零壹佰元整",
    "20010.30": "贰万零壹拾元叁角整",
    "100000.00": "壹拾万元整",
    "100500.00": "壹拾万零伍佰元整",
    "1002003.00": "壹佰万贰仟零叁元整",
    "10000000.00": "壹仟万元整",
    "100000000.00": "壹亿元整",
    "100000001.00": "壹亿零壹元整",
    "100010000.00": "壹亿零壹万元整",
    "100001000.00": "壹亿零壹仟元整",
    "1020030004.05": "壹拾亿贰仟零叁万零肆元零伍分",
    "987654321.98": "玖亿捌仟柒佰陆拾伍万肆仟叁佰贰拾壹元玖角捌分",
    "-33.60": "负叁拾叁元陆角整",
    "-0.05": "负伍分",
}
VALUES = {**{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}}


@pytest.mark.parametrize(("amount", "words"), AMOUNTS.items(), ids=AMOUNTS)
def test_an_amount_is_written_as_banks_want_it(amount: str, words: str) -> None:
    assert in_words(int(amount.replace(".", ""))) == words


def test_what_has_no_place_names_is_refused() -> None:
    assert in_words(10**14 - 1).startswith("玖仟玖佰玖拾玖亿")
    with pytest.raises(ValueError, match="no amount"):
        in_words(10**14)


def read_back(words: str) -> int:
    """The fen of an amount in words, by a way that has nothing to do with how they are written."""
    sign = -1 if words.startswith("负") else 1
    total = group = digit = 0
    for sign_char in words.strip("负整"):
        if sign_char in VALUES:
            digit = VALUES[sign_char]
        elif sign_char in "拾佰仟":
            group += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign_char]
            digit = 0
        elif sign_char in "万亿元":
            total += (group + digit) * {"亿": 10**10, "万": 10**6, "元": 100}[sign_char]
            group = digit = 0
        else:
            total += digit * {"角": 10, "分": 1}[sign_char]
            digit = 0
    return sign * total


@given(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1) | st.integers(-2_000_000, 2_000_000))
def test_what_is_written_is_read_back(fen: int) -> None:
    words = in_words(fen)
    assert read_back(words) == fen
    assert not re.search("零零|零[拾佰仟万亿元角]", words) or fen == 0
    assert words.endswith("整") == (fen % 10 == 0)
