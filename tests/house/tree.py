"""The files of the project, for the tests that hold the house in order."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("station", "pickup", "couriers")
NOT_OURS = {".venv", ".git", "data", "build", "dist", "test-results", "__pycache__", "node_modules"}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walked()
    return tuple(sorted(Path(name) for name in names if name and (ROOT / name).is_file()))


def _walked() -> Iterator[str]:
    """For an unpacked archive, which has no git to ask."""
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT)
        ignored = NOT_OURS.intersection(inside.parts) or any(part.endswith("_cache") for part in inside.parts)
        if not ignored and path.suffix not in {".mo", ".pyc"}:
            yield str(inside)


def modules(*folders: str) -> list[Path]:
    """The Python files below these top-level folders that say something; migrations are written by a tool."""
    return [
        path
        for path in files()
        if path.suffix == ".py" and path.parts[0] in folders and "migrations" not in path.parts and text(path)
    ]


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module with its number of lines, decorators and docstring not counted."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, FunctionNode):
            yield f"{path}:{node.lineno} {node.name}", _lines(node)


def _lines(node: FunctionNode) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        docstring = node.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines
