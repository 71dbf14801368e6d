"""One household's eggs from the basket to the money in its hand, over HTTP alone."""

import re
from datetime import timedelta

import httpx2

from station import clock, residents
from station.db import sql
from station.residents import ResidentIn
from tests.village import Browser, Village

ADDRESS = "周晓梅 13600002275 湖南省长沙市岳麓区桔子洲街道枫林路18号3栋502"


def there(answer: httpx2.Response) -> str:
    """Where a posted form led; what the page says if it led nowhere."""
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text)
    return str(answer.headers["location"])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


async def test_sixty_eggs_become_money(browse: Browser, open_village: Village) -> None:
    chen, wang, stranger = [await browse(who) for who in (open_village.chen, open_village.wang, None)]
    house = await eggs_come_in(open_village, chen, wang, stranger)
    order, status_page = await somebody_orders(chen, wang, stranger)
    await they_travel(order, chen, stranger, status_page)
    liu = await browse(open_village.liu)
    event = {"waybill": "YT9000000000011", "status": "delivered", "at": _soon()}
    told = await liu.post("/api/v1/deliveries", json={"events": [event]})
    assert told.status_code == 200, told.text
    assert (await sql.one("SELECT state FROM orders") or {})["state"] == "delivered"
    await the_household_is_paid(house, chen, wang)


async def eggs_come_in(
    village: Village, chen: httpx2.AsyncClient, wang: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> int:
    """The household's id; the keeper's agreement, van and numbers; sixty eggs with certificate and public trace."""
    person = await residents.keep(ResidentIn("郑秀英", ("13900000152",), "郑家", "五组"), by=village.chen)
    house: int = (await residents.one(village.id, person))["household_id"]

    # The keeper knows the product, agrees with the household, and knows the van and its carrier's numbers.
    there(await wang.post("/products", data={"name": "土鸡蛋", "kind": "eggs", "unit": "枚", "short": "蛋"}))
    terms = {
        "household_id": house,
        "valid_from": "2026-01-01",
        "commission": "5",
        "packing": "2.50",
        "freight": "buyer",
    }
    there(await wang.post("/agreements", data=terms))
    there(await wang.post("/vans", data={"name": "县共配车", "leaves": "17:00"}))
    pool = {"carrier": "YTO", "numbers": "YT9000000000011…YT9000000000020"}
    there(await wang.post("/tariffs/numbers", data=pool))

    # The eggs come in, with their certificate and their public trace.
    product = (await sql.one("SELECT id FROM product") or {})["id"]
    there(
        await chen.post(
            "/lots", data={"household_id": house, "product_id": product, "amount": 60, "weight": "3.3"}
        )
    )
    lot = await sql.one("SELECT id, trace_code, label FROM lot")
    assert lot
    there(await chen.post(f"/lots/{lot['id']}/certificates", data={"resident_id": person}))
    trace = await stranger.get(f"/trace/qinghe/{lot['trace_code']}")
    assert trace.status_code == 200
    assert "五组郑家" in trace.text
    assert "郑秀英" not in trace.text
    return house


async def somebody_orders(
    chen: httpx2.AsyncClient, wang: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> tuple[int, str]:
    """The order's id and its buyer's page: two packs from far away, confirmed and paid."""
    product = (await sql.one("SELECT id FROM product") or {})["id"]
    offered = {"product_id": product, "title": "土鸡蛋 30 枚", "units": 30, "price": "48", "weight": "1.8"}
    there(await wang.post("/listings", data=offered))
    listing = (await sql.one("SELECT id FROM listing") or {})["id"]
    there(await wang.post(f"/listings/{listing}/openings"))
    shop = await stranger.get(f"/market/qinghe/{listing}")
    form = {"scan_id": hidden(shop.text, "scan_id"), "price_fen": 4800, "qty": 2, "to": ADDRESS}
    status_page = there(await stranger.post(f"/market/qinghe/{listing}/orders", data=form))
    assert there(await stranger.post(f"/market/qinghe/{listing}/orders", data=form)) == status_page
    order = await sql.one("SELECT * FROM orders")
    assert order
    assert (order["goods_fen"], order["state"]) == (9600, "reserved")

    there(await chen.post(f"/orders/{order['id']}/freight", data={"amount": "6.50"}))
    there(await chen.post(f"/orders/{order['id']}/confirmations"))
    there(
        await chen.post(
            f"/orders/{order['id']}/payments",
            data={"amount": "102.50", "how": "bank", "ref": "transfer-0001"},
        )
    )
    return order["id"], status_page


async def they_travel(
    order: int, chen: httpx2.AsyncClient, stranger: httpx2.AsyncClient, status_page: str
) -> None:
    """Packed, labelled, scanned onto the van, signed for; the buyer sees the waybill."""
    assert "蛋" in (await chen.get("/packing")).text
    packed = there(await chen.post(f"/packing/{order}/boxes", data={"weight": "4.05", "carrier": "YTO"}))
    consignment = int(packed.rpartition("packed=")[2])
    assert "YT9000000000011" in (await chen.get(f"/consignments/{consignment}/label")).text
    van = (await sql.one("SELECT id FROM van") or {})["id"]
    trip = there(await chen.post("/handovers", data={"van": van}))
    loaded = await chen.post(f"{trip}/items", data={"scanned": "YT9000000000011"})
    assert 'data-state="ok"' in loaded.text
    there(await chen.post(f"{trip}/signatures", data={"name": "孙师傅", "how": "paper"}))
    assert "YT9000000000011" in (await stranger.get(status_page)).text


async def the_household_is_paid(house: int, chen: httpx2.AsyncClient, wang: httpx2.AsyncClient) -> None:
    """96.00 less 5 % and two packings of 2.50: 86.20, in words that can be read aloud."""
    day = (clock.now() + timedelta(days=1)).date().isoformat()
    slip = there(
        await wang.post("/settlements", data={"first": "2026-01-01", "last": day, "household": house})
    )
    page = (await wang.get(slip)).text
    for shown in ("96.00", "4.80", "5.00", "86.20", "捌拾陆元贰角整"):
        assert shown in page, shown
    there(await wang.post(f"{slip}/payments", data={"how": "cash"}))
    assert (await sql.one("SELECT state, pay_fen FROM settlement")) == {"state": "paid", "pay_fen": 8620}
    assert (await chen.get(slip)).status_code == 403
    balance = await sql.one("SELECT sum(fen) AS fen FROM ledger_entry WHERE party = 'household'")
    assert balance
    assert balance["fen"] == 0


def _soon() -> str:
    return (clock.now() + timedelta(minutes=1)).isoformat()
