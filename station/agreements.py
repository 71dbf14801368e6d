"""What was agreed with a household: from which day, for which product, who gets how much."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from station import audit, clock, sharing
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.texts import plain

tell(
    {
        "agreement_dates": (422, N_("The last day of an agreement cannot be before its first.")),
        "agreement_overlaps": (
            409,
            N_(
                "From {start} until {end} something else is agreed with this household."
                " Begin the day after, or end that agreement first."
            ),
        ),
        "agreement_over": (409, N_("This agreement has ended already.")),
    }
)

# Later than every day.
_ALWAYS = "9999-12-31"


@dataclass(frozen=True, slots=True)
class AgreementIn:
    """Days are ISO and inclusive; `valid_until` "" is until further notice, product None is whatever they bring."""

    household_id: int
    product_id: int | None
    valid_from: str
    valid_until: str
    terms: sharing.Terms
    note: str = ""


@act
async def agree(agreement: AgreementIn, *, by: Actor) -> int:
    """Write down an agreement; returns its id. One that ran until further notice ends the day before.

    Raises Refusal `agreement_overlaps` (with `start`, `end`) if other days are settled already, `agreement_dates`,
    `not_found`.
    """
    first, last = _day(agreement.valid_from), _day(agreement.valid_until or _ALWAYS)
    if last < first:
        raise Refusal("agreement_dates")
    await _serialise(by.station_id, agreement.household_id)
    if agreement.product_id is not None and not await sql.one(
        "SELECT id FROM product WHERE station_id = ? AND id = ?", by.station_id, agreement.product_id
    ):
        raise Refusal("no_product")
    ended = await _make_room(agreement, first, last, by)
    agreement_id = await sql.insert(
        "agreement",
        station_id=by.station_id,
        household_id=agreement.household_id,
        product_id=agreement.product_id,
        valid_from=first.isoformat(),
        valid_until=last.isoformat() if agreement.valid_until else "",
        terms=agreement.terms.model_dump_json(),
        note=plain(agreement.note)[:200],
        created_at=clock.now(),
    )
    await audit.write(
        by,
        "agreed",
        subject="agreement",
        subject_id=agreement_id,
        also=[("household", agreement.household_id)],
        product_id=agreement.product_id,
        valid_from=agreement.valid_from,
        valid_until=agreement.valid_until,
        terms=agreement.terms.model_dump_json(),
        ended=ended,
    )
    return agreement_id


async def _serialise(station_id: int, household_id: int) -> None:
    if not await sql.execute(
        "UPDATE household SET name = name WHERE station_id = ? AND id = ?", station_id, household_id
    ):
        raise Refusal("not_found")


async def _make_room(agreement: AgreementIn, first: date, last: date, by: Actor) -> list[int]:
    """End what ran on until further notice; refuse what settles the same days otherwise. Returns what was ended."""
    other = await sql.rows(
        "SELECT id, valid_from, valid_until FROM agreement WHERE station_id = ? AND household_id = ?"
        " AND coalesce(product_id, 0) = ? ORDER BY valid_from",
        by.station_id,
        agreement.household_id,
        agreement.product_id or 0,
    )
    ended = []
    for row in other:
        begins, ends = _day(row["valid_from"]), _day(row["valid_until"] or _ALWAYS)
        if begins > last or ends < first:
            continue
        if row["valid_until"] or begins >= first:
            raise Refusal("agreement_overlaps", start=row["valid_from"], end=row["valid_until"] or "…")
        ended.append(row["id"])
        await _end(row["id"], first - timedelta(days=1), by)
    return ended


async def _end(agreement_id: int, last: date, by: Actor) -> None:
    await sql.execute(
        "UPDATE agreement SET valid_until = ? WHERE station_id = ? AND id = ?",
        last.isoformat(),
        by.station_id,
        agreement_id,
    )


@act
async def end(agreement_id: int, last_day: str, *, by: Actor) -> None:
    """It holds until this day and no longer. Raises Refusal `agreement_dates`, `agreement_over`, `not_found`."""
    # Held before it is looked at; the household first, as where agreements are made.
    await sql.execute(
        "UPDATE household SET name = name WHERE station_id = ? AND id ="
        " (SELECT household_id FROM agreement WHERE station_id = ? AND id = ?)",
        *(by.station_id, by.station_id, agreement_id),
    )
    row = await sql.one(
        "SELECT valid_from, valid_until FROM agreement WHERE station_id = ? AND id = ?",
        by.station_id,
        agreement_id,
    )
    if row is None:
        raise Refusal("not_found")
    last = _day(last_day)
    if last < _day(row["valid_from"]):
        raise Refusal("agreement_dates")
    if row["valid_until"] and _day(row["valid_until"]) <= last:
        raise Refusal("agreement_over")
    await _end(agreement_id, last, by)
    await audit.write(
        by, "agreement_ended", subject="agreement", subject_id=agreement_id, last_day=last.isoformat()
    )


async def terms_for(
    station_id: int, household_id: int, product_id: int | None, day: str | date
) -> sharing.Terms:
    """What holds on a day for a household's product: its own agreement, else the one for all they bring, else nothing
    is kept back: the household gets everything."""
    row = await sql.one(
        "SELECT terms FROM agreement WHERE station_id = ? AND household_id = ?"
        " AND (product_id IS NULL OR product_id = ?) AND valid_from <= ? AND (valid_until = '' OR valid_until >= ?)"
        " ORDER BY CASE WHEN product_id IS NULL THEN 1 ELSE 0 END, valid_from DESC, id DESC LIMIT 1",
        station_id,
        household_id,
        product_id or 0,
        str(day),
        str(day),
    )
    return sharing.Terms() if row is None else sharing.read_terms(row["terms"])


async def listed(station_id: int, household_id: int | None = None) -> list[dict[str, Any]]:
    """Every agreement ever, newest first by household: its columns, `household`, `grp`, `product` (None: all), and
    `terms` as they are read."""
    one = "" if household_id is None else " AND a.household_id = ?"
    rows = await sql.rows(
        "SELECT a.*, h.name AS household, h.grp, p.name AS product, p.unit FROM agreement a"  # noqa: S608
        " JOIN household h ON h.id = a.household_id LEFT JOIN product p ON p.id = a.product_id"
        f" WHERE a.station_id = ?{one} ORDER BY h.grp, h.name, a.household_id, a.valid_from DESC, a.id DESC LIMIT 500",
        station_id,
        *([] if household_id is None else [household_id]),
    )
    return [{**row, "terms": sharing.read_terms(row["terms"])} for row in rows]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("agreement_dates") from error
