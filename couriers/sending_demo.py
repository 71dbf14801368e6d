"""The demo village's way out: tariffs, numbers, the 17:00 van; yesterday's handover with what became of it, and today's."""

import csv
import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from couriers import (
    claims,
    consignment_list,
    consignments,
    deliveries,
    handover,
    handover_list,
    number_pool,
    packing,
    tariff_book,
    tariffs,
    vans,
)
from couriers.acceptance import ConsignmentIn, Sender
from couriers.claims import ClaimIn
from couriers.packing import PackIn
from station import clock, ledger, money_moves, residents, settlement_book, settlements, stations
from station.actor import Actor
from station.db import sql
from station.phones import classify
from station.produce_demo import person
from station.receivers import Receiver
from station.residents import ResidentIn

_PEOPLE = Path(__file__).with_name("demo_people.tsv")
_FIGURES = "零一二三四五六七八九"
# Carriers whose numbers the station has; the first one takes everything that a van of the county brings on its way.
_NUMBERS = {"YZPY": 9_876_000_041_120, "ZTO": 73_120_000_885_501}
_POOL = 200
# Sender (place in demo_people.tsv), goods, grams, to whom.
_PARCELS = (
    (3, "衣服", 1200, ("舒敏", "13600002277", "贵州省", "贵阳市", "云岩区", "文昌阁街道", "文昌路 20 号")),
    (9, "干笋", 2300, ("田文斌", "13600003981", "广东省", "东莞市", "", "长安镇", "长青路 118 号")),
    (12, "棉鞋两双", 1450, ("麻晓燕", "13600006120", "浙江省", "杭州市", "余杭区", "良渚街道", "古墩路 900 号")),
)  # fmt: skip


async def outbound(station_id: int) -> None:
    """Parcels and orders of yesterday and today. Needs the produce of `station.produce_demo`."""
    keeper, desk = await person(station_id, "wang"), await person(station_id, "chen")
    zone = ZoneInfo((await stations.profile(station_id)).zone)
    evening = datetime.combine(clock.today(zone.key) - timedelta(days=1), time(16, 55), zone)
    with clock.at(evening - timedelta(days=7)):
        senders = await _people(desk)
        van = await _contracts(keeper)
    with clock.at(evening - timedelta(minutes=40)):
        await _accept(_PARCELS[0], senders, desk)
        await _pack_ordered(desk)
    with clock.at(evening):
        gone = await _hand_over(van, desk)
    now = clock.now()
    with clock.at(max(now - timedelta(minutes=30), evening + timedelta(hours=1))):
        await _delivered(gone, evening, keeper, desk)
    with clock.at(max(now - timedelta(minutes=15), evening + timedelta(hours=2))):
        for parcel in _PARCELS[1:]:
            await _accept(parcel, senders, desk)
        await _fetch(senders, desk)
        await _pack_some(desk)
        await _settle(keeper)


async def _people(desk: Actor) -> list[Sender]:
    """Everybody of the list, in the register."""
    senders = []
    with _PEOPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            group = row["address"].partition("村")[2].partition("组")[0]
            house = ResidentIn(row["name"], (row["phone"],), group=f"{_spoken(int(group))}组")
            resident = await residents.keep(house, by=desk)
            senders.append(Sender(row["name"], row["phone"], resident))
    return senders


def _spoken(number: int) -> str:
    """一 to 十九, as groups are called."""
    tens, ones = divmod(number, 10)
    return ("十" if tens else "") + (_FIGURES[ones] if ones else "")


async def _contracts(keeper: Actor) -> int:
    """Prices and numbers of the carriers, and the van; returns the van's id."""
    since = await stations.today(keeper.station_id) - timedelta(days=30)
    for terms in tariffs.demo():
        text = json.dumps(terms, ensure_ascii=False, default=str)
        await tariff_book.enter(text, since.isoformat(), by=keeper)
    for carrier, first in _NUMBERS.items():
        await number_pool.fill(carrier, [str(number) for number in range(first, first + _POOL)], by=keeper)
    await vans.put("圆通刘师傅", ("YTO",), "11:30", by=keeper)
    return await vans.put("县共配车", tuple(_NUMBERS), "17:00", by=keeper)


async def _accept(parcel: tuple[int, str, int, tuple[str, ...]], senders: list[Sender], desk: Actor) -> None:
    place, goods, grams, (name, phone, province, city, county, town, detail) = parcel
    taken_in = ConsignmentIn(
        f"demo-parcel-{place}",
        senders[place],
        Receiver(name, classify(phone), province, city, county, town, "", detail),
        goods,
        weight_g=grams,
        carrier="YZPY",
        id_kind="id_card",
        inspected=True,
    )
    await consignments.accept(taken_in, by=desk)


async def _fetch(senders: list[Sender], desk: Actor) -> None:
    """Called in by phone: somebody's parcel waits at the door."""
    today = (await stations.today(desk.station_id)).isoformat()
    to = Receiver("", classify(""), "", "", "", "", "", "")
    booked = ConsignmentIn(
        "demo-parcel-fetch",
        senders[17],
        to,
        "红薯一袋",
        fetch_day=today,
        fetch_place="十七组 向小满家，晒谷坪边",
    )
    await consignments.accept(booked, by=desk)


async def _pack_ordered(desk: Actor) -> None:
    """What has been ordered until now, packed for the van."""
    for entry in await packing.to_pack(desk.station_id):
        if sql.moment(entry.order["placed_at"]) < clock.now():
            await packing.pack(PackIn(entry.order["id"], entry.expected_g, "YZPY"), by=desk)


async def _pack_some(desk: Actor) -> None:
    for entry in (await packing.to_pack(desk.station_id))[:2]:
        await packing.pack(PackIn(entry.order["id"], entry.expected_g, "ZTO"), by=desk)


async def _hand_over(van: int, desk: Actor) -> list[dict[str, Any]]:
    """Everything accepted goes with the van, signed on paper; the parcels."""
    handover_id = await handover.open_(van, by=desk)
    for parcel in await consignment_list.here(desk.station_id):
        await handover.scan(handover_id, parcel["waybill"], by=desk)
    await handover.sign(handover_id, "孙师傅", "", on_paper=True, by=desk)
    return await handover_list.items(await handover_list.one(desk.station_id, handover_id), desk.station_id)


async def _delivered(gone: list[dict[str, Any]], left: datetime, keeper: Actor, desk: Actor) -> None:
    """Orders have arrived but for the last; of one the buyer says that eggs are broken. The buyers have paid."""
    ordered = [parcel for parcel in gone if parcel["order_id"]]
    for parcel in ordered[:-1]:
        await deliveries.note(
            parcel["id"],
            "delivered",
            clock.now() - timedelta(minutes=5),
            "hand",
            f"demo-{parcel['id']}",
            by=desk,
        )
        order = await sql.one(
            "SELECT goods_fen, freight_fen FROM orders WHERE station_id = ? AND id = ?",
            *(desk.station_id, parcel["order_id"]),
        )
        assert order is not None
        due = order["goods_fen"] + order["freight_fen"]
        await ledger.pay(parcel["order_id"], due, "bank", f"demo-{parcel['order_id']}", by=keeper)
    for parcel in [each for each in ordered[:-1] if "蛋" in each["goods"]][:1]:
        claim = ClaimIn(parcel["id"], "damaged", "破了 4 枚，买家发来照片", 640)
        await claims.open_(claim, by=desk)


async def _settle(keeper: Actor) -> None:
    """Whoever has sold something gets a slip; the first is paid, with money fetched from the bank (whole hundreds)."""
    today = await stations.today(keeper.station_id)
    drawn = await settlements.draw_all(today.replace(day=1).isoformat(), today.isoformat(), by=keeper)
    if len(drawn) > 1:
        slip = await settlement_book.one(keeper.station_id, drawn[-1])
        await money_moves.refill(-(-slip["pay_fen"] // 10000) * 10000, "demo-cash", by=keeper, note="发货款")
        await settlements.pay(drawn[-1], "cash", by=keeper)
