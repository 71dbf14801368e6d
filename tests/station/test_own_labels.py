"""What a platform ships with its own waybill: taken from the stock, booked once, followed by hand."""

import re

import pytest

from station import order_book, order_goods, order_imports, order_placing, own_labels, sales, stock
from station.errors import Refusal
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.phones import Kind, Phone
from station.receivers import Receiver
from tests.station.till import Till, open_till
from tests.village import Browser, Village

EN = {"accept-language": "en"}


async def hidden(till: Till, *, state: OrderState = OrderState.HELD) -> int:
    """Two packs of an order whose receiver nobody here can read."""
    line = LineIn(qty=2, product_id=till.eggs, name="土鸡蛋", units=60, price_fen=4800)
    order = OrderIn(
        OrderSource.DOUYIN,
        (line, line),
        Receiver("", Phone(Kind.ENCRYPTED)),
        external_no="6950007",
        reason="encrypted_receiver",
        state=state,
    )
    return (await order_placing.place(order, by=till.by)).id


async def test_it_leaves_with_the_platforms_label_and_is_booked_once(
    browse: Browser, open_village: Village
) -> None:
    till = await open_till(open_village.wang)
    await till.lot(till.zheng, 150)
    order_id = await hidden(till)
    [_, line] = await order_book.lines(open_village.id, [order_id])
    await order_goods.drop_lines(order_id, [line["id"]], by=till.by)
    keeper, volunteer = await browse(open_village.wang), await browse(open_village.chen)
    path = f"/orders/{order_id}"
    assert f"{path}/own-labels" not in (await volunteer.get(path)).text
    wrong = await keeper.post(f"{path}/own-labels", data={"carrier": "YTO", "waybill": "75"}, headers=EN)
    assert wrong.status_code == 422
    assert re.search(r'name="waybill"[^>]*value="75"', wrong.text), "what was typed stays"
    for _ in range(2):
        sent = await keeper.post(f"{path}/own-labels", data={"carrier": "YTO", "waybill": "yt7512345678901"})
        assert sent.status_code == 303
    order = await order_book.one(open_village.id, order_id)
    assert (order["state"], order["carrier"], order["waybill"]) == ("handed_over", "YTO", "YT7512345678901")
    assert (await stock.available(open_village.id))[till.eggs] == 90
    assert (await till.balance("buyer"), await till.faults()) == (-9600, [])
    assert await order_imports.shipped(open_village.id, OrderSource.DOUYIN, "2020-01-01") == []
    shown = (await keeper.get(path, headers=EN)).text
    assert "Something else was recorded" not in shown
    await keeper.post(f"{path}/arrivals")
    assert (await order_book.one(open_village.id, order_id))["state"] == "delivered"
    await keeper.post(f"{path}/refusals")
    assert (await order_book.one(open_village.id, order_id))["state"] == "returned"
    assert await till.balance("buyer") == 0


async def test_only_what_is_held_goes_so_and_others_have_their_courier(village: Village) -> None:
    till = await open_till(village.wang)
    await till.lot(till.zheng, 120)
    order_id = await hidden(till, state=OrderState.CONFIRMED)
    for wrong in (
        own_labels.send(order_id, "YTO", "YT7512345678901", by=village.wang),
        own_labels.arrived(order_id, by=village.wang),
        own_labels.came_back(order_id, by=village.wang),
    ):
        with pytest.raises(Refusal, match="order_moved_on"):
            await wrong
    assert (await order_book.one(village.id, order_id))["state"] == "confirmed"


async def test_what_is_not_wanted_any_more_makes_no_entries(village: Village) -> None:
    till = await open_till(village.wang)
    await till.lot(till.zheng, 120)
    order_id = await hidden(till, state=OrderState.CONFIRMED)
    [_, line] = await order_book.lines(village.id, [order_id])
    await order_goods.drop_lines(order_id, [line["id"]], by=till.by)
    await sales.book(order_id, by=till.by)
    assert {row["line_id"] for row in await sales.live(order_id, till.by)} == {line["id"] - 1}
