"""A build machine that quietly skips half the tests is worse than none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

SKIPS = "import pytest\n@pytest.mark.skip(reason='no modem')\ndef test_modem(): pass\ndef test_sum(): assert 1 + 1 == 2\n"


@pytest.mark.parametrize(("ci", "exit_code"), [("true", 1), ("", 0)])
def test_with_ci_a_skipped_test_fails_the_session_and_is_named(
    tmp_path: Path, ci: str, exit_code: int
) -> None:
    (tmp_path / "test_station.py").write_text(SKIPS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-p", "no:cacheprovider", tmp_path],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(tree.ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == exit_code, run.stdout
    assert (
        ("CI=true and skipped" in run.stdout)
        == ("test_station.py::test_modem" in run.stdout)
        == (ci == "true")
    )
