"""The house keeps its shape: small files, short functions, names from the field, five folders."""

import ast
import re
from statistics import median, quantiles

import pytest

from tests.house import tree

FOLDERS = {"station", "pickup", "couriers", "templates", "tests", ".ci", ".github"}
NO_NATURAL_END = {
    "utils",
    "util",
    "helpers",
    "helper",
    "service",
    "services",
    "common",
    "misc",
    "views",
    "manager",
}
WRITTEN_BY_HAND = {".py", ".html", ".css", ".js", ".md", ".toml", ".yml", ".po", ".json", ".lock", ""}
# Paths of somebody's machine, and hosts that packages are fetched from.
ELSEWHERE = re.compile(
    r"/(?:work|root|home)/\w|/Users/\w|pypi\.org|pythonhosted\.org|registry\.npmjs|unpkg\.com|jsdelivr\.net|/opt/wheels"
)


@pytest.mark.parametrize("folders", [tree.PACKAGES, ("tests",)], ids=["program", "tests"])
def test_half_of_the_files_have_at_most_150_lines(folders: tuple[str, ...]) -> None:
    lengths = [len(tree.text(path).splitlines()) for path in tree.modules(*folders)]
    assert median(lengths) <= 150


@pytest.mark.parametrize("folders", [tree.PACKAGES, ("tests",)], ids=["program", "tests"])
def test_nine_of_ten_functions_have_at_most_32_lines(folders: tuple[str, ...]) -> None:
    found = [function for path in tree.modules(*folders) for function in tree.functions(path)]
    too_long = sorted((lines, name) for name, lines in found if lines > 32)
    assert quantiles([lines for _, lines in found], n=10)[-1] <= 32, too_long


def test_no_assert_does_something() -> None:
    """Python run with -O leaves asserts out, and what they call with them."""
    found = [
        f"{path}:{node.lineno}"
        for path in tree.modules(*tree.PACKAGES)
        for node in ast.walk(ast.parse(tree.text(path)))
        if isinstance(node, ast.Assert) and any(isinstance(part, ast.Await) for part in ast.walk(node))
    ]
    assert found == []


def test_modules_are_named_for_a_term_of_the_field() -> None:
    assert [path for path in tree.files() if path.stem in NO_NATURAL_END] == []


def test_the_five_folders_are_all() -> None:
    assert {path.parts[0] for path in tree.files() if len(path.parts) > 1} <= FOLDERS


def test_no_file_knows_one_machine_or_a_download_host() -> None:
    ours = tree.ROOT / "tests/house/test_shape.py"
    written = [path for path in tree.files() if path.suffix in WRITTEN_BY_HAND and tree.ROOT / path != ours]
    found = [(str(path), match[0]) for path in written for match in ELSEWHERE.finditer(tree.text(path))]
    assert found == []
