"""Vans: which one takes what, and when the next one leaves."""

from datetime import UTC, datetime

import pytest

from couriers import vans
from station.db import sql
from station.errors import Refusal
from tests.village import Browser, Village, found_village

# 16:20 in the village.
AFTERNOON = datetime(2026, 11, 22, 8, 20, tzinfo=UTC)


async def test_a_van_takes_its_own_companies_and_one_without_any_takes_all(village: Village) -> None:
    await vans.put("县共配车", (), "17:00", by=village.wang)
    await vans.put("中通车", ("ZTO",), "9:30", by=village.wang)
    early, late = await vans.all(village.id)
    assert (early["leaves"], early["carriers"], late["carriers"]) == ("09:30", ("ZTO",), ())
    assert vans.takes(early, "ZTO")
    assert not vans.takes(early, "YTO")
    assert vans.takes(late, "YTO")


async def test_the_next_van_leaves_today_until_its_time_and_then_tomorrow(village: Village) -> None:
    await vans.put("县共配车", (), "17:00", by=village.wang)
    await vans.put("中通车", ("ZTO",), "09:30", by=village.wang)
    leaving = await vans.next_leaving(village.id, "ZTO", AFTERNOON)
    assert leaving is not None
    assert (leaving.van["name"], leaving.at) == ("县共配车", datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    evening = await vans.next_leaving(village.id, "ZTO", datetime(2026, 11, 22, 9, 1, tzinfo=UTC))
    assert evening is not None
    assert (evening.van["name"], evening.at) == ("中通车", datetime(2026, 11, 23, 1, 30, tzinfo=UTC))


async def test_no_van_takes_a_company_that_none_is_set_for(village: Village) -> None:
    await vans.put("中通车", ("ZTO",), "09:30", by=village.wang)
    assert await vans.next_leaving(village.id, "YTO", AFTERNOON) is None
    assert await vans.next_leaving(village.id, "", AFTERNOON) is not None


async def test_the_same_name_again_changes_the_van(village: Village) -> None:
    first = await vans.put("县共配车", (), "17:00", by=village.wang)
    again = await vans.put(" 县共配车 ", ("ZTO",), "16：30", by=village.wang)
    assert again == first
    (van,) = await vans.all(village.id)
    assert (van["leaves"], van["carriers"]) == ("16:30", ("ZTO",))


@pytest.mark.parametrize(
    ("name", "leaves", "code"), [("", "17:00", "van_needs_name"), ("车", "25:00", "van_time"), ("车", "bald", "van_time")]
)  # fmt: skip
async def test_a_van_needs_a_name_and_a_time(village: Village, name: str, leaves: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        await vans.put(name, (), leaves, by=village.wang)
    assert await vans.all(village.id) == []


async def test_a_retired_van_comes_no_more_and_comes_again_by_its_name(village: Village) -> None:
    van = await vans.put("县共配车", (), "17:00", by=village.wang)
    await vans.retire(van, by=village.wang)
    assert await vans.all(village.id) == []
    assert await vans.put("县共配车", (), "17:00", by=village.wang) == van
    assert len(await vans.all(village.id)) == 1


async def test_the_keeper_settles_vans_on_the_page(browse: Browser, open_village: Village) -> None:
    wang = await browse(open_village.wang)
    sent = {"name": "县共配车", "leaves": "17:00", "carrier": ["ZTO", "YTO"]}
    assert (await wang.post("/vans", data=sent)).status_code == 303
    (van,) = await vans.all(open_village.id)
    assert van["carriers"] == ("ZTO", "YTO")
    assert "县共配车" in (await wang.get("/vans")).text
    wrong = await wang.post("/vans", data={**sent, "leaves": "five"})
    assert wrong.status_code == 422
    assert 'value="five"' in wrong.text
    await wang.post(f"/vans/{van['id']}/removals")
    assert await vans.all(open_village.id) == []
    chen = await browse(open_village.chen)
    assert (await chen.post("/vans", data=sent)).status_code == 403


async def test_another_station_s_van_cannot_be_retired(village: Village) -> None:
    other = await found_village("lucun", "芦村驿站")
    van = await vans.put("县共配车", (), "17:00", by=other.wang)
    with pytest.raises(Refusal, match="no_van"):
        await vans.retire(van, by=village.wang)
    (row,) = await sql.rows("SELECT active FROM van WHERE id = ?", van)
    assert row["active"]
