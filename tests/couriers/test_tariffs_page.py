"""The keeper's prices on screen: entered, tried out, ended, and the numbers in stock."""

import pytest

from couriers import number_pool, tariff_book
from station.db import sql
from station.errors import told
from tests.couriers.test_number_pool import pool, take
from tests.couriers.test_tariff_book import terms
from tests.village import Browser, Village

ENGLISH = {"accept-language": "en"}


async def test_a_station_without_prices_takes_the_samples_and_sees_them(
    browse: Browser, open_village: Village
) -> None:
    wang = await browse(open_village.wang)
    assert 'action="/tariffs/samples"' in (await wang.get("/tariffs")).text
    for _ in range(2):
        answer = await wang.post("/tariffs/samples")
        assert (answer.status_code, answer.headers["location"]) == (303, "/tariffs")
    page = (await wang.get("/tariffs")).text
    assert 'action="/tariffs/samples"' not in page
    assert page.count('<th scope="row">') == len(await tariff_book.all(open_village.id)) == 4
    assert page.count('data-state="refuse"') == 0


async def test_prices_are_entered_as_toml_and_ended(browse: Browser, open_village: Village) -> None:
    wang = await browse(open_village.wang)
    toml = """carrier = "ZTO"
name = "中通合同价"
zones = [{ name = "全国", provinces = ["*"], first_fen = 400, further_fen = 100 }]"""
    sent = await wang.post(
        "/tariffs", data={"terms": toml, "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    )
    assert sent.status_code == 303
    page = (await wang.get("/tariffs")).text
    assert all(shown in page for shown in ("中通合同价", "2099 年 12 月 31 日"))
    (row,) = await tariff_book.all(open_village.id)
    assert (await wang.post(f"/tariffs/{row['id']}/endings")).status_code == 303
    assert (await wang.post(f"/tariffs/{row['id']}/endings")).status_code == 409
    (row,) = await tariff_book.all(open_village.id)
    assert (row["ended"], row["counts"]) == (True, False)
    assert (await wang.post("/tariffs/999999/endings")).status_code in (404, 409)


@pytest.mark.parametrize(
    ("sent", "code", "facts"),
    [
        ({"terms": "首重四元"}, "tariff_unreadable", {}),
        ({"terms": terms(zones=[])}, "tariff_field_wrong", {"field": "zones", "value": "[]"}),
        ({"terms": terms(), "valid_until": "2020-01-01"}, "tariff_days_reversed", {}),
        ({"terms": terms(), "valid_from": "2026-02-30"}, "tariff_day", {"day": "2026-02-30"}),
        ({"terms": terms(carrier="飞毛腿")}, "tariff_carrier_unknown", {"carrier": "飞毛腿"}),
    ],
)
async def test_prices_that_cannot_be_used_are_told_and_stay_typed(
    browse: Browser, open_village: Village, sent: dict[str, str], code: str, facts: dict[str, str]
) -> None:
    wang = await browse(open_village.wang)
    page = await wang.post("/tariffs", data=sent, headers=ENGLISH)
    assert page.status_code == 422
    assert told()[code][1].format(**facts).replace("'", "&#39;") in page.text
    assert sent["terms"].replace('"', "&#34;") in page.text
    assert sent.get("valid_from", "") in page.text
    assert await tariff_book.all(open_village.id) == []


async def test_too_long_terms_are_refused_beside_their_field(browse: Browser, open_village: Village) -> None:
    page = await (await browse(open_village.wang)).post("/tariffs", data={"terms": "x" * 40_001})
    assert (page.status_code, 'aria-invalid="true"' in page.text) == (422, True)


async def test_a_price_is_tried_out_and_says_why_somebody_does_not_take_it(
    browse: Browser, open_village: Village
) -> None:
    wang = await browse(open_village.wang)
    await wang.post("/tariffs/samples")
    page = (await wang.get("/tariffs", params={"weight": "1.84", "province": "湖南"})).text
    assert page.index("¥4.30") < page.index("¥4.60")
    assert "<option selected>湖南</option>" in page
    far = await wang.get("/tariffs", params={"weight": "1.84", "province": "台湾"}, headers=ENGLISH)
    assert "Does not deliver to 台湾." in far.text
    heavy = await wang.get("/tariffs", params={"weight": "60", "province": "湖南"}, headers=ENGLISH)
    assert "this parcel counts as 60 kg" in heavy.text


@pytest.mark.parametrize("weight", ["viel", "0", "-1", "1001", "1e99", "9" * 20])
async def test_a_weight_nobody_can_read_is_said_beside_it(
    browse: Browser, open_village: Village, weight: str
) -> None:
    wang = await browse(open_village.wang)
    page = await wang.get("/tariffs", params={"weight": weight, "province": "湖南"})
    assert (page.status_code, 'aria-invalid="true"' in page.text) == (200, True)


async def test_nothing_is_compared_where_nobody_has_prices_or_no_such_province_is(
    browse: Browser, open_village: Village
) -> None:
    wang = await browse(open_village.wang)
    asked = {"weight": "1", "province": "火星"}
    assert 'data-state="ask"' in (await wang.get("/tariffs", params=asked)).text
    await wang.post("/tariffs/samples")
    page = await wang.get("/tariffs", params=asked, headers=ENGLISH)
    assert page.text.count("The province of the address is not known yet.") == 4


async def test_numbers_are_put_in_stock_and_a_low_stock_is_orange(
    browse: Browser, open_village: Village
) -> None:
    wang = await browse(open_village.wang)
    sent = {"carrier": "YTO", "numbers": "YT8800000000001…YT8800000000020"}
    answer = await wang.post("/tariffs/numbers", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tariffs?added=20#numbers")
    page = (await wang.get("/tariffs?added=20", headers=ENGLISH)).text
    assert "20 numbers are new." in page
    assert '<b class="num">20</b>' in page
    assert 'class="warn"' not in page
    await take("YTO", by=open_village.chen)
    page = (await wang.get("/tariffs")).text
    assert ('<b class="num">19</b>' in page, 'class="warn"' in page) == (True, True)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"carrier": "YTO", "numbers": "圆通的单号"}, "pool_unclear"),
        ({"carrier": "YTO", "numbers": ""}, "pool_nothing"),
        ({"carrier": "?", "numbers": pool(1, 1)[0]}, "pool_no_carrier"),
        ({"carrier": "ZTO", "numbers": "YT8800000000001"}, "pool_other_carrier"),
        ({"carrier": "YTO", "numbers": "YT8800000000001…YT9900000000001"}, "pool_too_many"),
    ],
)
async def test_numbers_that_are_none_are_told_and_stay_typed(
    browse: Browser, open_village: Village, sent: dict[str, str], code: str
) -> None:
    page = await (await browse(open_village.wang)).post("/tariffs/numbers", data=sent, headers=ENGLISH)
    assert page.status_code == told()[code][0] == 422
    assert told()[code][1].split("{")[0].split("“")[0] in page.text
    assert f">{sent['numbers']}</textarea>" in page.text
    assert await number_pool.left(open_village.id) == []


async def test_too_much_text_for_numbers_is_refused(browse: Browser, open_village: Village) -> None:
    sent = {"carrier": "YTO", "numbers": "1" * 500_001}
    page = await (await browse(open_village.wang)).post("/tariffs/numbers", data=sent)
    assert (page.status_code, 'data-state="refuse"' in page.text) == (422, True)


@pytest.mark.parametrize("login", ["chen", "liu", "zhao"])
async def test_only_the_keeper_sees_and_changes_prices(
    browse: Browser, open_village: Village, login: str
) -> None:
    other = await browse(getattr(open_village, login))
    assert (await other.get("/tariffs")).status_code == 403
    for address in ("/tariffs", "/tariffs/samples", "/tariffs/numbers", "/tariffs/1/endings"):
        assert (await other.post(address, data={"terms": terms()})).status_code == 403
    assert await sql.rows("SELECT id FROM tariff") == []
