"""A list pasted from a group chat becomes orders only line by line, as a person has confirmed it."""

import re

import httpx2
import pytest

from station import stock
from station.db import sql
from tests.station import market_stall
from tests.village import Browser, Village, found_village

LIST = """#接龙 五组郑家土鸡蛋 30 枚 48 元，周六装车
1. 周小兰 13607312275 土鸡蛋30枚 x2 湖南省长沙市岳麓区望月湖街道12栋301
2. 林芳 要鸡蛋3盒 地址：湖北省武汉市江汉区常青街道新湾路3号 13600000810
3. 阿勇 土鸡蛋 1盒"""


async def lines(client: httpx2.AsyncClient, text: str = LIST) -> dict[str, str]:
    """The form of the proposals, as a browser would send it untouched."""
    page = await client.post("/orders/chats", data={"text": text})
    assert page.status_code == 200
    return fields(page.text)


def fields(page: str) -> dict[str, str]:
    form = page.partition('action="/orders/chats/confirmations"')[2].partition("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form, re.DOTALL):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        if 'type="checkbox"' not in tag or " checked" in tag:
            sent[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


async def orders() -> list[dict[str, object]]:
    return await sql.rows(
        "SELECT o.*, l.qty, l.listing_id FROM orders o JOIN order_line l ON l.order_id = o.id ORDER BY o.id"
    )


@pytest.fixture
async def eggs(open_village: Village) -> int:
    return await market_stall.eggs_on_sale(open_village.wang, packs=10)


async def test_reading_a_list_proposes_and_places_nothing(
    browse: Browser, open_village: Village, eggs: int
) -> None:
    sent = await lines(await browse(open_village.chen))
    assert "take-1" not in sent, "the heading is not ticked"
    assert (sent["name-2"], sent["phone-2"], sent["qty-2-0"]) == ("周小兰", "13607312275", "2")
    assert sent["listing-2-0"] == str(eggs)
    assert sent["address-2"].endswith("12栋301")
    assert await orders() == []


async def test_confirmed_lines_become_orders_with_their_goods_kept(
    browse: Browser, open_village: Village, eggs: int
) -> None:
    chen = await browse(open_village.chen)
    sent = await lines(chen)
    sent.pop("take-4")
    answer = await chen.post("/orders/chats/confirmations", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/chats?placed=2")
    first, second = await orders()
    assert (first["source"], first["state"], first["qty"], first["county"]) == (
        "chat",
        "confirmed",
        2,
        "岳麓区",
    )
    assert (second["name"], second["qty"], second["listing_id"]) == ("林芳", 3, eggs)
    assert list((await stock.available(open_village.id)).values()) == [150]


async def test_what_cannot_be_placed_stays_as_typed_and_the_rest_goes_on(
    browse: Browser, open_village: Village, eggs: int
) -> None:
    chen = await browse(open_village.chen)
    sent = await lines(chen) | {"qty-3-0": "40", "address-4": "一个说不清的地方"}
    page = await chen.post("/orders/chats/confirmations", data=sent, headers={"accept-language": "en"})
    assert page.status_code == 422
    assert [order["name"] for order in await orders()] == ["周小兰"]
    left = fields(page.text)
    assert (left["name-1"], left["qty-1-0"]) == ("林芳", "40")
    assert (left["name-2"], left["address-2"]) == ("阿勇", "一个说不清的地方")
    assert page.text.count('role="alert"') >= 2

    again = left | {"qty-1-0": "1"}
    again.pop("take-2")
    assert (await chen.post("/orders/chats/confirmations", data=again)).status_code == 303
    assert [(order["name"], order["qty"]) for order in await orders()] == [("周小兰", 2), ("林芳", 1)]


async def test_confirming_twice_and_pasting_the_grown_list_again_orders_nothing_twice(
    browse: Browser, open_village: Village, eggs: int
) -> None:
    chen = await browse(open_village.chen)
    sent = await lines(chen)
    sent.pop("take-4")
    for _ in range(2):
        await chen.post("/orders/chats/confirmations", data=sent)
    assert len(await orders()) == 2
    grown = await lines(chen, LIST + "\n4. 何敏 13600001142 土鸡蛋1盒 湖南省湘潭市雨湖区城正街街道解放路21号")
    assert "take-2" not in grown
    assert "take-3" not in grown
    assert "take-5" in grown
    # Wanted once more all the same: that is a new order.
    grown.pop("take-4")
    await chen.post("/orders/chats/confirmations", data=grown | {"take-2": "1"})
    assert [order["name"] for order in await orders()] == ["周小兰", "林芳", "周小兰", "何敏"]


async def test_line_ends_of_the_browser_do_not_make_a_new_order(
    browse: Browser, open_village: Village, eggs: int
) -> None:
    chen = await browse(open_village.chen)
    text = "1. 周小兰 13607312275 土鸡蛋1盒\n湖南省长沙市岳麓区望月湖街道12栋301"
    sent = await lines(chen, text)
    await chen.post("/orders/chats/confirmations", data=sent)
    await chen.post("/orders/chats/confirmations", data=sent | {"raw-1": sent["raw-1"].replace("\n", "\r\n")})
    assert len(await orders()) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "\n".join(f"{n}. 张三 鸡蛋1盒" for n in range(1, 120))])
async def test_an_empty_or_endless_list_is_refused_and_kept(
    browse: Browser, open_village: Village, eggs: int, text: str
) -> None:
    page = await (await browse(open_village.chen)).post("/orders/chats", data={"text": text})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert text in page.text


async def test_senseless_fields_place_nothing(browse: Browser, open_village: Village, eggs: int) -> None:
    chen = await browse(open_village.chen)
    sent = await lines(chen)
    for wrong in (
        {"listing-2-0": "99999999999999999999"},
        {"listing-2-0": "x"},
        {"qty-2-0": "-3"},
        {"qty-2-0": "0"},
    ):
        data = {name: value for name, value in sent.items() if name.endswith("-2") or "-2-" in name} | wrong
        assert (await chen.post("/orders/chats/confirmations", data=data)).status_code == 422
    assert await orders() == []


async def test_another_stations_packs_cannot_be_ordered(
    browse: Browser, open_village: Village, eggs: int
) -> None:
    other = await found_village("other", "别的驿站")
    theirs = await market_stall.eggs_on_sale(other.wang)
    chen = await browse(open_village.chen)
    sent = await lines(chen) | {"listing-2-0": str(theirs)}
    data = {name: value for name, value in sent.items() if name.endswith("-2") or "-2-" in name}
    assert (await chen.post("/orders/chats/confirmations", data=data)).status_code == 422
    assert await orders() == []
