"""Two people at one thing in the same moment: on PostgreSQL their acts run beside each other."""

import asyncio
from functools import partial

from couriers import (
    answers,
    checkin,
    claim_decisions,
    claims,
    consignments,
    deliveries,
    delivery_news,
    handover,
    manifests,
    number_pool,
    packing,
    patterns,
    takeback,
)
from couriers.answers import AnswerIn
from couriers.checkin import ScanIn
from couriers.claims import ClaimIn
from couriers.delivery_news import News
from couriers.packing import PackIn
from station import accounts, clock, orders
from station.actor import Role
from station.db import sql
from station.errors import Refusal
from station.models import Size
from tests.at_once import Runs, told
from tests.couriers.outgoing import STROKES, consign, consign_many, order_state, packed_order, state_of
from tests.couriers.test_claims import sold
from tests.couriers.test_packing import eggs_on_offer, ordered
from tests.village import Village


async def test_two_packers_of_one_order_make_one_parcel_with_one_number(village: Village) -> None:
    order_id = await ordered(village, await eggs_on_offer(village))
    await number_pool.fill("YTO", ["YT9000000000011", "YT9000000000012"], by=village.wang)
    packed = await asyncio.gather(
        *(packing.pack(PackIn(order_id, 2150, "YTO"), by=by) for by in (village.chen, village.li))
    )
    assert len(set(packed)) == 1
    assert await sql.rows("SELECT waybill FROM pool_number WHERE taken_at IS NOT NULL") == [
        {"waybill": "YT9000000000011"}
    ]


async def test_a_handover_signed_at_two_laptops_leaves_once(village: Village) -> None:
    van = await handover.open_(None, "ZTO", by=village.chen)
    for cargo in await consign_many(village.chen, 3):
        await handover.scan(van, cargo.waybill, by=village.chen)
    answers = await asyncio.gather(
        *(handover.sign(van, "刘师傅", STROKES, on_paper=False, by=by) for by in (village.chen, village.li)),
        return_exceptions=True,
    )
    assert 3 in answers
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["handover_signed"]
    assert len(await sql.rows("SELECT id FROM audit_line WHERE act = 'handed_over'")) == 1


async def test_two_keepers_who_close_each_others_account_leave_one(village: Village) -> None:
    other = await accounts.add("gao", "高明", Role.KEEPER, "three-geese-lay", by=village.wang)
    assert village.wang.account_id
    closed = await asyncio.gather(
        *(accounts.set_active(id_, False, by=village.wang) for id_ in (other, village.wang.account_id)),
        return_exceptions=True,
    )
    assert [answer.code for answer in closed if isinstance(answer, Refusal)] == ["last_keeper"]


async def test_a_parcel_scanned_at_two_desks_is_one_even_if_only_one_of_them_knows_its_company(
    village: Village,
) -> None:
    for number in range(4):
        waybill = f"12345678901{number}"
        scans = [ScanIn(f"{number}-{company}", waybill, carrier=company) for company in ("ZTO", None)]
        found = await asyncio.gather(*(checkin.check_in(scan, by=village.chen) for scan in scans))
        assert sum(answer["status"] == "already_here" for answer in found) == 1
        assert len(await sql.rows("SELECT id FROM parcel WHERE waybill = ?", waybill)) == 1


async def test_a_name_and_a_phone_said_at_two_laptops_are_both_kept(village: Village) -> None:
    for number in range(4):
        scan, phone = f"q{number}", f"1390000739{number}"
        await checkin.check_in(ScanIn(scan, f"12345678901{number}"), by=village.chen)
        said = (AnswerIn(name="瞿冬伢"), AnswerIn(phone=phone))
        await asyncio.gather(*(answers.answer(scan, given, by=village.li) for given in said))
        (person,) = await sql.rows(
            "SELECT r.name, r.phone FROM parcel p JOIN recipient r ON r.id = p.recipient_id ORDER BY p.id DESC LIMIT 1"
        )
        assert (person["name"], person["phone"]) == ("瞿冬伢", phone)


async def test_a_check_in_taken_back_beside_another_of_the_same_list_and_family_waits_in_no_circle(
    village: Village,
) -> None:
    phone, waybills, runs = "13900007396", [f"YT{number:013d}" for number in range(6)], Runs()
    rows = [{"waybill": waybill, "phone": phone} for waybill in waybills]
    await manifests.receive_rows(rows, "today", "YTO", by=village.liu)
    # So large that the three fill a slot, where one act would wait for the other.
    for waybill in waybills[:3]:
        await checkin.check_in(ScanIn(waybill, waybill, size=Size.LARGE), by=village.chen)
    for gone, comes in zip(waybills[:3], waybills[3:], strict=True):
        await asyncio.gather(
            runs.of(partial(takeback.take_back, gone, by=village.chen)),
            checkin.check_in(ScanIn(comes, comes, size=Size.LARGE), by=village.li),
        )
    assert runs.begun == 3
    assert await sql.rows("SELECT scanned FROM manifest") == [{"scanned": 3}]
    assert [row["state"] for row in await sql.rows("SELECT state FROM message")] == ["queued"]


async def test_a_parcel_called_back_while_it_is_put_on_a_van_is_one_or_the_other(village: Village) -> None:
    van = await handover.open_(None, "ZTO", by=village.chen)
    for cargo in await consign_many(village.chen, 5):
        said = await told(
            consignments.cancel(cargo.id, "changed her mind", by=village.chen),
            handover.scan(van, cargo.waybill, by=village.li),
        )
        assert said in (["ok", "consignment_cancelled"], ["consignment_gone", "ok"])


async def test_news_of_the_same_parcels_in_another_order_never_waits_in_a_circle(village: Village) -> None:
    van, runs = await handover.open_(None, "ZTO", by=village.chen), Runs()
    sent = await consign_many(village.chen, 4)
    for cargo in sent:
        await handover.scan(van, cargo.waybill, by=village.chen)
    await handover.sign(van, "刘师傅", STROKES, on_paper=False, by=village.chen)
    news = [News(cargo.waybill, "delivered", clock.now(), "1") for cargo in sent]
    heard = await asyncio.gather(
        *(
            runs.of(partial(delivery_news.note_all, part, "ZTO", "api", by=village.chen))
            for part in (news, news[::-1])
        )
    )
    assert runs.begun == 2
    assert sorted(noted.reason for noted in [*heard[0], *heard[1]]) == [""] * 4 + ["repeat"] * 4


async def test_a_rule_for_numbers_sent_twice_is_one(village: Village) -> None:
    await asyncio.gather(*(patterns.add("QQ", 12, "YTO", by=village.wang) for _ in range(3)))
    assert len(await patterns.listed(village.id)) == 1


async def test_a_claim_paid_while_its_parcel_comes_back_leaves_its_buyer_nothing_to_get(
    village: Village,
) -> None:
    for _ in range(4):
        parcel = await sold(village)
        claim = await claims.open_(ClaimIn(parcel.id, "damaged", "破了 6 个"), by=village.chen)
        await claim_decisions.decide(claim, 500, "station", by=village.wang)
        await asyncio.gather(
            claim_decisions.pay(claim, by=village.wang),
            deliveries.note(parcel.id, "returned", clock.now(), "hand", "b", by=village.chen),
        )
    assert await sql.rows("SELECT sum(fen) AS fen FROM ledger_entry WHERE party = 'buyer'") == [{"fen": 0}]


async def test_a_parcel_called_back_while_its_order_is_cancelled_is_both(village: Village) -> None:
    for _ in range(4):
        order = await packed_order(village.chen)
        parcel = await consign(village.chen, order_id=order)
        await asyncio.gather(
            consignments.cancel(parcel.id, "changed her mind", by=village.chen),
            orders.cancel(order, "changed", by=village.li),
        )
        assert (await state_of(parcel), await order_state(order)) == ("cancelled", "cancelled")
