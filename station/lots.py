"""Lots: what one household brought in at once; taken in with a label of its own, and looked up."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from station import audit, clock, products, residents, stations, stock, traces
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import LotState
from station.running_numbers import next_number
from station.stock import UNSOLD
from station.texts import plain

# So much weight is no lot of a household but a slip of the scale, in grams.
HEAVIEST = 5_000_000
MOST = 100_000

tell(
    {
        "lot_amount": (422, N_("Write down how much came in: a whole number from 1 to 100,000.")),
        "lot_weight": (422, N_("This weight cannot be right. Put it on the scale once more.")),
        "lot_best_before": (422, N_("The best-before day is no day of the calendar, or it is over already.")),
        "product_retired": (409, N_("{product} is not taken in any more.")),
    }
)


@dataclass(frozen=True, slots=True)
class LotIn:
    """What the intake writes down. `amount` is in the product's unit, `best_before` an ISO day or "", `photo` a file's
    name. `trace_code` is made by the page: the same one with the same goods is the same lot."""

    household_id: int
    product_id: int
    amount: int
    weight_g: int | None = None
    grade: str = ""
    best_before: str = ""
    origin: str = ""
    photo: str = ""
    note: str = ""
    trace_code: str = ""


async def take_in(lot: LotIn, *, by: Actor) -> int:
    """A household's goods come in; returns the lot's id. Raises Refusal `lot_amount`, `lot_weight`, `lot_best_before`, `no_product`,
    `product_retired`, `not_found` (the household)."""
    if not 1 <= lot.amount <= MOST:
        raise Refusal("lot_amount")
    if lot.weight_g is not None and not 0 < lot.weight_g <= HEAVIEST:
        raise Refusal("lot_weight")
    if lot.best_before and not _is_day(lot.best_before):
        raise Refusal("lot_best_before")
    spare = traces.new_trace_code()
    code = lot.trace_code if traces.is_trace_code(lot.trace_code) else spare
    return await _take_in(replace(lot, trace_code=code), spare, by=by)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@act
async def _take_in(lot: LotIn, spare: str, *, by: Actor) -> int:
    # One after another in the whole station: two lots of a day get two numbers.
    await stations.one_at_a_time(by.station_id)
    known = await sql.one(
        "SELECT id, household_id, product_id, amount FROM lot WHERE station_id = ? AND trace_code = ?",
        by.station_id,
        lot.trace_code,
    )
    if known is not None:
        goods = (lot.household_id, lot.product_id, lot.amount)
        if (known["household_id"], known["product_id"], known["amount"]) == goods:
            return int(known["id"])
        # Somebody went back in the browser and took in something else.
        lot = replace(lot, trace_code=spare)
    product = await products.one(by.station_id, lot.product_id)
    if not product["active"]:
        raise Refusal("product_retired", product=product["name"])
    await residents.household(by.station_id, lot.household_id)
    lot_id = await _insert(lot, product["short"], by)
    await stock.take_in(lot_id, lot.amount, by=by)
    await audit.write(
        by,
        "lot_taken_in",
        subject="lot",
        subject_id=lot_id,
        also=[("household", lot.household_id)],
        product_id=lot.product_id,
        amount=lot.amount,
        weight_g=lot.weight_g,
    )
    return lot_id


async def _insert(lot: LotIn, short: str, by: Actor) -> int:
    station = await stations.profile(by.station_id)
    day = clock.today(station.zone)
    if lot.best_before and lot.best_before < day.isoformat():
        raise Refusal("lot_best_before")
    return await sql.insert(
        "lot",
        station_id=by.station_id,
        household_id=lot.household_id,
        product_id=lot.product_id,
        # 蛋1121-1, the next one 蛋1121-2.
        label=await next_number(by.station_id, "lot", f"{short}{day:%m%d}-", column="label"),
        trace_code=lot.trace_code,
        day=day.isoformat(),
        amount=lot.amount,
        weight_g=lot.weight_g,
        grade=plain(lot.grade)[:20],
        best_before=lot.best_before,
        origin=(plain(lot.origin) or station.place)[:80],
        photo=lot.photo[:80],
        certificate_by="",
        state="open",
        recall_reason="",
        note=plain(lot.note)[:200],
        created_at=clock.now(),
        by_id=by.account_id,
    )


_LOT = (
    f"SELECT l.*, p.name AS product, p.kind, p.unit, h.name AS household, h.grp, {UNSOLD} AS unsold FROM lot l"  # noqa: S608
    " JOIN product p ON p.id = l.product_id JOIN household h ON h.id = l.household_id"
    " WHERE l.station_id = ?"
)


async def lot(station_id: int, lot_id: int) -> dict[str, Any]:
    """A lot's columns with product, kind, unit, household, grp, and what is unsold. Raises Refusal `no_lot`."""
    row = await sql.one(f"{_LOT} AND l.id = ?", station_id, lot_id)
    if row is None:
        raise Refusal("no_lot")
    return _told(row)


async def listed(station_id: int, show: str = "stock", limit: int = 200) -> list[dict[str, Any]]:
    """Lots like `lot`, newest first: those with something unsold (`stock`), the recalled ones, or all."""
    of = {"stock": f" AND l.state = 'open' AND {UNSOLD} > 0", "recalled": " AND l.state = 'recalled'"}
    rows = await sql.rows(f"{_LOT}{of.get(show, '')} ORDER BY l.id DESC LIMIT ?", station_id, limit)
    return [_told(row) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "unsold": int(row["unsold"]), "recalled": row["state"] == LotState.RECALLED}
