"""A list that comes after its parcels were scanned: now their people are known, and told."""

import asyncio
from collections.abc import Mapping

import asyncpg
import pytest

from couriers import answers, checkin, manifests, takeback
from couriers.answers import AnswerIn
from couriers.checkin import ScanIn
from station import audit
from station.actor import Actor
from station.db import sql
from tests.village import Village

YTO, AMBIGUOUS = "YT4902191309648", "123456789012"
GRANDMA, XIAOBO = "13900007396", "13800000152"
HER = {"name": "瞿冬伢", "phone": GRANDMA, "cod": "35.00"}


async def scan(village: Village, scanned: str, **more: object) -> int:
    answer = await checkin.check_in(ScanIn(f"s-{scanned}", scanned, **more), by=village.chen)  # type: ignore[arg-type]
    return int(answer["parcel"]["id"])


async def hand_in(by: Actor, *rows: Mapping[str, object], carrier: str = "YTO") -> int:
    return (await manifests.receive_rows(rows, "late", carrier, by=by)).id


async def parcel(parcel_id: int) -> dict[str, object]:
    (row,) = await sql.rows(
        "SELECT p.carrier, p.cod_fen, p.needs_recipient, p.needs_carrier, r.name, r.phone FROM parcel p"
        " JOIN recipient r ON r.id = p.recipient_id WHERE p.id = ?",
        parcel_id,
    )
    return row


async def test_name_phone_and_money_come_with_the_list_and_she_is_told(village: Village) -> None:
    waits = await scan(village, YTO)
    manifest = await hand_in(village.liu, {"waybill": YTO, **HER})
    now = await parcel(waits)
    assert (now["name"], now["phone"], now["cod_fen"], bool(now["needs_recipient"])) == (
        "瞿冬伢",
        GRANDMA,
        3500,
        False,
    )
    (message,) = await sql.rows("SELECT phone, text FROM message")
    assert message["phone"] == GRANDMA
    assert "35" in message["text"]
    (row,) = await sql.rows("SELECT scanned FROM manifest WHERE id = ?", manifest)
    assert row["scanned"] == 1
    assert (await audit.story(village.id, "parcel", waits))[-1].act == "announced_late"


async def test_a_phone_without_a_name_is_enough_to_tell(village: Village) -> None:
    await scan(village, YTO)
    await hand_in(village.liu, {"waybill": YTO, "phone": GRANDMA})
    (message,) = await sql.rows("SELECT phone FROM message")
    assert message["phone"] == GRANDMA


async def test_the_company_of_an_ambiguous_number_comes_with_the_list(village: Village) -> None:
    waits = await scan(village, AMBIGUOUS, phone=GRANDMA)
    await hand_in(village.wang, {"waybill": AMBIGUOUS}, carrier="SF")
    now = await parcel(waits)
    assert (now["carrier"], bool(now["needs_carrier"])) == ("SF", False)


async def test_what_the_desk_has_typed_stays_and_its_message_learns_the_money(village: Village) -> None:
    waits = await scan(village, YTO)
    await answers.answer(f"s-{YTO}", AnswerIn(phone=XIAOBO, name="覃小波"), by=village.chen)
    await hand_in(village.liu, {"waybill": YTO, **HER})
    now = await parcel(waits)
    assert (now["name"], now["phone"], now["cod_fen"]) == ("覃小波", XIAOBO, 3500)
    (message,) = await sql.rows("SELECT phone, text FROM message")
    assert message["phone"] == XIAOBO
    assert "需付35元" in message["text"]


async def test_two_lists_with_the_same_parcel_meet_it_once(village: Village) -> None:
    await scan(village, YTO)
    first = await hand_in(village.liu, {"waybill": YTO, **HER})
    second = await hand_in(village.wang, {"waybill": YTO, **HER}, carrier="")
    assert await sql.rows("SELECT id, scanned FROM manifest ORDER BY id") == [
        {"id": first, "scanned": 1},
        {"id": second, "scanned": 0},
    ]
    assert len(await sql.rows("SELECT id FROM message")) == 1


@pytest.mark.parametrize("piece", ["1", "2"])
async def test_a_carton_meets_its_own_line(village: Village, piece: str) -> None:
    waits = await scan(village, f"JDVA00123456789-{piece}-2-")
    rows = [{"waybill": f"JDVA00123456789-{no}-2-", "phone": f"1390000000{no}"} for no in (1, 2)]
    await hand_in(village.wang, *rows, carrier="JD")
    assert (await parcel(waits))["phone"] == f"1390000000{piece}"


async def test_a_parcel_that_was_taken_back_is_not_met(village: Village) -> None:
    waits = await scan(village, YTO)
    await takeback.take_back(f"s-{YTO}", by=village.chen)
    await hand_in(village.liu, {"waybill": YTO, **HER})
    assert (await parcel(waits))["name"] == ""
    (line,) = await sql.rows("SELECT parcel_id FROM manifest_line")
    assert line["parcel_id"] is None


@pytest.mark.only_on("postgres")
async def test_a_list_that_comes_while_its_parcel_is_scanned_still_meets_it(
    village: Village, database_url: str
) -> None:
    """Both wait for the station's row: the scan has not read the list, the list does not see the parcel."""
    neighbour = await asyncpg.connect(database_url)
    async with neighbour.transaction():
        await neighbour.execute("UPDATE station SET hours = hours")
        scanned = asyncio.create_task(scan(village, YTO))
        while not await neighbour.fetchval(_HELD_UP):  # noqa: ASYNC110 (PostgreSQL tells no event)
            await asyncio.sleep(0.01)
        handed_in = asyncio.create_task(hand_in(village.liu, {"waybill": YTO, **HER}))
        while await neighbour.fetchval(_HELD_UP) < 2 and not handed_in.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await neighbour.close()
    await handed_in
    assert (await parcel(await scanned))["name"] == "瞿冬伢"


_HELD_UP = "SELECT count(*) FROM pg_locks WHERE NOT granted"
