"""Two people at one thing in the same moment: on PostgreSQL their acts run beside each other."""

import asyncio

from couriers import handover, number_pool, packing
from couriers.packing import PackIn
from station import accounts
from station.actor import Role
from station.db import sql
from station.errors import Refusal
from tests.couriers.outgoing import STROKES, consign_many
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
