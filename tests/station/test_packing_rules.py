import pytest

from station import packing_rules
from station.packing_rules import Ship, of

KINDS = [
    "eggs",
    "dried",
    "vacuum",
    "chilled",
    "poultry_killed",
    "live",
    "vegetables",
    "fruit",
    "tea",
    "grain",
    "fish_live",
    "pork_fresh",
    "other",
]


def test_every_kind_has_its_rule() -> None:
    assert list(packing_rules.RULES) == KINDS == list(packing_rules._TABLE)
    for kind in KINDS:
        rule = of(kind)
        assert rule.kind == kind
        assert rule.name
        assert rule.steps
        assert packing_rules.SHIP[rule.ship]


def test_the_law_asks_a_certificate_of_what_is_fresh_from_the_farm() -> None:
    asked = {kind for kind in KINDS if of(kind).certificate_required}
    assert asked >= {"eggs", "vegetables", "fruit", "tea", "live", "fish_live"}
    assert asked.isdisjoint({"dried", "vacuum", "grain", "other"})


def test_live_animals_do_not_go_by_ordinary_express() -> None:
    assert of("live").ship is Ship.NO
    assert of("fish_live").ship is Ship.SPECIAL


@pytest.mark.parametrize("kind", ["chilled", "poultry_killed", "pork_fresh"])
def test_meat_goes_cold_and_is_there_the_next_day(kind: str) -> None:
    rule = of(kind)
    assert rule.ship is Ship.NEXT_DAY
    assert rule.flags == {"fresh", "cold"}
    assert rule.keeps_hours is not None
    assert rule.keeps_hours <= 36
    assert packing_rules.STEPS["foam_ice"] in rule.steps


def test_fresh_pork_wants_its_inspection_marks() -> None:
    assert packing_rules.STEPS["stamp"] in of("pork_fresh").steps
    assert of("pork_fresh").papers == (packing_rules.PAPERS["quarantine_meat"],)


def test_eggs_go_in_trays_with_any_carrier() -> None:
    assert (of("eggs").ship, of("eggs").flags) == (Ship.ORDINARY, frozenset({"fresh"}))
    assert packing_rules.STEPS["egg_tray"] in of("eggs").steps


def test_what_nobody_wrote_rules_for_is_packed_as_other_goods() -> None:
    assert of("umbrellas") == of("other")


def test_no_sentence_is_left_unused() -> None:
    used = {sentence for rule in packing_rules.RULES.values() for sentence in (*rule.steps, *rule.papers)}
    assert used == {*packing_rules.STEPS.values(), *packing_rules.PAPERS.values()}
