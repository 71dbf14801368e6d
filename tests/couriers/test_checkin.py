"""A scan becomes a parcel with a slot, a code and a message, or the answer that it has them already."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from couriers import checkin, manifests
from couriers.checkin import Answer, ScanIn
from pickup import codes
from station import audit, clock, racks, stations
from station.actor import Actor
from station.db import Database, act, sql
from station.errors import Refusal
from station.models import Size
from tests.village import Village, found_village

YTO, OTHER = "YT4902191309648", "YT4168021422322"
GRANDMA = "13900007396"
AMBIGUOUS = "123456789012"  # SF, ANE and UC all print twelve digits
POST = "9712345678901"
NOBODYS = "XQ12345678"  # well formed, but no company is known to print it


async def count(table: str) -> int:
    row = await sql.one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


async def everything() -> dict[str, int]:
    tables = ("parcel", "scan", "recipient", "notice", "message", "audit_line", "day_stat")
    return {table: await count(table) for table in tables}


async def announced(village: Village, *rows: Mapping[str, object], carrier: str | None = "YTO") -> int:
    receipt = await manifests.receive_rows(rows, "today", carrier, by=village.liu)
    return receipt.id


async def scan(village: Village, scanned: str, **more: object) -> Answer:
    village.scans += 1
    return await checkin.check_in(ScanIn(f"s{village.scans}", scanned, **more), by=village.chen)  # type: ignore[arg-type]


async def test_a_scan_becomes_a_parcel_with_slot_code_and_message(village: Village) -> None:
    answer = await village.arrive(YTO, GRANDMA, name="瞿冬伢")
    parcel = answer["parcel"]
    assert (answer["status"], parcel["state"], parcel["carrier"]) == ("ok", "waiting", "YTO")
    assert (parcel["slot"], parcel["recipient"], parcel["phone"]) == ("1-1-1", "瞿冬伢", "****7396")
    assert codes.is_sound(parcel["code"])
    assert parcel["code_shown"] == f"1-1-{parcel['code']}"
    (message,) = await sql.rows("SELECT phone, state, text FROM message")
    assert (message["phone"], message["state"]) == (GRANDMA, "queued")
    assert parcel["code_shown"] in message["text"]
    (told,) = await audit.story(village.id, "parcel", parcel["id"])
    assert (told.act, told.who, told.facts["slot"]) == ("checked_in", "陈国", "1-1-1")
    (slot,) = await sql.rows("SELECT label, used FROM slot WHERE used > 0")
    assert slot == {"label": "1-1-1", "used": 1}
    (day,) = await sql.rows("SELECT checked_in FROM day_stat")
    assert day["checked_in"] == 1


async def test_a_second_scan_of_a_waiting_parcel_is_already_here(village: Village) -> None:
    first = await village.arrive(YTO, GRANDMA)
    before = await everything()
    again = await village.arrive(YTO, "13777770000", name="someone else")
    assert again["status"] == "already_here"
    assert (again["parcel"]["slot"], again["parcel"]["code"]) == (
        first["parcel"]["slot"],
        first["parcel"]["code"],
    )
    assert await everything() == {**before, "scan": 2, "audit_line": before["audit_line"] + 1}


async def test_the_same_scan_id_gets_the_same_answer(village: Village) -> None:
    one = ScanIn("from-the-browser", YTO, phone=GRANDMA)
    first = await checkin.check_in(one, by=village.chen)
    before = await everything()
    assert json.dumps(await checkin.check_in(one, by=village.chen)) == json.dumps(first)
    other = await checkin.check_in(ScanIn("from-the-browser", OTHER), by=village.chen)
    assert other == first, "an id names one scan, whatever comes with it later"
    assert await everything() == before


async def test_two_desks_with_one_parcel_at_once_take_it_in_once(village: Village) -> None:
    desks = [
        checkin.check_in(ScanIn(f"desk-{n}", YTO, phone=GRANDMA), by=by)
        for n, by in enumerate((village.chen, village.li) * 2)
    ]
    answers = await asyncio.gather(*desks)
    assert sorted(answer["status"] for answer in answers) == ["already_here"] * 3 + ["ok"]
    assert len({answer["parcel"]["id"] for answer in answers}) == 1
    assert (await count("parcel"), await count("message"), await count("scan")) == (1, 1, 4)


async def test_one_scan_sent_several_times_at_once_is_one(village: Village) -> None:
    one = ScanIn("impatient", YTO, phone=GRANDMA)
    answers = await asyncio.gather(*[checkin.check_in(one, by=village.chen) for _ in range(5)])
    assert all(answer == answers[0] for answer in answers)
    assert (await count("parcel"), await count("scan")) == (1, 1)


async def test_the_cartons_of_one_jd_number_are_parcels_of_their_own(village: Village) -> None:
    one = await village.arrive("JDVA00123456789-1-2-", GRANDMA)
    two = await village.arrive("JDVA00123456789-2-2-", GRANDMA)
    assert [answer["parcel"]["piece"] for answer in (one, two)] == [
        {"no": 1, "count": 2},
        {"no": 2, "count": 2},
    ]
    assert one["parcel"]["code"] != two["parcel"]["code"]
    again = await village.arrive("JDVA00123456789-2-2-", GRANDMA)
    assert (again["status"], again["parcel"]["id"]) == ("already_here", two["parcel"]["id"])


async def test_what_was_announced_arrives_with_the_scan(village: Village) -> None:
    row = {
        "waybill": YTO,
        "name": "瞿冬伢",
        "phone": GRANDMA,
        "cod": "128.00",
        "collect": "5.5",
        "weight": "1.2",
        "note": "易碎 轻放",
    }
    manifest = await announced(village, row)
    parcel = (await scan(village, YTO))["parcel"]
    assert (parcel["recipient"], parcel["phone"], parcel["announced"]) == ("瞿冬伢", "****7396", True)
    assert (parcel["cod_fen"], parcel["collect_fen"], parcel["due_fen"]) == (12800, 550, 13350)
    assert parcel["flags"] == ["fragile"]
    (line,) = await sql.rows("SELECT parcel_id FROM manifest_line WHERE kind = 'accepted'")
    assert line["parcel_id"] == parcel["id"]
    (row_,) = await sql.rows("SELECT scanned FROM manifest WHERE id = ?", manifest)
    assert row_["scanned"] == 1
    (stored,) = await sql.rows("SELECT weight_g FROM parcel")
    assert stored["weight_g"] == 1200


async def test_an_unreadable_amount_is_unknown_and_not_nothing(village: Village) -> None:
    await announced(village, {"waybill": YTO, "name": "瞿冬伢", "phone": GRANDMA, "cod": "一百二"})
    parcel = (await scan(village, YTO))["parcel"]
    assert (parcel["cod_fen"], parcel["due_fen"]) == (None, None)


async def test_the_desks_own_words_win_over_the_list(village: Village) -> None:
    await announced(village, {"waybill": YTO, "name": "瞿冬伢", "phone": GRANDMA})
    parcel = (await scan(village, YTO, phone="13800000152", name=" 覃\x00小波 \ud800"))["parcel"]
    assert (parcel["recipient"], parcel["phone"]) == ("覃小波", "****0152")


async def test_numbers_of_several_companies_ask_which_it_is(village: Village) -> None:
    answer = await village.arrive(AMBIGUOUS, GRANDMA)
    assert answer["status"] == "needs_you"
    assert answer["parcel"]["carrier"] is None
    assert answer["parcel"]["slot"]
    (need,) = answer["needs"]
    assert need["kind"] == "carrier"
    assert [choice["carrier"] for choice in need["choices"]] == ["SF", "ANE", "UC"]


async def test_an_unknown_number_asks_among_all_companies(village: Village) -> None:
    answer = await village.arrive(NOBODYS, GRANDMA)
    (need,) = answer["needs"]
    assert {"YTO", "SF", "JTSD", "EMS"} <= {choice["carrier"] for choice in need["choices"]}


async def test_no_phone_asks_whose_it_is(village: Village) -> None:
    answer = await village.arrive(YTO, None)
    assert [need["kind"] for need in answer["needs"]] == ["recipient"]
    assert await count("message") == 0
    both = await village.arrive(AMBIGUOUS, None)
    assert [need["kind"] for need in both["needs"]] == ["carrier", "recipient"]


async def test_a_label_with_stars_offers_the_known_people_it_may_mean(village: Village) -> None:
    await village.arrive(YTO, "13812340152", name="向春兰")
    await village.arrive(OTHER, "13912340152", name="向春兰")
    await village.arrive("YT4461268438222", "13812340152", name="禹小禾")
    answer = await village.arrive("YT6458029959714", "138****0152", name="向*兰")
    (need,) = answer["needs"]
    assert [(choice["name"], choice["phone"]) for choice in need["choices"]] == [("向春兰", "****0152")]
    nameless = await village.arrive("YT5511554345251", "138****0152")
    assert {choice["name"] for choice in nameless["needs"][0]["choices"]} == {"向春兰", "禹小禾"}


@pytest.mark.parametrize(("named", "carrier"), [(None, "YZPY"), ("EMS", "EMS"), ("邮政", "YZPY")])
async def test_the_post_and_ems_ask_nobody(village: Village, named: str | None, carrier: str) -> None:
    answer = await village.arrive(POST, GRANDMA, carrier=named)
    assert (answer["status"], answer["parcel"]["carrier"]) == ("ok", carrier)
    again = await village.arrive(POST, GRANDMA, carrier="EMS" if named is None else None)
    assert again["status"] == "already_here", "the post's two names are one counter"


@pytest.mark.parametrize(
    ("scanned", "named", "carrier"),
    [
        (AMBIGUOUS, "顺丰", "SF"),
        (NOBODYS, "德邦", "DBL"),
        (YTO, "STO", "YTO"),  # the number names its company: nobody is believed against it
        ("71234567890123", None, "HTKY"),
        ("71234567890123", "百世", "JTSD"),  # who says 百世 today means 极兔
    ],
)
async def test_the_named_company_decides_where_the_number_does_not(
    village: Village, scanned: str, named: str | None, carrier: str
) -> None:
    answer = await village.arrive(scanned, GRANDMA, carrier=named)
    assert (answer["status"], answer["parcel"]["carrier"]) == ("ok", carrier)
    again = await village.arrive(scanned, GRANDMA, carrier=named)
    assert again["status"] == "already_here"


async def test_two_companies_may_use_the_same_number(village: Village) -> None:
    one = await village.arrive(AMBIGUOUS, GRANDMA, carrier="SF")
    other = await village.arrive(AMBIGUOUS, GRANDMA, carrier="ANE")
    assert [one["status"], other["status"]] == ["ok", "ok"]
    assert one["parcel"]["id"] != other["parcel"]["id"]


async def test_the_batch_being_unpacked_decides_the_ambiguous_only(village: Village) -> None:
    batch = await announced(village, {"waybill": YTO}, carrier="SF")
    unclear = await village.arrive(AMBIGUOUS, GRANDMA, manifest=batch)
    unknown = await village.arrive(NOBODYS, GRANDMA, manifest=batch)
    clear = await village.arrive("773012345678901", GRANDMA, manifest=batch)
    assert [answer["parcel"]["carrier"] for answer in (unclear, unknown, clear)] == ["SF", "SF", "STO"]


async def test_a_wrong_batch_loses_no_scan(village: Village) -> None:
    elsewhere = await announced(await found_village("other", "他村驿站"), {"waybill": OTHER}, carrier="SF")
    for number, batch in enumerate((elsewhere, 4711)):
        answer = await village.arrive(f"{AMBIGUOUS[:-1]}{number}", GRANDMA, manifest=batch)
        assert answer["parcel"]["carrier"] is None, "another station's list decides nothing here"


async def test_the_list_names_the_company_of_an_ambiguous_number(village: Village) -> None:
    await announced(village, {"waybill": AMBIGUOUS, "phone": GRANDMA}, carrier="ANE")
    answer = await scan(village, AMBIGUOUS)
    assert (answer["status"], answer["parcel"]["carrier"]) == ("ok", "ANE")


async def test_one_household_stands_together(village: Village) -> None:
    first = await village.arrive(YTO, GRANDMA, name="瞿冬伢")
    await village.arrive("YT6458029959714", "13800002338", name="蒲小禾")
    second = await village.arrive(OTHER, GRANDMA, name="瞿友田")
    assert second["parcel"]["slot"] == first["parcel"]["slot"]
    assert (second["parcel"]["reason"], second["parcel"]["together"]) == ("same_household", 1)


async def test_two_parcels_of_one_phone_within_minutes_are_one_message(village: Village) -> None:
    first = await village.arrive(YTO, GRANDMA)
    with clock.later(minutes=1):
        second = await village.arrive(OTHER, GRANDMA)
    (message,) = await sql.rows("SELECT text FROM message")
    assert "2件" in message["text"]
    assert first["parcel"]["code"] in message["text"]
    assert second["parcel"]["code"] in message["text"]


@pytest.fixture
async def hamlet(database: Database) -> Actor:
    """A station with one slot of two units and, but for the tests that lay it out, no floor."""
    station_id = await stations.found("hamlet", "小村驿站", zone="Asia/Shanghai")
    return Actor.system(station_id)


async def test_full_shelves_send_it_to_the_floor(hamlet: Actor) -> None:
    await racks.lay_out(racks.Layout(number=1, layers=1, bays=1, capacity=2), by=hamlet)
    big = ScanIn("big", YTO, phone=GRANDMA, size=Size.LARGE)
    small = ScanIn("small", OTHER, phone="13800000152")
    answers = [await checkin.check_in(one, by=hamlet) for one in (big, small)]
    assert [(answer["parcel"]["slot"], answer["parcel"]["reason"]) for answer in answers] == [
        ("0-1", "shelves_full"),
        ("1-1-1", "least_loaded"),
    ]


async def test_without_shelves_and_floor_nothing_is_written(hamlet: Actor) -> None:
    before = await everything()
    with pytest.raises(Refusal) as refused:
        await checkin.check_in(ScanIn("s", YTO, phone=GRANDMA), by=hamlet)
    assert refused.value.code == "no_room"
    assert await everything() == before


@act
async def finish_all() -> None:
    await sql.execute("UPDATE parcel SET state = 'collected'")


async def test_a_parcel_that_left_may_come_again(village: Village) -> None:
    first = await village.arrive(YTO, GRANDMA)
    await finish_all()
    again = await village.arrive(YTO, GRANDMA)
    assert again["status"] == "ok"
    assert again["parcel"]["id"] != first["parcel"]["id"]


@pytest.mark.parametrize(
    "scanned", ["ＹＴ４９０２１９１３０９６４８", f"{YTO}\r\n", YTO.lower(), f" {YTO} ", f"]C1{YTO}"]
)
async def test_however_the_scanner_types_it_is_the_same_number(village: Village, scanned: str) -> None:
    answer = await village.arrive(scanned, GRANDMA)
    assert (answer["status"], answer["parcel"]["waybill"]) == ("ok", YTO)


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("", "scan_empty"),
        (" \r\n", "scan_empty"),
        ("13900007396", "scan_is_phone"),
        ("6901234567892", "scan_is_goods"),
        (YTO + OTHER, "scan_glued"),
        (YTO + YTO, "scan_glued"),
        ("7" * 300, "scan_too_long"),
        ("https://example.com/p?x=1", "scan_is_text"),
        ("取件码", "scan_is_text"),
        ("3-2-48215", "scan_is_ours"),
        ("000001", "scan_is_ours"),
        ("01302050", "scan_is_ours"),
        ("20000017", "scan_is_ours"),
        ("EE123456789CN", "waybill_checksum"),
        ("YT12", "waybill_bad_format"),
    ],
)
async def test_what_is_no_waybill_is_refused_by_name_and_writes_nothing(
    village: Village, scanned: str, code: str
) -> None:
    before = await everything()
    with pytest.raises(Refusal) as refused:
        await village.arrive(scanned)
    assert refused.value.code == code
    assert refused.value.sentence.format(**refused.value.facts).endswith(".")
    assert await everything() == before


async def test_a_company_that_nobody_knows_is_refused(village: Village) -> None:
    with pytest.raises(Refusal) as refused:
        await village.arrive(AMBIGUOUS, carrier="飞毛腿")
    assert (refused.value.code, refused.value.facts) == ("no_carrier", {"carrier": "飞毛腿"})


async def test_a_long_printed_name_and_phone_are_cut_to_what_fits(village: Village) -> None:
    answer = await village.arrive(YTO, "x" * 40, name="长" * 90)
    assert len(answer["parcel"]["recipient"]) == 60
