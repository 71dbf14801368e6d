"""What lies in one lot: what broke, what was counted, what orders wait for, and every move of it."""

from typing import Any

from station import audit, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import LotState, MoveKind

tell(
    {
        "lot_has_less": (
            409,
            N_(
                "Only {left} of {lot} are unsold. What is promised to orders stays until the order is cancelled."
            ),
        ),
        "lot_is_promised": (
            409,
            N_("Orders wait for {promised} of {lot}. Cancel some of them first, or count once more."),
        ),
        "lot_recalled": (409, N_("{lot} was recalled; nothing of it may be sold or counted any more.")),
        "reason_missing": (422, N_("Write down why, so that it can be understood later.")),
        "amount_missing": (422, N_("Write down how many: a whole number, not less than 1.")),
    }
)

# Orders whose goods still lie in the lot; packed ones are in their boxes.
_UNPACKED = "('reserved', 'confirmed', 'held', 'set_aside')"


@act
async def waste(lot_id: int, units: int, reason: str, *, by: Actor) -> None:
    """So many unsold units of a lot broke, spoiled or were given away. Raises Refusal `lot_has_less`, `lot_recalled`."""
    lot, unsold = await _standing(lot_id, reason, by)
    if units < 1:
        raise Refusal("amount_missing")
    if units > unsold:
        raise Refusal("lot_has_less", lot=lot["label"], left=unsold)
    await stock.write([(lot_id, MoveKind.WASTE, -units, None, reason)], by)
    await audit.write(by, "lot_wasted", subject="lot", subject_id=lot_id, units=units)


@act
async def correct(lot_id: int, counted: int, reason: str, *, by: Actor) -> int:
    """`counted` lie there, promised ones included, packed ones not; returns by how many the stock was wrong.

    Raises Refusal `lot_is_promised` if fewer lie there than orders wait for, `lot_recalled`.
    """
    lot, unsold = await _standing(lot_id, reason, by)
    waiting = await promised(by.station_id, lot_id)
    if counted < waiting or counted < 0:
        raise Refusal("lot_is_promised", lot=lot["label"], promised=waiting)
    difference = counted - waiting - unsold
    if difference:
        await stock.write([(lot_id, MoveKind.CORRECTION, difference, None, reason)], by)
        await audit.write(by, "lot_corrected", subject="lot", subject_id=lot_id, units=difference)
    return difference


async def withdraw(lot_id: int, reason: str, *, by: Actor) -> int:
    """Inside an act: everything unsold of a lot goes out because it is recalled; returns how many."""
    await stock.serialise_lot(by.station_id, lot_id)
    unsold = await stock.of_lot(by.station_id, lot_id)
    if unsold:
        await stock.write([(lot_id, MoveKind.RECALL, -unsold, None, reason)], by)
    return unsold


async def promised(station_id: int, lot_id: int) -> int:
    """Units of a lot that orders hold and nobody has packed yet."""
    row = await sql.one(
        "SELECT coalesce(-sum(m.amount), 0) AS waiting FROM stock_move m JOIN order_line n ON n.id = m.line_id"  # noqa: S608
        f" JOIN orders o ON o.id = n.order_id WHERE m.station_id = ? AND m.lot_id = ? AND o.state IN {_UNPACKED}",
        station_id,
        lot_id,
    )
    assert row is not None
    return int(row["waiting"])


async def story(station_id: int, lot_id: int) -> list[dict[str, Any]]:
    """Every move of a lot, oldest first: kind, amount, reason, at, who, order_id and order_number if it was for one, and
    what was left after it (`rest`)."""
    rows = await sql.rows(
        "SELECT m.id, m.kind, m.amount, m.reason, m.at, a.name AS who, o.id AS order_id, o.number AS order_number"
        " FROM stock_move m LEFT JOIN account a ON a.id = m.by_id LEFT JOIN order_line n ON n.id = m.line_id"
        " LEFT JOIN orders o ON o.id = n.order_id WHERE m.station_id = ? AND m.lot_id = ? ORDER BY m.id",
        station_id,
        lot_id,
    )
    rest = 0
    for row in rows:
        rest += row["amount"]
        row["rest"] = rest
    return rows


async def _standing(lot_id: int, reason: str, by: Actor) -> tuple[dict[str, Any], int]:
    """The lot and what is unsold of it, nobody else moving it. Raises Refusal `no_lot`, `lot_recalled`, `reason_missing`."""
    if not reason.strip():
        raise Refusal("reason_missing")
    await stock.serialise_lot(by.station_id, lot_id)
    lot = await sql.one("SELECT label, state FROM lot WHERE station_id = ? AND id = ?", by.station_id, lot_id)
    assert lot is not None
    if lot["state"] == LotState.RECALLED:
        raise Refusal("lot_recalled", lot=lot["label"])
    return lot, await stock.of_lot(by.station_id, lot_id)
