"""What somebody in a chat wants, out of words like 土鸡蛋30枚 x2, 要两盒鸡蛋, 腊肉半斤: product, packs, and how sure that is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from station.addresses.surnames import has_surname
from station.numerals import DOZEN, NUMBER, measure, number
from station.texts import plain

UNITS = (
    "公斤",
    "千克",
    "kg",
    "斤",
    "两",
    "克",
    "g",
    "盒",
    "份",
    "箱",
    "袋",
    "只",
    "枚",
    "个",
    "包",
    "件",
    "瓶",
    "罐",
    "提",
    "板",
    "条",
    "块",
    "桶",
    "捆",
    "套",
)
_UNIT = "|".join([*UNITS, f"{DOZEN}(?![包折算])"])
_N = NUMBER
_TIMES = re.compile(rf"[ ,(]*[x×*✕] ?({_N}) ?(?:{_UNIT})?[)]?", re.IGNORECASE)
# 蜂蜜要三瓶, 腊肉3斤装的来两份
_AMOUNT = re.compile(
    rf"[ :()】/+,-]*(?:的?[要来订拿买])? ?({_N})(?: ?({_UNIT})([\u3400-\u9fff]{{0,3}}装)?|(?![0-9.]))[)]?(?! ?(?:[栋幢组队号楼室层月日点]|单元))",
    re.IGNORECASE,
)
# 鸡蛋1份+2份腊肉: what stands behind such a sign and right before the next goods is theirs.
_ANOTHER = re.compile("[+,/]")
# Without a unit only a written-out figure counts: 张三 鸡蛋 is nobody's three eggs.
_BEFORE = re.compile(rf"(?:({_N}) ?({_UNIT})|(?<![0-9.])([0-9]{{1,4}}))(装)?的? ?$", re.IGNORECASE)
_ONLY = re.compile(
    rf"[ ,]*([^0-9 ,+]{{1,8}}?)([ ,+]*)(?:({_N}) ?(?:{_UNIT})|([0-9]{{1,3}}))[ ,]*", re.IGNORECASE
)
_MEASURE = re.compile(rf"约?({_N}) ?({_UNIT})", re.IGNORECASE)
# Goods nobody sells here: said with a unit or a times sign, so that it can be nothing else.
_STRANGE = re.compile(
    rf"([\u3400-\u9fff]{{2,6}}?) ?(?:[x×*] ?({_N})|({_N}) ?(?:{_UNIT}))(?![0-9])|({_N}) ?(?:{_UNIT}) ?([\u3400-\u9fff]{{2,6}})"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`product` is one of those asked for, None if none or several fit (`choices`). `written`: the words it was read from."""

    product: str | None
    qty: int
    written: str
    choices: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """Where in the text, how many, and the pack named (`30枚`) if any."""

    start: int
    end: int
    amounts: tuple[tuple[Fraction, str], ...]
    times: Fraction | None


class Shelf:
    """The products by every part of their names that people say for them: 鸡蛋 for 土鸡蛋 30 枚."""

    def __init__(self, products: Sequence[str]) -> None:
        self._measures = {product: _measures(product) for product in products}
        # Whole names, as programs for such lists write them: each stands for itself as a sign nobody types.
        whole = sorted({name for product in products if (name := plain(product)) != _base(product)}, key=len)
        self._signs = {f"\ue000{chr(0xE001 + at)}": name for at, name in enumerate(reversed(whole))}
        self._whole = {
            sign: re.compile(" ?".join(map(re.escape, name.replace(" ", ""))))
            for sign, name in self._signs.items()
        }
        self._spoken: dict[str, list[str]] = {}
        ends: dict[str, list[str]] = {}
        for product in products:
            base = _base(product)
            for start in range(len(base)):
                ends.setdefault(base[start:], []).append(product)
                for end in range(start + 2, len(base) + 1):
                    self._spoken.setdefault(base[start:end], []).append(product)
        # What a name ends with says what it is: 土鸡 is a hen and no egg, though 土鸡蛋 begins with it.
        self._spoken |= {part: found for part, found in ends.items() if len(part) > 1}
        self._single = {part: found for part, found in ends.items() if len(part) == 1}
        self._spoken |= {
            sign: [product for product in products if plain(product) == name]
            for sign, name in self._signs.items()
        }
        self._longest = max(map(len, self._spoken), default=0)

    def find(self, text: str) -> tuple[list[Wanted], str]:
        """What is wanted, and the text without it."""
        for sign, name in self._whole.items():
            text = name.sub(lambda found, sign=sign: self._sign(found, sign), text)  # type: ignore[misc]
        if only := self._only(text):
            return only
        wanted: list[Wanted] = []
        kept, at = "", 0
        mentions = self._mentions(text)
        following = [*(start for start, _ in mentions[1:]), len(text)]
        for (start, end), next_start in zip(mentions, following, strict=False):
            said = _said(text, start, end, at, next_start)
            wanted.append(self._wanted(text[start:end], text[said.start : said.end], said))
            kept += text[at : said.start] + " "
            at = max(at, said.end)
        kept += text[at:]
        counted = {item.product for item in wanted if "quantity_unsure" not in item.doubts}
        repeated = [
            item
            for item in wanted
            if "quantity_unsure" in item.doubts and item.product in counted and item.product
        ]
        return [item for item in wanted if item not in repeated] + _strange(kept), _STRANGE.sub(" ", kept)

    def _sign(self, found: re.Match[str], sign: str) -> str:
        """The sign of a whole name, unless it is the end of a longer one: 鸡蛋 30枚 within 土鸡蛋 30枚."""
        longer = found.string[max(0, found.start() - 1) : found.start() + 2]
        return found.group() if found.start() and longer in self._spoken else sign

    def _only(self, text: str) -> tuple[list[Wanted], str] | None:
        """`张三 2份`, where everybody knows what the list is about."""
        found = _ONLY.fullmatch(text.replace("\n", " "))
        if not found or self._mentions(found.group(1)) or found.group(1) in self._single:
            return None
        name, gap, many, figure = found.groups()
        if not gap and not has_surname(name):
            return None
        products = tuple(self._measures)
        packs, _ = _whole(number(many or figure))
        product = products[0] if len(products) == 1 and has_surname(name) else None
        doubts = () if product else ("which_product",)
        return [
            Wanted(product, packs, text[found.end(2) :].strip(), () if product else products, doubts)
        ], name

    def _mentions(self, text: str) -> list[tuple[int, int]]:
        found, at = [], 0
        while at < len(text):
            length = next(
                (
                    n
                    for n in range(self._longest, 1, -1)
                    if text[at : at + n] in self._spoken and at + n <= len(text)
                ),
                0,
            )
            if not length and text[at] in self._single and _is_counted(text, at):
                length = 1
            if length:
                found.append((at, at + length))
            at += length or 1
        return found

    def _wanted(self, mention: str, written: str, said: _Said) -> Wanted:
        candidates = self._spoken.get(mention) or self._single[mention]
        named = [
            one
            for one in candidates
            if any(measure(*amount) in self._measures[one] for amount in said.amounts)
        ]
        candidates = named or candidates
        product = candidates[0] if len(candidates) == 1 else None
        packs, unsure = self._packs(product, said, named_pack=bool(named))
        doubts = (*(["which_product"] if product is None else []), *(["quantity_unsure"] if unsure else []))
        for sign, name in self._signs.items():
            written = written.replace(sign, name)
        return Wanted(product, packs, written.strip(), () if product else tuple(candidates), doubts)

    def _packs(self, product: str | None, said: _Said, *, named_pack: bool) -> tuple[int, bool]:
        """How many packs, and whether that is a guess: 6斤 of a thing sold by packs of 3斤 is two packs, perhaps."""
        if said.times is not None:
            return _whole(said.times)
        measures = self._measures[product] if product else frozenset()
        left = [amount for amount in said.amounts if not named_pack or measure(*amount) not in measures]
        if not left:
            # 一只 of what is sold by the hen is one; 30枚 of a pack of 30 may be how many or which.
            return 1, not any(many == 1 for many, _ in said.amounts)
        many, unit = measure(*left[-1])
        for size, of in measures:
            if of == unit and size and many != size:
                whole, guessed = _whole(many / size)
                return whole, guessed or size != 1
        return _whole(left[-1][0] if unit == "g" else many)


def _said(text: str, start: int, end: int, at: int, following: int) -> _Said:
    """The numbers around a mention, behind it and before it. `following`: where the next mention begins."""
    amounts: list[tuple[Fraction, str]] = []
    times = None
    before = _BEFORE.search(text, at, start)
    while True:
        if found := _TIMES.match(text, end, following):
            times, end = number(found.group(1)), found.end()
            break
        found = _AMOUNT.match(text, end, following)
        if not found or (amounts and not found.group(2) and not found.group().startswith(" ")):
            break
        glued = found.end() == following < len(text) and found.group()[-1] != " "
        parted = _ANOTHER.search(found.group())
        if parted and "," in found.group() and not found.group(2):
            break
        if glued and (parted or (before and before.group(2)) or (amounts and found.group()[0] == " ")):
            # 2斤腊肉1份糍粑, 土鸡三只 30枚鸡蛋: the second number is the next thing's, since the first has had its own.
            break
        amounts.append((number(found.group(1)), (found.group(2) or "").lower()))
        end = found.end()
    if before and (not amounts or before.group(4) or (before.group(2) and times is None)):
        amounts.append((number(before.group(1) or before.group(3)), (before.group(2) or "").lower()))
        start = before.start()
    return _Said(start, end, tuple(amounts), times)


def _strange(text: str) -> list[Wanted]:
    found = []
    for match in _STRANGE.finditer(text):
        many = match.group(2) or match.group(3) or match.group(4)
        packs, _ = _whole(number(many))
        found.append(Wanted(None, packs, match.group().strip(), (), ("unknown_product",)))
    return found


def _whole(packs: Fraction) -> tuple[int, bool]:
    whole = max(1, int(packs))
    return whole, whole != packs


def _is_counted(text: str, at: int) -> bool:
    behind = _TIMES.match(text, at + 1) or _AMOUNT.match(text, at + 1)
    return bool(behind or ((before := _BEFORE.search(text, 0, at)) and before.group(2)))


def _measures(product: str) -> frozenset[tuple[Fraction, str]]:
    return frozenset(measure(number(many), unit.lower()) for many, unit in _MEASURE.findall(plain(product)))


def _base(product: str) -> str:
    """The name alone, without what is in brackets, the pack and everything behind it: 散养土鸡（杀好冷冻） 1只 → 散养土鸡."""
    name = re.sub(r"\([^()]*\)", " ", plain(product)).strip()
    if pack := _MEASURE.search(name, 1):
        name = name[: pack.start()] or name
    return name.split(" ")[0].strip("-_·,/")
