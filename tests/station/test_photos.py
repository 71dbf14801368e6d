"""Pictures: drawn anew, small, upright, without what phones write into them; and who may look at which."""

import io
import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from tortoise import Tortoise
from tortoise.fields import CharField, TextField

from station import clock, lots, photos, qr, retention
from station.db import Database, act, sql
from station.errors import Refusal
from station.lots import LotIn
from station.pages.photos import LOOKS
from station.settings import Settings
from tests.station.produce_goods import eggs, picture, zheng
from tests.station.visits import visit
from tests.village import Browser, Village, found_village


def opened(folder: Path, name: str) -> Image.Image:
    return Image.open(io.BytesIO(photos.file(folder, name).read_bytes()))


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_of_any_kind_becomes_a_small_jpeg(tmp_path: Path, kind: str) -> None:
    name = await photos.keep(picture((3000, 2000), kind), tmp_path)
    kept = opened(tmp_path, name)
    assert photos.NAME.fullmatch(name)
    assert (kept.format, kept.size) == ("JPEG", (1600, 1067))
    assert names(tmp_path) == [name]


async def test_it_stands_upright_and_tells_nothing_of_the_phone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    exif[0x010F] = "PHONE-OF-ZHENG"
    exif[0x8825] = {1: "N", 2: (28.0, 12.0, 0.0)}
    name = await photos.keep(picture((640, 480), exif=exif.tobytes()), tmp_path)
    kept = opened(tmp_path, name)
    assert kept.size == (480, 640)
    # The red corner went from the upper left to the upper right.
    red = kept.convert("RGB").getpixel((470, 10))
    assert isinstance(red, tuple)
    assert red[0] > 200
    assert red[1] < 100
    data = photos.file(tmp_path, name).read_bytes()
    assert b"PHONE-OF-ZHENG" not in data
    assert dict(kept.getexif()) == {}


async def test_what_is_see_through_becomes_white(tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(written, "PNG")
    kept = opened(tmp_path, await photos.keep(written.getvalue(), tmp_path))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


async def test_nothing_hidden_behind_a_picture_survives(tmp_path: Path) -> None:
    name = await photos.keep(picture() + b"<script>alert(1)</script>", tmp_path)
    assert b"<script>" not in photos.file(tmp_path, name).read_bytes()


def png_of(width: int, height: int) -> bytes:
    """A few bytes that claim to be so large a picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_picture"),
        (b"no picture at all", "not_a_picture"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not_a_picture"),
        (picture()[:900], "not_a_picture"),
        (png_of(9000, 6000), "too_large_picture"),
        (png_of(12_000, 9000), "too_large_picture"),
        (png_of(60_000, 60_000), "too_large_picture"),
        (b"\xff\xd8\xff" + b"\0" * (5 * 1024 * 1024), "too_large_picture"),
    ],
    ids=["empty", "text", "gif", "svg", "cut", "54 MP", "108 MP", "3600 MP", "5 MB"],
)
async def test_what_is_no_picture_or_too_large_is_refused_and_leaves_no_file(
    tmp_path: Path, data: bytes, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await photos.keep(data, tmp_path)
    assert refused.value.code == code
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["../station.db", "x.jpg", "0" * 32, f"{'0' * 32}.png", f"{'0' * 32}.jpg\n"])
def test_only_names_of_pictures_are_looked_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.jpg").write_bytes(b"x")
    with pytest.raises(Refusal):
        photos.file(tmp_path, name)


async def test_the_staff_see_their_own_stations_pictures_alone(
    browse: Browser, open_village: Village, settings: Settings
) -> None:
    name = await photos.keep(picture(), photos.folder(settings, open_village.id))
    answer = await (await browse(open_village.chen)).get(f"/photos/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private, max-age=")
    there = await found_village("xiawan", "下湾驿站")
    assert (await (await browse(there.wang)).get(f"/photos/{name}")).status_code == 404
    assert (await (await browse(open_village.liu)).get(f"/photos/{name}")).status_code == 403
    assert (await (await browse(None)).get(f"/photos/{name}")).status_code == 303


async def test_strangers_see_what_a_public_page_names_and_nothing_else(
    web: Starlette, open_village: Village, settings: Settings
) -> None:
    LOOKS._buckets.clear()
    folder = photos.folder(settings, open_village.id)
    claim, on_lot, on_listing = [await photos.keep(picture(), folder) for _ in range(3)]
    home, product = await zheng(by=open_village.wang), await eggs(by=open_village.wang)
    await lots.take_in(LotIn(home, product, 30, photo=on_lot), by=open_village.wang)
    await offer(open_village.id, product, on_listing)
    async with visit(web) as stranger:

        async def seen(name: str) -> int:
            return (await stranger.get(f"/market/photos/{name}")).status_code

        assert (await seen(on_lot), await seen(claim), await seen(on_listing)) == (200, 404, 404)
        await show()
        assert (await seen(on_listing), await seen("..%2fstation.db"), await seen("%25")) == (200, 404, 404)
        answer = await stranger.get(f"/market/photos/{on_lot}")
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert "set-cookie" not in answer.headers


@act
async def offer(station_id: int, product: int, photo: str) -> None:
    await sql.execute(
        "INSERT INTO listing (station_id, product_id, title, units, price_fen, story, story_en, title_en,"
        " season_from, season_until, photo, state, created_at)"
        " VALUES (?, ?, '土鸡蛋 30 枚', 30, 4800, '', '', '', 0, 0, ?, 'draft', ?)",
        *(station_id, product, photo, clock.now()),
    )


@act
async def show() -> None:
    await sql.execute("UPDATE listing SET state = 'open'")


def test_a_qr_code_has_its_quiet_zone_and_can_be_a_picture() -> None:
    code = qr.path("http://station.test/trace/qinghe/ACDEFGHJKMNP")
    assert code.path.startswith("M4 4h7v1h-7z")
    drawn = Image.open(io.BytesIO(qr.png("http://station.test/trace/qinghe/ACDEFGHJKMNP", scale=3)))
    assert drawn.size == (code.size * 3, code.size * 3)
    dark = sum(part.partition("h")[2].partition("v")[0].isdecimal() for part in code.path.split("M"))
    assert dark > 100


def test_every_column_of_photos_is_known(database: Database) -> None:
    """A column of pictures that `photos.columns` does not find would lose its pictures after a day."""
    looks_like = {
        (model._meta.db_table, name)
        for models in (Tortoise.apps or {}).values()
        for model in models.values()
        for name, kind in model._meta.fields_map.items()
        if isinstance(kind, CharField | TextField)
        if name == "file" or re.search("photo|picture|image", name)
    }
    assert looks_like == set(photos.columns())
    assert ("claim_photo", "file") in photos.columns()


async def test_pictures_that_no_row_names_are_swept_away_after_a_day(
    village: Village, settings: Settings
) -> None:
    folder = photos.folder(settings, village.id)
    given_up, on_lot, on_listing = [await photos.keep(picture(), folder) for _ in range(3)]
    home, product = await zheng(by=village.wang), await eggs(by=village.wang)
    await lots.take_in(LotIn(home, product, 30, photo=on_lot), by=village.wang)
    await offer(village.id, product, on_listing)
    (folder / f"{on_lot}.part").touch()
    (folder / "notes.txt").touch()
    await retention.erase_finished(settings)
    assert len(names(folder)) == 5, "a form may still be open"
    with clock.later(hours=25):
        await retention.erase_finished(settings)
    assert sorted(names(folder)) == sorted([on_lot, on_listing, "notes.txt"])
    assert given_up not in names(folder)
