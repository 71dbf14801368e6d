"""Pictures as proof, kept as files: small, upright, and without what a phone writes into them (place, owner)."""

import asyncio
import io
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tortoise import Tortoise

from station import clock, stations
from station.db import durable, sql
from station.errors import N_, Refusal, tell
from station.settings import Settings

if TYPE_CHECKING:
    from PIL import Image

# What is taken: bytes, and pixels of a picture before it is made smaller (a phone of 48 megapixels is the largest seen).
LARGEST = 5 * 1024 * 1024
MOST_PIXELS = 50_000_000
# What is kept: pixels of the longer side.
SIDE = 1600
NAME = re.compile(r"[0-9a-f]{32}\.jpg")
# A form begun in the morning is sent by the evening, or never.
_GIVEN_UP = timedelta(days=1)
# Two at once: each may need 150 MB while it is read.
_READING = asyncio.Semaphore(2)

tell(
    {
        "not_a_picture": (422, N_("This is not a picture. Choose a photo: JPEG, PNG or WebP.")),
        "too_large_picture": (413, N_("This photo is too large: at most 5 MB. Take it again, smaller.")),
        "no_photo": (404, N_("This photo is not here.")),
    }
)


def folder(settings: Settings, station_id: int) -> Path:
    """Where a station's pictures lie: each station sees only its own."""
    return settings.data_dir / "photos" / str(station_id)


async def keep(data: bytes, into: Path) -> str:
    """Keep a picture in the folder; returns its file's name. Not inside an act: it takes a while.

    Raises Refusal `not_a_picture`, `too_large_picture`.
    """
    if len(data) > LARGEST:
        raise Refusal("too_large_picture")
    async with _READING:
        return await asyncio.to_thread(_keep, data, into)


def file(into: Path, name: str) -> Path:
    """Where the picture of this name lies. Raises Refusal `no_photo` if it is none, or not here."""
    found = into / name
    if NAME.fullmatch(name) is None or not found.is_file():
        raise Refusal("no_photo")
    return found


def _keep(data: bytes, into: Path) -> str:
    drawn = _drawn_again(data)
    name = f"{secrets.token_hex(16)}.jpg"
    into.mkdir(parents=True, exist_ok=True)
    part = into / f"{name}.part"
    try:
        part.write_bytes(drawn)
        durable.publish(part, into / name)
    finally:
        part.unlink(missing_ok=True)  # the disk is full
    return name


def _drawn_again(data: bytes) -> bytes:
    """The same picture as a JPEG of our own making: nothing hidden in the file survives it."""
    from PIL import Image, ImageOps  # late: 5 MB of memory until the first picture

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            # Looked at before a pixel is read: a few kilobytes can claim to be gigapixels.
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("too_large_picture")
            picture.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            return _as_jpeg(upright)
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("too_large_picture") from error
    except Exception as error:
        # Whatever a damaged file makes Pillow raise: OSError, SyntaxError, struct.error, ValueError, …
        raise Refusal("not_a_picture") from error


def _as_jpeg(picture: "Image.Image") -> bytes:
    from PIL import Image

    flat = picture
    if picture.mode not in ("RGB", "L"):
        # What is see-through becomes white, as on paper.
        clear = picture.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=85, optimize=True, exif=b"")
    return written.getvalue()


async def published_by(name: str) -> int | None:
    """The station whose public pages show this picture: with an open listing, or on a lot's trace page."""
    if NAME.fullmatch(name) is None:
        return None
    row = await sql.one(
        "SELECT station_id FROM listing WHERE photo = ? AND state = 'open'"
        " UNION SELECT station_id FROM lot WHERE photo = ? LIMIT 1",
        name,
        name,
    )
    return None if row is None else int(row["station_id"])


def columns() -> list[tuple[str, str]]:
    """Every table and column of the open database that names pictures: those called `photo`, and `file` of tables of
    photos, such as a claim's."""
    return sorted(
        (model._meta.db_table, name)
        for models in (Tortoise.apps or {}).values()
        for model in models.values()
        for name in model._meta.db_fields
        if name == "photo" or (name == "file" and model._meta.db_table.endswith("_photo"))
    )


async def sweep(settings: Settings) -> None:
    """Delete the pictures older than a day that no row names: of forms that were never sent, of people erased."""
    before = clock.now() - _GIVEN_UP
    for station_id in await stations.all_ids():
        of_station = folder(settings, station_id)
        old = await asyncio.to_thread(_older, of_station, before)
        if old:
            await asyncio.to_thread(_delete, of_station, old - await _named(station_id))


async def _named(station_id: int) -> set[str]:
    """All pictures that rows of the station name."""
    named: set[str] = set()
    for table, column in columns():
        rows = await sql.rows(
            f"SELECT {column} AS name FROM {table} WHERE station_id = ? AND {column} <> ''",  # noqa: S608 - our own words
            station_id,
        )
        named.update(row["name"] for row in rows)
    return named


def _older(of_station: Path, before: datetime) -> set[str]:
    """Pictures, and what a power cut left of one."""
    if not of_station.is_dir():
        return set()
    return {
        file.name
        for file in of_station.iterdir()
        if NAME.fullmatch(file.name.removesuffix(".part")) and file.stat().st_mtime < before.timestamp()
    }


def _delete(of_station: Path, names: Collection[str]) -> None:
    for name in names:
        (of_station / name).unlink(missing_ok=True)
