"""Households whose eggs are sold: agreements, lots and orders for tests of the money."""

import itertools
from dataclasses import dataclass, field

from station import agreements, clock, lots, order_placing, phones, products, receivers
from station.actor import Actor
from station.db import act, sql
from station.models import OrderSource, OrderState
from station.money_books import BOOKS
from station.sharing import Terms

_numbers = itertools.count(1)
# 2.50 yuan a pack and 5 % for the station, the buyer pays the freight: as agreed with 郑家.
EGG_TERMS = Terms(commission_bp=500, packing_fen=250)


@act
async def household(name: str, group: str = "五组", *, by: Actor) -> int:
    row = await sql.one(
        "INSERT INTO household (station_id, name, grp, helped, note, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        *(by.station_id, name, group, False, "", clock.now()),
    )
    assert row is not None
    return int(row["id"])


@dataclass
class Till:
    """A village that sells eggs of 郑家 and 向家; `by` is keeper Wang."""

    by: Actor
    zheng: int = 0
    xiang: int = 0
    eggs: int = 0
    lots: dict[int, int] = field(default_factory=dict)

    async def lot(self, household_id: int, amount: int, best_before: str = "") -> int:
        lot = lots.LotIn(household_id, self.eggs, amount, best_before=best_before)
        return await lots.take_in(lot, by=self.by)

    async def order(
        self,
        packs: int = 1,
        *,
        price_fen: int = 4800,
        units: int = 30,
        freight_fen: int = 0,
        source: OrderSource = OrderSource.PHONE,
        external_no: str = "",
        known: bool = True,
    ) -> int:
        """A confirmed order of packs of eggs; without `known` nobody has said what the goods are."""
        line = order_placing.LineIn(
            qty=packs,
            product_id=self.eggs if known else None,
            name="土鸡蛋 30 枚",
            units=packs * units if known else None,
            price_fen=price_fen,
        )
        placed = await order_placing.place(
            order_placing.OrderIn(
                source,
                (line,),
                receivers.Receiver("陈先生", phones.classify("13900000188")),
                scan_id=f"till-{next(_numbers)}",
                external_no=external_no,
                freight_fen=freight_fen,
                state=OrderState.CONFIRMED,
            ),
            by=self.by,
        )
        return placed.id

    async def balance(self, party: str, household_id: int | None = None) -> int:
        whose = "" if household_id is None else f" AND household_id = {household_id}"
        row = await sql.one(
            f"SELECT COALESCE(SUM(fen), 0) AS fen FROM ledger_entry WHERE station_id = ? AND party = ?{whose}",
            *(self.by.station_id, party),
        )
        assert row is not None
        return int(row["fen"])

    async def faults(self) -> list[str]:
        """What `station verify` would say about the money."""
        return [
            sentence.format(row["what"])
            for sentence, query in BOOKS
            for row in await sql.rows(query, self.by.station_id)
        ]


async def open_till(by: Actor) -> Till:
    """郑家 by EGG_TERMS, 向家 without an agreement; no lots yet."""
    till = Till(by)
    till.zheng = await household("郑家", by=by)
    till.xiang = await household("向家", "三组", by=by)
    till.eggs = await products.add("土鸡蛋", "eggs", "枚", "蛋", by=by)
    await agreements.agree(agreements.AgreementIn(till.zheng, till.eggs, "2020-01-01", "", EGG_TERMS), by=by)
    return till
