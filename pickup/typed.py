"""What was typed or scanned into the counter's one box: everything it may mean, so that all of it can be looked up."""

import re
from dataclasses import dataclass

from pickup.codes import read_code
from station.labels import read_sticker_code
from station.texts import plain

LONGEST = 60
# Three digits of a waybill or phone would find half the shelves.
_LEAST_DIGITS = 4
_COUNTRY = re.compile(r"^(?:\+?86|0086)(?=1[3-9][0-9]{9}$)")


@dataclass(frozen=True, slots=True)
class Typed:
    """Each field is one way to look, empty if the text cannot mean that. `sticker` is the parcel's id, modulo what fits."""

    text: str
    code: str = ""
    sticker: int | None = None
    phone: str = ""
    phone_tail: str = ""
    waybill: str = ""
    initials: str = ""
    name: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.code or self.phone_tail or self.waybill or self.initials or self.name)


def understand(text: str) -> Typed:
    """Read the box. Five digits are a code and nothing else: a mistyped code must not find a waybill's tail."""
    text = plain(text)[: LONGEST + 1]
    compact = text.replace(" ", "")
    if code := read_code(compact):
        return Typed(text, code=code)
    digits = _COUNTRY.sub("", compact.replace("-", ""))
    if digits.isascii() and digits.isdecimal():
        return _number(text, digits)
    if compact.isascii() and compact.isalpha():
        return Typed(text, initials=compact.lower())
    if compact.isascii() and compact.replace("-", "").isalnum():
        # Of a carton's own number, `JD…-2-3-`, what stands before the piece is the waybill.
        return Typed(text, waybill=compact.upper().partition("-")[0])
    return Typed(text, name=compact)


def _number(text: str, digits: str) -> Typed:
    if len(digits) < _LEAST_DIGITS:
        return Typed(text)
    return Typed(
        text,
        sticker=read_sticker_code(digits),
        phone=digits if len(digits) > 6 else "",
        phone_tail=digits if len(digits) == 4 else "",
        waybill=digits,
    )


def may_be(printed: str, wanted: str) -> bool:
    """Whether a printed name can be the one asked for. Either may hide characters: `王*梅` and `王小梅` are one."""
    if "*" not in printed + wanted:
        return wanted in printed
    return _fits(printed, wanted) or _fits(wanted, printed)


def _fits(masked: str, name: str) -> bool:
    # A label hides any number of characters behind any number of stars.
    pattern = "".join(
        ".+" if part.startswith("*") else re.escape(part) for part in re.split(r"(\*+)", masked)
    )
    return re.fullmatch(pattern, name) is not None
