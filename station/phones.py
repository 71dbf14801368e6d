"""Phone numbers as they stand on labels and in couriers' lists."""

import re
from dataclasses import dataclass
from enum import StrEnum

from station.texts import plain, unwrap


class Kind(StrEnum):
    MOBILE = "mobile"
    VIRTUAL_EXT = "virtual_ext"  # a privacy number with an extension, another one for every order
    MASKED = "masked"
    LANDLINE = "landline"
    SERVICE = "service"
    ENCRYPTED = "encrypted"
    MISSING = "missing"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` is digits (and `*` where masked); of an invalid phone it is the text as written. `alt`: further numbers."""

    kind: Kind
    number: str | None = None
    ext: str | None = None
    alt: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        kind = () if self.kind is Kind.MOBILE else (f"phone_{self.kind}",)
        return (*kind, "phone_multiple") if self.alt else kind

    @property
    def can_receive_sms(self) -> bool:
        return self.kind is Kind.MOBILE


# A dozen numbers fit; a longer cell is a pasted text.
_LONGEST_CELL = 200
ENCRYPTED_MARKS = ("##", "$$", "~")
_BLANK = {"", "/", "-", "—", "无"}
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MASKED = re.compile(r"(?=(?:[0-9]*\*){3})[0-9*]{11}")
_SERVICE = re.compile(r"[48]00[0-9]{7}|95[0-9]{3,4}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}|[2-9][0-9]{6,7}")
_COUNTRY = re.compile(r"^(?:\(?\+?86\)?|0086)-?(?=\(?[01])")
_EXTENSION = re.compile(
    r"(.*[0-9])(?:\(?(?:转分机|分机|转)号?:?|ext\.?|[-#,、_(\[])([0-9]{1,6})[)\]#]*", re.IGNORECASE
)
# A phone that a spreadsheet wrote as a power, with all its digits.
_POWER = re.compile(r"([0-9])\.([0-9]{10})E\+10", re.IGNORECASE)
# 轉, and what input methods make of a hyphen.
_SIGNS = str.maketrans({"轉": "转", **dict.fromkeys("‐‑‒–—―−", "-")})
_OWN_EXTENSION = re.compile(r"[0-9]{2,6}")
_AMONG_WORDS = re.compile(
    r"[^0-9*]*?((?:\+?86-?)?[0-9*][0-9*-]{5,20}[0-9*](?:(?:转|分机)[0-9]{1,6})?)[^0-9*A-Za-z]*"
)
# Shorter numbers among words are dates and house numbers as often as telephones.
_WHOLE = 10
_NAME_EXTENSION = re.compile(r"(.*?) ?\[([0-9]{2,6})\]")
# A comma is also written before an extension: only a whole number after it makes it a second phone.
_SEVERAL = re.compile(
    r"[/;|]|[,、](?![0-9]{1,6}(?![0-9-]))|(?<=[0-9]{7})-(?=1[3-9][0-9]{9}(?![0-9]))|(?<=[0-9)])[或和及](?=[0-9+(])"
)
_GLUED_MOBILES = re.compile(r"(?:1[3-9][0-9]{9}){2,}")


def classify(text: str, name: str = "", extension: str = "") -> Phone:
    """The first phone of a cell. Some platforms write its extension after the person's name, `张三[1234]`, or in a cell
    of its own."""
    written = unwrap(text)
    own = unwrap(extension)
    ext = own if _OWN_EXTENSION.fullmatch(own) else split_name(name)[1]
    if _MOBILE.fullmatch(written) and not ext:
        return Phone(Kind.MOBILE, written)
    if written in _BLANK:
        return Phone(Kind.MISSING)
    if written.startswith(ENCRYPTED_MARKS):
        return Phone(Kind.ENCRYPTED)
    written = _POWER.sub(r"\1\2", written) if "." in written else written
    if not written.isascii():
        written = written.translate(_SIGNS)
    parts = _parts(written) if len(written) <= _LONGEST_CELL else []
    phones = [_single(part) for part in parts] or [Phone(Kind.INVALID, written)]
    if phones[0].kind is Kind.INVALID and (mobiles := _among_words(written)):
        phones = mobiles
    first, *others = phones
    if first.kind is Kind.MOBILE and ext:
        first = Phone(Kind.VIRTUAL_EXT, first.number, ext)
    return Phone(first.kind, first.number, first.ext, tuple(_joined(phone) for phone in others))


def split_name(name: str) -> tuple[str, str | None]:
    """`张三[1234]` → `张三` and the extension `1234` of the privacy number printed beside it."""
    found = _NAME_EXTENSION.fullmatch(plain(name)) if name.endswith(("]", "］")) else None
    return (found.group(1), found.group(2)) if found else (name, None)


def mask(number: str) -> str:
    """For screens: `****1907`."""
    return "****" + tail(number)


def print_mask(number: str) -> str:
    """For paper: `*******1907`; GB/T 41833 wants at least six digits hidden, however short the number is."""
    shown = max(0, min(4, len(number) - 6))
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def tail(number: str) -> str:
    """The last four digits, `""` if they are not all known."""
    last = number[-4:]
    return last if len(number) > 4 and last.isdecimal() else ""


def _parts(written: str) -> list[str]:
    pieces = written.split()
    if len(pieces) > 1 and all(_kind(_digits(_COUNTRY.sub("", piece))) for piece in pieces):
        return pieces
    compact = "".join(pieces)
    if _GLUED_MOBILES.fullmatch(compact):
        return _MOBILE.findall(compact)
    return [part for part in _SEVERAL.split(compact) if part]


def _among_words(written: str) -> list[Phone]:
    """13800000001(本人)13900000002(儿子): several whole numbers, and no other figure that might belong to one."""
    runs = re.findall(r"[0-9*]+", written) if len(written) <= _LONGEST_CELL else []
    if len(runs) < 2 or re.search(r"[0-9][-_#\[]|转|分机", written):
        return []
    return [Phone(Kind.MOBILE, run) for run in runs] if all(map(_MOBILE.fullmatch, runs)) else []


def _single(part: str) -> Phone:
    part = _COUNTRY.sub("", part)
    found = _EXTENSION.fullmatch(part)
    if found and (kind := _kind(_digits(found.group(1)))):
        number, ext = _digits(found.group(1)), found.group(2)
        if kind is not Kind.MOBILE:
            return Phone(kind, number, ext)
        if len(ext) > 1:
            return Phone(Kind.VIRTUAL_EXT, number, ext)
    number = _digits(part)
    if kind := _kind(number):
        return Phone(kind, number)
    # 13800000001(工作), 电话:13800000001, 瞿冬伢13800000001: words around one whole number.
    if (found := _AMONG_WORDS.fullmatch(part)) and found.group(1) != part:
        inner = _single(found.group(1))
        if inner.number and len(inner.number) >= _WHOLE and inner.kind is not Kind.INVALID:
            return inner
    return Phone(Kind.INVALID, part)


def _digits(part: str) -> str:
    return part.translate({ord(sign): None for sign in "()-"})


def _kind(number: str) -> Kind | None:
    if _MOBILE.fullmatch(number):
        return Kind.MOBILE
    if _MASKED.fullmatch(number):
        return Kind.MASKED
    if _SERVICE.fullmatch(number):
        return Kind.SERVICE
    return Kind.LANDLINE if _LANDLINE.fullmatch(number) else None


def _joined(phone: Phone) -> str:
    return f"{phone.number}-{phone.ext}" if phone.ext else phone.number or ""
