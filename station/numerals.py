"""Numbers and amounts as people write them: 30, 1.5, 两, 半, 廿五, 一百二, with 斤, 两, kg or 打 behind them."""

from fractions import Fraction

_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"廿": 20, "卅": 30}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_DIGIT = "[一二两三四五六七八九]"
_UP_TO_99 = rf"(?:零?[廿卅]{_DIGIT}?|零?{_DIGIT}?十{_DIGIT}?|零?{_DIGIT})"
# Fits in front of a unit. 四两 is no number: in 李四两盒鸡蛋 the first belongs to the name. 一千克 is one 千克.
NUMBER = (
    r"(?:[0-9]{1,6}(?:\.[0-9]{1,3})?"
    rf"|{_DIGIT}千(?!克)(?:零?{_DIGIT}百)?{_UP_TO_99}?|{_DIGIT}?百{_UP_TO_99}?"
    rf"|[廿卅]{_DIGIT}?|{_DIGIT}?十{_DIGIT}?|半|{_DIGIT}半?)"
)
# Nothing of a number stands before it: 三十枚 is not ten, 2.25斤 not 25.
STARTS = r"(?<![0-9.零一二两三四五六七八九十廿卅百千万半])"
# In grams; 斤 is the jin of the market, 两 its tenth.
_GRAMS = {"kg": 1000, "公斤": 1000, "千克": 1000, "斤": 500, "两": 50, "g": 1, "克": 1}
WEIGHTS = tuple(_GRAMS)
DOZEN = "打"


def number(text: str) -> Fraction:
    """The value of what NUMBER fits. 一百二 is 120, as it is spoken."""
    if text[0].isdecimal():
        return Fraction(text)
    if text == "半":
        return Fraction(1, 2)
    total = digit = 0
    place = 1
    for sign in text:
        if sign in _PLACES:
            place = _PLACES[sign]
            total += (digit or 1) * place
            digit = 0
        elif sign in _TENS:
            total, place = total + _TENS[sign], 10
        elif sign == "零":
            place = 1
        elif sign != "半":
            digit = _DIGITS[sign]
    total += digit * (place // 10 if place > 10 else 1)
    return Fraction(total) + (Fraction(1, 2) if text.endswith("半") else 0)


def measure(many: Fraction, unit: str) -> tuple[Fraction, str]:
    """An amount made comparable: weights in `g`, a dozen as twelve 枚, everything else as it is."""
    if unit in _GRAMS:
        return many * _GRAMS[unit], "g"
    return (many * 12, "枚") if unit == DOZEN else (many, unit)
