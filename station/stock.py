"""Stock as moves: what came in, what orders hold, what broke. A lot's stock is the sum of its moves, never a number.

Whoever takes from a product's stock first writes to its row, so that two acts never give away the same egg. An order of
several products reserves them in the order of their ids: two orders then never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from station import clock, stations
from station.actor import Actor
from station.db import sql
from station.errors import N_, Refusal, tell
from station.models import LotState, MoveKind

tell(
    {
        "sold_out": (409, N_("Only {left} {unit} of {product} are left. Choose fewer, or something else.")),
        "no_lot": (404, N_("There is no such lot here.")),
    }
)

# Lot, kind, amount, order line, reason.
Move = tuple[int, MoveKind, int, int | None, str]

_SELLABLE = "l.state = 'open' AND (l.best_before = '' OR l.best_before >= ?)"
# Of a lot `l`: how much of it nobody has bought yet, and what must be eaten first.
# Summed lot by lot: a join would let a database without statistics begin with every move of the station.
UNSOLD = "(SELECT coalesce(sum(m.amount), 0) FROM stock_move m WHERE m.station_id = l.station_id AND m.lot_id = l.id)"
FIRST_OUT = "CASE WHEN l.best_before = '' THEN 1 ELSE 0 END, l.best_before, l.id"


async def reserve(line_id: int, product_id: int, units: int, *, by: Actor) -> list[tuple[int, int]]:
    """Inside an act: keep `units` of the product for an order line, of what must be eaten first; (lot, units) each.

    A line that has its units already keeps them. Recalled lots and those past their day are never touched. Raises Refusal
    `sold_out` with `left`: nothing was kept.
    """
    assert units > 0
    product = await _serialise(by.station_id, product_id)
    if held := (await lots_of_lines(by.station_id, [line_id]))[line_id]:
        return [(part["lot_id"], part["units"]) for part in held]
    kept, wanted = [], units
    lots = await _sellable(by.station_id, product_id)
    for lot in lots:
        if wanted > 0:
            kept.append((lot["id"], min(lot["unsold"], wanted)))
            wanted -= kept[-1][1]
    if wanted > 0:
        left = sum(lot["unsold"] for lot in lots)
        raise Refusal(
            "sold_out", left=left, product=product["name"], unit=product["unit"], product_id=product_id
        )
    await write([(lot_id, MoveKind.RESERVED, -part, line_id, "") for lot_id, part in kept], by)
    return kept


async def reserve_from(line_id: int, lot_id: int, units: int, *, by: Actor) -> None:
    """Inside an act: keep `units` of this very lot for an order line. The caller waits with `serialise_lot` first, and sees
    that it is open; Refusal `lot_has_less` if there are too few."""
    unsold = await of_lot(by.station_id, lot_id)
    if units > unsold:
        lot = await sql.one("SELECT label FROM lot WHERE station_id = ? AND id = ?", by.station_id, lot_id)
        raise Refusal("lot_has_less", lot=lot["label"] if lot else "", left=unsold)
    await write([(lot_id, MoveKind.RESERVED, -units, line_id, "")], by)


async def release(line_id: int, reason: str, *, by: Actor) -> None:
    """Inside an act: an order line gives back what it held; again does nothing. What was recalled meanwhile stays out."""
    await sql.execute(
        "UPDATE product SET name = name WHERE station_id = ? AND id IN (SELECT l.product_id FROM stock_move m"
        " JOIN lot l ON l.id = m.lot_id WHERE m.station_id = ? AND m.line_id = ?)",
        by.station_id,
        by.station_id,
        line_id,
    )
    held = (await lots_of_lines(by.station_id, [line_id]))[line_id]
    moves: list[Move] = []
    for part in held:
        moves.append((part["lot_id"], MoveKind.RELEASED, part["units"], line_id, reason))
        if part["recalled"]:
            moves.append((part["lot_id"], MoveKind.RECALL, -part["units"], None, reason))
    await write(moves, by)


async def take_in(lot_id: int, units: int, *, by: Actor) -> None:
    """Inside an act: a new lot's first move."""
    await write([(lot_id, MoveKind.INTAKE, units, None, "")], by)


async def available(station_id: int, product_id: int | None = None) -> dict[int, int]:
    """Units that can be sold today, by product: of one, or of all the station's (0 where there is nothing)."""
    one = "" if product_id is None else " AND p.id = ?"
    rows = await sql.rows(
        "SELECT p.id, coalesce(sum(s.unsold), 0) AS unsold FROM product p LEFT JOIN"  # noqa: S608
        f" (SELECT l.product_id, {UNSOLD} AS unsold FROM lot l WHERE l.station_id = ? AND {_SELLABLE}) s"
        f" ON s.product_id = p.id WHERE p.station_id = ?{one} GROUP BY p.id",
        station_id,
        await _today(station_id),
        station_id,
        *([] if product_id is None else [product_id]),
    )
    return {row["id"]: int(row["unsold"]) for row in rows}


async def of_lot(station_id: int, lot_id: int) -> int:
    """Units of a lot that nobody has bought yet."""
    row = await sql.one(
        "SELECT coalesce(sum(amount), 0) AS unsold FROM stock_move WHERE station_id = ? AND lot_id = ?",
        station_id,
        lot_id,
    )
    assert row is not None
    return int(row["unsold"])


async def lots_of_lines(station_id: int, line_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """What each order line holds: lot_id, label, household_id, units, recalled. Lines that hold nothing have no parts."""
    ids, found = list(line_ids), defaultdict[int, list[dict[str, Any]]](list)
    if not ids:
        return found
    marks = ", ".join("?" * len(ids))
    rows = await sql.rows(
        "SELECT m.line_id, l.id AS lot_id, l.label, l.household_id, l.state, -sum(m.amount) AS units"  # noqa: S608
        " FROM stock_move m JOIN lot l ON l.id = m.lot_id"
        f" WHERE m.station_id = ? AND m.line_id IN ({marks})"
        " GROUP BY m.line_id, l.id, l.label, l.household_id, l.state, l.best_before"
        f" HAVING sum(m.amount) <> 0 ORDER BY {FIRST_OUT}",
        station_id,
        *ids,
    )
    for row in rows:
        found[row["line_id"]].append(
            {
                "lot_id": row["lot_id"],
                "label": row["label"],
                "household_id": row["household_id"],
                "units": int(row["units"]),
                "recalled": row["state"] == LotState.RECALLED,
            }
        )
    return found


async def serialise_lot(station_id: int, lot_id: int) -> None:
    """Inside an act: wait for whoever moves stock of this lot's product. Raises Refusal `no_lot`."""
    touched = await sql.execute(
        "UPDATE product SET name = name WHERE station_id = ? AND id ="
        " (SELECT product_id FROM lot WHERE station_id = ? AND id = ?)",
        station_id,
        station_id,
        lot_id,
    )
    if not touched:
        raise Refusal("no_lot")


async def _serialise(station_id: int, product_id: int) -> dict[str, Any]:
    """From here to the end of the act nobody else moves this product; what they moved before is seen by what follows."""
    product = await sql.one(
        "UPDATE product SET name = name WHERE station_id = ? AND id = ? RETURNING name, unit",
        station_id,
        product_id,
    )
    if product is None:
        raise Refusal("not_found")
    return product


async def _sellable(station_id: int, product_id: int) -> list[dict[str, Any]]:
    """Lots with something unsold, first those that must be eaten first, then the oldest."""
    return await sql.rows(
        f"SELECT l.id, l.unsold FROM (SELECT l.id, l.best_before, {UNSOLD} AS unsold FROM lot l"  # noqa: S608
        f" WHERE l.station_id = ? AND l.product_id = ? AND {_SELLABLE}) l"
        f" WHERE l.unsold > 0 ORDER BY {FIRST_OUT}",
        station_id,
        product_id,
        await _today(station_id),
    )


async def write(moves: Sequence[Move], by: Actor) -> None:
    """Inside an act, after the product was serialised."""
    await sql.many(
        "INSERT INTO stock_move (station_id, lot_id, kind, amount, line_id, reason, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (by.station_id, lot_id, kind.value, amount, line_id, reason[:200], clock.now(), by.account_id)
            for lot_id, kind, amount, line_id, reason in moves
        ],
    )


async def _today(station_id: int) -> str:
    return (await stations.today(station_id)).isoformat()
