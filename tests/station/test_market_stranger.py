"""A stranger at the village's page: walks ids, tries addresses, hurries, and learns nothing about anybody."""

import re

import httpx2
import pytest
from starlette.applications import Starlette

from station import listings, order_book, order_placing
from tests.station.market_stall import ZHOU_PASTED, eggs_on_sale, household, lot, ordered, product, written
from tests.station.test_market_page import hidden, order
from tests.station.visits import visit
from tests.village import PEOPLE, Browser, Village, found_village

SECRETS = ("周小兰", "13607312275", "12栋301", "望月湖", "李小红", "13512340001", "桂花路")


async def two_villages(village: Village) -> tuple[dict[str, int], order_placing.Placed]:
    """An open pack with an order, a draft and a closed one here, an open one elsewhere."""
    chen = village.chen
    eggs = await eggs_on_sale(chen)
    row = await listings.one(village.id, eggs)
    pack = listings.ListingIn(row["product_id"], "秘密的货", 10, 1600)
    draft, closed = await listings.offer(pack, by=chen), await listings.offer(pack, by=chen)
    await listings.set_open(closed, True, by=chen)
    await listings.set_open(closed, False, by=chen)
    elsewhere = await found_village("shanwan", "杉湾驿站")
    rice = await product(elsewhere.chen, "香米", "grain", "斤")
    await lot(elsewhere.chen, await household(elsewhere.chen), rice, 100, "米 1121-1")
    foreign = await listings.offer(listings.ListingIn(rice, "杉湾香米", 5, 3000), by=elsewhere.chen)
    await listings.set_open(foreign, True, by=elsewhere.chen)
    placed = await ordered(chen, eggs)
    return {"eggs": eggs, "draft": draft, "closed": closed, "foreign": foreign}, placed


def told(answer: httpx2.Response) -> str:
    """What a page says, without the address it was asked by and the day's hashes."""
    return re.sub(r'name="back" value="[^"]*"', "", answer.text)


async def test_what_is_not_on_sale_here_is_not_there_and_all_that_is_not_there_looks_the_same(
    web: Starlette, open_village: Village
) -> None:
    ids, _ = await two_villages(open_village)
    async with visit(web) as stranger:
        nothing = await stranger.get("/market/qinghe/99999")
        assert nothing.status_code == 404
        for name in ("draft", "closed", "foreign"):
            answer = await stranger.get(f"/market/qinghe/{ids[name]}")
            assert (answer.status_code, told(answer)) == (404, told(nothing)), name
            sent = await stranger.post(
                f"/market/qinghe/{ids[name]}/orders", data={"qty": "1", "to": ZHOU_PASTED}
            )
            assert (sent.status_code, told(sent)) == (404, told(nothing)), name
            assert (await stranger.get(f"/market/qinghe/{ids[name]}/photo")).status_code == 404
        for address in ("/market/nowhere/1", "/market/nowhere/orders/x"):
            # The way back is the address that was typed, whether there is such a village or not.
            answer = await stranger.get(address)
            assert told(answer).replace('"/market/nowhere"', '"/market/qinghe"') == told(nothing)
        assert (await stranger.get("/market/nowhere")).status_code == 404
        page = await stranger.get("/market/qinghe")
        assert "秘密" not in page.text
        assert "香米" not in page.text
        assert (await stranger.get(f"/market/shanwan/{ids['foreign']}")).status_code == 200
    assert await written(open_village.id) == (1, 1, 1, 0)


async def test_only_the_whole_token_opens_an_order_and_only_at_its_station(
    web: Starlette, open_village: Village
) -> None:
    _, placed = await two_villages(open_village)
    row = await order_book.one(open_village.id, placed.id)
    token = placed.token
    guesses = [
        str(placed.id),
        row["number"],
        token[:-1],
        token + "A",
        token.swapcase(),
        "%25",
        "_" * 43,
        "%00",
        "'--",
    ]
    async with visit(web) as stranger:
        nothing = await stranger.get(f"/market/qinghe/orders/{'A' * 43}")
        assert nothing.status_code == 404
        for guess in guesses:
            for answer in (
                await stranger.get(f"/market/qinghe/orders/{guess}"),
                await stranger.post(f"/market/qinghe/orders/{guess}/cancellations"),
            ):
                assert (answer.status_code, told(answer)) == (404, told(nothing)), guess
        assert (await stranger.get(f"/market/shanwan/orders/{token}")).status_code == 404
        assert (await stranger.post(f"/market/shanwan/orders/{token}/cancellations")).status_code == 404
        assert (await stranger.get(f"/market/qinghe/orders/{token}")).status_code == 200
    assert (await order_book.one(open_village.id, placed.id))["state"] == "reserved"


async def test_tokens_are_long_random_and_never_alike(open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    tokens = [(await ordered(open_village.chen, eggs)).token for _ in range(10)]
    assert {len(token) for token in tokens} == {43}
    assert len({token[:8] for token in tokens}) == 10


async def test_one_buyers_page_shows_nothing_of_another_and_no_page_anything_of_a_buyer(
    web: Starlette, open_village: Village
) -> None:
    ids, first = await two_villages(open_village)
    async with visit(web) as other:
        line = "李小红 13512340001 广东省深圳市南山区粤海街道桂花路2号"
        mine = (await order(other, ids["eggs"], line)).headers["location"]
        pages = [
            await other.get(address)
            for address in (mine, "/market/qinghe", f"/market/qinghe/{ids['eggs']}", f"{mine}?lang=en")
        ]
        first_row = await order_book.one(open_village.id, first.id)
        for page in pages:
            assert page.status_code == 200
            assert first_row["number"] not in page.text
            assert first.token not in page.text
            for secret in SECRETS:
                assert secret not in page.text
        for person, _role, _carrier in PEOPLE.values():
            assert person not in "".join(page.text for page in pages)


async def test_nobody_outside_learns_whom_the_village_helps(web: Starlette, open_village: Village) -> None:
    pages = []
    for code, helped in (("huxi", True), ("hudong", False)):
        village = await found_village(code, "湖村驿站")
        eggs = await product(village.chen)
        await lot(village.chen, await household(village.chen, helped=helped), eggs, 30)
        listing = await listings.offer(listings.ListingIn(eggs, "土鸡蛋", 30, 4800), by=village.chen)
        await listings.set_open(listing, True, by=village.chen)
        async with visit(web) as stranger:
            text = (await stranger.get(f"/market/{code}/{listing}")).text
        text = re.sub(r'name="scan_id" value="[^"]*"', "", text).replace(code, "")
        pages.append(text.replace(f"/{listing}", ""))
    assert pages[0] == pages[1]


async def test_no_page_sets_a_cookie_and_only_the_list_may_be_kept(
    web: Starlette, open_village: Village
) -> None:
    ids, placed = await two_villages(open_village)
    async with visit(web) as stranger:
        answers = {
            "list": await stranger.get("/market/qinghe"),
            "pack": await stranger.get(f"/market/qinghe/{ids['eggs']}"),
            "refused": await order(stranger, ids["eggs"], "nobody"),
            "placed": await order(stranger, ids["eggs"]),
            "order": await stranger.get(f"/market/qinghe/orders/{placed.token}"),
            "off": await stranger.post(f"/market/qinghe/orders/{placed.token}/cancellations"),
            "nothing": await stranger.get("/market/qinghe/99999"),
        }
    for name, answer in answers.items():
        assert "set-cookie" not in answer.headers, name
        kept = "public, max-age=30" if name == "list" else "no-store"
        assert answer.headers["cache-control"] == kept, name
        assert 'action="/preferences"' not in answer.text or answer.status_code == 404
    assert 'content="noindex"' in answers["order"].text


async def test_every_loading_of_a_pack_is_an_order_of_its_own(web: Starlette, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as buyer:
        forms = [hidden((await buyer.get(f"/market/qinghe/{eggs}")).text)["scan_id"] for _ in range(3)]
    assert len(set(forms)) == 3


async def test_a_scan_id_made_up_by_a_buyer_opens_no_order_of_the_staff(
    web: Starlette, browse: Browser, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    phoned = await ordered(open_village.chen, eggs, scan_id="p-12345678")
    async with visit(web) as stranger:
        for made_up in ("p-12345678", "12345678"):
            answer = await order(stranger, eggs, scan_id=made_up)
            assert phoned.token not in answer.headers["location"]


async def test_who_hurries_waits_and_keeps_what_was_typed(web: Starlette, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as hasty:
        answers = [await order(hasty, eggs, "nobody nowhere", note="轻放") for _ in range(41)]
        assert [answer.status_code for answer in answers[:40]] == [422] * 40
        assert (answers[40].status_code, "Too many tries" in answers[40].text) == (429, True)
        assert "nobody nowhere" in answers[40].text
        assert 'value="轻放"' in answers[40].text
        looks = [(await hasty.get("/market/qinghe")).status_code for _ in range(240)]
        assert looks[-1] == 429
    async with visit(web) as another:
        assert (await another.get("/market/qinghe")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"qty": "1"},
        {"qty": "1", "to": "x" * 5000},
        {"qty": "1", "to": "<script>alert(1)</script>"},
        {"qty": "1", "to": ZHOU_PASTED, "scan_id": "'; --"},
        {"qty": "1", "to": ZHOU_PASTED, "price_fen": "1"},
        {"qty": "1", "to": ZHOU_PASTED, "price_fen": "-1"},
        {"qty": "1", "checked": "1"},
        {
            "qty": "1",
            "checked": "1",
            "name": "x",
            "phone": "13900000001",
            "province": "y" * 41,
            "detail": "z",
        },
        {"qty": "\x00", "to": "\x00"},
    ],
)
async def test_what_no_browser_sends_orders_nothing(
    web: Starlette, open_village: Village, sent: dict[str, str]
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web) as stranger:
        answer = await stranger.post(f"/market/qinghe/{eggs}/orders", data=sent)
    assert answer.status_code in (409, 422)
    assert "<script>alert" not in answer.text
    assert await written(open_village.id) == (0, 0, 0, 0)


async def test_another_sites_page_cannot_order_in_a_buyers_name(
    web: Starlette, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    async with visit(web, origin="http://evil.test") as stranger:
        answer = await stranger.post(f"/market/qinghe/{eggs}/orders", data={"qty": "1", "to": ZHOU_PASTED})
    assert answer.status_code == 403
    assert await written(open_village.id) == (0, 0, 0, 0)
