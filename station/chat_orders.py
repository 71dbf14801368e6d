"""A list pasted from a group chat (接龙) becomes proposals. A person confirms each: what is not sure carries a doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from station import phones
from station.addresses.regions import read
from station.chat_goods import UNITS, Shelf, Wanted
from station.errors import N_
from station.phones import Kind, Phone
from station.texts import plain

DOUBTS: dict[str, str] = {
    "not_an_order": N_("This line orders nothing. Leave it out if it is only a heading."),
    "no_name": N_("There is no name. Ask who orders."),
    "no_items": N_("It is not clear what is wanted. Ask."),
    "which_product": N_("Several products fit. Choose one."),
    "unknown_product": N_("The village sells nothing of this name. Choose a product or leave it out."),
    "quantity_unsure": N_("Check the number of packs."),
    "several_phones": N_("There are several phone numbers. Check which one is right."),
    "text_left": N_("Some words were not understood. Read the line."),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """`line` counts the pasted lines from 1, `raw` is all that was written; doubts are codes of DOUBTS."""

    line: int
    raw: str
    name: str | None = None
    phone: Phone = Phone(Kind.MISSING)  # noqa: RUF009 - a frozen value
    address: str | None = None
    items: tuple[Wanted, ...] = ()
    doubts: tuple[str, ...] = ()


_NUMBER = re.compile(
    r"\s*(?:[0-9]{1,3}\ufe0f?\u20e3|[①-⑳]|[0-9０-９]{1,3}\s*(?:[、,，)）:：．]|\.(?![0-9])))\s*"
)
_BARE_NUMBER = re.compile(r"([0-9]{1,3}) +(?=[\u3400-\u9fff])")
# 5组张三, 8栋王姐, 3栋502刘姐: where it goes, in a village.
_HOUSE_BEFORE_NAME = re.compile(
    r"((?:[0-9A-Za-z一二三四五六七八九十]{1,4}(?:号楼|[栋幢座组队社号室楼]|单元))+(?:[0-9]{2,4})?)([\u3400-\u9fff]{2,4})"
)
_EMOJI = re.compile(r"[\u200d\u20e3\u2190-\u21ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_PHONE = re.compile(
    r"(?<![0-9*])(?:\+?86 ?)?(?:1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?:(?:转|-)[0-9]{3,4})?|1[0-9*]{2}\*{2,5}[0-9*]{2,5}"
    r"|0[0-9]{2,3}-?[0-9]{7,8})(?![0-9*])"
)
_PHONE_LABEL = re.compile(r"(?:联系)?(?:电话|手机)(?:号码?)?[:是]?|(?i:tel)[:.]?")
_ADDRESS_LABEL = re.compile(r"(?:收货|收件)?(?:地址|住址)[:是]?|(?:送到|寄到|寄去|寄往)[:]?")
_NAME_LABEL = re.compile(r"(?:姓名|收件人|收货人|名字|联系人)[:是]?|(?<=[\u3400-\u9fff])收(?=[,; \n]|$)")
_ADDRESS_WORD = re.compile(r"省|市|县|区|镇|乡|村|街道|[路街巷弄]|号|栋|幢|室|组|单元|楼|屯|寨|苑")
_SPACE = re.compile(r"[,;。!()\n ]+")
_END = "\n"
_VERBS = re.compile(
    r"^(?:我|帮我|给我|麻烦)?(?:也)?(?:想)?(?:要|来|订|定|买|购|接|加)|(?:也|再|先|想|还)*(?:要|来|订|定|买|购|接|加)(?:个|点|了)?$"
)
_EMPTY_WORDS = {"和", "及", "加", "再", "还有", "谢谢", "的", "一共", "共", "+", "、", "-", ":", "/"}
_LONGEST_NAME = 8


def parse(text: str, products: Sequence[str]) -> list[Proposal]:
    """One proposal for each numbered entry; without numbers, for each line. Nothing but empty lines is left out."""
    shelf = Shelf(products)
    return [_proposal(line, raw, entry, shelf) for line, raw, entry in _entries(text)]


def _entries(text: str) -> list[tuple[int, str, str | None]]:
    """(line, as written, what follows its number). Lines below a number belong to it; those above are headings: None."""
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    number = _BARE_NUMBER if _counts_up([line for _, line in lines]) else _NUMBER
    numbered = any(number.match(line) for _, line in lines)
    entries: list[tuple[int, str, str | None]] = []
    for at, line in lines:
        if found := number.match(line):
            entries.append((at, line, line[found.end() :]))
        elif not numbered:
            entries.append((at, line, None if line.startswith("#") else line))
        elif entries and (above := entries[-1])[2] is not None and not line.startswith("#"):
            entries[-1] = above[0], f"{above[1]}\n{line}", f"{above[2]}\n{line}"
        else:
            entries.append((at, line, None))
    return [entry for entry in entries if entry[2] is None or entry[2].strip()]


def _counts_up(lines: Sequence[str]) -> bool:
    """1 张三, 2 李四: no sign behind the numbers, but they count, so that they are no amounts."""
    found = [match.group(1) for line in lines if (match := _BARE_NUMBER.match(line))]
    return len(found) > 1 and found == [str(each) for each in range(1, len(found) + 1)]


def _proposal(line: int, raw: str, entry: str | None, shelf: Shelf) -> Proposal:
    if entry is None:
        return Proposal(line, raw, doubts=("not_an_order",))
    rest, phone, doubts = _phone(_readable(entry))
    rest, address = _address(rest)
    items, rest = shelf.find(rest)
    words = _words(rest)
    name = words.pop(0) if words and len(words[0]) <= _LONGEST_NAME else None
    if name and not address and (house := _HOUSE_BEFORE_NAME.fullmatch(name)):
        address, name = house.groups()
    found = set(doubts) | {doubt for item in items for doubt in item.doubts}
    found |= {"no_items"} if not items else set()
    found |= {"no_name"} if not name else set()
    found |= {"text_left"} if words else set()
    if not items and phone.kind is Kind.MISSING and not address:
        found.add("not_an_order")
    return Proposal(
        line, raw, name, phone, address, tuple(items), tuple(code for code in DOUBTS if code in found)
    )


def _readable(entry: str) -> str:
    """Half width, without emoji; line ends stay, since they end an address."""
    return _END.join(plain(_EMOJI.sub(" ", line)) for line in entry.splitlines())


def _phone(text: str) -> tuple[str, Phone, list[str]]:
    found = [phones.classify(match.group()) for match in _PHONE.finditer(text)]
    rest = _PHONE_LABEL.sub(_END, _PHONE.sub(_END, text))
    return rest, found[0] if found else Phone(Kind.MISSING), ["several_phones"] if len(found) > 1 else []


def _address(text: str) -> tuple[str, str | None]:
    """An address told as one, or the words that look like one, and what is left without them."""
    if label := _ADDRESS_LABEL.search(text):
        told, _, behind = text[label.end() :].partition(_END)
        kept, address = _taken(told.lstrip(": "))
        if address:
            return f"{text[: label.start()]}{_END}{kept}{_END}{behind}", address
    return _taken(text)


def _taken(text: str) -> tuple[str, str | None]:
    kept: list[str] = []
    address: list[str] = []
    for word in re.split(r"([,;。\n ]+)", text):
        marks = len(_ADDRESS_WORD.findall(word))
        if marks < (1 if address else 2):
            kept.append(word)
            continue
        readings = read(word)
        start = readings[0].start if readings else 0
        kept.append(word[:start] + " ")
        address.append(word[start:])
    return "".join(kept), " ".join(address) or None


def _words(text: str) -> list[str]:
    """What nothing else took: the name, mostly, and first."""
    words = []
    for word in _SPACE.split(_NAME_LABEL.sub(" ", text)):
        bare = _VERBS.sub("", word.strip(":-+、/*.~()")).strip(":-+、")
        if bare and bare not in _EMPTY_WORDS and bare not in UNITS:
            words.append(bare)
    return words
