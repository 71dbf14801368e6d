"""The numbers on the station's own labels, and the bars that say them to a scanner.

They are digits only, because an input method in Chinese mode eats letters; the first ones tell the kind.
"""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from stdnum import damm

_SLOT = "01"
_STICKER = "2"
# Seven digits of a parcel's id are on its sticker. Two parcels that share them are ten million arrivals apart, so
# they never wait at the same time.
STICKERS = 10_000_000

# Four dots of a 203-dpi printer; UI and scanners want 0.4 mm or more.
MODULE_MM = 0.5
_DOT_MM = 25.4 / 203
# Code 128 wants ten modules of white on each side (ISO/IEC 15417, 4.4).
_QUIET = 10


def slot_code(shelf: int, layer: int, bay: int) -> str:
    """The barcode of a slot: `01`, two digits of the shelf, one of the layer, two of the bay (00: not divided) and a
    Damm check digit over all of them, for those who type it: `3-2-5` → `01032059`."""
    digits = f"{_SLOT}{shelf:02d}{layer}{bay:02d}"
    return digits + str(damm.calc_check_digit(digits))


def read_slot_code(text: str) -> str | None:
    """The slot's label, `3-2-5` or `3-2`; None if this is not a slot's barcode."""
    if len(text) != 8 or not text.isdecimal() or not text.startswith(_SLOT) or not damm.is_valid(text):
        return None
    shelf, layer, bay = int(text[2:4]), int(text[4]), int(text[5:7])
    return f"{shelf}-{layer}-{bay}" if bay else f"{shelf}-{layer}"


def sticker_code(parcel_id: int) -> str:
    """The barcode of a parcel's sticker: `2` and the last seven digits of its id. Not the pickup code: that is secret."""
    return f"{_STICKER}{parcel_id % STICKERS:07d}"


def read_sticker_code(text: str) -> int | None:
    """The parcel's id modulo STICKERS; None if this is not a sticker's barcode."""
    if len(text) != 8 or not text.isdecimal() or not text.startswith(_STICKER):
        return None
    return int(text[1:])


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode as one SVG path of height 10, `modules` wide with its white margins."""

    modules: int
    path: str

    @property
    def width_mm(self) -> float:
        return self.modules * MODULE_MM

    def within_mm(self, room: float) -> float:
        """The widest that fits and gives each module whole dots: bars of uneven dots were read as another number too."""
        dots = max(int(room / _DOT_MM / self.modules), 1)
        return round(self.modules * dots * _DOT_MM, 3)


@cache
def _encoder() -> Any:
    """python-barcode's Code 128, its mistake mended. Late: it brings Pillow along, which a station needs only to print."""
    from barcode import Code128

    class _Code128(Code128):  # type: ignore[misc]  # the library is not typed
        """python-barcode 0.16 begins in the set of digit pairs and takes a pair 99 in front for a change of set, which it then
        leaves out. Such a number begins in the set of letters here and changes to pairs behind its first two digits."""

        def __init__(self, code: str) -> None:
            super().__init__(code)
            if code.startswith("99"):
                self._charset = "B"

        def _maybe_switch_charset(self, pos: int) -> list[int]:
            if pos < 2 and self.code.startswith("99"):
                return []
            switched: list[int] = super()._maybe_switch_charset(pos)
            return switched

    return _Code128


def bars(text: str) -> Bars:
    """Code 128 of an ASCII text. A path and no `style`: our pages' policy lets no inline style through."""
    pattern = _encoder()(text).build()[0]
    path, x = [], _QUIET
    for black, run in groupby(pattern, key="1".__eq__):
        width = sum(1 for _ in run)
        if black:
            path.append(f"M{x} 0h{width}v10h-{width}z")
        x += width
    return Bars(x + _QUIET, "".join(path))
