"""Both languages are complete: every sentence of the program is in the catalogues, and says the same."""

import re
from pathlib import Path

import pytest

from tests.house import catalogues, tree

PLACEHOLDER = re.compile(r"\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Sentences that read the same in Chinese.
SAME_IN_CHINESE = {"English", "PIN", "CSV"}

JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r"\b(?:placeholder|title|alt|aria-label)=\"([^\"]*)\"")
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")
# What is no sentence: names of the two languages, in their own words, and entities.
NO_SENTENCE = {
    "kg",
    "cm",
    "Ctrl",
    "Enter",
    "Esc",
    "中文",
    "English",
    "nbsp",
    "times",
    "middot",
    "hellip",
    "rarr",
    "larr",
    "ndash",
    "mdash",
}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_catalogue_holds_the_sentences_of_the_program_and_no_others(language: str) -> None:
    said = catalogues.read(language)
    expected = catalogues.written(language, catalogues.sentences(), said)
    assert catalogues.po_path(language).read_text(encoding="utf-8") == expected, "run `make catalogues`"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    assert [one for one, forms in catalogues.read(language).items() if not all(forms)] == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_translation_fills_in_the_same_facts(language: str) -> None:
    for one, forms in catalogues.read(language).items():
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(one)), one


def test_no_english_is_left_in_the_chinese_catalogue() -> None:
    for one, (chinese,) in catalogues.read("zh_CN").items():
        needs_words = re.search("[A-Za-z]", PLACEHOLDER.sub("", one)) and one not in SAME_IN_CHINESE
        assert CHINESE.search(chinese) or not needs_words, f"{one!r} is {chinese!r}"


@pytest.mark.parametrize("template", [path for path in tree.files() if path.suffix == ".html"], ids=str)
def test_a_template_says_nothing_past_the_catalogues(template: Path) -> None:
    page = SCRIPT.sub(" ", JINJA.sub(" ", tree.text(template)))
    spoken = [*SPOKEN_ATTRIBUTE.findall(page), TAG.sub(" ", page)]
    assert set(WORD.findall(" ".join(spoken))) - NO_SENTENCE == set()
