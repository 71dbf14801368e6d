"""Names in letters: the volunteer types `lgh` or `liguihua` and finds 李桂花."""

import os
from functools import lru_cache

from station.texts import plain


def initials(name: str) -> frozenset[str]:
    """Every way a volunteer may abbreviate the name, in lower case: `曾小禾` → `zxh` and `cxh`.

    All readings of the first character count, because surnames are often read unlike the common word (曾 仇 查 盖).
    """
    return frozenset("".join(reading[0] for reading in spelled) for spelled in _spellings(name))


def search_text(name: str) -> str:
    """The initials, then the whole readings, joined by spaces: to be stored beside the name and searched with LIKE."""
    whole = sorted({"".join(spelled) for spelled in _spellings(name)})
    return " ".join([*sorted(initials(name)), *whole])


def _spellings(name: str) -> list[tuple[str, ...]]:
    """A reading of each character, with each reading of the first."""
    letters = [character for character in plain(name) if character.isalpha()]
    if not letters:
        return []
    rest = tuple(_readings(character)[0] for character in letters[1:])
    return [(first, *rest) for first in _readings(letters[0])]


@lru_cache(maxsize=4096)
def _readings(character: str) -> list[str]:
    # Late, because the dictionary takes 13 MB; with the readings of whole phrases, which we never ask for, it is 58 MB.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return [reading.lower() for reading in readings]
