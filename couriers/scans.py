"""What did the scanner send? A wedge scanner types whatever barcode comes before it, not only waybills."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from couriers.waybills import DASHES, Recognised, StationPattern, Status, normalise, recognise
from station.texts import plain


class Kind(StrEnum):
    WAYBILL = "waybill"
    # Printed by the station itself, digits only, because an input method in Chinese mode eats letters.
    COMMAND = "command"
    SLOT = "slot"
    RESIDENT_CARD = "resident_card"
    STICKER = "sticker"
    PICKUP_CODE = "pickup_code"
    # Nothing to check in.
    EMPTY = "empty"
    PHONE = "phone"
    GOODS = "goods"
    GLUED = "glued"
    TOO_LONG = "too_long"
    TEXT = "text"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Scan:
    """`refused` is the code of the refusal if no parcel can be looked up by this. `parts`: the codes glued together."""

    kind: Kind
    text: str
    waybill: Recognised | None = None
    refused: str | None = None
    parts: tuple[str, ...] = ()


# No express barcode is near this long; the bound also keeps the search for glued codes short.
_LONGEST = 100
_LONGEST_WAYBILL = 20
_SHORTEST_WAYBILL = 8
# AIM symbology identifiers (`]C1`, `]Q3`), which some scanners are set to send first.
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
# Code 39 begins and ends with a star; some scanners send both.
_STARRED = re.compile(r"\*[^*]+\*")
_OWN = (
    (re.compile(r"0000[0-9]{2}"), Kind.COMMAND),
    (re.compile(r"01[0-9]{6}"), Kind.SLOT),
    (re.compile(r"02[0-9]{6}"), Kind.RESIDENT_CARD),
    (re.compile(r"2[0-9]{7}"), Kind.STICKER),
    (re.compile(r"(?:[0-9]{1,2}-[0-9]{1,2}-)?[0-9]{5}"), Kind.PICKUP_CODE),
)
_PHONE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
# Links, JSON and sentences out of QR codes; a barcode of a parcel has letters, digits and hyphens.
_QR_TEXT = re.compile(r"://|^www\.|[^\x21-\x7e]|[{}?<>&]", re.IGNORECASE)
_CHINESE_GOODS = re.compile(r"69[0-9]{6}|69[0-9]{11}")


def clean(raw: str) -> str:
    """Half width, without CR, LF, white space, invisible characters, the scanner's own prefix and Code 39's stars."""
    text = _SYMBOLOGY.sub("", "".join(plain(raw).translate(DASHES).split()))
    return text[1:-1] if _STARRED.fullmatch(text) else text


def classify(raw: str, extra: Sequence[StationPattern] = ()) -> Scan:
    """Say what one scan is; `extra` are the station's own number patterns."""
    text = clean(raw)
    if not text:
        return Scan(Kind.EMPTY, text, refused="scan_empty")
    if len(text) > _LONGEST:
        return Scan(Kind.TOO_LONG, text[:_LONGEST], refused="scan_too_long")
    if _QR_TEXT.search(text):
        return Scan(Kind.TEXT, text, refused="scan_is_text")
    for pattern, kind in _OWN:
        if pattern.fullmatch(text):
            return Scan(kind, text)
    if _PHONE.fullmatch(text.replace("-", "")):
        return Scan(Kind.PHONE, text, refused="scan_is_phone")
    return _waybill(text, recognise(text, extra=extra), extra)


def _waybill(text: str, waybill: Recognised, extra: Sequence[StationPattern]) -> Scan:
    if _is_goods(waybill):
        return Scan(Kind.GOODS, waybill.normalized, refused="scan_is_goods")
    if not waybill.candidates and (parts := _glued(normalise(text), extra)):
        return Scan(Kind.GLUED, text, refused="scan_glued", parts=parts)
    if waybill.status is Status.INVALID:
        return Scan(Kind.UNREADABLE, text, waybill, refused=waybill.reason)
    return Scan(Kind.WAYBILL, text, waybill)


def _is_goods(waybill: Recognised) -> bool:
    """An EAN or UPC of goods. One number in ten passes that checksum by chance, so a carrier's candidate comes first,
    unless the number begins like Chinese goods (GS1 690-699)."""
    number = waybill.normalized
    if not number.isdecimal() or len(number) not in (8, 12, 13) or not _ean_checks(number):
        return False
    return not waybill.candidates or _CHINESE_GOODS.fullmatch(number) is not None


def _ean_checks(number: str) -> bool:
    # From the right the weights alternate 1, 3, 1, 3 … in EAN-8, UPC-A and EAN-13 alike.
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(number))) % 10 == 0


def _glued(text: str, extra: Sequence[StationPattern]) -> tuple[str, ...]:
    """The codes that ran together: one code several times, or two that are each recognised."""
    for size in range(_SHORTEST_WAYBILL, len(text) // 2 + 1):
        times, rest = divmod(len(text), size)
        if not rest and text[:size] * times == text and recognise(text[:size], extra=extra).candidates:
            return (text[:size],) * times
    if len(text) <= _LONGEST_WAYBILL:
        return ()
    for cut in range(_SHORTEST_WAYBILL, len(text) - _SHORTEST_WAYBILL + 1):
        parts = (text[:cut], text[cut:])
        if all(recognise(part, extra=extra).candidates for part in parts):
            return parts
    return ()
