"""Packs on sale: described, pictured, opened and closed by the staff; posters for a livestream."""

import io
from datetime import date
from html import unescape

import pytest
from PIL import Image
from starlette.applications import Starlette

from station import listings, order_book
from tests.station.market_stall import eggs_on_sale, household, lot, ordered, product
from tests.station.visits import visit
from tests.village import Browser, Village, found_village

EN = {"accept-language": "en"}


async def described(village: Village, **change: str) -> dict[str, str]:
    eggs = await product(village.chen)
    pack = {"product_id": str(eggs), "title": "土鸡蛋 30 枚", "units": "30", "price": "48", "weight": "1.8"}
    pack |= {"story": "散养的", "title_en": "30 eggs", "season_from": "11", "season_until": "2"}
    return {**pack, **change}


async def test_a_pack_is_described_then_put_on_sale_then_taken_off(
    browse: Browser, web: Starlette, open_village: Village
) -> None:
    chen = await browse(open_village.chen)
    answer = await chen.post("/listings", data=await described(open_village))
    address = answer.headers["location"]
    [pack] = await listings.all_of(open_village.id)
    assert (pack["state"], pack["price_fen"], pack["pack_g"], pack["season_until"]) == (
        "draft",
        4800,
        1800,
        2,
    )
    async with visit(web) as buyer:
        public = f"/market/qinghe/{pack['id']}"
        assert (await buyer.get(public)).status_code == 404
        await chen.post(f"{address}/openings")
        assert (await buyer.get(public)).status_code == 200
        await chen.post(f"{address}/closings")
        assert (await buyer.get(public)).status_code == 404


async def test_the_list_shows_stock_in_packs(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen, packs=12)
    await ordered(open_village.chen, eggs, 2)
    page = (await (await browse(open_village.chen)).get("/listings", headers=EN)).text
    assert 'data-th="Packs in stock">10</td>' in page
    assert f'href="/listings/{eggs}"' in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"price": "gratis"}, "Write the price in yuan"),
        ({"price": "0"}, "Write the price in yuan"),
        ({"price": "-5"}, "Write the price in yuan"),
        ({"price": "99999999"}, "Write the price in yuan"),
        ({"weight": "viel"}, "Write the weight in kg"),
        ({"units": "0"}, "must be 1 or more"),
        ({"title": " "}, "does not look right"),
        ({"title": "x" * 41}, "too long"),
        ({"season_until": "0"}, "first and a last month"),
        ({"season_from": "13"}, "must be 12 or less"),
    ],
)
async def test_what_does_not_fit_is_told_beside_it_and_nothing_typed_is_lost(
    browse: Browser, open_village: Village, change: dict[str, str], told: str
) -> None:
    chen = await browse(open_village.chen)
    answer = await chen.post("/listings", data=await described(open_village, **change), headers=EN)
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    assert "散养的" in answer.text
    assert await listings.all_of(open_village.id) == []


async def test_a_product_of_another_station_is_none(browse: Browser, open_village: Village) -> None:
    elsewhere = await found_village("shanwan", "杉湾驿站")
    foreign = await product(elsewhere.chen)
    chen = await browse(open_village.chen)
    answer = await chen.post("/listings", data=await described(open_village, product_id=str(foreign)))
    assert answer.status_code == 422
    assert await listings.all_of(open_village.id) == []


async def test_a_changed_price_leaves_orders_as_they_were(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    placed = await ordered(open_village.chen, eggs)
    row = await listings.one(open_village.id, eggs)
    chen = await browse(open_village.chen)
    sent = {"product_id": row["product_id"], "title": "土鸡蛋 30 枚", "units": "30", "price": "52"}
    assert (await chen.post(f"/listings/{eggs}", data=sent)).status_code == 303
    assert (await listings.one(open_village.id, eggs))["price_fen"] == 5200
    [line] = await order_book.lines(open_village.id, [placed.id])
    assert line["price_fen"] == 4800


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "#c93").save(out, "PNG")
    return out.getvalue()


async def test_a_photo_of_the_pack_is_shown_small_to_buyers(
    browse: Browser, web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    chen = await browse(open_village.chen)
    async with visit(web) as buyer:
        assert (await buyer.get(f"/market/qinghe/{eggs}/photo")).status_code == 404
        sent = await chen.post(f"/listings/{eggs}/photos", files={"photo": ("a.png", picture(), "image/png")})
        assert sent.status_code == 303
        page = await buyer.get(f"/market/qinghe/{eggs}")
        assert f'src="/market/qinghe/{eggs}/photo?' in page.text
        photo = await buyer.get(f"/market/qinghe/{eggs}/photo")
        assert (photo.headers["content-type"], photo.headers["cache-control"]) == (
            "image/jpeg",
            "public, max-age=86400",
        )
        assert max(Image.open(io.BytesIO(photo.content)).size) == 720
        await listings.set_open(eggs, False, by=open_village.chen)
        assert (await buyer.get(f"/market/qinghe/{eggs}/photo")).status_code == 404


@pytest.mark.parametrize("files", [{"photo": ("a.png", b"no picture", "image/png")}, {"other": ("a", b"x")}])
async def test_what_is_no_picture_is_refused_on_the_page(
    browse: Browser, open_village: Village, files: dict[str, tuple[str, ...]]
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    chen = await browse(open_village.chen)
    answer = await chen.post(f"/listings/{eggs}/photos", files=files)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert (await listings.one(open_village.id, eggs))["photo"] == ""


async def test_the_poster_has_the_price_and_a_code_that_leads_to_the_pack(
    browse: Browser, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    chen = await browse(open_village.chen)
    poster = await chen.get(f"/listings/{eggs}/poster")
    for shown in ("¥48.00", f"http://station.test/market/qinghe/{eggs}", "<path d="):
        assert shown in poster.text
    code = await chen.get(f"/listings/{eggs}/qr.png")
    assert code.headers["content-type"] == "image/png"
    assert min(Image.open(io.BytesIO(code.content)).size) > 300


async def test_another_stations_packs_are_not_there(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    stranger = await browse((await found_village("shanwan", "杉湾驿站")).wang)
    for address in ("", "/poster", "/qr.png"):
        assert (await stranger.get(f"/listings/{eggs}{address}")).status_code == 404
    for act in ("openings", "closings"):
        assert (await stranger.post(f"/listings/{eggs}/{act}")).status_code == 404
    photo = {"photo": ("a.png", picture(), "image/png")}
    assert (await stranger.post(f"/listings/{eggs}/photos", files=photo)).status_code == 404
    assert "土鸡蛋" not in (await stranger.get("/listings")).text
    assert (await listings.one(open_village.id, eggs))["state"] == "open"


async def test_the_county_officer_reads_the_list_alone(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    zhao = await browse(open_village.zhao)
    assert (await zhao.get("/listings")).status_code == 200
    assert (await zhao.get(f"/listings/{eggs}")).status_code == 403
    assert (await zhao.post(f"/listings/{eggs}/closings")).status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "month", "there"),
    [
        (0, 0, 5, True),
        (3, 11, 3, True),
        (3, 11, 12, False),
        (11, 2, 1, True),
        (11, 2, 3, False),
        (6, 6, 6, True),
    ],
)
def test_a_season_may_run_over_the_new_year(first: int, last: int, month: int, there: bool) -> None:
    assert listings.in_season({"season_from": first, "season_until": last}, month) is there


async def test_where_a_pack_comes_from_leaves_out_what_is_gone(open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen, packs=1)
    row = await listings.one(open_village.id, eggs)
    from_sun = await household(open_village.chen, "孙大勇", "三组", helped=False)
    await lot(open_village.chen, from_sun, row["product_id"], 30, "蛋 1121-2", None)
    await ordered(open_village.chen, eggs)
    lots = await listings.lots_in_stock(open_village.id, row["product_id"], date(2026, 11, 22))
    assert [(one["label"], one["family"]) for one in lots] == [("蛋 1121-2", "三组孙家")]
