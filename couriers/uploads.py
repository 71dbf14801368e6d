"""Uploaded files while they are being imported: on disk before they are promised, gone when they are rows."""

import os
from pathlib import Path


def keep(folder: Path, manifest_id: int, data: bytes) -> None:
    """Write the file so that it survives a power cut."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{manifest_id}.part"
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / f"{manifest_id}.upload")
    # The new name is safe only when the folder's own entry is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def kept(folder: Path, manifest_id: int) -> bytes | None:
    try:
        return (folder / f"{manifest_id}.upload").read_bytes()
    except FileNotFoundError:
        return None


def drop_all_but(folder: Path, wanted: set[int]) -> None:
    """Files that a power cut left behind, half written or between their import and their going."""
    for path in (*folder.glob("*.part"), *folder.glob("*.upload")):
        if int(path.stem) not in wanted:
            path.unlink(missing_ok=True)


def drop(folder: Path, manifest_id: int) -> None:
    """The file holds people's data: it goes as soon as it is not needed."""
    (folder / f"{manifest_id}.upload").unlink(missing_ok=True)
