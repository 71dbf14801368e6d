import json
from pathlib import Path
from typing import Any

import pytest

from couriers.manifest_files import read

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "manifests").glob("*.expected.json"))
# What the expected files say about themselves, and not about the answer.
ABOUT = {"quirks", "documented_in_FACTS"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_every_sample_is_read_as_expected(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    data = path.with_name(expected["file"]).read_bytes()
    answer = read(data, expected["file"], expected["uploader"]).as_dict()
    assert answer == {key: value for key, value in expected.items() if key not in ABOUT}
