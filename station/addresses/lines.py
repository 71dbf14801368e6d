"""One pasted line taken apart: phones, the name, and what is left as the address."""

import re
from dataclasses import dataclass, field

from station import phones
from station.addresses.surnames import is_named_like_a_person, looks_like_a_name
from station.addresses.traditional import simplified
from station.phones import Kind, Phone

_HAN = "\u3400-\u9fff"
_LABELS = {
    "name": "收货人姓名|收件人姓名|收货人|收件人|收件方|姓名|名字|联系人|客户",
    "phone": "收货人手机号?|收件人电话|手机号码|手机号|手机|联系电话|联系方式|电话号码|电话|tel|phone",
    "address": "收货地址|收件地址|详细地址|家庭地址|联系地址|邮寄地址|所在地区|所在地|收货地区|地址|地区|街道地址",
}
_LABEL = re.compile(
    rf"(?:(?<=[ ,])|^|(?<=[0-9]))(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in _LABELS.items())})"
    rf"(?: ?[:=]|(?= )| ?(?=[0-9]))"
    rf"|(?:{'|'.join(f'(?P<{kind}2>{words})' for kind, words in _LABELS.items())}) ?:"
    # 收件人张三，麻烦寄到湖南省…, 寄给张三
    rf"|(?:(?<=[ ,])|^)(?P<name4>收货人|收件人|姓名|联系人|(?:麻烦|请|帮我)*(?:寄给|发给|邮给))"
    rf"(?!电话|手机|信息|姓名|地址|方式)(?=[{_HAN}·]{{2,4}}(?:[ ,0-9]|$))"
    r"|(?:(?<=[ ,])|^)(?P<address4>(?:麻烦|请|帮我|帮忙)*(?:寄到|寄往|发到|发往|邮到|邮寄到|快递到)) ?:?"
    r"|(?:(?<=[ ,])|^)(?:(?P<name3>寄给|寄|收|收货|收件|客人|买家)|(?P<address3>送到|寄到|请寄到|寄往|送货到|送|址)) ?:",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    r"(?<![0-9A-Za-z])(?:\(?\+ ?86\)?|\(86\)|0086|86(?=[- ]?1[3-9]))?[- ]?(?P<body>(?:\(0[0-9]{2,3}\)[ -]?)?\(?[0-9*]+\)?(?:[ -][0-9*]+)*)"
)
# 86-138…, where the search began at the space before it.
_COUNTRY = re.compile(r"(?<![0-9])(?:0086|86)[- ]$")
_EXTENSION = re.compile(
    r" ?(?:\(?(?:转分机|分机|[转轉])号?:?|ext\.?|[-—–#_(\[]) ?([0-9]{1,6})[)\]]?(?![0-9号栋])", re.IGNORECASE
)
_MOBILE_START = re.compile(r"1[3-9]")
_INCOMPLETE = range(9, 14)
_SEPARATORS = re.compile(r"[\s,、;|]+")
# Tom Smith is one name; a longer run of such words is an address.
_LATIN_WORDS = re.compile(r"[A-Za-z][A-Za-z.'-]*(?: [A-Za-z][A-Za-z.'-]*)+")
_LATIN_NAME_WORDS = 3
_ONE_CHARACTER = re.compile(rf"[{_HAN}]")
_CHINA = re.compile(r"^(?:中国|中华人民共和国)(?=[ ,]*[\u3400-\u9fff]{2})")


@dataclass(slots=True)
class Piece:
    """A stretch between separators. `beside`: the phone stands right next to it."""

    text: str
    kind: str = ""
    beside: bool = False


@dataclass(slots=True)
class Line:
    phone: Phone = field(default_factory=lambda: Phone(Kind.MISSING))
    others: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def take_apart(text: str) -> Line:
    """`text` is plain (`station.texts.plain`), with `:` and `,` for their Chinese forms."""
    marked = _LABEL.sub(lambda found: f"\x01{_kind(found)}\x02", text)
    line = Line()
    kept: list[str] = []
    at = 0
    seen = 0
    while found := _DIGITS.search(marked, seen):
        phone_at = _phone(marked, found)
        if phone_at is None:
            seen = found.end()
            continue
        start, end, phone = phone_at
        kept += [marked[at:start], "\x03"]
        at = seen = end
        if line.phone.kind in (Kind.MISSING, Kind.INVALID) and phone.kind is not Kind.INVALID:
            line.phone, phone = phone, line.phone
        elif line.phone.kind is Kind.MISSING:
            line.phone = phone
            continue
        if phone.number:
            line.others.append(f"{phone.number}-{phone.ext}" if phone.ext else phone.number)
    line.pieces = _pieces("".join([*kept, marked[at:]]))
    return line


def _kind(found: re.Match[str]) -> str:
    return next(name for name, words in found.groupdict().items() if words)[0]


def _phone(text: str, found: re.Match[str]) -> tuple[int, int, Phone] | None:
    """The phone among digits joined by spaces and hyphens: where it starts and ends, and what it is."""
    start, stop = found.span("body")
    groups = list(re.finditer(r"[0-9*]+", text[start:stop]))
    for first in range(len(groups)):
        for last in range(first, min(first + 4, len(groups))):
            run = groups[first : last + 1]
            number = "".join(group.group() for group in run)
            if any(len(group.group()) < 3 for group in run) or not _whole(number, len(run), run[0].group()):
                continue
            end = start + run[-1].end()
            begin = found.start() if first == 0 else start + run[0].start()
            begin = country.start() if (country := _COUNTRY.search(text, 0, begin)) else begin
            return _with_extension(text, begin, end, number)
    number = "".join(group.group() for group in groups)
    single = groups[0].group()
    for joined, end in ((number, stop), (single, start + groups[0].end())):
        if _MOBILE_START.match(joined) and len(joined) in _INCOMPLETE and not _is_house(text, end):
            return found.start(), end, Phone(Kind.INVALID, joined)
    return None


def _whole(number: str, groups: int, first: str) -> bool:
    kind = phones.classify(number).kind
    if kind is Kind.LANDLINE and not number.startswith("0"):
        return False
    if kind is Kind.LANDLINE:
        return groups == 1 or len(first) in (3, 4)
    return kind in (Kind.MOBILE, Kind.MASKED) or (kind is Kind.SERVICE and len(number) == 10)


def _with_extension(text: str, begin: int, end: int, number: str) -> tuple[int, int, Phone]:
    if text[end : end + 1] == ")" and text[begin : begin + 1] == "(":
        end += 1
    phone = phones.classify(number)
    if (found := _EXTENSION.match(text, end)) and (phone.kind is Kind.LANDLINE or len(found.group(1)) > 1):
        kind = Kind.VIRTUAL_EXT if phone.kind is Kind.MOBILE else phone.kind
        return begin, found.end(), Phone(kind, number, found.group(1))
    return begin, end, phone


def _is_house(text: str, end: int) -> bool:
    return text[end : end + 1] in "号栋室组弄" and end < len(text)


def _pieces(marked: str) -> list[Piece]:
    """Cut at separators, labels and phones; remembers labels, and what stands right beside a phone."""
    pieces: list[Piece] = []
    kind, after_phone = "", False
    for part in re.split(r"(\x01[npa]\x02|\x03)", marked):
        if part == "\x03":
            after_phone, kind = True, "" if kind == "p" else kind
            if pieces:
                pieces[-1].beside = True
        elif part.startswith("\x01"):
            kind = part[1]
        else:
            glued = _LATIN_WORDS.sub(_latin_name, part.strip())
            for text in filter(None, _SEPARATORS.split(glued)):
                pieces.append(Piece(text.replace("\x04", " "), kind, after_phone))
                after_phone = False
                # A label names the next piece; behind an address the name may follow without one.
                if kind in ("n", "a"):
                    kind = ""
    return pieces


def _latin_name(found: re.Match[str]) -> str:
    words = found.group().split(" ")
    return ("\x04" if len(words) <= _LATIN_NAME_WORDS else " ").join(words)


def found_name(pieces: list[Piece]) -> tuple[Piece | None, int]:
    """The piece that is most likely the person, and how likely: labelled 9, below 2 it is a guess."""
    labelled = next((piece for piece in pieces if piece.kind == "n"), None)
    if labelled:
        return labelled, 9
    scored = [(_likely(pieces, place), -place) for place in range(len(pieces))]
    best = max(scored, default=(0, 0))
    return (pieces[-best[1]], best[0]) if best[0] > 0 else (None, 0)


def _likely(pieces: list[Piece], place: int) -> int:
    piece = pieces[place]
    if _ONE_CHARACTER.fullmatch(piece.text) and piece.beside and not piece.kind:
        return 1
    if piece.kind or not looks_like_a_name(piece.text):
        return 0
    ends = place in (0, len(pieces) - 1)
    likely = is_named_like_a_person(piece.text) + (2 if piece.beside else 0) + (1 if ends else 0)
    # 库尔班江: no surname, yet alone beside the phone.
    return 1 if likely == 0 and piece.beside and ends else likely


def joined(pieces: list[Piece]) -> str:
    return simplified(_CHINA.sub("", " ".join(piece.text for piece in pieces)))
