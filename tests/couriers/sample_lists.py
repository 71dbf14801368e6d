"""The sample manifests with what each of them must become."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "samples" / "manifests"
# What an answer tells of a file, in the words of the expected files.
TOLD = (
    "file",
    "format",
    "encoding",
    "file_error",
    "header_row",
    "columns",
    "counts",
    "accepted",
    "rejected",
    "skipped",
)


@dataclass(frozen=True)
class Sample:
    path: Path
    expected: dict[str, Any]

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def carrier(self) -> str:
        return self.expected["uploader"] or ""

    @property
    def told(self) -> dict[str, Any]:
        return {key: self.expected[key] for key in TOLD if key in self.expected}

    def __str__(self) -> str:
        return self.path.name


def _sample(expected: Path) -> Sample:
    told = json.loads(expected.read_text(encoding="utf-8"))
    return Sample(expected.with_name(told["file"]), told)


ALL = [_sample(path) for path in sorted(FOLDER.glob("*.expected.json"))]
TABLES = [sample for sample in ALL if not sample.expected["file_error"]]
NO_TABLES = [sample for sample in ALL if sample.expected["file_error"]]
YTO = ALL[0]


def long_list(rows: int) -> bytes:
    """A file of so many parcels of YTO."""
    lines = ("运单号,收件人,手机", *(f"YT{2_000_000_000_000 + n},瞿冬伢,139{n:08d}" for n in range(rows)))
    return "\n".join(lines).encode()
