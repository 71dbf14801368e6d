"""What an item of a platform is here: said once by a person, kept at once, understood from then on."""

import pytest

from station import order_book, order_goods, order_imports, orders, products, stock
from station.db import sql
from station.errors import Refusal
from tests.station.market_stall import eggs_on_sale, household, lot, ordered
from tests.station.order_exports import pdd, sheet
from tests.village import Browser, Village, found_village

EN = {"accept-language": "en"}


async def cakes(village: Village, amount: int) -> int:
    product = await products.add("糯米糍粑", "vacuum", "斤", "糍", by=village.wang)
    await lot(village.chen, await household(village.chen, "何家", "七组"), product, amount, "糍 1121-9", 119)
    return product


def order(number: str, qty: int = 1, **more: str) -> dict[str, str]:
    return pdd(
        商品="手工糍粑", 商品规格="大袋", 订单号=f"260715-{number}", **{"商品数量(件)": str(qty)}, **more
    )


async def take(village: Village, *rows: dict[str, str]) -> list[int]:
    imported = await order_imports.receive(sheet(*rows), "o.csv", by=village.chen)
    return [id_ for _, _, id_, _ in imported.outcomes if id_]


async def line_of(village: Village, order_id: int) -> dict[str, object]:
    [line] = await order_book.lines(village.id, [order_id])
    return line


async def test_an_item_named_once_is_kept_and_the_next_export_knows_it(village: Village) -> None:
    product = await cakes(village, 20)
    [first] = await take(village, order("1", 2))
    assert [
        (row["name"], row["spec"], row["orders"], row["packs"])
        for row in await order_goods.unknown_goods(village.id)
    ] == [("手工糍粑", "大袋", 1, 2)]
    line = await line_of(village, first)
    for _ in range(2):  # said twice is said once
        await order_goods.match_line(int(str(line["id"])), product, 3, by=village.chen)
    assert (await stock.available(village.id, product))[product] == 14
    assert await order_goods.unknown_goods(village.id) == []
    [second] = await take(village, order("2", 1))
    assert (await line_of(village, second))["units"] == 3
    assert (await stock.available(village.id, product))[product] == 11


async def test_a_slip_is_put_right_and_the_goods_follow(village: Village) -> None:
    product, eggs = (
        await cakes(village, 20),
        await products.add("土鸡蛋", "eggs", "枚", "蛋", by=village.wang),
    )
    await lot(village.chen, await household(village.chen), eggs, 60, "蛋 1121-1")
    [placed] = await take(village, order("1"))
    line = int(str((await line_of(village, placed))["id"]))
    await order_goods.match_line(line, eggs, 30, by=village.chen)
    await order_goods.match_line(line, product, 2, by=village.chen)
    assert await stock.available(village.id) == {product: 18, eggs: 60}
    [after] = await take(village, order("2"))
    assert (await line_of(village, after))["product_id"] == product


async def test_what_is_sold_out_stays_unknown_and_the_rest_is_kept(
    browse: Browser, open_village: Village
) -> None:
    product = await cakes(open_village, 5)
    ids = await take(open_village, order("1", 4), order("2", 2), order("3", 1))
    wang = await browse(open_village.wang)
    page = (await wang.get("/orders/imports", headers=EN)).text
    assert 'action="/orders/imports/goods"' in page
    said = {"name": "手工糍粑", "spec": "大袋", "product_id": str(product), "per_pack": "2"}
    refused = await wang.post("/orders/imports/1/goods", data=said, headers=EN)
    assert (refused.status_code, "Only 1 斤" in refused.text) == (409, True)
    lines = [int(str((await line_of(open_village, id_))["id"])) for id_ in ids]
    parts = await stock.lots_of_lines(open_village.id, lines)
    held = [bool(parts.get(line)) for line in lines]
    assert held == [False, True, False]
    assert (await stock.available(open_village.id, product))[product] == 1
    assert (await order_goods.unknown_goods(open_village.id))[0]["packs"] == 5


async def test_the_orders_own_page_asks_and_refuses_in_a_sentence(
    browse: Browser, open_village: Village
) -> None:
    product = await cakes(open_village, 5)
    [placed] = await take(open_village, order("1", 2))
    line = (await line_of(open_village, placed))["id"]
    wang = await browse(open_village.wang)
    address = f"/orders/{placed}/lines/{line}/goods"
    assert address in (await wang.get(f"/orders/{placed}", headers=EN)).text
    for said, status in (
        ({"product_id": "", "per_pack": "2"}, 422),
        ({"product_id": str(product), "per_pack": "0"}, 422),
        ({"product_id": "999", "per_pack": "2"}, 422),
        ({"product_id": str(product), "per_pack": "3"}, 409),
    ):
        answer = await wang.post(address, data=said, headers=EN)
        assert (answer.status_code, 'data-state="refuse"' in answer.text) == (status, True), said
    assert (await line_of(open_village, placed))["product_id"] is None
    done = await wang.post(address, data={"product_id": str(product), "per_pack": "2"})
    assert done.headers["location"] == f"/orders/{placed}"
    assert address in (await wang.get(f"/orders/{placed}", headers=EN)).text  # a slip can be put right


async def test_only_open_lines_of_exports_of_this_station_can_be_named(village: Village) -> None:
    product = await cakes(village, 20)
    eggs = await ordered(village.chen, await eggs_on_sale(village.chen))
    [placed] = await take(village, order("1"))
    line, own = [
        (await sql.rows("SELECT id FROM order_line WHERE order_id = ?", id_))[0]["id"]
        for id_ in (placed, eggs.id)
    ]
    elsewhere = await found_village("shanwan", "杉湾驿站")
    for by, id_ in ((elsewhere.wang, line), (village.wang, own), (village.wang, 9999)):
        with pytest.raises(Refusal, match="not_found"):
            await order_goods.match_line(id_, product, 2, by=by)
    await orders.cancel(placed, "", by=village.chen)
    with pytest.raises(Refusal, match="order_moved_on"):
        await order_goods.match_line(line, product, 2, by=village.chen)
    assert (await stock.available(village.id, product))[product] == 20
