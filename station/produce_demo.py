"""The demo village's produce: four households, what they brought in a week, and what has been ordered of it."""

from dataclasses import replace
from datetime import date, timedelta

from station import (
    agreements,
    certificates,
    clock,
    listings,
    lots,
    order_placing,
    orders,
    products,
    residents,
    stations,
    wish_matches,
    wishes,
)
from station.actor import Actor, Role
from station.agreements import AgreementIn
from station.db import sql
from station.demo_goods import HELPED, INTAKES, ORDERS, PACKS, PRODUCTS, SELLERS, Pack
from station.listings import ListingIn
from station.lots import LotIn
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.phones import classify
from station.receivers import Receiver
from station.sharing import Terms
from station.wishes import WishIn

# What buyers pay for the way, in fen.
_FREIGHT = 650


async def market_day(station_id: int) -> None:
    """A week of produce, told in the order in which it happened."""
    keeper, desk = await person(station_id, "wang"), await person(station_id, "chen")
    zone = (await stations.profile(station_id)).zone
    houses: dict[str, int] = {}
    goods: dict[str, int] = {}
    packs: dict[str, int] = {}
    with clock.later(days=-7):
        for family, seller in SELLERS.items():
            resident = await residents.keep(seller, by=keeper)
            houses[family] = (await residents.one(station_id, resident))["household_id"]
        await residents.help_household(houses[HELPED], True, by=keeper)
        for short, (name, kind, unit) in PRODUCTS.items():
            goods[short] = await products.add(name, kind, unit, short, by=keeper)
        await _agree(houses, clock.today(zone), keeper)
        for short, pack in PACKS.items():
            packs[short] = await _offer(goods[short], pack, keeper)
    for ago in range(7, -1, -1):
        with clock.later(days=-ago, minutes=-90):
            for _, family, short, units, grams in [intake for intake in INTAKES if intake[0] == ago]:
                await _take_in(houses[family], goods[short], short, units, grams, clock.today(zone), desk)
        for number, order in enumerate(ORDERS):
            if order[0] == ago:
                with clock.later(days=-ago, minutes=3 * number - 60):
                    await _order(number, order, packs, goods, desk)
    await _wish(goods["蛋"], clock.today(zone), keeper, desk)


async def person(station_id: int, login: str) -> Actor:
    """Who signs in as `login` in the demo village."""
    row = await sql.one("SELECT * FROM account WHERE station_id = ? AND login = ?", station_id, login)
    assert row is not None
    return Actor(station_id, row["id"], row["name"], Role(row["role"]), row["carrier"] or None)


async def _agree(houses: dict[str, int], day: date, keeper: Actor) -> None:
    """5 % for the station and 2.50 for packing; half of that where the village helps to sell."""
    for family, house in houses.items():
        points, packing = (250, 125) if family == HELPED else (500, 250)
        terms = Terms(commission_bp=points, packing_fen=packing)
        await agreements.agree(AgreementIn(house, None, day.isoformat(), "", terms, "口头说好的"), by=keeper)


async def _offer(product_id: int, pack: Pack, keeper: Actor) -> int:
    listing = ListingIn(
        product_id,
        pack.title,
        pack.units,
        pack.fen,
        pack_g=pack.grams,
        story=pack.story,
        story_en=pack.story_en,
        title_en=pack.title_en,
    )
    listing_id = await listings.offer(listing, by=keeper)
    await listings.set_open(listing_id, True, by=keeper)
    return listing_id


async def _take_in(
    house: int, product_id: int, short: str, units: int, grams: int, day: date, desk: Actor
) -> None:
    keeps = products.keeps_until(PRODUCTS[short][1], day)
    lot_id = await lots.take_in(LotIn(house, product_id, units, grams, best_before=keeps), by=desk)
    if PRODUCTS[short][1] == "eggs":
        await certificates.certify(lot_id, SELLERS[HELPED].name, by=desk)


async def _wish(product_id: int, today: date, keeper: Actor, desk: Actor) -> None:
    """A canteen wants eggs every week, the next time the day after tomorrow."""
    weekday = (today + timedelta(days=2)).weekday()
    canteen = WishIn(
        "瞿文明",
        "13600004478",
        "湖南省 长沙市 天心区 坡子街街道 太平街 30 号",
        product_id,
        60,
        weekday,
        note="食堂，要大的",
    )
    await wishes.write(canteen, by=desk)
    await wish_matches.propose(by=keeper)


async def _order(
    number: int, order: tuple[int, str, str, str, int, tuple[str, str, str]], packs: dict[str, int],
    goods: dict[str, int], desk: Actor,
) -> None:  # fmt: skip
    _, source, state, short, qty, (name, phone, address) = order
    province, city, county, town, detail = address.split(" ", 4)
    told = OrderIn(
        OrderSource(source),
        (LineIn(packs[short], qty),),
        Receiver(name, classify(phone), province, city, county, town, "", detail),
        freight_fen=_FREIGHT,
        scan_id=f"demo-order-{number}",
        state=OrderState(state),
    )
    if told.state is OrderState.HELD:
        line = LineIn(name="柴火腊肉 3 斤", qty=1, product_id=goods[short], units=3, price_fen=16500)
        told = replace(told, lines=(line,), external_no="4402117730052218", reason="masked_receiver")
    if source == "market":
        # A buyer ordered it on the village's page; the desk confirmed it.
        placed = await order_placing.place(
            replace(told, state=OrderState.RESERVED), by=Actor.system(desk.station_id)
        )
        if told.state is OrderState.CONFIRMED:
            await orders.confirm(placed.id, by=desk)
        return
    await order_placing.place(told, by=desk)
