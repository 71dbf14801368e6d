"""The papers say what is true: commands that run, modules that exist, and all of them."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

from station import cli, demo
from station.settings import Settings
from tests.house import tree

READMES = ("README.md", "README.zh-CN.md")
PAPERS = (*READMES, "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md", "CHANGELOG.md")
STATION = Path(sys.executable).parent / "station"
# Words that are code: a fenced block, or a span in backticks.
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
# The first cell of a table's row, if it is code.
ROW = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
# [words](path), <img src="path">: not the addresses of other sites.
LINK = re.compile(r"""(?:\]\(|src=")([^)"#:]+)[)"#]""")
MENTIONED = re.compile(r"(?<![\w/-])(?:station|pickup|couriers|templates|tests)/[\w./*-]*")


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
    for word in sorted(commands("station")):
        with pytest.raises(SystemExit) as asked:
            cli.main([word, "--help"])
        assert asked.value.code == 0, f"station {word}"


@pytest.fixture(scope="module")
def station_commands() -> set[str]:
    """What the installed command itself says it can do."""
    told = subprocess.run([STATION, "--help"], capture_output=True, text=True, check=True).stdout
    listed = re.search(r"\{([a-z,]+)\}", told)
    assert listed is not None
    return set(listed[1].split(","))


@pytest.mark.parametrize("paper", READMES)
def test_the_table_of_commands_lists_them_all(paper: str, station_commands: set[str]) -> None:
    rows = {words.split()[1] for words in ROW.findall(tree.text(Path(paper))) if words.startswith("station ")}
    assert rows == station_commands


class Environment(Mapping[str, str]):
    """An environment that writes down what it is asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values_, self.asked = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


@pytest.mark.parametrize("paper", READMES)
def test_the_table_of_settings_lists_what_the_program_reads(paper: str, tmp_path: Path) -> None:
    env = Environment({"STATION_DATA_DIR": str(tmp_path)})
    Settings.read(env)
    rows = {words for words in ROW.findall(tree.text(Path(paper))) if words.startswith("STATION_")}
    assert rows == {name for name in env.asked if not name.endswith("_FILE")}


@pytest.mark.parametrize("paper", READMES)
def test_a_readme_says_who_can_sign_in_to_the_demo(paper: str) -> None:
    words = set(re.findall(r"[\w-]+", code(paper)))
    secrets = {demo.PASSWORD, *(pin for *_, pin in demo.ACCOUNTS if pin)}
    assert {login for login, *_ in demo.ACCOUNTS} | secrets <= words


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


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_of_a_paper_leads_to_a_file(paper: str) -> None:
    linked = {Path(path) for path in LINK.findall(tree.text(Path(paper)))}
    assert linked - set(tree.files()) == set()
