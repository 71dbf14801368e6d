"""Keeps the catalogues: gathers every sentence of the program, merges translations, says which are missing.

    python -m tests.house.catalogues [--merge FILE.json …]

A merge file maps English sentences to Chinese ones; a plural is
`{"{n} parcel": {"plural": "{n} parcels", "zh": "{n} 件"}}`.
"""

import argparse
import io
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from station import i18n

ROOT = Path(__file__).parents[2]
LANGUAGES = tuple(i18n.LANGUAGES)
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
PROGRAM = ("station", "pickup", "couriers")
JINJA = {"extensions": "jinja2.ext.i18n,jinja2.ext.loopcontrols", "silent": "false"}

# No dates and no line numbers: a catalogue changes when a sentence changes, and only then.
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: village-station\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class Sentence(NamedTuple):
    """A msgid; `plural` is empty for a sentence without a number."""

    one: str
    plural: str = ""


Translations = dict[str, tuple[str, ...]]


def po_path(language: str) -> Path:
    return ROOT / "station" / "i18n" / language / "LC_MESSAGES" / "station.po"


@cache
def sentences() -> frozenset[Sentence]:
    """Every sentence the program can say, from its modules and templates."""
    found = set()
    for message in _extracted():
        # A call with several arguments, some of them None for what is not a plain string.
        words = [message] if isinstance(message, str) else [part for part in message if part]
        if words and words[0]:
            found.add(Sentence(*words[:2]))
    return frozenset(found)


def _extracted() -> Iterator[Any]:
    for package in PROGRAM:
        for _, _, message, _, _ in extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS):
            yield message
    methods = [("**.html", "jinja2"), ("**.svg", "jinja2"), ("**.txt", "jinja2")]
    options = {pattern: JINJA for pattern, _ in methods}
    for _, _, message, _, _ in extract_from_dir(ROOT / "templates", methods, options, keywords=KEYWORDS):
        yield message


def read(language: str) -> Translations:
    """What the catalogue of `language` says now: English → its forms, empty strings where a translation is missing."""
    path = po_path(language)
    if not path.exists():
        return {}
    with path.open("rb") as po:
        catalogue = read_po(po, locale=language)
    said: Translations = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            said[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return said


def written(language: str, found: frozenset[Sentence], said: Translations) -> str:
    """The text of the catalogue file for the sentences `found`, translated as in `said`."""
    catalogue = Catalog(locale=language, fuzzy=False)
    for one, plural in found:
        forms = (one, plural) if language == "en" else said.get(one, ("",))
        catalogue.add(
            (one, plural) if plural else one, forms[: catalogue.num_plurals] if plural else forms[0]
        )
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return HEADER.format(language=language, plurals=catalogue.plural_forms) + body.getvalue().decode()


def merged(files: list[Path]) -> Translations:
    """The translations of all merge files; of two for one sentence the last wins, and is reported."""
    translations: Translations = {}
    for file in files:
        for one, entry in json.loads(file.read_text(encoding="utf-8")).items():
            forms = (entry if isinstance(entry, str) else entry["zh"],)
            if translations.setdefault(one, forms) != forms:
                print(f"{file.name} says {one!r} differently: {forms[0]}", file=sys.stderr)
            translations[one] = forms
    return translations


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Gather sentences, merge translations.")
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE.json")
    new = merged(parser.parse_args(arguments).merge)
    found = sentences()
    chinese = read("zh_CN") | new
    for language in LANGUAGES:
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        po_path(language).write_text(written(language, found, chinese), encoding="utf-8")
    english = {sentence.one for sentence in found}
    missing = sorted(one for one in english if not chinese.get(one, ("",))[0])
    print(
        f"{len(found)} sentences, {len(missing)} without Chinese, {len(new.keys() - english)} merged for nothing"
    )
    for one in missing:
        print(json.dumps(one, ensure_ascii=False))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
