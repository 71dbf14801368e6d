"""Handing out: to the right person, once, with the money on record; and the way back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from pickup import collected, counter
from pickup.collection import HandOut, collect
from pickup.models import Collector
from pickup.undo import undo
from station import audit, clock, day_stats, i18n
from station.db import act, sql
from station.errors import Refusal
from tests.village import Village, found_village

MEI = "13912341907"


async def arrive(
    village: Village, *waybills: str, phone: str | None = MEI, **more: object
) -> tuple[int, ...]:
    """王小梅's parcels: their ids."""
    answers = [await village.arrive(waybill, phone, name="王小梅", **more) for waybill in waybills]
    return tuple(answer["parcel"]["id"] for answer in answers)


async def parcel(parcel_id: int) -> dict[str, Any]:
    row = await sql.one(
        "SELECT p.*, s.label, s.used FROM parcel p JOIN slot s ON s.id = p.slot_id WHERE p.id = ?", parcel_id
    )
    assert row is not None
    return row


async def count(table: str) -> int:
    row = await sql.one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


async def collected_today(village: Village) -> int:
    today = clock.today("Asia/Shanghai")
    return (await day_stats.of_days(village.id, today, today))[today.isoformat()]["collected"]


@act
async def change(query: str, *args: Any) -> None:
    await sql.execute(query, *args)


async def test_a_household_is_handed_out_together_and_all_of_it_is_on_record(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001", "YT1000000000002")
    before = await parcel(ids[0])
    collection_id = await collect(HandOut("s1", ids), by=village.chen)
    for id_ in ids:
        row = await parcel(id_)
        assert (row["state"], row["used"]) == ("collected", 0)
        assert row["code"]
        told = (await audit.story(village.id, "parcel", id_))[-1]
        assert (told.act, told.who) == ("collected", "陈国")
        also = [["parcel", parcel_id] for parcel_id in ids]
        assert told.facts == {"collector": "self", "money_fen": 0, "parcels": 2, "also": also}
    assert before["used"] == 2, "both stood in one slot"
    done = await collected.told(village.id, collection_id)
    assert [row["id"] for row in done.parcels] == list(ids)
    assert (done.collector, done.name, done.money_fen) == (Collector.SELF, "", 0)
    assert await collected_today(village) == 2
    (message,) = await sql.rows("SELECT state FROM message")
    assert message["state"] == "withdrawn", "nobody needs to be told any more"


async def test_a_message_that_has_not_left_speaks_of_the_rest_only(village: Village) -> None:
    first, second = await arrive(village, "YT1000000000001", "YT1000000000002")
    codes = [(await parcel(id_))["code"] for id_ in (first, second)]
    await collect(HandOut("s1", (first,)), by=village.chen)
    (message,) = await sql.rows("SELECT state, text FROM message")
    assert message["state"] == "queued"
    assert codes[0] not in message["text"]
    assert codes[1] in message["text"]


async def test_a_proxy_is_named_with_the_relation(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001", phone=None)
    with pytest.raises(Refusal) as refused:
        await collect(HandOut("s1", ids, Collector.PROXY, "  "), by=village.chen)
    assert refused.value.code == "proxy_needs_name"
    assert (await parcel(ids[0]))["state"] == "waiting"
    collection_id = await collect(
        HandOut("s1", ids, Collector.PROXY, "覃小波", "grandchild"), by=village.chen
    )
    done = await collected.told(village.id, collection_id)
    assert (done.collector, done.name, done.relation) == (Collector.PROXY, "覃小波", "grandchild")
    lines = await sql.rows("SELECT facts FROM audit_line")
    assert all("覃小波" not in line["facts"] for line in lines), "the audit stays for ever"


async def test_the_same_page_sent_again_is_the_same_collection(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    first = await collect(HandOut("s1", ids), by=village.chen)
    assert await collect(HandOut("s1", ids), by=village.chen) == first
    assert await count("collection") == await count("collected_parcel") == 1
    assert await collected_today(village) == 1


async def test_what_another_counter_took_meanwhile_refuses_all_of_it_and_says_which(village: Village) -> None:
    first, second = await arrive(village, "YT1000000000001", "YT1000000000002")
    await collect(HandOut("s1", (second,), Collector.PROXY, "李军", "child"), by=village.li)
    with pytest.raises(Refusal) as refused, i18n.speaking("en"):
        await collect(HandOut("s2", (first, second)), by=village.chen)
    assert refused.value.code == "already_collected"
    assert refused.value.facts["parcel"].endswith("0002")
    assert refused.value.facts["collector"] == "child 李*"
    assert (await parcel(first))["state"] == "waiting"
    assert await count("collection") == 1


async def test_what_the_courier_wants_back_is_not_handed_out(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    await change("UPDATE parcel SET intercepted = ?", True)
    with pytest.raises(Refusal) as refused:
        await collect(HandOut("s1", ids), by=village.chen)
    assert refused.value.code == "intercepted"
    assert (await parcel(ids[0]))["state"] == "waiting"


async def test_the_money_of_each_parcel_is_on_record(village: Village) -> None:
    first, second = await arrive(village, "YT1000000000001", "YT1000000000002")
    await change("UPDATE parcel SET collect_fen = 1200 WHERE id = ?", first)
    await change("UPDATE parcel SET cod_fen = 9900 WHERE id = ?", second)
    done = await collected.told(village.id, await collect(HandOut("s1", (first, second)), by=village.chen))
    assert done.money_fen == 11100
    assert {row["id"]: row["taken_fen"] for row in done.parcels} == {first: 1200, second: 9900}
    rows = await sql.rows("SELECT collect_fen, cod_fen FROM collected_parcel ORDER BY parcel_id")
    assert [(row["collect_fen"], row["cod_fen"]) for row in rows] == [(1200, 0), (0, 9900)]


@pytest.mark.parametrize(("typed", "taken"), [(0, 0), (1250, 1250)])
async def test_an_amount_nobody_could_read_must_be_said_first(
    village: Village, typed: int, taken: int
) -> None:
    ids = await arrive(village, "YT1000000000001")
    await change("UPDATE parcel SET collect_fen = NULL")
    with pytest.raises(Refusal) as refused:
        await collect(HandOut("s1", ids), by=village.chen)
    assert refused.value.code == "money_unknown"
    assert (await parcel(ids[0]))["state"] == "waiting"
    done = await collected.told(
        village.id, await collect(HandOut("s1", ids, amounts={ids[0]: typed}), by=village.chen)
    )
    assert done.money_fen == taken


async def test_nothing_ticked_hands_out_nothing(village: Village) -> None:
    with pytest.raises(Refusal) as refused:
        await collect(HandOut("s1", ()), by=village.chen)
    assert refused.value.code == "nothing_ticked"


async def test_another_stations_parcel_cannot_be_taken(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    other = await found_village("other", "他村驿站")
    with pytest.raises(Refusal) as refused:
        await collect(HandOut("s1", ids), by=other.chen)
    assert refused.value.code == "no_parcel"
    collection_id = await collect(HandOut("s1", ids), by=village.chen)
    with pytest.raises(Refusal) as refused:
        await undo(collection_id, "wrong parcel", by=other.chen)
    assert refused.value.code == "no_collection"
    assert (await parcel(ids[0]))["state"] == "collected"


async def test_of_two_counters_that_take_one_parcel_only_one_has_it(village: Village) -> None:
    for race in range(100):
        (id_,) = await arrive(village, f"YT10000000001{race:02d}")
        answers = await asyncio.gather(
            collect(HandOut(f"chen-{race}", (id_,)), by=village.chen),
            collect(HandOut(f"li-{race}", (id_,)), by=village.li),
            return_exceptions=True,
        )
        lost = [answer for answer in answers if isinstance(answer, Refusal)]
        assert [refusal.code for refusal in lost] == ["already_collected"]
    assert await count("collection") == await count("collected_parcel") == 100
    assert await collected_today(village) == 100


async def test_one_page_sent_twice_at_once_is_one_collection(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    answers = await asyncio.gather(*(collect(HandOut("s1", ids), by=village.chen) for _ in range(5)))
    assert len(set(answers)) == 1
    assert await count("collection") == 1


async def test_undoing_puts_everything_back_where_it_was(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001", "YT1000000000002")
    before = [await parcel(id_) for id_ in ids]
    collection_id = await collect(HandOut("s1", ids), by=village.chen)
    await undo(collection_id, "wrong parcel", by=village.li)
    after = [await parcel(id_) for id_ in ids]
    assert after == before, "state, slot, code and the slot's load"
    assert await collected_today(village) == 0
    done = await collected.told(village.id, collection_id)
    assert done.undone == "wrong parcel"
    assert not done.can_be_undone
    told = (await audit.story(village.id, "parcel", ids[0]))[-1]
    assert (told.act, told.who, told.facts["reason"]) == ("collection_undone", "李珍", "wrong parcel")
    (household,) = (await counter.find(village.id, before[0]["code"])).households
    assert len(household.parcels) == 2
    await collect(HandOut("s2", ids), by=village.chen)


async def test_their_people_are_told_again_if_the_message_was_withdrawn(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001", "YT1000000000002")
    await undo(await collect(HandOut("s1", ids), by=village.chen), "wrong person", by=village.chen)
    (message,) = await sql.rows("SELECT text FROM message WHERE state = 'queued'")
    assert "2件" in message["text"]


async def test_a_message_that_has_left_is_not_sent_twice(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    await change("UPDATE message SET state = 'delivered'")
    await undo(await collect(HandOut("s1", ids), by=village.chen), "wrong person", by=village.chen)
    assert [row["state"] for row in await sql.rows("SELECT state FROM message")] == ["delivered"]


async def test_an_undo_needs_a_reason_and_its_words_stay_out_of_the_audit(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    collection_id = await collect(HandOut("s1", ids), by=village.chen)
    with pytest.raises(Refusal) as refused:
        await undo(collection_id, "  ", by=village.chen)
    assert refused.value.code == "undo_needs_reason"
    await undo(collection_id, "拿成李军家的了", by=village.chen)
    assert (await collected.told(village.id, collection_id)).undone == "拿成李军家的了"
    assert (await audit.story(village.id, "parcel", ids[0]))[-1].facts["reason"] == "other"


async def test_an_undo_comes_within_ten_minutes(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001", "YT1000000000002")
    now = clock.now()
    with clock.at(now):
        late, in_time = [await collect(HandOut(f"s{id_}", (id_,)), by=village.chen) for id_ in ids]
    with clock.at(now + timedelta(minutes=10)):
        await undo(in_time, "wrong parcel", by=village.chen)
    with clock.at(now + timedelta(minutes=10, seconds=1)), pytest.raises(Refusal) as refused:
        await undo(late, "wrong parcel", by=village.chen)
    assert refused.value.code == "undo_too_late"
    assert [(await parcel(id_))["state"] for id_ in ids] == ["collected", "waiting"]
    assert await count("collection_undo") == 1


async def test_of_two_who_undo_at_once_one_is_told_it_is_done(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    collection_id = await collect(HandOut("s1", ids), by=village.chen)
    answers = await asyncio.gather(
        *(undo(collection_id, "wrong parcel", by=by) for by in (village.chen, village.li)),
        return_exceptions=True,
    )
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["already_undone"]
    assert (await parcel(ids[0]))["used"] == 1


async def test_a_parcel_checked_in_again_meanwhile_is_not_put_back_twice(village: Village) -> None:
    ids = await arrive(village, "YT1000000000001")
    collection_id = await collect(HandOut("s1", ids), by=village.chen)
    await arrive(village, "YT1000000000001")
    with pytest.raises(Refusal) as refused:
        await undo(collection_id, "wrong parcel", by=village.chen)
    assert refused.value.code == "here_again"
    assert (await parcel(ids[0]))["state"] == "collected"
    assert await count("collection_undo") == 0


async def test_the_latest_collections_stand_with_their_undo(village: Village) -> None:
    first, second, third = await arrive(village, "YT1000000000001", "YT1000000000002", "YT1000000000003")
    await collect(HandOut("s1", (first, second)), by=village.chen)
    await undo(await collect(HandOut("s2", (third,)), by=village.chen), "wrong parcel", by=village.chen)
    newest, older = await collected.latest(village.id)
    assert (newest["pieces"], newest["undone"]) == (1, "wrong parcel")
    assert (older["pieces"], older["undone"], older["name"]) == (2, None, "王小梅")
