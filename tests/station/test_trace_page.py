"""The public trace page: what a buyer may know, and nothing that walking codes or numbers would teach."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette

from station import certificates, lots, photos, recalls, traces
from station.lots import LotIn
from station.pages.trace import LOOKS
from station.settings import Settings
from tests.station.produce_goods import egg_lot, order, picture
from tests.station.visits import visit
from tests.village import Browser, Village, found_village


@pytest.fixture(autouse=True)
def fresh_limit() -> None:
    LOOKS._buckets.clear()


async def test_a_buyer_reads_where_it_comes_from(
    web: Starlette, open_village: Village, settings: Settings
) -> None:
    photo = await photos.keep(picture(), photos.folder(settings, open_village.id))
    _, product, lot_id = await egg_lot(by=open_village.wang, photo=photo, weight_g=11_340, note="自家留的话")
    await certificates.certify(lot_id, "郑桂香", by=open_village.wang)
    await order(30, product, by=open_village.chen)
    lot = await lots.lot(open_village.id, lot_id)
    async with visit(web) as stranger:
        page = await stranger.get(f"/trace/qinghe/{lot['trace_code']}")
        english = await stranger.get(
            f"/trace/qinghe/{lot['trace_code']}", headers={"accept-language": "en-GB"}
        )
        picture_of_it = await stranger.get(f"/market/photos/{photo}")
    assert page.status_code == english.status_code == picture_of_it.status_code == 200
    for shown in (
        "土鸡蛋",
        "五组郑家",
        "云溪县河口镇青禾村",
        "0001",
        f"/market/photos/{photo}",
    ):
        assert shown in page.text, shown
    assert "五组郑家 brought it in" in english.text
    assert f"{date.fromisoformat(lot['day']):%-d %b}" in english.text
    assert 'lang="en"' in english.text
    # Random names may hold any digits.
    told = page.text.replace(photo, "").replace(lot["trace_code"], "")
    told = re.sub(r"/static/[^\"]*", "", told)
    for hidden in (
        "郑桂香",
        "13987654321",
        "刘小芳",
        "13612345678",
        "自家留的话",
        "11.34",
        "210",
        "1122-01",
        lot["label"],
    ):
        assert hidden not in told, hidden
    assert not re.search(r"/lots/|/orders/|household", page.text)


async def test_the_page_needs_and_sets_no_cookie_and_is_in_no_search_engine(
    web: Starlette, open_village: Village
) -> None:
    _, _, lot_id = await egg_lot(by=open_village.wang)
    lot = await lots.lot(open_village.id, lot_id)
    async with visit(web) as stranger:
        page = await stranger.get(f"/trace/qinghe/{lot['trace_code'].lower()}")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert "noindex" in page.headers["x-robots-tag"]
    assert '<meta name="robots" content="noindex' in page.text
    assert "<script" not in page.text
    assert "<form" not in page.text


async def test_a_signed_in_reader_sees_the_same_page(
    web: Starlette, browse: Browser, open_village: Village
) -> None:
    _, _, lot_id = await egg_lot(by=open_village.wang)
    path = f"/trace/qinghe/{(await lots.lot(open_village.id, lot_id))['trace_code']}"
    async with visit(web) as stranger:
        theirs = await stranger.get(path, headers={"accept-language": "zh-CN"})
    assert (await (await browse(open_village.wang)).get(path)).text == theirs.text


async def test_walking_codes_and_numbers_teaches_nothing(web: Starlette, open_village: Village) -> None:
    home, product, lot_id = await egg_lot(by=open_village.wang)
    other = await lots.take_in(LotIn(home, product, 5), by=open_village.wang)
    there = await found_village("xiawan", "下湾驿站")
    code, next_code = [(await lots.lot(open_village.id, each))["trace_code"] for each in (lot_id, other)]
    assert sum(a != b for a, b in zip(code, next_code, strict=True)) > 4
    walked = [
        f"/trace/qinghe/{traces.new_trace_code()}",
        f"/trace/xiawan/{code}",
        f"/trace/nowhere/{code}",
        f"/trace/qinghe/{code[:-1]}",
        f"/trace/qinghe/{code}3",
        f"/trace/qinghe/{lot_id}",
        f"/trace/qinghe/{(await lots.lot(open_village.id, lot_id))['label']}",
        "/trace/qinghe/%25%25%25%25%25%25%25%25%25%25%25%25",
        f"/trace/{there.id}/{code}",
    ]
    async with visit(web) as stranger:
        answers = [await stranger.get(path) for path in walked]
    assert {answer.status_code for answer in answers} == {404}
    assert (
        len({answer.text.replace(unquote(path), "") for answer, path in zip(answers, walked, strict=True)})
        == 1
    )


async def test_who_walks_too_fast_is_stopped(web: Starlette, open_village: Village) -> None:
    async with visit(web) as stranger:
        answers = [
            (await stranger.get(f"/trace/qinghe/{n:012d}")).status_code for n in range(LOOKS.tries + 5)
        ]
    assert answers[0] == 404
    assert answers[-1] == 429


async def test_a_recalled_lot_warns_whoever_has_it(web: Starlette, open_village: Village) -> None:
    _, _, lot_id = await egg_lot(by=open_village.wang)
    path = f"/trace/qinghe/{(await lots.lot(open_village.id, lot_id))['trace_code']}"
    async with visit(web) as stranger:
        assert 'data-state="refuse"' not in (await stranger.get(path)).text
        await recalls.recall(lot_id, "郑家的鸡吃了药", by=open_village.wang)
        page = (await stranger.get(path)).text
    assert 'data-state="refuse"' in page
    assert "吃了药" not in page
