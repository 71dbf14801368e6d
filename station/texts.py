"""Text as people and spreadsheets send it, made comparable."""

import re
import unicodedata

# Zero-width and direction marks ride along when a number is copied out of a chat; PostgreSQL refuses NUL, and lone
# surrogates (JSON can carry them) cannot be encoded at all.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_WRAPPED_RIGHT = re.compile(r"""(?:['" ]|(?<=[0-9])\.0+)+$""")
# Longer text is no wrapped number, and trimming a megabyte of quotes would take minutes.
_LONGEST_NUMBER = 200


def fold(text: str) -> str:
    """Runs of white space become one space, invisible characters go; everything else stays as it was written."""
    # Printable text holds nothing invisible and no white space but spaces: most cells of a long list end here.
    if text.isprintable():
        return " ".join(text.split()) if " " in text else text
    return " ".join(_INVISIBLE.sub("", text).split())


def plain(text: str) -> str:
    """Folded, and full-width letters, digits and signs become the ordinary ones (NFKC)."""
    if text.isascii():
        return fold(text)
    # Twice, because folding can bring two characters together that NFKC then writes as one.
    return unicodedata.normalize("NFKC", fold(unicodedata.normalize("NFKC", fold(text))))


def unwrap(text: str) -> str:
    """Plain text without what spreadsheets put around a number to keep it text: `="773…"`, `'773…`, `773….0`."""
    if not text or (text.isalnum() and text.isascii()):
        return text
    text = plain(text).lstrip("'\"= ")
    return text if len(text) > _LONGEST_NUMBER else _WRAPPED_RIGHT.sub("", text)


def harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
