"""Agreements: one holds on each day, a new one ends the old, and nothing is settled twice."""

from datetime import date

import pytest

from station import agreements, products
from station.agreements import AgreementIn
from station.errors import Refusal
from station.sharing import Terms
from tests.station.produce_goods import eggs, zheng
from tests.village import Browser, Village, found_village

NINE_TO_ONE = Terms(commission_bp=800, shares=(("household", 9), ("station", 1)))
EIGHT = Terms(commission_bp=800)


def deal(home: int, product: int | None, start: str, end: str = "", terms: Terms = EIGHT) -> AgreementIn:
    return AgreementIn(home, product, start, end, terms)


async def test_without_an_agreement_the_household_gets_everything(village: Village) -> None:
    home, product = await zheng(by=village.wang), await eggs(by=village.wang)
    assert await agreements.terms_for(village.id, home, product, "2026-11-21") == Terms()


async def test_a_new_agreement_ends_the_old_the_day_before_and_history_stays(village: Village) -> None:
    home, product = await zheng(by=village.wang), await eggs(by=village.wang)
    old = await agreements.agree(deal(home, product, "2026-01-01"), by=village.wang)
    await agreements.agree(deal(home, product, "2026-11-21", terms=NINE_TO_ONE), by=village.wang)
    assert await agreements.terms_for(village.id, home, product, date(2026, 11, 20)) == EIGHT
    assert await agreements.terms_for(village.id, home, product, date(2026, 11, 21)) == NINE_TO_ONE
    assert await agreements.terms_for(village.id, home, product, date(2025, 12, 31)) == Terms()
    ends = {each["id"]: each["valid_until"] for each in await agreements.listed(village.id, home)}
    assert len(ends) == 2
    assert ends[old] == "2026-11-20"


async def test_what_is_agreed_for_a_product_goes_before_what_is_agreed_for_all(village: Village) -> None:
    home, product = await zheng(by=village.wang), await eggs(by=village.wang)
    other = await products.add("腊肉", "vacuum", "斤", "", by=village.wang)
    await agreements.agree(deal(home, None, "2026-01-01"), by=village.wang)
    await agreements.agree(deal(home, product, "2025-01-01", terms=NINE_TO_ONE), by=village.wang)
    assert await agreements.terms_for(village.id, home, product, "2026-05-05") == NINE_TO_ONE
    assert await agreements.terms_for(village.id, home, other, "2026-05-05") == EIGHT
    assert await agreements.terms_for(village.id, home, None, "2026-05-05") == EIGHT


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-01", "2026-03-31"),
        ("2026-02-01", "2026-03-10"),
        ("2026-03-31", ""),
        ("2026-03-10", "2026-03-12"),
        ("2026-01-01", ""),
    ],
)
async def test_days_that_are_settled_are_not_settled_otherwise(
    village: Village, start: str, end: str
) -> None:
    home = await zheng(by=village.wang)
    await agreements.agree(deal(home, None, "2026-03-01", "2026-03-31"), by=village.wang)
    with pytest.raises(Refusal) as refused:
        await agreements.agree(deal(home, None, start, end), by=village.wang)
    assert refused.value.code == "agreement_overlaps"
    assert (refused.value.facts["start"], refused.value.facts["end"]) == ("2026-03-01", "2026-03-31")
    assert len(await agreements.listed(village.id)) == 1


async def test_an_agreement_may_fill_the_days_beside_another(village: Village) -> None:
    home = await zheng(by=village.wang)
    await agreements.agree(deal(home, None, "2026-03-01", "2026-03-31"), by=village.wang)
    await agreements.agree(deal(home, None, "2026-02-01", "2026-02-28"), by=village.wang)
    await agreements.agree(deal(home, None, "2026-04-01"), by=village.wang)
    assert len(await agreements.listed(village.id)) == 3


async def test_ending_shortens_and_never_prolongs(village: Village) -> None:
    home = await zheng(by=village.wang)
    made = await agreements.agree(deal(home, None, "2026-03-01"), by=village.wang)
    await agreements.end(made, "2026-06-30", by=village.wang)
    assert await agreements.terms_for(village.id, home, None, "2026-07-01") == Terms()
    for last, code in (
        ("2026-12-31", "agreement_over"),
        ("2026-02-01", "agreement_dates"),
        ("soon", "agreement_dates"),
    ):
        with pytest.raises(Refusal) as refused:
            await agreements.end(made, last, by=village.wang)
        assert refused.value.code == code


async def test_another_station_neither_sees_nor_makes_agreements_here(village: Village) -> None:
    home = await zheng(by=village.wang)
    made = await agreements.agree(deal(home, None, "2026-03-01"), by=village.wang)
    there = await found_village("xiawan", "下湾驿站")
    assert await agreements.listed(there.id) == []
    for refused in (
        agreements.agree(deal(home, None, "2027-03-01"), by=there.wang),
        agreements.end(made, "2026-05-01", by=there.wang),
    ):
        with pytest.raises(Refusal):
            await refused
    assert await agreements.terms_for(village.id, home, None, "2026-07-01") == EIGHT


async def test_the_keeper_writes_nine_to_one_and_a_volunteer_does_not_see_it(
    browse: Browser, open_village: Village
) -> None:
    home, product = await zheng(by=open_village.wang), await eggs(by=open_village.wang)
    wang, chen = await browse(open_village.wang), await browse(open_village.chen)
    typed = {
        "household_id": str(home),
        "product_id": str(product),
        "valid_from": "2026-11-21",
        "commission": "8.5%",
        "packing": "2.50",
        "freight": "household",
        "share_household": "9",
        "share_station": "1",
        "note": "王梅和郑婆婆",
    }
    wrong = await wang.post("/agreements", data={**typed, "commission": "a lot", "packing": "?"})
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2
    assert "王梅和郑婆婆" in wrong.text
    assert (await wang.post("/agreements", data=typed)).status_code == 303
    terms = await agreements.terms_for(open_village.id, home, product, "2026-11-21")
    assert terms == Terms(
        commission_bp=850, packing_fen=250, freight="household", shares=(("household", 9), ("station", 1))
    )
    again = await wang.post("/agreements", data=typed)
    assert again.status_code == 409
    assert "2026-11-21" in again.text
    page = (await wang.get("/agreements", headers={"accept-language": "en"})).text
    assert "the household 9 : the station 1" in page
    assert (await chen.get("/agreements")).status_code == 403
    assert (await chen.post("/agreements", data=typed)).status_code == 403


async def test_the_keeper_adds_products_and_a_volunteer_reads_them(
    browse: Browser, open_village: Village
) -> None:
    wang, chen = await browse(open_village.wang), await browse(open_village.chen)
    new = {"name": "土鸡蛋", "kind": "eggs", "unit": "枚", "short": "蛋"}
    assert (await wang.post("/products", data=new)).status_code == 303
    again = await wang.post("/products", data=new)
    assert (again.status_code, 'aria-invalid="true"' in again.text) == (409, True)
    assert (await chen.post("/products", data={**new, "name": "鸭蛋"})).status_code == 403
    page = (await chen.get("/products")).text
    assert "土鸡蛋" in page
    assert '<form method="post" action="/products' not in page
    assert [each["short"] for each in await products.all(open_village.id)] == ["蛋"]
