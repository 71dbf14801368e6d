"""The audit in sentences: no act on the page of a parcel or an order is told by its code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from station.storytelling import sentence

ROOT = Path(__file__).parents[2]
# Whose stories are shown with these sentences.
SHOWN = ("order", "parcel", "consignment", "collection", "message", "claim", "handover")
# What any act may have written beside its name.
FACTS = {
    "collector": "self", "money_fen": 0, "parcels": 1, "reason": "", "answered": ["carrier"], "slot": "1-1-1",
    "from": "1-1-1", "to": "1-1-2", "carrier": "YTO", "freight_fen": 0, "state": "in_transit",
}  # fmt: skip


def acts() -> Iterator[str]:
    """The names of the acts, as written in calls of `audit.write` and of what calls it for claims and handovers."""
    for package in ("station", "pickup", "couriers"):
        for file in (ROOT / package).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call):
                    yield from _named(call, ast.unparse(call.func))


def _named(call: ast.Call, function: str) -> Iterator[str]:
    subject = next(
        (ast.unparse(word.value).strip("'") for word in call.keywords if word.arg == "subject"), ""
    )
    if function == "audit.write":
        if subject.isidentifier() and subject not in (*SHOWN, "subject"):
            return
    elif function not in ("_tell", "told", "claims.told", "_write_down"):
        return
    for argument in call.args[1:]:
        chosen = (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
        yield from (
            one.value for one in chosen if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


def test_every_act_on_a_story_page_has_its_sentence() -> None:
    found = set(acts())
    assert {"order_placed", "consignment_booked", "claim_opened", "handover_undone", "money_posted"} <= found
    # Of the handover alone, which shows no story; and told by the page of orders, which knows their states.
    quiet = {"handover_opened", "order_moved"}
    assert {act for act in found - quiet if act in sentence(act, FACTS)} == set()


def test_a_freight_that_is_not_known_is_not_told_as_nothing() -> None:
    told = [sentence("consignment_accepted", {"carrier": "YTO", "freight_fen": fen}) for fen in (0, 850)]
    assert ["¥" in one for one in told] == [False, True]
