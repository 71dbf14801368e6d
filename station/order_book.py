"""The book of orders: looked up, listed by where they are, counted. Changes nothing."""

from collections.abc import Collection, Sequence
from typing import Any

from station.actor import Actor
from station.db import sql
from station.errors import N_, Refusal, tell
from station.models import OrderState

tell(
    {
        "order_moved_on": (
            409,
            N_("Order {number} has moved on meanwhile. Load the page again and look where it is."),
        ),
    }
)

# Tabs of the order desk: which states each shows. Counted are those whose orders do not pile up.
SHOWN: dict[str, tuple[str, ...]] = {
    "confirm": ("reserved", "held"),
    "pack": ("confirmed",),
    "fetch": ("set_aside",),
    "van": ("packed",),
    "way": ("handed_over",),
    "trouble": ("returned", "lost"),
    "done": ("delivered", "fetched"),
    "off": ("cancelled", "expired"),
}
SHOWN["all"] = tuple(state for states in SHOWN.values() for state in states)
_LIVE = ("reserved", "held", "confirmed", "set_aside", "packed", "handed_over")
# Sources whose goods are named by others: platforms' exports and lists.
ELSEWHERE = ("douyin", "taobao", "youzan", "pdd", "other")
PAGE = 50


async def one(station_id: int, order_id: int) -> dict[str, Any]:
    """The order's row; raises Refusal `not_found`."""
    row = await sql.one("SELECT * FROM orders WHERE station_id = ? AND id = ?", station_id, order_id)
    if row is None:
        raise Refusal("not_found")
    return row


async def held(order_id: int, by: Actor) -> dict[str, Any]:
    """The order's row, held until the act ends: whoever decides by it does so after whoever came before."""
    await sql.execute("UPDATE orders SET id = id WHERE station_id = ? AND id = ?", by.station_id, order_id)
    return await one(by.station_id, order_id)


async def held_in(states: Collection[OrderState], order_id: int, by: Actor) -> dict[str, Any]:
    """The same of an order that is in one of these states; raises Refusal `order_moved_on` if it is not."""
    order = await held(order_id, by)
    if order["state"] not in states:
        raise Refusal("order_moved_on", number=order["number"])
    return order


async def by_token(station_id: int, token: str) -> dict[str, Any]:
    """The order whose status link holds `token`; raises Refusal `not_found`. Found by index: nothing to time."""
    row = await sql.one("SELECT * FROM orders WHERE station_id = ? AND token = ?", station_id, token)
    if row is None:
        raise Refusal("not_found")
    return row


async def by_scan(station_id: int, scan_id: str) -> dict[str, Any] | None:
    return await sql.one(
        "SELECT id, number, token FROM orders WHERE station_id = ? AND scan_id = ? AND scan_id <> ''",
        station_id,
        scan_id,
    )


async def by_external(station_id: int, source: str, external_no: str) -> dict[str, Any] | None:
    return await sql.one(
        "SELECT id, number, token FROM orders WHERE station_id = ? AND source = ? AND external_no = ? AND external_no <> ''",
        station_id,
        source,
        external_no,
    )


async def lines(station_id: int, order_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The lines of these orders, in the order they were written; `unit` of the product is "" where none is known. A line
    that was dropped has no packs any more and is left out."""
    if not order_ids:
        return []
    return await sql.rows(
        "SELECT l.*, coalesce(p.unit, '') AS unit, coalesce(p.name, '') AS product, coalesce(p.kind, '') AS kind"  # noqa: S608
        " FROM order_line l LEFT JOIN product p ON p.station_id = l.station_id AND p.id = l.product_id"
        f" WHERE l.station_id = ? AND l.order_id IN ({', '.join('?' * len(order_ids))}) AND l.qty > 0 ORDER BY l.id",
        station_id,
        *order_ids,
    )


async def listed(
    station_id: int, show: str = "all", *, number: int = 1, most: int = PAGE
) -> list[dict[str, Any]]:
    """One page of a tab of SHOWN, newest first, each with its `lines`; one more than `most` if there is a next page."""
    states = SHOWN.get(show, SHOWN["all"])
    found = await sql.rows(
        # The page's ids first: sorted whole, every order there ever was would be read.
        "SELECT * FROM orders WHERE id IN (SELECT id FROM orders WHERE station_id = ?"  # noqa: S608 (question marks alone)
        f" AND state IN ({', '.join('?' * len(states))}) ORDER BY id DESC LIMIT ? OFFSET ?) ORDER BY id DESC",
        station_id,
        *states,
        most + 1,
        (number - 1) * most,
    )
    by_order: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in found}
    for line in await lines(station_id, list(by_order)):
        by_order[line["order_id"]].append(line)
    return [{**row, "lines": by_order[row["id"]]} for row in found]


async def counts(station_id: int) -> dict[str, int]:
    """How many orders each tab holds, of those whose orders do not pile up."""
    rows = await sql.rows(
        "SELECT state, count(*) AS n FROM orders WHERE station_id = ?"  # noqa: S608 (question marks alone)
        f" AND state IN ({', '.join('?' * len(_LIVE))}) GROUP BY state",
        station_id,
        *_LIVE,
    )
    each = {row["state"]: row["n"] for row in rows}
    return {
        tab: sum(each.get(state, 0) for state in states)
        for tab, states in SHOWN.items()
        if set(states) <= set(_LIVE)
    }
