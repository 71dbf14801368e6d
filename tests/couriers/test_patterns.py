"""The station's own rules for numbers, which change faster than programs."""

from collections.abc import AsyncIterator

import pytest

from couriers import patterns
from station import audit
from station.errors import Refusal
from tests.village import Browser, Village, found_village

AMBIGUOUS, GRANDMA = "123456789012", "13900007396"


async def forget_all(village: Village) -> None:
    for rule in await patterns.listed(village.id):
        await patterns.remove(rule["id"], by=village.wang)


@pytest.fixture
async def taught(village: Village) -> AsyncIterator[Village]:
    """Numbers of twelve characters that begin with 1234 are ANE's here."""
    await patterns.add(" 1234 ", 12, "安能", by=village.wang)
    yield village
    # A process believes its copy for a minute: the next test's station has the same id.
    await forget_all(village)


async def test_the_stations_rule_decides(taught: Village) -> None:
    answer = await taught.arrive(AMBIGUOUS, GRANDMA)
    assert (answer["status"], answer["parcel"]["carrier"]) == ("ok", "ANE")
    other = await taught.arrive("223456789012", GRANDMA)
    assert other["parcel"]["carrier"] is None


async def test_another_station_has_rules_of_its_own(taught: Village) -> None:
    elsewhere = await found_village("other", "他村驿站")
    assert (await elsewhere.arrive(AMBIGUOUS, GRANDMA))["status"] == "needs_you"
    (rule,) = await patterns.listed(taught.id)
    with pytest.raises(Refusal, match="no_pattern"):
        await patterns.remove(rule["id"], by=elsewhere.wang)
    assert await patterns.listed(taught.id) == [rule]


async def test_the_longest_beginning_wins_and_a_rule_again_replaces_itself(taught: Village) -> None:
    await patterns.add("12", 12, "SF", by=taught.wang)
    assert (await taught.arrive(AMBIGUOUS, GRANDMA))["parcel"]["carrier"] == "ANE"
    await patterns.add("1234", 12, "优速", by=taught.wang)
    assert len(await patterns.listed(taught.id)) == 2
    assert (await taught.arrive("123456789013", GRANDMA))["parcel"]["carrier"] == "UC"


async def test_a_forgotten_rule_decides_nothing_any_more(taught: Village) -> None:
    (rule,) = await patterns.listed(taught.id)
    await patterns.remove(rule["id"], by=taught.wang)
    assert (await taught.arrive(AMBIGUOUS, GRANDMA))["status"] == "needs_you"
    acts = [told.act for told in await audit.story(taught.id, "pattern", rule["id"])]
    assert acts == ["pattern_added", "pattern_removed"]
    with pytest.raises(Refusal, match="no_pattern"):
        await patterns.remove(rule["id"], by=taught.wang)


@pytest.mark.parametrize(
    ("prefix", "length", "carrier"),
    [
        ("", 12, "SF"),
        ("1-2", 12, "SF"),
        ("一二", 12, "SF"),
        ("1" * 11, 12, "SF"),
        ("1", 7, "SF"),
        ("1", 21, "SF"),
        ("1", 12, "?"),
    ],
)
async def test_a_rule_that_is_none_is_refused(
    village: Village, prefix: str, length: int, carrier: str
) -> None:
    with pytest.raises(Refusal, match="pattern_bad"):
        await patterns.add(prefix, length, carrier, by=village.wang)
    assert await patterns.listed(village.id) == []


async def test_the_keeper_teaches_and_forgets_on_the_page(browse: Browser, open_village: Village) -> None:
    wang = await browse(open_village.wang)
    try:
        added = await wang.post("/waybill-rules", data={"prefix": "99x", "length": "12", "carrier": "SF"})
        assert (added.status_code, added.headers["location"]) == (303, "/waybill-rules")
        assert "99X…" in (await wang.get("/waybill-rules")).text
        bad = await wang.post("/waybill-rules", data={"prefix": "?", "length": "12", "carrier": "SF"})
        assert (bad.status_code, 'data-state="refuse"' in bad.text) == (422, True)
        assert ('value="?"' in bad.text, 'value="12"' in bad.text) == (True, True)
        (rule,) = await patterns.listed(open_village.id)
        await wang.post(f"/waybill-rules/{rule['id']}/removals")
        assert "99X…" not in (await wang.get("/waybill-rules")).text
    finally:
        await forget_all(open_village)
    assert (await (await browse(open_village.chen)).get("/waybill-rules")).status_code == 403
