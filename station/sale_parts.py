"""The parts of an order that are booked one by one: each line for each lot that it took, with all parties' entries.

The buyer's price is divided over the lines by their totals, a line over its lots by their units; fen left over go as
`sharing.split` says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from station import agreements, sharing
from station.ledger import Entry
from station.models.money import Party
from station.models.orders import OrderSource
from station.sharing import Terms, split

SALE = "sale"
# Goods of which nobody has said whose they are: the station keeps their money until the keeper says it.
UNASSIGNED = "unassigned"
_OWN_SOURCES = frozenset({OrderSource.MARKET, OrderSource.PHONE, OrderSource.CHAT})
_NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an order as far as it came out of one lot; without a household nobody knows whose it is."""

    order: dict[str, Any]
    line: dict[str, Any]
    sale: sharing.Sale
    carrier: str
    household_id: int | None = None
    lot_id: int | None = None


def parts(
    order: dict[str, Any], lines: list[dict[str, Any]], lots: dict[int, Any], freight_fen: int, carrier: str
) -> Iterator[Part]:
    if not lines:
        return
    totals = [max(line["total_fen"], 0) for line in lines]
    weights = totals if any(totals) else [line["qty"] for line in lines]
    goods, paid, freight = (
        split(fen, weights) for fen in (order["goods_fen"], order["freight_fen"], freight_fen)
    )
    for line, *fen in zip(lines, goods, paid, freight, strict=True):
        taken = lots.get(line["id"]) or []
        if not taken:
            sale = sharing.Sale(fen[0], line["units"] or line["qty"], line["qty"], fen[1], fen[2])
            yield Part(order, line, sale, carrier)
            continue
        units = [lot["units"] for lot in taken]
        numbers = (split(whole, units) for whole in (fen[0], line["qty"], fen[1], fen[2]))
        for lot, goods_fen, packs, freight_paid, charged in zip(taken, *numbers, strict=True):
            sale = sharing.Sale(goods_fen, lot["units"], packs, freight_paid, charged)
            yield Part(order, line, sale, carrier, lot["household_id"], lot["lot_id"])


async def entries(station_id: int, part: Part) -> list[Entry]:
    of = {"order_id": part.order["id"], "line_id": part.line["id"], "lot_id": part.lot_id}
    if part.household_id is None:
        shares = sharing.divide(part.sale, _NO_TERMS)
    else:
        shares = sharing.divide(part.sale, await _terms(station_id, part))
    label = (part.line["product"] or part.line["name"])[:40]
    found = [Entry(Party.BUYER, SALE, -part.sale.gross_fen, **of)]
    for share in shares:
        party, kind = Party(share.party), share.kind
        if party is Party.HOUSEHOLD and part.household_id is None:
            party, kind = Party.STATION, UNASSIGNED
        found.append(
            Entry(
                party,
                kind,
                share.fen,
                household_id=part.household_id if party is Party.HOUSEHOLD else None,
                carrier=part.carrier if party is Party.CARRIER else "",
                label=label if share.kind == SALE else "",
                quantity=share.quantity,
                each_fen=share.each_fen,
                rate_bp=share.rate_bp,
                **of,
            )
        )
    return found


async def _terms(station_id: int, part: Part) -> Terms:
    assert part.household_id is not None
    terms = await agreements.terms_for(
        station_id, part.household_id, part.line["product_id"], part.order["day"]
    )
    # An order that came without a platform owes it nothing.
    return terms.model_copy(update={"platform_fee_bp": 0}) if part.order["source"] in _OWN_SOURCES else terms


def again(order: dict[str, Any], line: dict[str, Any], rows: list[dict[str, Any]], household_id: int) -> Part:
    """The part that these entries of a line without a household were made of, with the household."""

    def total(party: Party, kind: str) -> int:
        return sum(row["fen"] for row in rows if (row["party"], row["kind"]) == (party, kind))

    freight = total(Party.CARRIER, "freight")
    paid = total(Party.STATION, "freight_paid")
    goods = -total(Party.BUYER, SALE) - paid
    carrier = next((row["carrier"] for row in rows if row["party"] == Party.CARRIER), "")
    sale = sharing.Sale(goods, line["units"] or line["qty"], line["qty"], paid, freight)
    return Part(order, line, sale, carrier, household_id)
