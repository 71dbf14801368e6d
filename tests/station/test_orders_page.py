"""The order desk: the board, one order with what can be done to it, an order typed in while somebody is on the telephone."""

from datetime import timedelta
from html import unescape

import pytest

from station import clock, listings, order_book, order_placing, orders
from station.db import act, sql
from station.models import OrderSource, OrderState
from station.pages.orders import JOBS
from station.settings import Settings
from tests.station.market_stall import ZHOU_PASTED, eggs_on_sale, ordered, written
from tests.village import Browser, Village, found_village

EN = {"accept-language": "en"}


async def test_the_board_shows_orders_by_where_they_are(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    first, second = await ordered(open_village.chen, eggs), await ordered(open_village.chen, eggs, 2)
    await orders.confirm(first.id, by=open_village.chen)
    chen = await browse(open_village.chen)
    board = (await chen.get("/orders", headers=EN)).text
    for shown in (
        first.number,
        second.number,
        "土鸡蛋 30 枚 × 2",
        "蛋 1121-1",
        "周*兰",
        "<b>2275</b>",
        "¥96.00",
    ):
        assert shown in board
    assert "13607312275" not in board
    to_pack = (await chen.get("/orders?show=pack", headers=EN)).text
    assert first.number in to_pack
    assert second.number not in to_pack
    for nonsense in ("?show=zzz", "?page=0", "?page=x", "?page=9999"):
        assert (await chen.get(f"/orders{nonsense}")).status_code == 200


async def test_a_volunteer_confirms_and_the_county_officer_only_reads(
    browse: Browser, open_village: Village
) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    zhao = await browse(open_village.zhao)
    page = await zhao.get(f"/orders/{placed.id}", headers=EN)
    assert page.status_code == 200
    assert "Confirm the order" not in page.text
    assert "12栋301" not in page.text
    assert (await zhao.post(f"/orders/{placed.id}/confirmations")).status_code == 403
    chen = await browse(open_village.chen)
    assert "Confirm the order" in (await chen.get(f"/orders/{placed.id}", headers=EN)).text
    assert (await chen.post(f"/orders/{placed.id}/confirmations")).headers[
        "location"
    ] == f"/orders/{placed.id}"
    assert (await order_book.one(open_village.id, placed.id))["state"] == "confirmed"


async def test_an_order_called_off_gives_its_goods_back(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    placed = await ordered(open_village.chen, eggs)
    chen = await browse(open_village.chen)
    await chen.post(f"/orders/{placed.id}/cancellations", data={"reason": "不要了"})
    order = await order_book.one(open_village.id, placed.id)
    assert (order["state"], order["reason"]) == ("cancelled", "不要了")
    assert (await listings.one(open_village.id, eggs))["packs"] == 10
    late = await chen.post(f"/orders/{placed.id}/confirmations", headers=EN)
    assert (late.status_code, "has moved on meanwhile" in late.text) == (409, True)


async def test_a_payment_is_recorded_once_and_shipping_is_told(
    browse: Browser, open_village: Village
) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    chen = await browse(open_village.chen)
    await chen.post(f"/orders/{placed.id}/freight", data={"amount": "6.5"})
    for _ in range(2):
        await chen.post(f"/orders/{placed.id}/payments", data={"amount": "54.50", "how": "cash", "ref": "r1"})
    order = await order_book.one(open_village.id, placed.id)
    assert (order["freight_fen"], order["paid_fen"]) == (650, 5450)
    assert (await written(open_village.id))[3] == 2  # the cash box and the buyer
    page = (await chen.get(f"/orders/{placed.id}", headers=EN)).text
    assert "The buyer has paid" not in page  # nothing is left to pay


@pytest.mark.parametrize("sent", [{"amount": "viel", "how": "cash"}, {"amount": "1", "how": "gold"}, {}])
async def test_a_payment_that_cannot_be_read_is_not_recorded(
    browse: Browser, open_village: Village, sent: dict[str, str]
) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    chen = await browse(open_village.chen)
    answer = await chen.post(f"/orders/{placed.id}/payments", data=sent, headers=EN)
    assert (answer.status_code, "Write the amount in yuan" in answer.text) == (422, True)
    assert (await written(open_village.id))[3] == 0


async def test_looking_at_the_whole_number_is_on_record(browse: Browser, open_village: Village) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    chen = await browse(open_village.chen)
    assert "13607312275" not in (await chen.get(f"/orders/{placed.id}")).text
    assert "13607312275" in (await chen.post(f"/orders/{placed.id}/unmaskings")).text
    page = unescape((await chen.get(f"/orders/{placed.id}", headers=EN)).text)
    assert "The whole phone number was looked at." in page


async def test_another_stations_order_is_not_there(browse: Browser, open_village: Village) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    stranger = await browse((await found_village("shanwan", "杉湾驿站")).wang)
    assert (await stranger.get(f"/orders/{placed.id}")).status_code == 404
    assert placed.number not in (await stranger.get("/orders")).text
    for deed in ("confirmations", "cancellations", "payments", "freight", "unmaskings"):
        data = {"amount": "1", "how": "cash"}
        assert (await stranger.post(f"/orders/{placed.id}/{deed}", data=data)).status_code == 404
    order = await order_book.one(open_village.id, placed.id)
    assert (order["state"], order["paid_fen"], order["freight_fen"]) == ("reserved", 0, 0)


async def test_an_order_by_telephone_is_confirmed_at_once(browse: Browser, open_village: Village) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    chen = await browse(open_village.chen)
    page = (await chen.get("/orders/new", headers=EN)).text
    assert f'name="qty-{eggs}"' in page
    data = {
        "to": ZHOU_PASTED,
        f"qty-{eggs}": "2",
        "freight": "6.50",
        "buyer_note": "轻放",
        "scan_id": "s" * 20,
    }
    answers = [await chen.post("/orders", data=data) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    [order] = await order_book.listed(open_village.id)
    assert (order["source"], order["state"], order["goods_fen"], order["freight_fen"], order["by_id"]) == (
        "phone",
        "confirmed",
        9600,
        650,
        open_village.chen.account_id,
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"qty": "11"}, "Only 300 枚"),
        ({"qty": ""}, "Nothing is ordered yet"),
        ({"qty": "0"}, "Nothing is ordered yet"),
        ({"qty": "-1"}, "1 to 999 packs"),
        ({"qty": "zwei"}, "1 to 999 packs"),
        ({"freight": "viel"}, "Write the amount in yuan"),
        ({"to": "周小兰 长沙"}, "There is no phone number"),
        ({"buyer_note": "x" * 501}, "too long"),
    ],
)
async def test_a_telephone_order_that_cannot_be_taken_keeps_what_was_typed(
    browse: Browser, open_village: Village, change: dict[str, str], told: str
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    chen = await browse(open_village.chen)
    sent = {"to": ZHOU_PASTED, "qty": "2", "seller_note": "晚上再打", **change}
    sent[f"qty-{eggs}"] = sent.pop("qty")
    answer = await chen.post("/orders", data=sent, headers=EN)
    assert answer.status_code in (409, 422)
    assert told in answer.text
    assert sent["to"] in answer.text
    assert "晚上再打" in answer.text
    assert await written(open_village.id) == (0, 0, 0, 0)


async def test_doubts_of_a_telephone_order_are_settled_in_fields(
    browse: Browser, open_village: Village
) -> None:
    eggs = await eggs_on_sale(open_village.chen)
    chen = await browse(open_village.chen)
    asked = await chen.post("/orders", data={"to": "周小兰 长沙市岳麓区", f"qty-{eggs}": "2"}, headers=EN)
    assert asked.status_code == 422
    for kept in ('value="岳麓区"', 'value="2"', 'name="checked"'):
        assert kept in asked.text
    fields = {
        "checked": "1",
        "name": "周小兰",
        "phone": "0731-88221122",
        "province": "湖南省",
        "detail": "桃子湖路 8 号",
    }
    done = await chen.post("/orders", data={**fields, f"qty-{eggs}": "2"})
    assert done.status_code == 303
    [order] = await order_book.listed(open_village.id)
    assert (order["phone"], order["phone_kind"], order["detail"]) == (
        "073188221122",
        "landline",
        "桃子湖路 8 号",
    )


async def test_the_worker_lets_go_of_what_nobody_confirmed(settings: Settings, open_village: Village) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))
    [job] = JOBS
    assert job.due is not None
    assert not await job.due()
    with clock.at(clock.now() + order_placing.KEPT + timedelta(seconds=1)):
        assert await job.due()
        await job.run(settings)
    assert (await order_book.one(open_village.id, placed.id))["state"] == "expired"


async def test_every_state_and_source_shows_on_board_and_page(browse: Browser, open_village: Village) -> None:
    placed = await ordered(open_village.chen, await eggs_on_sale(open_village.chen))

    @act
    async def put(state: str, source: str) -> None:
        await sql.execute("UPDATE orders SET state = ?, source = ?, reason = 'refunded'", state, source)

    chen = await browse(open_village.chen)
    sources = list(OrderSource)
    for number, state in enumerate(OrderState):
        await put(state, sources[number % len(sources)])
        assert placed.number in (await chen.get("/orders")).text
        assert (await chen.get(f"/orders/{placed.id}")).status_code == 200
