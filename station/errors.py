"""Refusals: what cannot be done, as a code for programs and a sentence that tells a person what to do now."""

from typing import Any


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogues; it is translated when it is shown."""
    return sentence


_sentences: dict[str, tuple[int, str]] = {}


def tell(sentences: dict[str, tuple[int, str]]) -> None:
    """Say how refusals are answered: `{code: (HTTP status, sentence with {facts})}`, beside the code that raises them."""
    for code, sentence in sentences.items():
        if _sentences.setdefault(code, sentence) != sentence:
            raise ValueError(f"the refusal {code!r} is told twice, with different sentences")


def told() -> dict[str, tuple[int, str]]:
    """Every refusal that the loaded modules can raise."""
    return dict(_sentences)


class Refusal(Exception):
    """An act was refused and wrote nothing. `facts` fill the sentence and go out with the JSON answer."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def status(self) -> int:
        return _sentences[self.code][0]

    @property
    def sentence(self) -> str:
        """The English sentence, untranslated and unfilled."""
        return _sentences[self.code][1]

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code
