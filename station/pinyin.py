"""Pinyin initials: the volunteer types `lgh` and finds 李桂花."""

import os
from functools import lru_cache

from station.texts import plain


def initials(name: str) -> frozenset[str]:
    """Every way a volunteer may abbreviate the name, in lower case: `曾小禾` → `zxh` and `cxh`.

    All readings of the first character count, because surnames are often read unlike the common word (曾 仇 查 盖).
    """
    letters = [character for character in plain(name) if character.isalpha()]
    if not letters:
        return frozenset()
    rest = "".join(_readings(character)[0] for character in letters[1:])
    return frozenset(first + rest for first in _readings(letters[0]))


def search_text(name: str) -> str:
    """The initials joined by spaces, to be stored beside the name and searched with LIKE."""
    return " ".join(sorted(initials(name)))


@lru_cache(maxsize=4096)
def _readings(character: str) -> list[str]:
    # Late, because the dictionary takes 13 MB; with the readings of whole phrases, which we never ask for, it is 58 MB.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)[0]
    return [reading.lower() for reading in readings]
