"""An installed wheel is whole: pages, scripts, catalogues and migrations travel with the code."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import catalogues, tree


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*pip, folder, tree.ROOT], check=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel(archive: Path) -> set[str]:
    """The names in the wheel."""
    with zipfile.ZipFile(archive) as opened:
        return set(opened.namelist())


def test_every_file_of_the_packages_is_in_the_wheel(wheel: set[str]) -> None:
    assert {str(path) for path in tree.files() if path.parts[0] in tree.PACKAGES} - wheel == set()


def test_the_templates_are_in_the_wheel(wheel: set[str]) -> None:
    templates = {Path(*path.parts[1:]) for path in tree.files() if path.parts[0] == "templates"}
    assert {str("station/_templates" / path) for path in templates} - wheel == set()


def test_the_compiled_catalogues_are_in_the_wheel(wheel: set[str]) -> None:
    for language in catalogues.LANGUAGES:
        assert f"station/i18n/{language}/LC_MESSAGES/station.mo" in wheel


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    folders = {Path(name).parts[0] for name in wheel}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == set(tree.PACKAGES)


def said(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the program unpacked in `folder` answers when it is asked for its templates and a sentence."""
    asked = "from station import i18n, paths; print(paths.templates_dir(), i18n.gettext('Please check this.'), sep='\\n')"
    python = [sys.executable, "-X", "utf8", "-c", asked]
    return subprocess.run(python, cwd=folder, capture_output=True, encoding="utf-8", check=False)


def test_an_installed_program_finds_its_templates_and_speaks(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    (chinese,) = catalogues.read("zh_CN")["Please check this."]
    assert said(tmp_path).stdout.splitlines() == [str(tmp_path / "station/_templates"), chinese]


def test_without_its_catalogues_the_program_says_what_to_do(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path, [name for name in opened.namelist() if not name.endswith(".mo")])
    assert "Run `make catalogues`." in said(tmp_path).stderr
