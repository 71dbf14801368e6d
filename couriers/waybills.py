"""Waybill numbers: which carrier printed this one?

The answer never refuses a parcel: numbers of different carriers overlap and their tables change, so what is well formed
but fits no pattern is `unknown`, and the courier's name or the volunteer decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from couriers import number_patterns
from station.texts import unwrap


class Status(StrEnum):
    VALID = "valid"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class StationPattern:
    """A rule a station adds for numbers it meets: `prefix`, and the length of the whole number."""

    prefix: str
    length: int
    carrier: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """`piece` is (no, count). `s10` is None unless the number has the UPU S10 shape. `reason`: why it is invalid."""

    raw: str
    normalized: str
    status: Status
    candidates: tuple[str, ...] = ()
    strong: bool = False
    piece: tuple[int, int] | None = None
    s10: bool | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    carrier: str | None
    warnings: tuple[str, ...] = ()


# China Post prints the same numbers for its parcels and for EMS: confusing the two harms nobody.
_POST = frozenset({"EMS", "YZPY"})
_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?E\+?([0-9]{1,2})")
_JD_PIECE = re.compile(r"(JD[A-Z0-9]+)-([0-9]{1,4})-([0-9]{1,4})-?")
# What input methods and word processors make of a hyphen.
DASHES = str.maketrans(dict.fromkeys("‐‒–—―−－", "-"))
_WELL_FORMED = re.compile(r"(?=.*[0-9]{6})[A-Z0-9]{8,20}")
_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
# Spreadsheets keep 15 significant digits; what stands after them in a numeric cell is made up.
_EXACT_DIGITS = 15


def normalise(raw: str) -> str:
    """Upper case, half width, without white space and without what spreadsheets wrap around a number."""
    unwrapped = unwrap(raw)
    if not unwrapped.isascii():
        unwrapped = unwrap(unwrapped.translate(DASHES).strip("‘’“”"))
    if " " in unwrapped:
        unwrapped = unwrap(unwrapped.replace(" ", ""))
    # Only ASCII: the upper case of other letters is not always stable under NFKC, and no waybill holds them.
    return unwrapped.upper() if unwrapped.isascii() else unwrapped


def recognise(raw: str, *, numeric_cell: bool = False, extra: Sequence[StationPattern] = ()) -> Recognised:
    """Recognise a number as scanned, typed or listed; `numeric_cell` if a spreadsheet stored it as a number."""
    text = normalise(raw)
    if numeric_cell and text.isdecimal() and len(text) > _EXACT_DIGITS:
        return _invalid(raw, "waybill_precision_lost")
    if scientific := _SCIENTIFIC.fullmatch(text):
        return _from_scientific(raw, scientific, extra)
    piece = None
    if suffixed := _JD_PIECE.fullmatch(text):
        text, no, count = suffixed.groups()
        piece = (int(no), int(count))
    if not text:
        return _invalid(raw, "waybill_missing")
    if not _WELL_FORMED.fullmatch(text):
        return _invalid(raw, "waybill_bad_format")
    matched = _matched(raw, text, extra)
    return replace(matched, piece=piece) if piece else matched


def decide(recognised: Recognised, hint: str | None) -> Decision:
    """Choose the carrier; `hint` is the code the row's carrier column names, or the courier who hands the parcel over."""
    candidates = recognised.candidates
    if not candidates:
        return Decision(hint, ("carrier_unknown_format",))
    if recognised.strong:
        return Decision(candidates[0], () if _agrees(hint, candidates[0]) else ("carrier_differs",))
    if hint in candidates:
        return Decision(hint)
    differs = ("carrier_differs",) if hint else ()
    if len(candidates) == 1:
        return Decision(candidates[0], differs)
    return Decision(None, ("carrier_ambiguous", *differs))


def s10_check_digit(serial: str) -> int:
    """The check digit of the eight digits of a UPU S10 number."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def _agrees(hint: str | None, carrier: str) -> bool:
    return hint is None or hint == carrier or {hint, carrier} <= _POST


def _invalid(raw: str, reason: str) -> Recognised:
    return Recognised(raw, "", Status.INVALID, reason=reason)


def _from_scientific(raw: str, found: re.Match[str], extra: Sequence[StationPattern]) -> Recognised:
    whole, decimals, exponent = found.groups()
    if len(decimals or "") != int(exponent):
        return _invalid(raw, "waybill_scientific")
    exact = replace(recognise(whole + (decimals or ""), extra=extra), raw=raw)
    return replace(exact, warnings=("waybill_from_scientific",))


def _matched(raw: str, text: str, extra: Sequence[StationPattern]) -> Recognised:
    if s10 := _S10.fullmatch(text):
        if s10_check_digit(s10.group(1)) != int(s10.group(2)):
            return Recognised(raw, text, Status.INVALID, s10=False, reason="waybill_checksum")
        return Recognised(
            raw, text, Status.VALID, ("EMS" if text[0] == "E" else "YZPY",), strong=True, s10=True
        )
    for rule in number_patterns.STRONG:
        if rule.pattern.fullmatch(text):
            return Recognised(raw, text, Status.VALID, rule.carriers, strong=True)
    candidates = _suggested(text, extra)
    return Recognised(raw, text, _status(candidates), candidates)


def _suggested(text: str, extra: Sequence[StationPattern]) -> tuple[str, ...]:
    for own in extra:
        if len(text) == own.length and text.startswith(own.prefix):
            return (own.carrier,)
    for rule in number_patterns.WEAK:
        if rule.pattern.fullmatch(text):
            return rule.carriers
    return ()


def _status(candidates: tuple[str, ...]) -> Status:
    if not candidates:
        return Status.UNKNOWN
    return Status.VALID if len(candidates) == 1 or _POST.issuperset(candidates) else Status.AMBIGUOUS
