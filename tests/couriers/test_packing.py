"""Orders picked, weighed and packed: each once, with a waybill, nothing that may not go by express."""

import io

import pytest
from PIL import Image

from couriers import consignment_list, consignments, number_pool, packing
from couriers.packing import PackIn
from station import listings, lots, order_book, order_placing, phones, products, residents
from station.db import sql
from station.errors import Refusal
from station.listings import ListingIn
from station.lots import LotIn
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.receivers import Receiver
from station.residents import ResidentIn
from tests.village import Browser, Village

TO = Receiver(
    "周晓梅",
    phones.classify("13600002275"),
    "湖南省",
    "长沙市",
    "岳麓区",
    "桔子洲街道",
    "",
    "枫林路18号3栋502",
)


async def eggs_on_offer(village: Village, amount: int = 300, kind: str = "eggs") -> int:
    """A listing of 30 eggs that weigh 1.8 kg, with a lot behind it; returns its id."""
    product = await products.add("土鸡蛋", kind, "枚", "蛋", by=village.wang)
    person = await residents.keep(ResidentIn("郑秀英", household="郑家", group="五组"), by=village.wang)
    house = (await residents.one(village.id, person))["household_id"]
    await lots.take_in(LotIn(household_id=house, product_id=product, amount=amount), by=village.wang)
    listing = await listings.offer(ListingIn(product, "土鸡蛋 30 枚", 30, 4800, pack_g=1800), by=village.wang)
    await listings.set_open(listing, True, by=village.wang)
    return listing


async def ordered(village: Village, listing: int, qty: int = 1) -> int:
    order = OrderIn(OrderSource.PHONE, (LineIn(listing, qty),), TO, state=OrderState.CONFIRMED)
    return (await order_placing.place(order, by=village.chen)).id


async def test_a_packed_order_is_a_consignment_with_a_number_from_the_pool(village: Village) -> None:
    order_id = await ordered(village, await eggs_on_offer(village))
    await number_pool.fill("YTO", ["YT9000000000011", "YT9000000000012"], by=village.wang)
    packed = await packing.pack(PackIn(order_id, 2150, "YTO"), by=village.chen)
    sent = await consignment_list.one(village.id, packed)
    assert (sent["waybill"], sent["state"], sent["weight_g"]) == ("YT9000000000011", "accepted", 2150)
    assert (sent["name"], sent["province"], sent["goods"]) == ("周晓梅", "湖南省", "土鸡蛋 30 枚")
    order = await order_book.one(village.id, order_id)
    assert (order["state"], order["waybill"], order["carrier"]) == ("packed", "YT9000000000011", "YTO")
    assert await packing.pack(PackIn(order_id, 2150, "YTO"), by=village.li) == packed
    assert (await sql.one("SELECT count(*) AS n FROM pool_number WHERE taken_at IS NOT NULL") or {})["n"] == 1
    assert await packing.count(village.id) == 0


async def test_a_weight_far_off_is_asked_about_once(village: Village) -> None:
    order_id = await ordered(village, await eggs_on_offer(village))
    with pytest.raises(Refusal, match="weight_unlikely"):
        await packing.pack(PackIn(order_id, 900, "YTO", "YT9000000000011"), by=village.chen)
    with pytest.raises(Refusal, match="weight_missing"):
        await packing.pack(PackIn(order_id, None, "YTO", "YT9000000000011"), by=village.chen)
    assert await sql.rows("SELECT id FROM consignment") == []
    await packing.pack(PackIn(order_id, 900, "YTO", "YT9000000000011", sure=True), by=village.chen)


async def test_live_animals_are_not_packed(village: Village) -> None:
    order_id = await ordered(village, await eggs_on_offer(village, kind="live"))
    with pytest.raises(Refusal, match="not_by_express"):
        await packing.pack(PackIn(order_id, 2150, "YTO", "YT9000000000011"), by=village.chen)


async def test_a_waybill_is_on_one_parcel_only(village: Village) -> None:
    listing = await eggs_on_offer(village)
    first, second = await ordered(village, listing), await ordered(village, listing)
    await packing.pack(PackIn(first, 2150, "YTO", "YT9000000000011"), by=village.chen)
    with pytest.raises(Refusal, match="waybill_taken"):
        await packing.pack(PackIn(second, 2150, "YTO", "YT9000000000011"), by=village.chen)
    assert (await order_book.one(village.id, second))["state"] == "confirmed"


async def test_without_numbers_in_the_pool_nothing_is_packed(village: Village) -> None:
    order_id = await ordered(village, await eggs_on_offer(village))
    with pytest.raises(Refusal, match="pool_empty"):
        await packing.pack(PackIn(order_id, 2150, "YTO"), by=village.chen)
    assert (await order_book.one(village.id, order_id))["state"] == "confirmed"


async def test_the_pick_list_says_how_much_of_which_lot(village: Village) -> None:
    listing = await eggs_on_offer(village)
    for qty in (1, 2):
        await ordered(village, listing, qty)
    (row,) = packing.pick_list(await packing.to_pack(village.id))
    assert (row["product"], row["units"], row["unit"]) == ("土鸡蛋", 90, "枚")


async def test_orders_alike_are_packed_in_one_go(village: Village) -> None:
    listing = await eggs_on_offer(village)
    alike = [await ordered(village, listing) for _ in range(3)]
    other = await ordered(village, listing, 2)
    await number_pool.fill("YTO", number_pool.numbers("YT9000000000011…YT9000000000020"), by=village.wang)
    entry = next(one for one in await packing.to_pack(village.id) if one.order["id"] == alike[0])
    packed = await packing.pack_alike(entry.alike, 2150, "YTO", sure=False, by=village.chen)
    assert len(packed) == 3
    assert (await order_book.one(village.id, other))["state"] == "confirmed"


async def test_a_parcel_called_back_frees_its_order_to_be_packed_anew(village: Village) -> None:
    order_id = await ordered(village, await eggs_on_offer(village))
    packed = await packing.pack(PackIn(order_id, 2150, "YTO", "YT9000000000011"), by=village.chen)
    await consignments.cancel(packed, "盒子破了", by=village.chen)
    assert (await order_book.one(village.id, order_id))["state"] == "confirmed"
    with pytest.raises(Refusal, match="consignment_gone"):
        await consignments.cancel(packed, "盒子破了", by=village.chen)
    again = await packing.pack(PackIn(order_id, 2150, "YTO", "YT9000000000012"), by=village.chen)
    assert again != packed


async def test_the_photo_of_the_open_box_is_kept_with_the_parcel(
    browse: Browser, open_village: Village
) -> None:
    order_id = await ordered(open_village, await eggs_on_offer(open_village))
    chen = await browse(open_village.chen)
    sent = {"weight": "2.15", "carrier": "YTO", "waybill": "YT9000000000011"}
    no_picture = {"photo": ("box.jpg", b"no picture", "image/jpeg")}
    refused = await chen.post(f"/packing/{order_id}/boxes", data=sent, files=no_picture)
    assert refused.status_code == 422
    assert 'value="2.15"' in refused.text
    assert await sql.rows("SELECT id FROM consignment") == []
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    files = {"photo": ("box.png", picture.getvalue(), "image/png")}
    assert (await chen.post(f"/packing/{order_id}/boxes", data=sent, files=files)).status_code == 303
    (parcel,) = await sql.rows("SELECT photo FROM consignment")
    kept = await chen.get(f"/photos/{parcel['photo']}")
    assert (kept.status_code, kept.headers["content-type"]) == (200, "image/jpeg")
