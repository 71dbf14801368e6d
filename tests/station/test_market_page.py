"""The village's page as a buyer uses it: without account, cookie or script."""

import asyncio
import re
from html import unescape

import httpx2
import pytest
from starlette.applications import Starlette

from station import clock, listings, order_book, orders
from station.db import act, sql
from station.errors import Refusal
from station.models import OrderState
from tests.station.market_stall import ZHOU_PASTED, eggs_on_sale, ordered, product, written
from tests.station.visits import visit
from tests.village import Village


def hidden(page: str) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    }


async def order(
    client: httpx2.AsyncClient, listing_id: int, to: str = ZHOU_PASTED, **more: str
) -> httpx2.Response:
    """The order form as a browser fills it: loaded, typed into, sent."""
    address = f"/market/qinghe/{listing_id}"
    form = hidden((await client.get(address)).text)
    return await client.post(f"{address}/orders", data={**form, "qty": "1", "to": to, **more})


async def test_the_page_shows_what_is_on_sale_and_how_much_there_is(
    web: Starlette, open_village: Village
) -> None:
    await eggs_on_sale(open_village.chen, packs=12)
    async with visit(web) as buyer:
        page = await buyer.get("/market/qinghe")
    assert page.status_code == 200
    for shown in ("30 farm eggs", "¥48.00", "12 packs left", "青禾驿站"):
        assert shown in page.text


async def test_a_phone_gets_it_in_chinese_and_the_link_in_english_without_a_cookie(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web, accept_language="zh-CN") as buyer:
        page = await buyer.get("/market/qinghe")
        assert page.headers["content-language"] == "zh-CN"
        assert "土鸡蛋 30 枚" in page.text
        english = await buyer.get("/market/qinghe?lang=en")
        assert english.headers["content-language"] == "en"
        assert f'href="/market/qinghe/{eggs}?lang=en"' in english.text
        product = await buyer.get(f"/market/qinghe/{eggs}?lang=en")
        assert f'action="/market/qinghe/{eggs}/orders?lang=en"' in product.text
        assert not buyer.cookies


async def test_a_pack_says_price_season_story_and_where_it_comes_from(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(
        open_village.chen, pack_g=1800, season_from=3, season_until=11, story_en="Hens roam the tea hills."
    )
    async with visit(web) as buyer:
        page = (await buyer.get(f"/market/qinghe/{eggs}")).text
    for shown in ("30 枚", "1.8 kg", "month 3 to month 11", "Hens roam", "五组郑家", "蛋 1121-1", "0117"):
        assert shown in page
    assert 'href="/trace/qinghe/' in page


async def test_a_pasted_line_is_an_order_and_its_link_tells_how_far_it_is(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        answer = await order(buyer, eggs, qty="2", note="轻放")
        assert answer.status_code == 303
        status = await buyer.get(answer.headers["location"])
        [placed] = await order_book.listed(open_village.id)
        assert (
            placed["state"],
            placed["source"],
            placed["name"],
            placed["detail"],
            placed["buyer_note"],
        ) == (
            "reserved",
            "market",
            "周小兰",
            "12栋301",
            "轻放",
        )
        assert (placed["province"], placed["county"], placed["town"]) == ("湖南省", "岳麓区", "望月湖街道")
        for shown in (placed["number"], "¥96.00", "Your order has arrived", "周*兰", "<b>2275</b>"):
            assert shown in status.text
        for secret in ("周小兰", "13607312275", "12栋301", "望月湖"):
            assert secret not in status.text
        await orders.tell_freight(placed["id"], 650, by=open_village.chen)
        for step in ("confirmed", "packed"):
            await orders.move(placed["id"], OrderState(step), by=open_village.chen)
        await orders.move(
            placed["id"], OrderState.HANDED_OVER, by=open_village.chen, carrier="YTO", waybill="YT8001"
        )
        status = await buyer.get(answer.headers["location"])
        for shown in ("¥6.50", "¥102.50", "圆通", "YT8001", 'aria-current="step">on its way'):
            assert shown in status.text
        assert "I do not want it" not in status.text


async def test_a_form_sent_twice_is_one_order(web: Starlette, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        form = hidden((await buyer.get(f"/market/qinghe/{eggs}")).text)
        data = {**form, "qty": "1", "to": ZHOU_PASTED}
        answers = await asyncio.gather(
            *(buyer.post(f"/market/qinghe/{eggs}/orders", data=data) for _ in range(3))
        )
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await written(open_village.id) == (1, 1, 1, 0)


async def test_a_form_gone_back_to_and_sent_for_somebody_else_is_another_order(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        form = hidden((await buyer.get(f"/market/qinghe/{eggs}")).text)
        for line in (ZHOU_PASTED, ZHOU_PASTED.replace("301", "302")):
            await buyer.post(f"/market/qinghe/{eggs}/orders", data={**form, "qty": "1", "to": line})
    assert {order["detail"] for order in await order_book.listed(open_village.id)} == {"12栋301", "12栋302"}


async def test_what_is_doubtful_comes_back_in_fields_and_is_ordered_when_looked_through(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        asked = await order(buyer, eggs, "周小兰 1360731227 长沙市岳麓区", qty="3", note="轻放")
        assert asked.status_code == 422
        assert await written(open_village.id) == (0, 0, 0, 0)
        assert "too few or too many digits" in asked.text
        for kept in ('value="周小兰"', 'value="3"', 'value="轻放"', 'value="岳麓区"', 'value="1360731227"'):
            assert kept in asked.text
        form = hidden(asked.text)
        fields = {
            "name": "周小兰",
            "phone": "13607312275",
            "province": "湖南省",
            "city": "长沙市",
            "county": "岳麓区",
        }
        fields |= {"town": "", "village": "", "detail": "桃子湖路 8 号", "qty": "3", "note": "轻放"}
        once_more = await buyer.post(f"/market/qinghe/{eggs}/orders", data={**form, **fields, "phone": "12"})
        assert once_more.status_code == 422
        assert 'value="桃子湖路 8 号"' in once_more.text
        done = await buyer.post(f"/market/qinghe/{eggs}/orders", data={**form, **fields})
    assert done.status_code == 303
    [placed] = await order_book.listed(open_village.id)
    assert (placed["phone"], placed["detail"], placed["buyer_note"], placed["lines"][0]["qty"]) == (
        "13607312275",
        "桃子湖路 8 号",
        "轻放",
        3,
    )


@pytest.mark.parametrize("qty", ["0", "-3", "zwei", "", "10000", "1.5"])
async def test_a_number_that_makes_no_sense_is_told_beside_it(
    web: Starlette, open_village: Village, qty: str
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        answer = await order(buyer, eggs, qty=qty, note="轻放")
    assert answer.status_code == 422
    assert "周小兰" in answer.text
    assert 'id="f-qty-note"' in answer.text
    assert await written(open_village.id) == (0, 0, 0, 0)


async def test_fifty_buyers_for_the_last_ten_packs(web: Starlette, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen, packs=10)

    async def buy(number: int) -> httpx2.Response:
        async with visit(web) as buyer:
            to = f"买家{chr(0x4E00 + number)} 1390000{number:04d} 湖南省长沙市岳麓区望月湖街道{number + 1}栋"
            answer = await order(buyer, eggs, to, note=f"第{number}位")
            assert not buyer.cookies
            if answer.status_code == 409:
                assert f"1390000{number:04d}" in answer.text
                assert f'value="第{number}位"' in answer.text
                assert "sold out" in answer.text
            return answer

    answers = await asyncio.gather(*(buy(number) for number in range(50)))
    codes = [answer.status_code for answer in answers]
    assert (codes.count(303), codes.count(409)) == (10, 40)
    assert len({answer.headers["location"] for answer in answers if answer.status_code == 303}) == 10
    assert await written(open_village.id) == (10, 10, 10, 0)
    assert (await listings.one(open_village.id, eggs))["packs"] == 0


async def test_fewer_left_than_wanted_is_told_in_packs(web: Starlette, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen, packs=2)
    async with visit(web) as buyer:
        answer = await order(buyer, eggs, qty="3")
    assert (answer.status_code, "Only 2 packs are left" in answer.text) == (409, True)
    assert await written(open_village.id) == (0, 0, 0, 0)


async def test_a_price_that_changed_while_the_form_was_open_is_shown_first(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        answer = await order(buyer, eggs, price_fen="4500")
        assert (answer.status_code, "The price is ¥48.00 now" in answer.text) == (409, True)
        again = await buyer.post(
            f"/market/qinghe/{eggs}/orders", data={**hidden(answer.text), "qty": "1", "to": ZHOU_PASTED}
        )
    assert again.status_code == 303


async def test_a_buyer_calls_an_order_off_until_the_village_has_confirmed(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    first, second = await ordered(open_village.chen, eggs), await ordered(open_village.chen, eggs)
    await orders.confirm(second.id, by=open_village.chen)
    async with visit(web) as buyer:
        done = await buyer.post(f"/market/qinghe/orders/{first.token}/cancellations")
        assert done.headers["location"] == f"/market/qinghe/orders/{first.token}"
        assert "This order was cancelled" in (await buyer.get(done.headers["location"])).text
        late = await buyer.post(f"/market/qinghe/orders/{second.token}/cancellations")
        assert late.status_code == 409
    assert (await order_book.one(open_village.id, second.id))["state"] == "confirmed"
    assert (await listings.one(open_village.id, eggs))["packs"] == 9


@act
async def _put(order_id: int, state: str) -> None:
    await sql.execute("UPDATE orders SET state = ? WHERE id = ?", state, order_id)


async def test_every_state_of_an_order_has_its_words(web: Starlette, open_village: Village) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    async with visit(web) as buyer:
        for state in OrderState:
            await _put(placed.id, state)
            page = await buyer.get(f"/market/qinghe/orders/{placed.token}")
            assert (page.status_code, placed.number in page.text) == (200, True), state


async def test_what_is_sold_out_says_so_and_offers_no_form(web: Starlette, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen, packs=0)
    async with visit(web) as buyer:
        assert "sold out for now" in (await buyer.get("/market/qinghe")).text
        page = await buyer.get(f"/market/qinghe/{eggs}")
    assert "sold out for now" in page.text
    assert "<form" not in page.text


async def test_what_is_out_of_season_says_so_and_cannot_be_ordered(
    web: Starlette, open_village: Village
) -> None:
    month = clock.today("Asia/Shanghai").month
    season = {"season_from": (month + 1) % 12 + 1, "season_until": (month + 2) % 12 + 1}
    eggs = await eggs_on_sale(open_village.chen, pack_g=1050, **season)
    async with visit(web) as buyer:
        assert "not in season now" in (await buyer.get("/market/qinghe")).text
        page = (await buyer.get(f"/market/qinghe/{eggs}")).text
        assert "This is not in season now." in page
        assert "1.05 kg" in page
        assert "<form" not in page
        answer = await buyer.post(f"/market/qinghe/{eggs}/orders", data={"qty": "1", "to": ZHOU_PASTED})
        assert (answer.status_code, "Look at what else there is now" in answer.text) == (409, True)
    with pytest.raises(Refusal, match="out_of_season"):
        await ordered(open_village.chen, eggs)
    assert await written(open_village.id) == (0, 0, 0, 0)


async def test_a_note_that_is_too_long_is_told_beside_it_and_kept(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        answer = await order(buyer, eggs, note="长" * 10_000)
        assert answer.status_code == 422
        assert "at most 500 characters" in answer.text
        assert "长" * 10_000 in answer.text
        again = await order(
            buyer, eggs, "周小兰🥚 13607312275 湖南省长沙市岳麓区望月湖街道12栋301 🏠", note="🙏"
        )
    assert again.status_code == 303
    [placed] = await order_book.listed(open_village.id)
    assert (placed["name"], placed["buyer_note"]) == ("周小兰🥚", "🙏")


async def test_the_first_page_is_light(web: Starlette, open_village: Village) -> None:
    """Bytes over the wire for the page, its stylesheet and the marks; fonts are the phone's own."""
    for number in range(12):
        listing = await listings.offer(
            listings.ListingIn(
                await _product(open_village, number), f"好货 {number}", 1, 1000, story="字" * 200
            ),
            by=open_village.chen,
        )
        await listings.set_open(listing, True, by=open_village.chen)
    async with visit(web, accept_encoding="gzip") as buyer:
        page = await buyer.get("/market/qinghe")
        total = len(page.content)
        for asset in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)):
            answer = await buyer.get(asset)
            total += int(answer.headers["content-length"])
    assert total < 60_000
    assert "<script" not in page.text


async def _product(village: Village, number: int) -> int:
    return await product(village.chen, f"货{number}", "other", "份")
