"""Orders whose buyers come to the station: kept for them, never a parcel, sold when they are handed out."""

import re

import pytest
from starlette.applications import Starlette

from couriers import packing
from station import audit, lots, order_book, order_imports, order_pickup, orders, products, residents, stock
from station.errors import Refusal
from station.lots import LotIn
from station.models import OrderState
from station.residents import ResidentIn
from tests.station.market_stall import eggs_on_sale, ordered, written
from tests.station.order_exports import pdd, sheet
from tests.station.test_order_imports import SAMPLES
from tests.station.till import open_till
from tests.station.visits import visit
from tests.village import Browser, Village

EN = {"accept-language": "en"}
PICKUP = "E2026071510585944586990"


async def test_a_pickup_of_an_export_is_kept_for_its_buyer_and_never_packed(village: Village) -> None:
    hens = await products.add("散养土鸡", "poultry_killed", "只", "鸡", by=village.wang)
    person = await residents.keep(ResidentIn("吴国强", household="吴家", group="二组"), by=village.wang)
    home = (await residents.one(village.id, person))["household_id"]
    await lots.take_in(LotIn(household_id=home, product_id=hens, amount=5), by=village.wang)
    data = (SAMPLES / "youzan_order_items.csv").read_bytes()
    for expected in ("to_fetch", "again"):
        imported = await order_imports.receive(data, "youzan.csv", by=village.chen)
        [(outcome, order_id)] = [told[1:3] for told in imported.outcomes if told[0] == PICKUP]
        assert outcome == expected
    assert order_id is not None
    assert (await order_book.one(village.id, order_id))["state"] == "set_aside"
    assert (await stock.available(village.id, hens))[hens] == 3
    assert order_id not in [entry.order["id"] for entry in await packing.to_pack(village.id)]
    assert [row["id"] for row in await order_book.listed(village.id, "fetch")] == [order_id]
    for wrong in (OrderState.PACKED, OrderState.HANDED_OVER):
        with pytest.raises(Refusal, match="order_moved_on"):
            await orders.move(order_id, wrong, by=village.chen)


async def test_what_is_handed_out_is_booked_once_and_taken_back_whole(village: Village) -> None:
    till = await open_till(village.wang)
    await till.lot(till.zheng, 90)
    order_id = await till.order(2)
    await order_pickup.set_aside(order_id, by=village.chen)
    for _ in range(2):
        await order_pickup.hand_out(order_id, by=village.chen)
    order = await order_book.one(village.id, order_id)
    assert (order["state"], order["closed_at"] is not None) == ("fetched", True)
    assert await till.balance("buyer") == -9600
    assert (await stock.available(village.id, till.eggs))[till.eggs] == 30
    for too_late in (
        orders.cancel(order_id, "", by=village.chen),
        order_pickup.send_after_all(order_id, by=village.chen),
    ):
        with pytest.raises(Refusal, match="order_moved_on"):
            await too_late
    await orders.confirm(order_id, by=village.chen)  # harmless: it has gone further
    await order_pickup.take_back(order_id, by=village.chen)
    assert (await order_book.one(village.id, order_id))["closed_at"] is None
    assert (await till.balance("buyer"), await till.balance("household")) == (0, 0)
    await order_pickup.hand_out(order_id, by=village.chen)
    assert (await till.balance("buyer"), await till.faults()) == (-9600, [])


async def test_a_held_order_that_is_fetched_keeps_its_goods_first(village: Village) -> None:
    eggs = await eggs_on_sale(village.chen, packs=1)
    held = await ordered(village.chen, eggs, state=OrderState.HELD, reason="self_pickup")
    other = await ordered(village.chen, eggs)
    with pytest.raises(Refusal, match="sold_out"):
        await order_pickup.set_aside(held.id, by=village.chen)
    await orders.cancel(other.id, "", by=village.chen)
    await order_pickup.set_aside(held.id, by=village.chen)
    await order_pickup.send_after_all(held.id, by=village.chen)
    assert (await order_book.one(village.id, held.id))["state"] == "confirmed"
    assert (await written(village.id))[2] == 2
    await order_pickup.set_aside(held.id, by=village.chen)
    await orders.cancel(held.id, "", by=village.chen)
    assert list((await stock.available(village.id)).values()) == [30]


async def test_the_desk_hands_out_and_its_buyer_sees_it(
    web: Starlette, browse: Browser, open_village: Village
) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    chen, zhao = await browse(open_village.chen), await browse(open_village.zhao)
    here = f"/orders/{placed.id}"
    assert (await zhao.post(f"{here}/keepings")).status_code == 403
    assert (await chen.post(f"{here}/fetchings", headers=EN)).status_code == 409
    async with visit(web) as buyer:
        status = f"/market/qinghe/orders/{placed.token}"
        for deed, seen in (("keepings", "Come and fetch it"), ("fetchings", "You have fetched it")):
            page = (await chen.get("/orders?show=fetch" if deed == "fetchings" else here, headers=EN)).text
            assert f'action="{here}/{deed}"' in page
            assert (await chen.post(f"{here}/{deed}")).headers["location"] == here
            assert seen in (await buyer.get(status)).text
    page = (await chen.get(here, headers=EN)).text
    assert re.search(rf'action="{here}/returns"><button[^>]*data-undo', page)
    assert (await chen.post(f"{here}/returns")).status_code == 303
    assert (await order_book.one(open_village.id, placed.id))["state"] == "set_aside"


async def test_what_a_newer_export_takes_out_of_an_order_is_not_sent(village: Village) -> None:
    eggs = await products.add("土鸡蛋", "eggs", "枚", "蛋", by=village.wang)
    person = await residents.keep(ResidentIn("郑秀英", household="郑家", group="五组"), by=village.wang)
    home = (await residents.one(village.id, person))["household_id"]
    await lots.take_in(LotIn(household_id=home, product_id=eggs, amount=300), by=village.wang)
    rows = (pdd(商品规格="30枚"), pdd(商品规格="60枚"))
    first = await order_imports.receive(sheet(*rows), "a.csv", by=village.chen)
    order_id = first.outcomes[0][2]
    assert order_id is not None
    goods_fen = (await order_book.one(village.id, order_id))["goods_fen"]
    assert (await stock.available(village.id, eggs))[eggs] == 210
    back = (rows[0], {**rows[1], "售后状态": "退款成功"})
    second = await order_imports.receive(sheet(*back), "b.csv", by=village.chen)
    assert second.outcomes[0][1] == "less"
    assert [line["spec"] for line in await order_book.lines(village.id, [order_id])] == ["30枚"]
    assert (await stock.available(village.id, eggs))[eggs] == 270
    assert (await order_book.one(village.id, order_id))["goods_fen"] < goods_fen
    await orders.move(order_id, OrderState.PACKED, by=village.chen)
    third = await order_imports.receive(
        sheet(*(row | {"售后状态": "退款中"} for row in rows)), "c.csv", by=village.chen
    )
    assert third.outcomes[0][1] == "look"


async def test_a_receiver_hidden_at_first_is_taken_from_the_newer_export(village: Village) -> None:
    hidden = pdd(收货人="覃*", 手机="150****6593", 详细地址="采薇路**号")
    first = await order_imports.receive(sheet(hidden), "a.csv", by=village.chen)
    assert first.outcomes[0][1:] == ("held", first.outcomes[0][2], "masked_receiver")
    second = await order_imports.receive(sheet(pdd()), "b.csv", by=village.chen)
    assert second.outcomes[0][1] == "released"
    order = await order_book.one(village.id, second.outcomes[0][2] or 0)
    assert (order["state"], order["name"], order["tail"], order["reason"]) == (
        "confirmed",
        "覃桂香",
        "6593",
        "",
    )


async def test_a_held_order_says_the_platforms_latest_reason(village: Village) -> None:
    reasons = []
    for state in ({"订单状态": "待付款"}, {"售后状态": "退款中"}, {"售后状态": "退款中"}):
        imported = await order_imports.receive(sheet(pdd(**state)), "a.csv", by=village.chen)
        order = await order_book.one(village.id, imported.outcomes[0][2] or 0)
        reasons.append((order["state"], order["reason"]))
    assert reasons == [("held", "unpaid"), ("held", "refund_pending"), ("held", "refund_pending")]
    told = [line.act for line in await audit.story(village.id, "order", order["id"])]
    assert told == ["order_placed", "order_held"]
