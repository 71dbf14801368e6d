"""The words on screen: msgids are the English sentences, the catalogues beside this file say them in each language."""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from station.errors import N_

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "N_",
    "CatalogueMissing",
    "gettext",
    "language",
    "negotiate",
    "ngettext",
    "speaking",
    "use",
]

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"

_HERE = Path(__file__).parent
_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


class CatalogueMissing(RuntimeError):
    def __init__(self, lang: str) -> None:
        super().__init__(f"The compiled catalogue for {lang} is missing. Run `make catalogues`.")


def language() -> str:
    """The language in use: a key of LANGUAGES."""
    return _language.get()


def use(lang: str) -> None:
    """Speak `lang` from here on, within this request or task."""
    _language.set(_known(lang))


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak `lang` within the block: a text for somebody who is not the one at the screen."""
    token = _language.set(_known(lang))
    try:
        yield
    finally:
        _language.reset(token)


def gettext(sentence: str) -> str:
    return _catalogue(language()).gettext(sentence)


def ngettext(one: str, many: str, n: int) -> str:
    return _catalogue(language()).ngettext(one, many, n)


def negotiate(accept_language: str | None, cookie: str | None) -> str:
    """The language to answer in: what was chosen in this browser, else what the browser asks for."""
    if cookie in LANGUAGES:
        return cookie
    for wanted in _by_preference(accept_language or ""):
        for lang in LANGUAGES:
            if lang.partition("_")[0] == wanted:
                return lang
    return DEFAULT


def _by_preference(accept_language: str) -> list[str]:
    """Primary language subtags of an Accept-Language header, most wanted first; what cannot be read is left out."""
    weighted = []
    for part in accept_language.split(","):
        tag, _, q = part.strip().partition(";q=")
        try:
            weight = float(q or 1)
        except ValueError:
            continue
        if weight > 0:
            weighted.append((weight, tag.partition("-")[0].lower()))
    return [tag for _, tag in sorted(weighted, key=lambda item: -item[0])]


def _known(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"there is no language {lang!r}, only {', '.join(LANGUAGES)}")
    return lang


@cache
def _catalogue(lang: str) -> catalogues.NullTranslations:
    try:
        return catalogues.translation("station", localedir=_HERE, languages=[lang])
    except FileNotFoundError:
        raise CatalogueMissing(lang) from None
