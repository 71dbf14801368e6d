"""Amounts as they are written on receipts in China: 陆佰零叁元肆角整, which nobody can change with a pen.

The rules are those of the People's Bank for bills (正确填写票据和结算凭证的基本规定): 零 for zeros between digits, once for
several; 零 between 元 and 分 where there are no 角; 整 after 元 or 角 and never after 分. Where they leave the choice (a 零
between 元 and 角 when the yuan end in 0) none is written.
"""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
# Four digits before each of 万 and 亿, and four after.
_TOO_MUCH_YUAN = 10**12


def in_words(fen: int) -> str:
    """`60340` → `陆佰零叁元肆角整`; a debt begins with 负. ValueError from 10 000 亿 yuan up."""
    if fen < 0:
        return "负" + in_words(-fen)
    yuan, cents = divmod(fen, 100)
    if yuan >= _TOO_MUCH_YUAN:
        raise ValueError("no amount of a village")
    jiao, single = divmod(cents, 10)
    words = f"{_whole(yuan)}元" if yuan or not cents else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif single and yuan:
        words += "零"
    return words + (f"{_DIGITS[single]}分" if single else "整")


def _whole(yuan: int) -> str:
    if yuan == 0:
        return _DIGITS[0]
    words = ""
    for index in reversed(range(len(_GROUPS))):
        group = yuan // 10_000**index % 10_000
        if not group:
            continue
        # 零 where this group begins with zeros, or a whole group before it was left out.
        skipped = yuan // 10_000 ** (index + 1) % 10_000 == 0
        if words and (group < 1000 or skipped):
            words += _DIGITS[0]
        words += _four(group) + _GROUPS[index]
    return words


def _four(group: int) -> str:
    words = ""
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _PLACES[place]
        elif words and group % 10**place and not words.endswith(_DIGITS[0]):
            words += _DIGITS[0]
    return words
