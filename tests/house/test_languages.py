"""Which language a page speaks, and that it speaks."""

import pytest

from station import i18n
from tests.house import catalogues


@pytest.mark.parametrize(
    ("accept_language", "cookie", "spoken"),
    [
        (None, None, "zh_CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh_CN"),
        ("en-US,en;q=0.9,zh;q=0.8", None, "en"),
        ("zh;q=0.3,en;q=0.7", None, "en"),
        ("fr-FR, en;q=0.5", None, "en"),
        ("fr", None, "zh_CN"),
        ("en;q=0,zh;q=0.1", None, "zh_CN"),
        ("en;q=high,;;,*", None, "zh_CN"),
        ("zh-CN", "en", "en"),
        ("zh-CN", "../../etc", "zh_CN"),
    ],
)
def test_the_cookie_decides_then_the_browser_s_header(
    accept_language: str | None, cookie: str | None, spoken: str
) -> None:
    assert i18n.negotiate(accept_language, cookie) == spoken


def test_a_block_speaks_its_language_and_gives_the_old_one_back() -> None:
    english = "Please check this."
    (chinese,) = catalogues.read("zh_CN")[english]
    with i18n.speaking("en"):
        with i18n.speaking("zh_CN"):
            assert i18n.gettext(english) == chinese != english
        assert i18n.gettext(english) == english


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no language 'fr'"):
        i18n.use("fr")


def test_a_sentence_nobody_translated_is_said_in_english() -> None:
    assert i18n.gettext("A sentence that is in no catalogue.") == "A sentence that is in no catalogue."
