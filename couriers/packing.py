"""Orders picked, weighed, packed and given a waybill; what the next van takes comes first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from couriers import consignment_list, consignments
from station import audit, order_book, orders, packing_rules, stations, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.packing_rules import Ship

tell(
    {
        "not_to_pack": (409, N_("Order {number} is not to be packed any more. Load the page again.")),
        "not_by_express": (
            409,
            N_("{goods} cannot go by express. Ring the buyer: it can be fetched at the station."),
        ),
        "weight_missing": (422, N_("Put the box on the scale and write down its weight.")),
        "weight_unlikely": (
            422,
            N_(
                "{weight} kg is far from the {expected} kg that this order should weigh. Weigh it again, or confirm it."
            ),
        ),
        "nothing_to_pack": (404, N_("There is nothing of this kind to pack any more.")),
    }
)
# How far a weighed box may be from what its packs and carton weigh: eggs differ, but not by a third.
_TOLERANCE = 3
# The list of one page; the rest comes as these are packed.
PAGE = 100


@dataclass(frozen=True, slots=True)
class ToPack:
    """An order to be packed with its `lines`, each with its `lots`; `rules` of its kinds; `expected_g` None if unknown.

    `alike`: orders with the same contents have the same; they can be packed in one go.
    """

    order: dict[str, Any]
    lines: list[dict[str, Any]]
    rules: tuple[packing_rules.PackingRule, ...]
    expected_g: int | None
    alike: str


async def to_pack(station_id: int, *, alike: str = "", limit: int = PAGE) -> list[ToPack]:
    """Confirmed orders, those that keep least first, then the oldest."""
    found = await sql.rows(
        "SELECT * FROM orders WHERE station_id = ? AND state = 'confirmed' ORDER BY id LIMIT 2000", station_id
    )
    lines = await order_book.lines(station_id, [row["id"] for row in found])
    lots = await stock.lots_of_lines(station_id, [line["id"] for line in lines])
    grams = await _pack_weights(station_id)
    by_order: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_order[line["order_id"]].append({**line, "lots": lots.get(line["id"], [])})
    listed = [_to_pack(row, by_order[row["id"]], grams) for row in found]
    listed = [one for one in listed if not alike or one.alike == alike]
    return sorted(listed, key=lambda one: (_keeps(one.rules), one.order["id"]))[:limit]


async def one(station_id: int, order_id: int) -> ToPack:
    """Raises Refusal `not_to_pack`, `not_found`."""
    order = await order_book.one(station_id, order_id)
    if order["state"] != OrderState.CONFIRMED:
        raise Refusal("not_to_pack", number=order["number"])
    lines = await order_book.lines(station_id, [order_id])
    lots = await stock.lots_of_lines(station_id, [line["id"] for line in lines])
    with_lots = [{**line, "lots": lots.get(line["id"], [])} for line in lines]
    return _to_pack(order, with_lots, await _pack_weights(station_id))


async def count(station_id: int) -> int:
    row = await sql.one(
        "SELECT count(*) AS n FROM orders WHERE station_id = ? AND state = 'confirmed'", station_id
    )
    return int(row["n"]) if row else 0


def pick_list(listed: Sequence[ToPack]) -> list[dict[str, Any]]:
    """What to fetch from which lot for these orders: product, unit, lot label and units, and packs nobody has a lot for."""
    picked: dict[tuple[str, str, str], int] = defaultdict(int)
    for entry in listed:
        for line in entry.lines:
            for lot in line["lots"]:
                picked[line["product"] or line["name"], line["unit"], lot["label"]] += lot["units"]
            if not line["lots"]:
                picked[f"{line['name']} {line['spec']}".strip(), "", ""] += line["qty"]
    return [
        {"product": product, "unit": unit, "lot": lot, "units": units}
        for (product, unit, lot), units in sorted(picked.items())
    ]


def _to_pack(order: dict[str, Any], lines: list[dict[str, Any]], grams: dict[int, int]) -> ToPack:
    kinds = dict.fromkeys(line["kind"] for line in lines if line["kind"])
    rules = tuple(packing_rules.of(kind) for kind in kinds)
    weights = [
        grams[line["listing_id"]] * line["qty"] if line["listing_id"] in grams else None for line in lines
    ]
    known = [weight for weight in weights if weight is not None]
    tare = max((rule.tare_g for rule in rules), default=0)
    expected = sum(known) + tare if len(known) == len(lines) and known else None
    contents = "|".join(sorted(f"{line['name']}/{line['spec']}/{line['qty']}" for line in lines))
    return ToPack(order, lines, rules, expected, contents)


def _keeps(rules: Sequence[packing_rules.PackingRule]) -> int:
    return min((rule.keeps_hours for rule in rules if rule.keeps_hours is not None), default=24 * 365)


async def _pack_weights(station_id: int) -> dict[int, int]:
    rows = await sql.rows(
        "SELECT id, pack_g FROM listing WHERE station_id = ? AND pack_g IS NOT NULL", station_id
    )
    return {row["id"]: row["pack_g"] for row in rows}


@dataclass(frozen=True, slots=True)
class PackIn:
    """`waybill` blank: a number from the carrier's pool. `sure`: the weight was looked at again. `photo`: a kept file.

    `condition_met`: the packer was told under which condition these goods may go, and has seen to it.
    """

    order_id: int
    weight_g: int | None
    carrier: str
    waybill: str = ""
    sure: bool = False
    photo: str = ""
    condition_met: bool = False


@act
async def pack(box: PackIn, *, by: Actor) -> int:
    """An order becomes a consignment with its weight and waybill; answers the consignment's id. Again: the same one.

    Raises Refusal: `not_to_pack`, `not_by_express`, `weight_missing`, `weight_unlikely`, and those of `consignments.for_order`.
    """
    await stations.one_at_a_time(by.station_id)
    if known := await _packed_already(by.station_id, box.order_id):
        return known
    entry = await one(by.station_id, box.order_id)
    _may_leave(entry, box)
    assert box.weight_g is not None
    taken = await consignments.for_order(
        box.order_id,
        box.weight_g,
        box.carrier,
        box.waybill,
        scan_id=f"order-{box.order_id}-{await _tries(by.station_id, box.order_id)}",
        photo=box.photo,
        condition_met=box.condition_met,
        by=by,
    )
    sent = await consignment_list.one(by.station_id, taken.id)
    await orders.move(
        box.order_id, OrderState.PACKED, carrier=sent["carrier"], waybill=sent["waybill"], by=by
    )
    await audit.write(
        by,
        "order_packed",
        subject="order",
        subject_id=box.order_id,
        also=[("consignment", taken.id)],
        weight_g=box.weight_g,
    )
    return taken.id


async def _packed_already(station_id: int, order_id: int) -> int | None:
    row = await sql.one(
        "SELECT id FROM consignment WHERE station_id = ? AND order_id = ? AND state <> 'cancelled'",
        station_id,
        order_id,
    )
    return int(row["id"]) if row else None


async def _tries(station_id: int, order_id: int) -> int:
    """How often the order was packed before and called back."""
    row = await sql.one(
        "SELECT count(*) AS n FROM consignment WHERE station_id = ? AND order_id = ?", station_id, order_id
    )
    return int(row["n"]) if row else 0


def _may_leave(entry: ToPack, box: PackIn) -> None:
    for line, rule in ((line, packing_rules.of(line["kind"])) for line in entry.lines if line["kind"]):
        if rule.ship is Ship.NO:
            raise Refusal("not_by_express", goods=line["product"] or line["name"])
    if not box.weight_g or box.weight_g <= 0:
        raise Refusal("weight_missing")
    expected = entry.expected_g
    if expected and not box.sure and abs(box.weight_g - expected) * _TOLERANCE > expected:
        raise Refusal(
            "weight_unlikely", weight=f"{box.weight_g / 1000:.2f}", expected=f"{expected / 1000:.2f}"
        )


async def pack_alike(
    alike: str, weight_g: int | None, carrier: str, *, sure: bool, condition_met: bool = False, by: Actor
) -> list[int]:
    """Pack every order with these contents with the same weight, numbers from the pool; answers the consignments.

    One act each: if the pool runs dry in the middle, what was packed stays packed, and its Refusal says so.
    """
    listed = await to_pack(by.station_id, alike=alike, limit=1000)
    if not listed:
        raise Refusal("nothing_to_pack")
    boxes = [
        PackIn(entry.order["id"], weight_g, carrier, sure=sure, condition_met=condition_met)
        for entry in listed
    ]
    return [await pack(box, by=by) for box in boxes]
