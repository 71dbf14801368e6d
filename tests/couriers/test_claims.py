"""Claims: a deadline, who bears it, and money that moves once."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from PIL import Image

from couriers import claim_decisions, claim_list, claims
from couriers.claims import ClaimIn
from couriers.models import Consignment, ConsignmentState
from station import clock, ledger, orders, sales, settlement_book, settlements
from station.db import act, sql
from station.errors import Refusal
from station.models import OrderState
from tests.couriers.outgoing import consign, packed_order
from tests.station.till import open_till
from tests.village import Browser, Village, found_village

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DELIVERED = ConsignmentState.DELIVERED


async def sold(village: Village) -> Consignment:
    """A parcel of an order that was delivered and booked."""
    order_id = await packed_order(village.chen)
    await orders.move(order_id, OrderState.HANDED_OVER, by=village.chen)
    await orders.move(order_id, OrderState.DELIVERED, by=village.chen)
    await sales.book(order_id, by=village.chen)
    return await consign(village.chen, order_id=order_id, state=DELIVERED, closed_at=clock.now())


async def claim_for(village: Village, parcel: Consignment, asked: int = 1500) -> int:
    return await claims.open_(ClaimIn(parcel.id, "damaged", "破了 6 个", asked), by=village.chen)


async def money() -> dict[str, int]:
    """What each party has of claims and refunds."""
    rows = await sql.rows(
        "SELECT party, sum(fen) AS fen FROM ledger_entry WHERE kind IN ('refund', 'claim') GROUP BY party"
    )
    return {row["party"]: row["fen"] for row in rows}


@pytest.mark.parametrize(
    ("state", "flags", "until"),
    [
        (DELIVERED, "fresh", NOON + timedelta(hours=24)),
        (DELIVERED, "", NOON + timedelta(days=7)),
        (ConsignmentState.HANDED_OVER, "", NOON + timedelta(hours=30, days=7)),
    ],
)
async def test_the_deadline_counts_from_the_delivery_and_is_short_for_fresh_goods(
    village: Village, state: ConsignmentState, flags: str, until: datetime
) -> None:
    closed = NOON if state is DELIVERED else None
    parcel = await consign(village.chen, state=state, flags=flags, closed_at=closed)
    with clock.at(NOON + timedelta(hours=30)):
        claim = await claim_list.one(village.id, await claim_for(village, parcel))
    assert sql.moment(claim["deadline_at"]) == until
    assert claim["overdue"] == (flags == "fresh") or clock.now() > until


async def test_the_nearest_deadline_comes_first_and_the_overdue_are_marked(village: Village) -> None:
    with clock.at(NOON):
        late = await consign(village.chen, state=DELIVERED, flags="fresh", closed_at=NOON - timedelta(days=2))
        slow = await consign(village.chen, state=DELIVERED, closed_at=NOON)
        soon = await consign(village.chen, state=DELIVERED, flags="fresh", closed_at=NOON)
        for parcel in (slow, soon, late):
            await claim_for(village, parcel)
        listed = await claim_list.listed(village.id)
        assert [row["consignment_id"] for row in listed] == [late.id, soon.id, slow.id]
        assert [row["overdue"] for row in listed] == [True, False, False]
        assert await claim_list.near(village.id) == (1, 1)
    with clock.at(NOON + timedelta(minutes=1)):
        assert await claim_list.near(village.id) == (2, 1)


async def test_the_same_claim_again_is_that_claim(village: Village) -> None:
    parcel = await consign(village.chen, state=DELIVERED, closed_at=clock.now())
    first = await claim_for(village, parcel)
    assert await claim_for(village, parcel) == first
    other = await claims.open_(ClaimIn(parcel.id, "late", "晚了三天"), by=village.chen)
    assert other != first
    numbers = [
        row["number"].rpartition("-")[2] for row in await sql.rows("SELECT number FROM claim ORDER BY id")
    ]
    assert numbers == ["1", "2"]


async def test_a_claim_needs_words_a_kind_and_a_parcel_that_left(village: Village) -> None:
    here = await consign(village.chen)
    for claim, code in (
        (ClaimIn(here.id, "damaged", "破"), "claim_not_left"),
        (ClaimIn(here.id, "eaten", "破"), "claim_kind"),
        (ClaimIn(here.id, "damaged", " "), "claim_says_nothing"),
        (ClaimIn(999_999, "damaged", "破"), "not_found"),
    ):
        with pytest.raises(Refusal, match=code):
            await claims.open_(claim, by=village.chen)
    assert await sql.rows("SELECT id FROM claim") == []


async def test_the_carrier_pays_the_buyer_once(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    await claim_decisions.decide(claim_id, 1200, "carrier", by=village.wang)
    outcomes = await asyncio.gather(
        *(claim_decisions.pay(claim_id, by=village.wang) for _ in range(4)), return_exceptions=True
    )
    assert [isinstance(outcome, Refusal) for outcome in outcomes].count(False) == 1
    assert await money() == {"buyer": 1200, "carrier": -1200}
    (entry,) = await sql.rows("SELECT carrier FROM ledger_entry WHERE party = 'carrier' AND kind = 'refund'")
    assert entry["carrier"] == "ZTO"
    assert (await claim_list.one(village.id, claim_id))["state"] == "paid"


async def test_a_decision_can_be_made_anew_until_it_is_paid(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    with pytest.raises(Refusal, match="claim_undecided"):
        await claim_decisions.pay(claim_id, by=village.wang)
    await claim_decisions.decide(claim_id, 1200, "carrier", by=village.wang)
    await claim_decisions.decide(claim_id, 500, "station", by=village.wang)
    await claim_decisions.pay(claim_id, by=village.wang)
    assert await money() == {"buyer": 500, "station": -500}
    for late in (
        claim_decisions.decide(claim_id, 1, "station", by=village.wang),
        claim_decisions.refuse(claim_id, "told too late", by=village.wang),
        claims.add_photo(claim_id, "a.jpg", by=village.chen),
    ):
        with pytest.raises(Refusal, match="claim_closed"):
            await late


async def test_a_household_bears_it_only_when_it_is_named(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    await claim_decisions.decide(claim_id, 300, "household", by=village.wang)
    with pytest.raises(Refusal, match="refund_without_household"):
        await claim_decisions.pay(claim_id, by=village.wang)
    assert await money() == {}
    assert (await claim_list.one(village.id, claim_id))["state"] == "decided"


async def test_more_than_the_order_cost_is_not_paid_back(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    await claim_decisions.decide(claim_id, 680_000, "carrier", by=village.wang)
    with pytest.raises(Refusal, match="refund_too_large"):
        await claim_decisions.pay(claim_id, by=village.wang)
    assert await money() == {}


async def test_the_sender_of_a_parcel_without_an_order_is_paid_in_cash(village: Village) -> None:
    parcel = await consign(village.chen, state=DELIVERED, closed_at=clock.now())
    claim_id = await claim_for(village, parcel)
    await claim_decisions.decide(claim_id, 2000, "carrier", by=village.wang)
    await claim_decisions.pay(claim_id, by=village.wang)
    assert await money() == {"carrier": -2000, "cash": -2000}


async def test_what_the_buyer_bears_moves_no_money(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    await claim_decisions.decide(claim_id, 1200, "buyer", by=village.wang)
    await claim_decisions.pay(claim_id, by=village.wang)
    assert await money() == {}
    assert (await claim_list.one(village.id, claim_id))["amount_fen"] == 0


async def test_a_refused_claim_says_why(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    with pytest.raises(Refusal, match="claim_reason"):
        await claim_decisions.refuse(claim_id, "because", by=village.wang)
    await claim_decisions.refuse(claim_id, "told too late", by=village.wang)
    claim = await claim_list.one(village.id, claim_id)
    assert (claim["state"], claim["reason"]) == ("refused", "told too late")
    assert await claim_list.listed(village.id) == []
    assert len(await claim_list.listed(village.id, settled=True)) == 1


@act
async def bring_over() -> None:
    await sql.execute("UPDATE claim SET reason = ''")
    move = import_module("couriers.migrations.0005_claim_reason").move
    await move(
        None, SimpleNamespace(DIALECT=sql.dialect(), client=SimpleNamespace(execute_query=sql.execute))
    )


async def test_the_migration_finds_why_older_claims_were_refused(village: Village) -> None:
    refused, open_ = [await claim_for(village, await sold(village)) for _ in range(2)]
    await claim_decisions.refuse(refused, "the photos do not show it", by=village.wang)
    await bring_over()
    assert (await claim_list.one(village.id, refused))["reason"] == "the photos do not show it"
    assert (await claim_list.one(village.id, open_))["reason"] == ""


async def test_a_claim_takes_six_photos(village: Village) -> None:
    claim_id = await claim_for(village, await sold(village))
    for number in range(6):
        await claims.add_photo(claim_id, f"{number}.jpg", by=village.chen)
    with pytest.raises(Refusal, match="claim_photos_full"):
        await claims.add_photo(claim_id, "7.jpg", by=village.chen)
    assert len(await claim_list.photos(village.id, claim_id)) == 6


async def test_another_station_s_claim_is_not_seen(village: Village) -> None:
    other = await found_village("lucun", "芦村驿站")
    claim_id = await claim_for(village, await sold(village))
    for refused in (
        claim_list.one(other.id, claim_id),
        claim_decisions.decide(claim_id, 1, "carrier", by=other.wang),
        claim_decisions.pay(claim_id, by=other.wang),
    ):
        with pytest.raises(Refusal, match="no_claim"):
            await refused
    assert await claim_list.listed(other.id) == []


async def test_the_way_of_a_claim_on_the_pages(browse: Browser, open_village: Village) -> None:
    parcel = await sold(open_village)
    chen, wang = await browse(open_village.chen), await browse(open_village.wang)
    sent = {"waybill": parcel.waybill, "kind": "damaged", "what": "破了 6 个", "asked": "15"}
    wrong = await chen.post("/claims", data={**sent, "waybill": "7"})
    assert wrong.status_code == 404
    assert "破了 6 个" in wrong.text
    opened = await chen.post("/claims", data=sent)
    assert opened.status_code == 303
    where = opened.headers["location"]
    photo = {"photo": ("a.png", _picture(), "image/png")}
    assert (await chen.post(f"{where}/photos", files=photo)).status_code == 303
    assert (await chen.post(f"{where}/photos", files={"photo": ("a.png", b"no")})).status_code == 422
    assert (await chen.get(where)).text.count("<img") == 1
    decision = {"amount": "12.50", "bearer": "carrier"}
    assert (await chen.post(f"{where}/decisions", data=decision)).status_code == 403
    assert (await wang.post(f"{where}/decisions", data={**decision, "amount": "x"})).status_code == 422
    assert (await wang.post(f"{where}/decisions", data=decision)).status_code == 303
    assert (await wang.post(f"{where}/payments", data={})).status_code == 303
    assert (await wang.post(f"{where}/payments", data={})).status_code == 409
    assert await money() == {"buyer": 1250, "carrier": -1250}
    shown = await wang.get(where)
    assert shown.text.count("<time>") == 4
    assert "12.50" in shown.text


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(file, "PNG")
    return file.getvalue()


async def test_the_list_shows_open_and_settled_claims(browse: Browser, open_village: Village) -> None:
    claim_id = await claim_for(open_village, await sold(open_village))
    zhao = await browse(open_village.zhao)
    assert f'href="/claims/{claim_id}"' in (await zhao.get("/claims")).text
    assert f'href="/claims/{claim_id}"' not in (await zhao.get("/claims?settled")).text
    assert 'value="7731"' in (await (await browse(open_village.chen)).get("/claims?waybill=7731")).text
    assert (await (await browse(open_village.wang)).get(f"/claims/{claim_id}")).status_code == 200


async def test_what_is_paid_for_lost_goods_goes_to_the_households_not_twice_to_the_buyer(
    village: Village,
) -> None:
    till = await open_till(village.wang)
    for household, eggs in ((till.zheng, 10), (till.xiang, 20)):
        await till.lot(household, eggs)
    order = await till.order(price_fen=4801)
    await ledger.pay(order, 4801, "bank", "paid", by=village.wang)
    for state in (OrderState.PACKED, OrderState.HANDED_OVER, OrderState.LOST):
        await orders.move(order, state, by=village.wang)
    parcel = await consign(village.chen, order_id=order, state=ConsignmentState.LOST, closed_at=clock.now())
    claim_id = await claim_for(village, parcel, 4801)
    await claim_decisions.decide(claim_id, 4801, "carrier", by=village.wang)
    await claim_decisions.pay(claim_id, by=village.wang)
    assert await till.balance("buyer") == 4801
    assert await till.balance("carrier") == -4801
    assert [await till.balance("household", one) for one in (till.zheng, till.xiang)] == [1600, 3201]
    slip = await settlements.draw(till.zheng, "2020-01-01", "2030-12-31", by=village.wang)
    assert settlement_book.statement(await settlement_book.one(village.id, slip)).claims_fen == 1600
    assert await till.faults() == []
