"""import-linter's contracts name modules one by one: none may be forgotten when a module finds its place."""

import re
import tomllib
from typing import Any

from tests.house import tree

# One module each by which a layer is known.
RULES = {"station": "slotting", "pickup": "codes", "couriers": "waybills"}
USE_CASES = {"station": "accounts", "pickup": "collection", "couriers": "checkin"}


def contracts() -> dict[str, Any]:
    settings = tomllib.loads(tree.text(tree.ROOT / "pyproject.toml"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def in_layer_of(known: dict[str, str]) -> set[str]:
    """Every module of the layers that the `known` ones are in."""
    found = set()
    for package, module in known.items():
        layers = [re.findall(r"\w+", layer) for layer in contracts()[package]["layers"]]
        (layer,) = [names for names in layers if module in names]
        found |= {f"{package}.{name}" for name in layer}
    return found


def test_every_rule_is_kept_from_database_web_clock_and_settings() -> None:
    assert in_layer_of(RULES) == set(contracts()["rules"]["source_modules"])


def test_every_use_case_is_kept_from_the_web() -> None:
    assert in_layer_of(USE_CASES) <= set(contracts()["use-cases"]["source_modules"])


def test_every_module_with_a_place_is_there() -> None:
    for package in tree.PACKAGES:
        for name in re.findall(r"\w+", " ".join(contracts()[package]["layers"])):
            module = tree.ROOT / package / name
            assert module.with_suffix(".py").is_file() or module.is_dir(), f"{package}.{name}"
