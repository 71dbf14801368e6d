"""Two people at one order, wish, shelf or agreement in the same moment: on PostgreSQL their acts run beside each other."""

from pathlib import Path

from station import (
    accounts,
    agreements,
    clock,
    doors,
    order_book,
    order_pickup,
    order_placing,
    order_updates,
    orders,
    own_labels,
    racks,
    sharing,
    stations,
    wish_matches,
    wishes,
)
from station.actor import Actor
from station.agreements import AgreementIn
from station.db import sql
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.phones import Kind, Phone
from station.platforms.orders import parse
from station.receivers import Receiver
from station.wishes import WishIn
from tests.at_once import told
from tests.couriers.outgoing import packed_order
from tests.station.market_stall import eggs_on_sale, household, ordered
from tests.village import PASSWORD, Village

SAMPLES = Path(__file__).parent.parent / "samples" / "orders"


async def state(village: Village, order_id: int) -> str:
    return str((await order_book.one(village.id, order_id))["state"])


async def test_an_order_confirmed_or_handed_out_at_two_laptops_is_so_for_both(village: Village) -> None:
    listing = await eggs_on_sale(village.wang)
    for _ in range(4):
        order = (await ordered(village.chen, listing)).id
        for step in (orders.confirm, order_pickup.set_aside, order_pickup.hand_out):
            assert await told(*(step(order, by=by) for by in (village.chen, village.li))) == ["ok", "ok"]
        assert await state(village, order) == "fetched"
    assert len(await sql.rows("SELECT id FROM audit_line WHERE act = 'order_booked'")) == 4


async def test_what_the_station_confirms_its_buyer_does_not_call_off(village: Village) -> None:
    listing = await eggs_on_sale(village.wang)
    for _ in range(5):
        order = (await ordered(village.chen, listing)).id
        said = await told(orders.confirm(order, by=village.chen), orders.call_off(order, by=village.li))
        assert (said, await state(village, order)) in (
            (["ok", "order_moved_on"], "confirmed"),
            (["order_moved_on", "ok"], "cancelled"),
        )


async def test_a_platforms_label_written_down_twice_is_sent_once(village: Village) -> None:
    hidden = Receiver("", Phone(Kind.ENCRYPTED))
    for number in range(3):
        placed = await order_placing.place(
            OrderIn(
                OrderSource.DOUYIN,
                (LineIn(name="土鸡蛋", price_fen=4800),),
                hidden,
                external_no=f"695000{number}",
                reason="encrypted_receiver",
                state=OrderState.HELD,
            ),
            by=village.chen,
        )
        twice = (
            own_labels.send(placed.id, "YTO", f"YT751234567890{number}", by=village.chen) for _ in range(2)
        )
        assert await told(*twice) == ["ok", "ok"]
    assert len(await sql.rows("SELECT id FROM audit_line WHERE act = 'own_label_sent'")) == 3


async def test_an_export_that_tells_of_a_refund_is_read_on_while_the_order_leaves(village: Village) -> None:
    export = (SAMPLES / "youzan_order_items.csv").read_text().replace(",,0.00,", ",全额退款成功,0.00,")
    refunded = next(order for order in parse(export.encode(), "a.csv").orders if order.reason == "refunded")
    for _ in range(5):
        order = await packed_order(village.chen)
        said = await told(
            order_updates.heard(order, refunded, village.chen),
            orders.move(order, OrderState.HANDED_OVER, by=village.li),
        )
        assert (said, await state(village, order)) in (
            (["ok", "ok"], "handed_over"),
            (["ok", "order_moved_on"], "cancelled"),
        )


async def test_a_proposal_accepted_and_declined_at_once_is_decided_once(village: Village) -> None:
    await eggs_on_sale(village.wang)
    (product,) = await sql.rows("SELECT id FROM product")
    tomorrow = (clock.today("Asia/Shanghai").weekday() + 1) % 7
    where = "湖南省长沙市岳麓区望月湖街道12栋301"
    for _ in range(4):
        await wishes.write(
            WishIn("周小兰", "13607312275", where, product["id"], 30, tomorrow), by=village.wang
        )
    await wish_matches.propose(by=village.wang)
    for match in await wish_matches.proposals(village.id):
        said = await told(
            wish_matches.accept(match["id"], by=village.wang),
            wish_matches.decline(match["id"], by=village.wang),
        )
        assert sorted(said) == ["ok", "wish_decided"]
        placed = await sql.rows("SELECT id FROM orders WHERE scan_id = ?", f"w-{match['id']}")
        assert len(placed) == (said[0] == "ok")


async def test_two_keepers_who_put_up_the_first_shelves_have_one_floor(village: Village) -> None:
    by = Actor.system(await stations.found("other", "河口驿站", zone="Asia/Shanghai"))
    shelves = (racks.Layout(number=number, layers=1, bays=1, capacity=12) for number in (1, 2, 2))
    assert sorted(await told(*(racks.lay_out(shelf, by=by) for shelf in shelves))) == [
        "ok",
        "ok",
        "shelf_number_taken",
    ]
    assert len(await sql.rows("SELECT id FROM slot WHERE station_id = ?", by.station_id)) == 3


async def test_an_agreement_ended_twice_ends_once(village: Village) -> None:
    home = await household(village.wang)
    for year in range(2020, 2024):
        agreement = AgreementIn(home, None, f"{year}-01-01", "", sharing.Terms())
        id_ = await agreements.agree(agreement, by=village.wang)
        twice = (agreements.end(id_, f"{year}-06-30", by=village.wang) for _ in range(2))
        assert sorted(await told(*twice)) == ["agreement_over", "ok"]


async def test_who_signs_in_with_the_old_password_while_it_is_changed_is_not_in(village: Village) -> None:
    keys: list[str] = []

    async def sign_in() -> None:
        keys.append(await accounts.sign_in("chen", PASSWORD))

    assert village.chen.account_id
    change = accounts.set_secrets(village.chen.account_id, password="four-geese-lay", by=village.wang)
    assert await told(sign_in(), change) in (["ok", "ok"], ["wrong_password", "ok"])
    assert [await doors.who_holds(key, "session") for key in keys] in ([], [None])
