"""Lots: what one household brought in at once, its label, its certificate slip, and calling it back."""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from station import audit, clock, products, stations, stock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import LotState
from station.texts import plain

# Read aloud and typed off a label without doubt: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V.
TRACE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
TRACE_LENGTH = 12
# So much weight is no lot of a household but a slip of the scale, in grams.
HEAVIEST = 5_000_000
MOST = 100_000

tell(
    {
        "lot_amount": (422, N_("Write down how much came in: a whole number from 1 to 100,000.")),
        "lot_weight": (422, N_("This weight cannot be right. Put it on the scale once more.")),
        "lot_best_before": (422, N_("The best-before day is no day of the calendar, or it is over already.")),
        "promiser_missing": (422, N_("Write down who promises that the goods are as they should be.")),
        "no_certificate": (404, N_("No certificate slip was issued for this lot yet.")),
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


def new_trace_code() -> str:
    """Twelve characters nobody guesses: 23¹² of them."""
    return "".join(secrets.choice(TRACE_ALPHABET) for _ in range(TRACE_LENGTH))


def is_trace_code(text: str) -> bool:
    return len(text) == TRACE_LENGTH and set(text) <= set(TRACE_ALPHABET)


async def take_in(lot: LotIn, *, by: Actor) -> int:
    """A household's goods come in; returns the lot's id. Raises Refusal `lot_amount`, `lot_weight`, `lot_best_before`, `no_product`,
    `product_retired`, `not_found` (the household)."""
    if not 1 <= lot.amount <= MOST:
        raise Refusal("lot_amount")
    if lot.weight_g is not None and not 0 < lot.weight_g <= HEAVIEST:
        raise Refusal("lot_weight")
    if lot.best_before and not _is_day(lot.best_before):
        raise Refusal("lot_best_before")
    spare = new_trace_code()
    code = lot.trace_code if is_trace_code(lot.trace_code) else spare
    return await _take_in(replace(lot, trace_code=code), spare, by=by)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@act
async def _take_in(lot: LotIn, spare: str, *, by: Actor) -> int:
    # One after another in the whole station: two lots of a day get two numbers.
    await sql.execute("UPDATE station SET name = name WHERE id = ?", by.station_id)
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
    await _check_household(by.station_id, lot.household_id)
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
    row = await sql.one(
        "INSERT INTO lot (station_id, household_id, product_id, label, trace_code, day, amount, weight_g, grade,"
        " best_before, origin, photo, certificate_by, state, recall_reason, note, created_at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 'open', '', ?, ?, ?) RETURNING id",
        by.station_id,
        lot.household_id,
        lot.product_id,
        await _next_label(by.station_id, f"{short}{day:%m%d}-"),
        lot.trace_code,
        day.isoformat(),
        lot.amount,
        lot.weight_g,
        plain(lot.grade)[:20],
        lot.best_before,
        (plain(lot.origin) or station.place)[:80],
        lot.photo[:80],
        plain(lot.note)[:200],
        clock.now(),
        by.account_id,
    )
    assert row is not None
    return int(row["id"])


async def _next_label(station_id: int, start: str) -> str:
    """蛋1121-1, the next one 蛋1121-2; next year's same day goes on counting."""
    row = await sql.one(
        "SELECT max(CAST(substr(label, ?) AS INTEGER)) AS last FROM lot"
        " WHERE station_id = ? AND substr(label, 1, ?) = ?",
        len(start) + 1,
        station_id,
        len(start),
        start,
    )
    assert row is not None
    return f"{start}{(row['last'] or 0) + 1}"


async def _check_household(station_id: int, household_id: int) -> None:
    if not await sql.one(
        "SELECT id FROM household WHERE station_id = ? AND id = ?", station_id, household_id
    ):
        raise Refusal("not_found")


@act
async def certify(lot_id: int, promiser: str, *, by: Actor) -> int:
    """Issue the certificate slip, once; returns its number, which runs through the whole station."""
    promiser = plain(promiser)[:40]
    if not promiser:
        raise Refusal("promiser_missing")
    await sql.execute("UPDATE station SET name = name WHERE id = ?", by.station_id)
    row = await sql.one(
        "UPDATE lot SET certificate_no = (SELECT coalesce(max(certificate_no), 0) + 1 FROM lot WHERE station_id = ?),"
        " certificate_by = ?, certificate_at = ? WHERE station_id = ? AND id = ? AND certificate_no IS NULL"
        " AND state = 'open' RETURNING certificate_no",
        by.station_id,
        promiser,
        clock.now(),
        by.station_id,
        lot_id,
    )
    if row is None:
        known = await lot(by.station_id, lot_id)
        if known["certificate_no"] is None:
            raise Refusal("lot_recalled", lot=known["label"])
        return int(known["certificate_no"])
    number = int(row["certificate_no"])
    await audit.write(by, "lot_certified", subject="lot", subject_id=lot_id, certificate_no=number)
    return number


async def promisers(station_id: int, household_id: int) -> list[dict[str, Any]]:
    """The people of a household (id, name): one of them may promise that its goods are as they should be."""
    return await sql.rows(
        "SELECT id, name FROM resident WHERE station_id = ? AND household_id = ? AND left_at IS NULL ORDER BY id",
        station_id,
        household_id,
    )


@act
async def recall(lot_id: int, reason: str, *, by: Actor) -> int:
    """Nothing of this lot may be sold or sent any more; returns how many unsold units were taken out.

    What orders hold stays theirs until they are cancelled: `buyers_of` says who they are.
    """
    reason = plain(reason)[:200]
    if not reason:
        raise Refusal("reason_missing")
    unsold = await stock.withdraw(lot_id, reason, by=by)
    touched = await sql.execute(
        "UPDATE lot SET state = 'recalled', recall_reason = ? WHERE station_id = ? AND id = ? AND state = 'open'",
        reason,
        by.station_id,
        lot_id,
    )
    if not touched:
        raise Refusal("lot_recalled", lot=(await lot(by.station_id, lot_id))["label"])
    await audit.write(by, "lot_recalled", subject="lot", subject_id=lot_id, units=unsold)
    return unsold


_LOT = (
    "SELECT l.*, p.name AS product, p.kind, p.unit, h.name AS household, h.grp,"
    " (SELECT coalesce(sum(m.amount), 0) FROM stock_move m WHERE m.station_id = l.station_id AND m.lot_id = l.id)"
    " AS unsold FROM lot l JOIN product p ON p.id = l.product_id JOIN household h ON h.id = l.household_id"
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
    where = {"recalled": " AND l.state = 'recalled'"}.get(show, "")
    if show == "stock":
        where = (
            " AND l.state = 'open' AND (SELECT coalesce(sum(m.amount), 0) FROM stock_move m"
            " WHERE m.station_id = l.station_id AND m.lot_id = l.id) > 0"
        )
    rows = await sql.rows(f"{_LOT}{where} ORDER BY l.id DESC LIMIT ?", station_id, limit)
    return [_told(row) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "unsold": int(row["unsold"]), "recalled": row["state"] == LotState.RECALLED}


async def buyers_of(station_id: int, lot_id: int) -> list[dict[str, Any]]:
    """Every order that holds or has got some of this lot: id, number, name, phone, state, day, units."""
    rows = await sql.rows(
        "SELECT o.id, o.number, o.name, o.phone, o.state, o.day, -sum(m.amount) AS units"
        " FROM stock_move m JOIN order_line n ON n.id = m.line_id JOIN orders o ON o.id = n.order_id"
        " WHERE m.station_id = ? AND m.lot_id = ?"
        " GROUP BY o.id, o.number, o.name, o.phone, o.state, o.day HAVING sum(m.amount) <> 0 ORDER BY o.id",
        station_id,
        lot_id,
    )
    return [{**row, "units": int(row["units"])} for row in rows]


async def by_trace(station_code: str, trace_code: str) -> dict[str, Any] | None:
    """What strangers may know of a lot, or None: see `_PUBLIC`; `family` is all that is told of the household."""
    if not is_trace_code(trace_code):
        return None
    row = await sql.one(_PUBLIC, station_code, trace_code)
    if row is None:
        return None
    row["family"] = f"{row.pop('grp')}{family(row.pop('household'))}"
    row["recalled"] = row.pop("state") == LotState.RECALLED
    at, zone = row.pop("certificate_at"), row.pop("zone")
    row["certificate_day"] = sql.moment(at).astimezone(ZoneInfo(zone)).date().isoformat() if at else ""
    return row


_PUBLIC = (
    "SELECT s.name AS station, s.place, s.phone AS station_phone, s.zone, p.name AS product, p.unit, l.day, l.amount,"
    " l.grade, l.best_before, l.origin, l.photo, l.certificate_no, l.certificate_at, l.state, l.trace_code,"
    " h.name AS household, h.grp FROM lot l JOIN station s ON s.id = l.station_id"
    " JOIN product p ON p.id = l.product_id JOIN household h ON h.id = l.household_id"
    " WHERE s.code = ? AND l.trace_code = ?"
)
# Family names of two characters that are met in villages; all others have one.
_DOUBLE = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "司徒",
    "夏侯",
    "东方",
    "慕容",
    "端木",
    "闻人",
)


def family(household: str) -> str:
    """郑家 of 郑家, 郑大山 or 郑大山家: nobody's given name."""
    name = household.removesuffix("家").lstrip("老小") or household
    return f"{name[:2] if name.startswith(_DOUBLE) else name[:1]}家"
