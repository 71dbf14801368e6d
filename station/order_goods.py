"""What the items of platforms' orders are here: understood by name, said by a person, taken off when not wanted any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from station import audit, products, stations, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.order_book import ELSEWHERE, held_in
from station.platforms.products import Known, match
from station.platforms.rows import Line

tell({"too_many_in_pack": (422, N_("One pack holds 1 to {most}. Write down how many."))})

_NOT_PACKED = (OrderState.RESERVED, OrderState.HELD, OrderState.CONFIRMED, OrderState.SET_ASIDE)
# Where somebody may still say what an item is; held ones keep their goods when they are confirmed.
_MATCHABLE = (
    *_NOT_PACKED,
    OrderState.PACKED,
    OrderState.HANDED_OVER,
)
# A pack of more is a slip of the keyboard.
MOST_IN_PACK = 100_000


@dataclass(frozen=True, slots=True)
class Goods:
    """What items are here: the station's products, and by an item's name and spec what a person has said before: a product
    and its units in one pack."""

    known: Sequence[Known]
    said: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def of(self, line: Line) -> tuple[int | None, int | None]:
        name, spec = line.name or "", line.spec or ""
        return self.said.get((name[:120], spec[:120])) or match(name, spec, self.known)


async def goods(station_id: int) -> Goods:
    """The products, and what earlier orders' lines of every name were; the newest one holds."""
    known = [Known(row["id"], row["name"], row["unit"]) for row in await products.all(station_id)]
    rows = await sql.rows(
        "SELECT l.name, l.spec, l.product_id, l.units / l.qty AS per_pack FROM order_line l JOIN (SELECT max(n.id) AS id"  # noqa: S608
        " FROM order_line n JOIN orders o ON o.id = n.order_id JOIN product p ON p.id = n.product_id AND p.active"
        f" WHERE n.station_id = ? AND o.source IN ({', '.join('?' * len(ELSEWHERE))}) AND n.qty > 0 AND n.units > 0"
        " GROUP BY n.name, n.spec) newest ON newest.id = l.id WHERE l.station_id = ?",
        *(station_id, *ELSEWHERE, station_id),
    )
    return Goods(
        known, {(row["name"], row["spec"]): (row["product_id"], int(row["per_pack"])) for row in rows}
    )


_UNKNOWN = (  # of orders that are not at their end
    " FROM orders o JOIN order_line l ON l.station_id = o.station_id AND l.order_id = o.id WHERE o.station_id = ?"
    " AND o.state IN ('reserved', 'held', 'confirmed', 'set_aside', 'packed', 'handed_over')"
    " AND o.source IN ('douyin', 'taobao', 'youzan', 'pdd', 'other') AND l.qty > 0"
    " AND (l.product_id IS NULL OR l.units IS NULL)"
)


async def unknown_goods(station_id: int) -> list[dict[str, Any]]:
    """Items of which nobody has said what they are here: `name`, `spec`, in how many `orders`, how many `packs`, and the
    product (`product_id`) if only its units in a pack are not known."""
    return await sql.rows(
        "SELECT l.name, l.spec, max(l.product_id) AS product_id, count(DISTINCT o.id) AS orders, sum(l.qty) AS packs"
        f"{_UNKNOWN} GROUP BY l.name, l.spec ORDER BY orders DESC, l.name, l.spec",
        station_id,
    )


async def match_goods(
    name: str, spec: str, product_id: int, per_pack: int, *, by: Actor
) -> tuple[int, Refusal | None]:
    """Say what an item is in every open order that has it, one act each; how many were matched, and why not the rest.

    Raises Refusal: `no_such_product`, `too_many_in_pack`.
    """
    rows = await sql.rows(
        f"SELECT l.id{_UNKNOWN} AND l.name = ? AND l.spec = ? ORDER BY l.id", by.station_id, name, spec
    )
    matched, refused = 0, None
    for row in rows:
        try:
            await match_line(row["id"], product_id, per_pack, by=by)
            matched += 1
        except Refusal as refusal:
            if refusal.code not in ("sold_out", "order_moved_on"):
                raise
            refused = refusal
    return matched, refused


@act
async def match_line(line_id: int, product_id: int, per_pack: int, *, by: Actor) -> None:
    """Say what an item of a platform is here: `per_pack` units of a product in each pack; they are kept in the same act.

    What the line held as something else is let go. Raises Refusal: `not_found`, `no_such_product`, `too_many_in_pack`,
    `order_moved_on`, `sold_out`.
    """
    await stations.one_at_a_time(by.station_id)
    line = await sql.one(
        "SELECT l.order_id, l.qty, l.product_id, l.units, o.source FROM order_line l"
        " JOIN orders o ON o.id = l.order_id WHERE l.station_id = ? AND l.id = ? AND l.qty > 0",
        *(by.station_id, line_id),
    )
    if line is None or line["source"] not in ELSEWHERE:
        raise Refusal("not_found")
    if not await sql.one("SELECT id FROM product WHERE station_id = ? AND id = ?", by.station_id, product_id):
        raise Refusal("no_such_product")
    if not 1 <= per_pack <= MOST_IN_PACK:
        raise Refusal("too_many_in_pack", most=MOST_IN_PACK)
    units = per_pack * line["qty"]
    if (line["product_id"], line["units"]) == (product_id, units):
        return
    order = await held_in(_MATCHABLE, line["order_id"], by)
    await stock.release(line_id, "", by=by)
    await sql.execute(
        "UPDATE order_line SET product_id = ?, units = ? WHERE station_id = ? AND id = ?",
        *(product_id, units, by.station_id, line_id),
    )
    if order["state"] != OrderState.HELD:
        await stock.reserve(line_id, product_id, units, by=by)
    await audit.write(
        by,
        "order_line_matched",
        subject="order",
        subject_id=line["order_id"],
        line=line_id,
        product=product_id,
        units=units,
    )


@act
async def drop_lines(order_id: int, line_ids: Sequence[int], *, by: Actor) -> None:
    """Part of an order is not wanted any more: these lines have no packs from now on, and their goods are let go.

    Raises Refusal: `not_found`, and `order_moved_on` once it is packed.
    """
    await stations.one_at_a_time(by.station_id)
    await held_in(_NOT_PACKED, order_id, by)
    for line_id in sorted(line_ids):
        await stock.release(line_id, "", by=by)
        await sql.execute(
            "UPDATE order_line SET qty = 0, units = 0, total_fen = 0 WHERE station_id = ? AND order_id = ? AND id = ?",
            *(by.station_id, order_id, line_id),
        )
    await sql.execute(
        "UPDATE orders SET goods_fen = (SELECT coalesce(sum(total_fen), 0) FROM order_line WHERE station_id = ?"
        " AND order_id = ?) WHERE station_id = ? AND id = ?",
        *(by.station_id, order_id) * 2,
    )
    await audit.write(by, "order_lines_dropped", subject="order", subject_id=order_id, lines=list(line_ids))
