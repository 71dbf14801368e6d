"""Files that are there whole or not at all, also after a power cut."""

import os
from pathlib import Path


def publish(part: Path, file: Path) -> None:
    """Give the finished `part` its name, which replaces what had it."""
    _sync(part)
    part.replace(file)
    _sync(file.parent)


def unused(file: Path) -> Path:
    """`file`, or the first `file.2`, `file.3`, … that is not there."""
    name, number = file.name, 1
    while file.exists():
        number += 1
        file = file.with_name(f"{name}.{number}")
    return file


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
