"""QR codes: drawn as one path on pages, as a picture for messages."""

import io
from dataclasses import dataclass

import segno

# Four modules of white around, by ISO/IEC 18004.
QUIET = 4


@dataclass(frozen=True, slots=True)
class Code:
    """`size`: modules on each side, the quiet zone included; `path`: the dark ones, for an SVG `d`."""

    size: int
    path: str


def path(text: str) -> Code:
    """The QR code of `text`, readable with 15 % of it worn off."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    drawn = []
    for y, row in enumerate(rows):
        x = 0
        while (start := row.find(1, x)) >= 0:
            x = row.find(0, start)
            x = len(row) if x < 0 else x
            drawn.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h{start - x}z")
    return Code(len(rows) + 2 * QUIET, "".join(drawn))


def png(text: str, scale: int = 8) -> bytes:
    """The same as a black-and-white PNG, each module `scale` pixels."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=scale, border=QUIET)
    return picture.getvalue()
