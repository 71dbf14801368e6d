"""The papers say what is true: commands that run, modules that exist, and all of them."""

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.house import tree

PAPERS = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md")
# Words that are code: a fenced block, or a span in backticks.
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
MENTIONED = re.compile(r"(?:station|pickup|couriers|templates|tests)/[\w./*-]*")


def code(paper: str) -> str:
    return "\n".join(block or span for block, span in CODE.findall(tree.text(Path(paper))))


def commands(program: str) -> set[str]:
    """The word after `program` in the code of all papers, where a command line begins with it."""
    start = re.compile(rf"^\s*(?:\$ )?(?:\S*/)?{program} ([a-z]+)", re.MULTILINE)
    return {word for paper in PAPERS for word in start.findall(code(paper))}


def test_every_make_command_of_the_papers_is_in_the_makefile() -> None:
    targets = re.findall(r"^([a-z]+):", tree.text(Path("Makefile")), re.MULTILINE)
    assert commands("make") - set(targets) == set()


def test_every_station_command_of_the_papers_runs() -> None:
    station = Path(sys.executable).parent / "station"
    for word in sorted(commands("station")):
        asked = subprocess.run([station, word, "--help"], capture_output=True, text=True, check=False)
        assert asked.returncode == 0, f"station {word}: {asked.stderr}"


def test_the_architecture_names_every_module() -> None:
    mentioned = MENTIONED.findall(tree.text(Path("ARCHITECTURE.md")))
    unnamed = [
        str(path)
        for path in tree.modules(*tree.PACKAGES)
        if not any(fnmatch(str(path), name) for name in mentioned)
    ]
    assert unnamed == []


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_points_to_is_there(paper: str) -> None:
    existing = {str(path) for path in tree.files()}
    existing |= {f"{folder}/" for path in tree.files() for folder in path.parents}
    # A path that is not of this house (`data/…`, a URL) is none of MENTIONED's business.
    named = {name.rstrip(".") for name in MENTIONED.findall(code(paper))}
    assert {name for name in named if not any(fnmatch(path, name) for path in existing)} == set()
