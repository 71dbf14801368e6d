"""The ledger looked up: who has what, what waits for the keeper, and its entries."""

from dataclasses import dataclass
from typing import Any

from station.db import sql
from station.models.money import Party

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: of a household, an order's number, a party; empty is all."""

    household_id: int = 0
    order: str = ""
    party: str = ""


async def balances(station_id: int) -> dict[str, int]:
    """What each party has in fen (see `station.ledger`): plus is owed to it, or is in the purse."""
    rows = await sql.rows(
        "SELECT party, CAST(SUM(fen) AS BIGINT) AS fen FROM ledger_entry WHERE station_id = ? GROUP BY party",
        station_id,
    )
    found = {row["party"]: row["fen"] for row in rows}
    return {party.value: found.get(party.value, 0) for party in Party}


async def unassigned(station_id: int) -> list[dict[str, Any]]:
    """Booked lines of which nobody has said whose goods they are: line_id, number, name, qty, day, fen."""
    return await sql.rows(
        "SELECT l.id AS line_id, o.id AS order_id, o.number, l.name, l.qty, o.day, CAST(SUM(e.fen) AS BIGINT) AS fen"
        " FROM ledger_entry e JOIN order_line l ON l.id = e.line_id JOIN orders o ON o.id = l.order_id"
        " WHERE e.station_id = ? AND e.party = 'station' AND e.kind = 'unassigned'"
        " GROUP BY l.id, o.id, o.number, l.name, l.qty, o.day HAVING SUM(e.fen) <> 0 ORDER BY l.id LIMIT 200",
        station_id,
    )


async def open_orders(station_id: int) -> list[dict[str, Any]]:
    """Orders whose buyer still has to pay (`fen` below zero) or to get something back (above)."""
    return await sql.rows(
        "SELECT o.id, o.number, o.name, o.source, o.day, d.fen FROM (SELECT order_id, CAST(SUM(fen) AS BIGINT) AS fen"
        " FROM ledger_entry WHERE station_id = ? AND party = 'buyer' GROUP BY order_id HAVING SUM(fen) <> 0) d"
        " JOIN orders o ON o.id = d.order_id WHERE o.closed_at IS NOT NULL OR EXISTS (SELECT 1 FROM ledger_entry s"
        " WHERE s.station_id = o.station_id AND s.order_id = o.id AND s.kind = 'sale') ORDER BY o.day, o.id LIMIT 200",
        station_id,
    )


async def entries(station_id: int, wanted: Filter, number: int) -> list[dict[str, Any]]:
    """A page of entries, newest first, one more than PAGE if there are further ones."""
    where, args = "", list[Any]()
    if wanted.household_id:
        where, args = f"{where} AND household_id = ?", [*args, wanted.household_id]
    if wanted.order:
        where += " AND order_id = (SELECT id FROM orders WHERE station_id = ? AND number = ?)"
        args += [station_id, wanted.order]
    if wanted.party:
        where, args = f"{where} AND party = ?", [*args, wanted.party]
    # The page's ids first: sorted whole, the ledger would be read whole.
    return await sql.rows(
        "SELECT e.*, h.name AS household, o.number, a.name AS who, r.id AS reversed_by FROM ledger_entry e"  # noqa: S608
        " LEFT JOIN household h ON h.id = e.household_id LEFT JOIN orders o ON o.id = e.order_id"
        " LEFT JOIN account a ON a.id = e.by_id"
        " LEFT JOIN ledger_entry r ON r.station_id = e.station_id AND r.reverses_id = e.id"
        f" WHERE e.id IN (SELECT id FROM ledger_entry WHERE station_id = ?{where} ORDER BY id DESC LIMIT ? OFFSET ?)"
        " ORDER BY e.id DESC",
        *(station_id, *args, PAGE + 1, (number - 1) * PAGE),
    )


async def carrier_of(station_id: int, order_id: int) -> str:
    """With which courier an order went; empty for one that was fetched."""
    row = await sql.one("SELECT carrier FROM orders WHERE station_id = ? AND id = ?", station_id, order_id)
    return row["carrier"] if row else ""


async def order_of(station_id: int, number: str) -> int | None:
    """The id of the order that people call by this number."""
    row = await sql.one("SELECT id FROM orders WHERE station_id = ? AND number = ?", station_id, number)
    return row["id"] if row else None
