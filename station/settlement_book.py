"""Settlements looked up: what waits to be settled, and what was drawn."""

import json
from collections.abc import Sequence
from typing import Any

from station.db import sql
from station.errors import Refusal
from station.ledger import PARTY
from station.models.money import SettlementState
from station.statements import Line, Posted, Statement

_UNSETTLED = (
    " FROM ledger_entry e WHERE e.station_id = ? AND {party} = 'household' AND e.kind <> 'paid_out' AND e.day <= ?"
    " AND NOT EXISTS (SELECT 1 FROM settlement_entry s WHERE s.station_id = e.station_id AND s.entry_id = e.id"
    " AND NOT s.freed)"
)
_SELECT = (
    "SELECT s.*, h.name AS household, h.grp FROM settlement s JOIN household h ON h.id = s.household_id"
    " WHERE s.station_id = ?"
)


async def open_sums(station_id: int, until: str) -> list[dict[str, Any]]:
    """Households with entries up to `until` that are not settled: household_id, household, grp, orders, fen."""
    return await sql.rows(
        "SELECT e.household_id, h.name AS household, h.grp, count(DISTINCT e.order_id) AS orders,"
        " CAST(sum(e.fen) AS BIGINT) AS fen"
        + _UNSETTLED.format(party="e.party").replace(
            " WHERE", " JOIN household h ON h.id = e.household_id WHERE", 1
        )
        + " GROUP BY e.household_id, h.name, h.grp ORDER BY h.grp, h.name",
        station_id,
        until,
    )


async def unsettled(station_id: int, household_id: int, until: str) -> list[dict[str, Any]]:
    """The household's entries up to the ISO day `until` that no settlement holds."""
    return await sql.rows(
        f"SELECT e.*{_UNSETTLED.format(party=PARTY)} AND e.household_id = ? ORDER BY e.id",
        *(station_id, until, household_id),
    )


async def one(station_id: int, settlement_id: int) -> dict[str, Any]:
    """A settlement with its household's name; raises Refusal `not_found`."""
    found = await sql.one(f"{_SELECT} AND s.id = ?", station_id, settlement_id)
    if found is None:
        raise Refusal("not_found")
    return found


async def recent(station_id: int) -> list[dict[str, Any]]:
    """The latest hundred settlements, the newest first."""
    return await sql.rows(
        # Their ids first: to be sorted whole, every statement there ever was would be read.
        f"{_SELECT} AND s.id IN (SELECT id FROM settlement WHERE station_id = ? ORDER BY id DESC LIMIT 100)"  # noqa: S608
        " ORDER BY s.id DESC",
        *(station_id, station_id),
    )


async def to_pay(station_id: int) -> list[dict[str, Any]]:
    """Those drawn and not yet paid, by group and household."""
    return await sql.rows(
        f"{_SELECT} AND s.state = ? AND s.pay_fen > 0 ORDER BY h.grp, h.name, s.id",
        *(station_id, SettlementState.DRAWN),
    )


def statement(settlement: dict[str, Any]) -> Statement:
    """The statement as it was drawn and printed."""
    kept = json.loads(settlement["statement"])
    return Statement(**{**kept, "lines": tuple(Line(**line) for line in kept["lines"])})


async def units_of(station_id: int, labels: Sequence[str]) -> dict[str, str]:
    """In what the products of these names are counted."""
    rows = await sql.rows("SELECT name, unit FROM product WHERE station_id = ?", station_id)
    return {row["name"]: row["unit"] for row in rows if row["name"] in labels}


def posted(row: dict[str, Any]) -> Posted:
    """A row of the ledger as its household's statement reads it."""
    same = ("id", "kind", "fen", "day", "label", "quantity", "each_fen", "rate_bp")
    return Posted(order=str(row["order_id"] or ""), **{name: row[name] for name in same})
