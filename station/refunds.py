"""What is given back: to a buyer, at the cost of who bears it; or for lost goods, to the households whose they were."""

from station import audit, ledger, order_book, stock
from station.actor import Actor
from station.db import act
from station.errors import N_, Refusal, tell
from station.ledger import Entry
from station.models.money import Party
from station.money import format_fen
from station.sale_parts import parts
from station.sharing import split

REFUND = "refund"
CLAIM = "claim"

tell(
    {
        "refund_without_household": (422, N_("Choose the household that bears this.")),
        "refund_too_large": (
            422,
            N_("At most {left} yuan of this order can still be given back. Type a smaller amount."),
        ),
    }
)


@act
async def refund(
    order_id: int,
    fen: int,
    bearer: str,
    household_id: int | None = None,
    *,
    ref: str,
    by: Actor,
    how: str | None = None,
    carrier: str = "",
) -> bool:
    """The buyer gets `fen` back at the cost of `bearer` (a Party); with `how` (cash, bank, platform) he has it already.

    False if `ref` was known. Raises Refusal `not_found`, `no_amount`, `refund_too_large`, `refund_without_household`.
    """
    order = await order_book.held(order_id, by)
    if fen <= 0:
        raise Refusal("no_amount")
    party, borne_by = whose_loss(bearer, household_id)
    given = [
        Entry(party, REFUND, -fen, household_id=borne_by, carrier=carrier, order_id=order_id),
        Entry(Party.BUYER, REFUND, fen, order_id=order_id),
    ]
    refunded = await _refunded(order_id, by)
    if not await ledger.enter(given, ref=f"refund:{ref}", by=by):
        return False
    left = order["goods_fen"] + order["freight_fen"] - refunded
    if fen > left:
        raise Refusal("refund_too_large", left=format_fen(max(left, 0)))
    if how:
        await ledger.pay(order_id, -fen, how, f"refund:{ref}", by=by)
    await audit.write(by, "order_refunded", subject="order", subject_id=order_id, fen=fen, bearer=party)
    return True


@act
async def compensate(
    order_id: int,
    fen: int,
    bearer: str,
    household_id: int | None = None,
    *,
    ref: str,
    by: Actor,
    carrier: str = "",
) -> bool:
    """`fen` for goods that were lost: to the households whose they were, at the cost of `bearer`; goods of nobody, to the
    station. For an order that is not in the books, so that its buyer owes nothing and has his money back anyway.

    False if `ref` was known. Raises Refusal `not_found`, `no_amount`, `refund_too_large`, `refund_without_household`.
    """
    order = await order_book.held(order_id, by)
    if fen <= 0:
        raise Refusal("no_amount")
    party, borne_by = whose_loss(bearer, household_id)
    most = order["goods_fen"] + order["freight_fen"]
    if fen > most:
        raise Refusal("refund_too_large", left=format_fen(most))
    its_lines = await order_book.lines(by.station_id, [order_id])
    lots = await stock.lots_of_lines(by.station_id, [line["id"] for line in its_lines])
    of = list(parts(order, its_lines, lots, 0, ""))
    weights = [part.sale.goods_fen for part in of]
    found = [Entry(party, CLAIM, -fen, household_id=borne_by, carrier=carrier, order_id=order_id)]
    for part, share in zip(of, split(fen, weights if any(weights) else [1] * len(of)), strict=True):
        to = Party.HOUSEHOLD if part.household_id else Party.STATION
        found.append(Entry(to, CLAIM, share, part.household_id, "", order_id, part.line["id"], part.lot_id))
    new = await ledger.enter(found, ref=f"compensation:{ref}", by=by)
    if new:
        await audit.write(
            by, "order_compensated", subject="order", subject_id=order_id, fen=fen, bearer=party
        )
    return new


def whose_loss(bearer: str, household_id: int | None) -> tuple[Party, int | None]:
    """Who bears it, and which household if a household does; raises Refusal `refund_without_household`."""
    party = Party(bearer)
    if party is not Party.HOUSEHOLD:
        return party, None
    if household_id is None:
        raise Refusal("refund_without_household")
    return party, household_id


async def _refunded(order_id: int, by: Actor) -> int:
    rows = await ledger.of_order(by.station_id, order_id)
    return sum(row["fen"] for row in rows if (row["party"], row["kind"]) == (Party.BUYER, REFUND))
