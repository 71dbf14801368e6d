"""Pickup codes: four digits in a secret order and a check digit, so that one cannot be guessed from another."""

import unicodedata
from hashlib import blake2b

from stdnum import damm

from station.slot_labels import with_code as shown

__all__ = ["COUNT", "is_sound", "make_code", "read_code", "shown"]

# How many codes there are before the order begins again.
COUNT = 10_000
_HALF_BITS = 7
_HALF = (1 << _HALF_BITS) - 1


def make_code(key: bytes, sequence: int) -> str:
    """The `sequence`-th code of a station: 4 digits of a keyed permutation and their Damm check digit.

    A bijection over 10,000 consecutive numbers, so no code comes twice within them.
    """
    value = sequence % COUNT
    while (value := _permute(key, value)) >= COUNT:  # cycle walking: 14 bits hold more than 10,000
        pass
    digits = f"{value:04d}"
    return digits + str(damm.calc_check_digit(digits))


def read_code(typed: str) -> str | None:
    """The five digits of a code as typed, scanned or read aloud: `3-2-48215`, `３－２－４８２１５`, `48215`.

    None if it does not look like a code at all; its check digit is for `is_sound` to judge.
    """
    text = unicodedata.normalize("NFKC", typed).strip().replace("—", "-").replace(" ", "")
    digits = text.rsplit("-", 1)[-1]
    if len(digits) != 5 or not digits.isascii() or not digits.isdigit():
        return None
    return digits if all(part.isdigit() for part in text.split("-")) else None


def is_sound(code: str) -> bool:
    """Whether the check digit fits: no single wrong digit and no swap of neighbours gets through."""
    return bool(damm.is_valid(code))


def _permute(key: bytes, value: int) -> int:
    """Four Feistel rounds over 14 bits."""
    left, right = value >> _HALF_BITS, value & _HALF
    for turn in range(4):
        digest = blake2b(bytes((turn, right)), key=key, digest_size=1).digest()
        left, right = right, left ^ (digest[0] & _HALF)
    return left << _HALF_BITS | right
