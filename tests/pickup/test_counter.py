"""Finding at the counter: the right household, and never a stranger's parcel."""

from datetime import timedelta

import pytest

from pickup import counter, relocation
from pickup.codes import is_sound
from pickup.collection import HandOut, collect
from pickup.counter import Found, Way
from pickup.models import Collector
from pickup.typed import may_be, understand
from station import clock, i18n
from station.db import sql
from station.errors import Refusal
from station.labels import sticker_code
from tests.village import Village, found_village

MEI, JUN, STRANGER = "13912341907", "13800005530", "13777771907"


async def find(village: Village, text: str) -> Found:
    return await counter.find(village.id, text)


def waybills(found: Found) -> list[list[str]]:
    return [[parcel["waybill"] for parcel in household.parcels] for household in found.households]


@pytest.fixture
async def full(village: Village) -> Village:
    """王小梅 waits for two parcels, 李军 for one, and a stranger's phone ends like hers."""
    await village.arrive("YT1000000000001", MEI, name="王小梅")
    await village.arrive("YT1000000000002", MEI, name="王小梅")
    await village.arrive("YT1000000000003", JUN, name="李军")
    await village.arrive("YT1000000000004", STRANGER, name="赵芬")
    return village


async def code_of(village: Village, waybill: str) -> str:
    row = await sql.one("SELECT code FROM parcel WHERE station_id = ? AND waybill = ?", village.id, waybill)
    assert row is not None
    return str(row["code"])


@pytest.mark.parametrize("shape", ["{}", "3-2-{}", " {} ", "3—2—{}"])
async def test_a_code_finds_everything_of_its_household_however_it_is_typed(
    full: Village, shape: str
) -> None:
    code = await code_of(full, "YT1000000000002")
    found = await find(full, shape.format(code))
    assert waybills(found) == [["YT1000000000001", "YT1000000000002"]]
    (household,) = found.households
    assert household.way is Way.CODE
    assert household.first["waybill"] == "YT1000000000002"
    assert household.first["code_shown"].endswith(code)


async def test_a_code_in_full_width_digits_is_the_same_code(full: Village) -> None:
    code = await code_of(full, "YT1000000000003")
    wide = code.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    assert waybills(await find(full, wide)) == [["YT1000000000003"]]


async def test_no_code_with_one_wrong_digit_finds_anything(full: Village) -> None:
    code = await code_of(full, "YT1000000000001")
    for place in range(5):
        for digit in "0123456789":
            wrong = code[:place] + digit + code[place + 1 :]
            if wrong == code:
                continue
            with pytest.raises(Refusal) as refused:
                await find(full, wrong)
            assert refused.value.code == "code_check_digit"


async def test_a_sound_code_that_nobody_waits_with_says_so(full: Village) -> None:
    taken = {row["code"] for row in await sql.rows("SELECT code FROM parcel")}
    free = next(code for code in ("00000", "11111", "22222", "10009") if code not in taken and is_sound(code))
    with pytest.raises(Refusal) as refused:
        await find(full, free)
    assert refused.value.code == "nobody_waits"


async def test_five_digits_are_never_a_waybills_tail(village: Village) -> None:
    await village.arrive("YT1000000012346", MEI)
    with pytest.raises(Refusal):
        await find(village, "12346")


@pytest.mark.parametrize("text", ["YT1000000000003", "yt1000000000003", "0003", "000000003"])
async def test_a_waybill_is_found_whole_and_by_its_tail(full: Village, text: str) -> None:
    assert waybills(await find(full, text)) == [["YT1000000000003"]]


async def test_a_phone_tail_shows_both_households_that_have_it(full: Village) -> None:
    found = await find(full, "1907")
    assert sorted(waybills(found)) == [["YT1000000000001", "YT1000000000002"], ["YT1000000000004"]]
    assert {household.way for household in found.households} == {Way.PHONE_TAIL}


async def test_four_digits_mean_the_phone_before_the_waybill(full: Village) -> None:
    await full.arrive("YT1000000001907", JUN, name="李军")
    found = await find(full, "1907")
    assert [household.way for household in found.households] == [
        Way.PHONE_TAIL,
        Way.PHONE_TAIL,
        Way.WAYBILL_TAIL,
    ]
    last = found.households[-1]
    assert last.first["waybill"] == "YT1000000001907"
    assert len(last.parcels) == 2, "李军's other parcel comes along"


@pytest.mark.parametrize("text", [MEI, f"+86{MEI}", "139-1234-1907", "139 1234 1907"])
async def test_a_whole_phone_finds_its_household_alone(full: Village, text: str) -> None:
    assert waybills(await find(full, text)) == [["YT1000000000001", "YT1000000000002"]]


@pytest.mark.parametrize("text", ["王小梅", "小梅", "王*梅", "wxm", "WX", "wang xiaom"])
async def test_a_name_or_its_initials_find_the_household(full: Village, text: str) -> None:
    assert waybills(await find(full, text)) == [["YT1000000000001", "YT1000000000002"]]


async def test_a_name_that_the_label_hides_is_found_by_the_whole_name(village: Village) -> None:
    await village.arrive("YT1000000000001", "138****0152", name="向*兰")
    assert waybills(await find(village, "向桂兰")) == [["YT1000000000001"]]
    assert waybills(await find(village, "向桂花")) == []


async def test_the_sticker_finds_its_parcel(full: Village) -> None:
    row = await sql.one("SELECT id FROM parcel WHERE waybill = 'YT1000000000003'")
    assert row is not None
    assert waybills(await find(full, sticker_code(row["id"]))) == [["YT1000000000003"]]


async def test_people_without_a_phone_stay_apart(village: Village) -> None:
    await village.arrive("YT1000000000001", None, name="李奶奶")
    await village.arrive("YT1000000000002", None, name="李奶奶")
    assert sorted(waybills(await find(village, "李奶奶"))) == [["YT1000000000001"], ["YT1000000000002"]]


async def test_parcels_are_listed_in_walking_order(full: Village) -> None:
    await stand_in(full, "YT1000000000001", "3-1-2")
    await stand_in(full, "YT1000000000002", "2-4-6")
    assert waybills(await find(full, MEI)) == [["YT1000000000002", "YT1000000000001"]]


async def stand_in(village: Village, waybill: str, label: str) -> None:
    row = await sql.one("SELECT id FROM parcel WHERE waybill = ?", waybill)
    assert row is not None
    await relocation.move(row["id"], label, by=village.chen)


async def test_asking_again_for_what_was_taken_says_who_has_it(full: Village) -> None:
    code = await code_of(full, "YT1000000000003")
    (household,) = (await find(full, code)).households
    with clock.later(minutes=1):
        proxy = HandOut("s1", (household.first["id"],), Collector.PROXY, "覃小波", "grandchild")
        await collect(proxy, by=full.chen)
    for text in (code, "YT1000000000003"):
        with pytest.raises(Refusal) as refused, i18n.speaking("en"):
            await find(full, text)
        assert refused.value.code == "already_collected"
        assert refused.value.facts["collector"] == "grandchild 覃*波"
        assert "覃小波" not in str(refused.value.facts)
    with clock.later(days=40), pytest.raises(Refusal) as refused:
        await find(full, code)
    assert refused.value.code == "nobody_waits", "after weeks the same code may be somebody else's"


async def test_a_courier_finds_their_own_companys_parcels_only(full: Village) -> None:
    await full.arrive("773012345678901", MEI, name="王小梅", carrier="STO")
    found = await counter.find(full.id, MEI, carrier="YTO")
    assert waybills(found) == [["YT1000000000001", "YT1000000000002"]]
    assert not (await counter.find(full.id, "8901", carrier="YTO")).households


async def test_another_stations_parcels_are_never_found(full: Village) -> None:
    other = await found_village("other", "他村驿站")
    code = await code_of(full, "YT1000000000001")
    assert not (await find(other, "1907")).households
    assert not (await find(other, "YT1000000000001")).households
    with pytest.raises(Refusal) as refused:
        await find(other, code)
    assert refused.value.code == "nobody_waits"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "asked_too_little"),
        ("", "asked_too_little"),
        ("12 3", "asked_too_little"),
        ("7" * 300, "asked_too_long"),
    ],
)
async def test_too_little_and_too_much_are_said(village: Village, text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        await find(village, text)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["%", "_", "!%", "**", "*", "'; DROP TABLE parcel; --", "王%"])
async def test_signs_of_sql_are_only_signs(full: Village, text: str) -> None:
    await find(full, text)
    assert waybills(await find(full, "李军")) == [["YT1000000000003"]]


async def test_a_screen_shows_twenty_households_and_says_there_are_more(village: Village) -> None:
    for number in range(23):
        await village.arrive(f"YT10000000010{number:02d}", f"138000011{number:02d}", name=f"王{number}")
    found = await find(village, "王")
    assert len(found.households) == counter.MOST_HOUSEHOLDS
    assert found.more


async def test_parcels_found_long_ago_still_wait(full: Village) -> None:
    with clock.at(clock.now() + timedelta(days=30)):
        assert waybills(await find(full, "李军")) == [["YT1000000000003"]]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("text", ["48215", "1907", "YT1000000000003", "王小梅", "wxm", "13912341907"])
async def test_finding_reads_waiting_parcels_and_not_their_history(village: Village, text: str) -> None:
    condition, args = counter._condition(understand(text))
    plan = await sql.rows(
        "EXPLAIN QUERY PLAN SELECT p.id FROM parcel p JOIN recipient r ON r.id = p.recipient_id"
        f" WHERE p.station_id = ? AND p.state = 'waiting' AND ({condition}) ORDER BY p.arrived_at DESC LIMIT 200",
        village.id,
        *args,
    )
    steps = [row["detail"] for row in plan if " p " in f"{row['detail']} "]
    assert steps
    assert all("parcel_waiting" in step or "parcel_live" in step for step in steps), steps


@pytest.mark.parametrize(
    ("printed", "wanted", "same"),
    [
        ("王小梅", "小梅", True),
        ("王*梅", "王小梅", True),
        ("王**", "王小梅", True),
        ("王小梅", "王*", True),
        ("王*梅", "李小梅", False),
        ("王*梅", "王梅", False),
    ],
)
def test_a_star_hides_at_least_one_character(printed: str, wanted: str, same: bool) -> None:
    assert may_be(printed, wanted) is same


def test_a_cartons_own_number_is_read_as_its_waybill() -> None:
    assert understand("JDVA00123456789-2-3-").waybill == "JDVA00123456789"
