"""Exports of platforms taken in: exactly as the samples say, harmless when repeated, the newer word counts."""

import json
from pathlib import Path

import pytest

from station import lots, order_imports, orders, products, residents, stock
from station.db import sql
from station.errors import Refusal
from station.lots import LotIn
from station.models import OrderSource, OrderState
from station.platforms.products import Known, match
from station.residents import ResidentIn
from tests.village import Browser, Village

SAMPLES = Path(__file__).parent.parent / "samples" / "orders"
FILES = sorted(path.name for path in SAMPLES.glob("*.csv"))
EGGS = Known(1, "土鸡蛋", "枚")
BACON = Known(2, "腊肉", "斤")


async def eggs(village: Village, amount: int) -> int:
    """A product and a lot of it; returns the product's id."""
    product = await products.add("土鸡蛋", "eggs", "枚", "蛋", by=village.wang)
    person = await residents.keep(ResidentIn("郑秀英", household="郑家", group="五组"), by=village.wang)
    house = (await residents.one(village.id, person))["household_id"]
    await lots.take_in(LotIn(household_id=house, product_id=product, amount=amount), by=village.wang)
    return product


@pytest.mark.parametrize("name", FILES)
async def test_the_api_answers_a_sample_export_exactly(
    browse: Browser, open_village: Village, name: str
) -> None:
    chen = await browse(open_village.chen)
    for status in (201, 200):
        answer = await chen.post(
            "/api/v1/orders/imports", files={"file": (name, (SAMPLES / name).read_bytes())}
        )
        assert answer.status_code == status
        told, expected = answer.json(), json.loads((SAMPLES / f"{name}.expected.json").read_text())
        assert {key: told[key] for key in expected if key != "notes"} == {
            key: value for key, value in expected.items() if key != "notes"
        }
        assert "rejected" not in told
    placed = await sql.rows("SELECT external_no, state FROM orders WHERE state = 'confirmed'")
    assert len(placed) == expected["counts"]["shippable"]
    assert {row["external_no"] for row in placed} == {
        order["order_no"] for order in expected["orders"] if order["shippable"]
    }


async def test_an_order_takes_its_eggs_from_the_stock_and_waits_when_there_are_too_few(
    village: Village,
) -> None:
    product = await eggs(village, 200)
    data = (SAMPLES / "youzan_order_items.csv").read_bytes()
    imported = await order_imports.receive(data, "youzan.csv", by=village.chen)
    outcomes = {number: (outcome, reason) for number, outcome, _, reason in imported.outcomes}
    # 30, 120, then 60 + 120 for which not enough is left.
    assert outcomes["E2026071510977888003806"] == ("placed", "")
    assert outcomes["E2026071510171876421552"] == ("placed", "")
    assert outcomes["E2026071510894371707854"] == ("held", "no_stock")
    assert (await stock.available(village.id, product))[product] == 50
    assert outcomes["E2026071510811112564515"] == ("skipped", "already_shipped")


async def test_the_same_export_again_changes_nothing(village: Village) -> None:
    product = await eggs(village, 1000)
    data = (SAMPLES / "douyin_orders.csv").read_bytes()
    first = await order_imports.receive(data, "douyin.csv", by=village.chen)
    left = await stock.available(village.id, product)
    again = await order_imports.receive(data, "douyin again.csv", by=village.li)
    assert (first.new, again.new, again.id) == (True, False, first.id)
    assert {outcome for _, outcome, _, _ in again.outcomes} == {"again", "skipped"}
    assert await stock.available(village.id, product) == left
    assert len(await sql.rows("SELECT id FROM order_import")) == 1


async def test_who_got_the_money_back_meanwhile_is_sent_nothing(village: Village) -> None:
    product = await eggs(village, 1000)
    text = (SAMPLES / "youzan_order_items.csv").read_text()
    await order_imports.receive(text.encode(), "a.csv", by=village.chen)
    left = (await stock.available(village.id, product))[product]
    number = "E2026071510977888003806"
    refunded = "\n".join(
        line.replace(",,0.00,", ",全额退款成功,0.00,") if line.startswith(number) else line
        for line in text.split("\n")
    )
    imported = await order_imports.receive(refunded.encode(), "b.csv", by=village.chen)
    outcomes = {number: outcome for number, outcome, _, _ in imported.outcomes}
    assert outcomes[number] == "cancelled"
    assert (await stock.available(village.id, product))[product] == left + 30


async def test_an_order_paid_meanwhile_may_be_sent(village: Village) -> None:
    text = (SAMPLES / "youzan_order_items.csv").read_text()
    await order_imports.receive(text.encode(), "a.csv", by=village.chen)
    imported = await order_imports.receive(
        text.replace("待付款", "待发货").encode(), "b.csv", by=village.chen
    )
    outcomes = {number: outcome for number, outcome, _, _ in imported.outcomes}
    assert outcomes["E2026071510680250231723"] == "released"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_orders"), (b"a,b\n1,2\n", "no_order_column"), (b"%PDF-1.7", "unreadable_orders")],
)
async def test_a_file_that_is_no_export_says_what_to_do(village: Village, data: bytes, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        await order_imports.receive(data, "x.csv", by=village.chen)
    assert await sql.rows("SELECT id FROM orders") == []


@pytest.mark.parametrize(
    ("name", "spec", "meant"),
    [
        ("土鸡蛋", "30枚珍珠棉装", (1, 30)),
        ("农家土鸡蛋 60 枚", "", (1, 60)),
        ("土鸡蛋", "一盒", (1, None)),
        ("黑猪腊肉", "3斤真空装", (2, 3)),
        ("黑猪腊肉", "半斤装", (2, None)),
        ("黑猪腊肉", "两斤", (2, 2)),
        ("糍粑", "2斤装", (None, None)),
    ],
)
def test_an_item_is_matched_to_a_product_and_its_units(
    name: str, spec: str, meant: tuple[int | None, int | None]
) -> None:
    assert match(name, spec, [EGGS, BACON]) == meant


async def test_tracking_numbers_go_back_as_the_platforms_file(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    await chen.post(
        "/orders/imports", files={"file": ("y.csv", (SAMPLES / "youzan_order_items.csv").read_bytes())}
    )
    assert (await chen.get("/orders/shipped/youzan")).status_code == 404
    order = await sql.one("SELECT id FROM orders WHERE state = 'confirmed' ORDER BY id LIMIT 1")
    assert order
    await orders.move(
        order["id"], OrderState.PACKED, carrier="YTO", waybill="YT4902191309648", by=open_village.chen
    )
    answer = await chen.get(f"/orders/shipped/{OrderSource.YOUZAN}")
    assert answer.status_code == 200
    assert "YT4902191309648" in answer.content.decode("utf-8-sig")
    assert "E2026071510977888003806" in answer.content.decode("utf-8-sig")
    assert (await chen.get("/orders/shipped/nowhere")).status_code == 404


async def test_the_page_takes_an_export_and_shows_what_became_of_it(
    browse: Browser, open_village: Village
) -> None:
    chen = await browse(open_village.chen)
    sent = await chen.post(
        "/orders/imports", files={"file": ("t.csv", (SAMPLES / "taobao_ExportOrderList.csv").read_bytes())}
    )
    assert sent.status_code == 303
    page = await chen.get(sent.headers["location"])
    assert "3815817297083692879" in page.text
    assert "15000004061" not in page.text
    again = await chen.post(
        "/orders/imports", files={"file": ("t.csv", (SAMPLES / "taobao_ExportOrderList.csv").read_bytes())}
    )
    assert again.headers["location"].endswith("?again")
    bad = await chen.post("/orders/imports", files={"file": ("t.csv", b"%PDF-1.7")})
    assert bad.status_code == 422


async def test_the_page_says_which_rows_were_not_taken_and_why(
    browse: Browser, open_village: Village
) -> None:
    chen = await browse(open_village.chen)
    chen.headers["accept-language"] = "en"
    spoilt = "订单号,姓名,电话,地址,商品,数量\n3.81582E+18,向春兰,13900007396,湖南省长沙市岳麓区枫林路18号,土鸡蛋,1\n"
    sent = await chen.post("/orders/imports", files={"file": ("t.csv", spoilt.encode())})
    page = (await chen.get(sent.headers["location"])).text
    assert "<b>row 2</b><span>The spreadsheet cut the order number short." in page
