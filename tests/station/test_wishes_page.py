"""The page of standing wishes: the staff writes them down, the keeper alone decides what is proposed."""

import re

import pytest

from station import clock
from station.db import sql
from tests.station import market_stall
from tests.village import Browser, Village


@pytest.fixture
async def wish(open_village: Village) -> dict[str, str]:
    """A wish for today's weekday, as the form sends it; ten packs of helped 郑家's eggs are in stock."""
    await market_stall.eggs_on_sale(open_village.wang)
    product = await sql.one("SELECT id FROM product")
    assert product
    return {
        "buyer_name": "周小兰",
        "phone": "13607312275",
        "address": "湖南省长沙市岳麓区望月湖街道12栋301",
        "product_id": str(product["id"]),
        "units": "30",
        "weekday": str(clock.today("Asia/Shanghai").weekday()),
    }


async def test_the_keeper_looks_decides_and_comes_to_the_order(
    browse: Browser, open_village: Village, wish: dict[str, str]
) -> None:
    chen, wang = await browse(open_village.chen), await browse(open_village.wang)
    assert (await chen.post("/wishes", data=wish)).status_code == 303
    answer = await wang.post("/wishes/proposals")
    assert answer.headers["location"] == "/wishes?looked=1"
    page = (await wang.get("/wishes")).text
    (match_id,) = re.findall(r'data-match="(\d+)"', page)
    assert "五组郑家" in page
    assert "13607312275" not in page
    accepted = await wang.post(f"/wishes/proposals/{match_id}/acceptances", data={})
    (order,) = await sql.rows("SELECT id FROM orders")
    assert accepted.headers["location"] == f"/orders/{order['id']}"
    again = await wang.post(f"/wishes/proposals/{match_id}/acceptances", data={})
    assert again.status_code == 409
    assert len(await sql.rows("SELECT id FROM orders")) == 1


async def test_a_volunteer_sees_wishes_but_never_who_is_helped(
    browse: Browser, open_village: Village, wish: dict[str, str]
) -> None:
    chen, wang = await browse(open_village.chen), await browse(open_village.wang)
    await chen.post("/wishes", data=wish)
    await wang.post("/wishes/proposals")
    page = (await chen.get("/wishes")).text
    assert "周*兰" in page
    assert "郑家" not in page
    assert "data-match" not in page
    for path in ("/wishes/proposals", "/wishes/proposals/1/acceptances", "/wishes/proposals/1/refusals"):
        assert (await chen.post(path, data={})).status_code == 403
    assert await sql.rows("SELECT id FROM orders") == []
    (match,) = await sql.rows("SELECT state FROM wish_match")
    assert match["state"] == "proposed"


async def test_a_price_that_cannot_be_read_stays_in_its_field(
    browse: Browser, open_village: Village, wish: dict[str, str]
) -> None:
    wang = await browse(open_village.wang)
    await wang.post("/wishes", data=wish | {"units": "45"})
    await wang.post("/wishes/proposals")
    (match,) = await sql.rows("SELECT id FROM wish_match")
    path = f"/wishes/proposals/{match['id']}/acceptances"
    for price in ("很多", "0", "-3"):
        page = await wang.post(path, data={"price": price})
        assert page.status_code == 422
        assert f'value="{price}"' in page.text
    assert (await wang.post(path, data={"price": "70"})).status_code == 303
    (order,) = await sql.rows("SELECT goods_fen FROM orders")
    assert order["goods_fen"] == 7000


async def test_a_declined_proposal_is_gone_and_a_wish_can_be_ended(
    browse: Browser, open_village: Village, wish: dict[str, str]
) -> None:
    wang = await browse(open_village.wang)
    await wang.post("/wishes", data=wish)
    await wang.post("/wishes/proposals")
    (match,) = await sql.rows("SELECT id FROM wish_match")
    assert (await wang.post(f"/wishes/proposals/{match['id']}/refusals")).status_code == 303
    assert (await wang.post("/wishes/proposals")).headers["location"] == "/wishes?looked=0"
    assert "data-match" not in (await wang.get("/wishes?looked=0")).text
    (row,) = await sql.rows("SELECT id FROM wish")
    assert (await wang.post(f"/wishes/{row['id']}/endings")).status_code == 303
    assert "周*兰" not in (await wang.get("/wishes")).text


@pytest.mark.parametrize("wrong", [{"phone": "12"}, {"address": "某处"}, {"units": "x"}, {"weekday": "9"}])
async def test_a_refused_wish_stays_as_typed(
    browse: Browser, open_village: Village, wish: dict[str, str], wrong: dict[str, str]
) -> None:
    page = await (await browse(open_village.chen)).post("/wishes", data=wish | wrong)
    assert page.status_code == 422
    assert 'value="周小兰"' in page.text
    assert await sql.rows("SELECT id FROM wish") == []
