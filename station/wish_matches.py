"""Standing wishes and the lots of households that the village helps to sell, proposed to each other; the keeper decides.

Which households are helped is the keeper's alone to know: so are the proposals, and no audit line about an order or a lot
tells of them.
"""

from datetime import date, timedelta
from typing import Any

from station import audit, clock, listings, order_book, order_placing, orders, stations, stock, wishes
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.receivers import Receiver
from station.stock import FIRST_OUT, UNSOLD

tell(
    {
        "wish_decided": (409, N_("Somebody has decided on this meanwhile. Nothing was done twice.")),
        "wish_unfit": (
            409,
            N_("This does not fit any more: the goods are sold, or the wish has ended. Look for lots again."),
        ),
        "wish_price": (422, N_("No pack on sale fits this. Write down what all of it costs.")),
    }
)
# How many days before its day a wish is looked after.
AHEAD = timedelta(days=3)


async def propose_all() -> None:
    """At every station: end the wishes whose last day is over, and propose what fits the days to come."""
    for station_id in await stations.all_ids():
        await wishes.end_lapsed(by=Actor.system(station_id))
        await propose(by=Actor.system(station_id))


async def any_new() -> bool:
    """Whether `propose_all` would change anything."""
    for station_id in await stations.all_ids():
        today = await stations.today(station_id)
        if await wishes.any_lapsed(station_id, today) or await _new(station_id, today):
            return True
    return False


@act
async def propose(*, by: Actor) -> int:
    """Propose helped households' lots with enough unsold to the wishes due within AHEAD days; how many were new."""
    today = await stations.today(by.station_id)
    found = await _new(by.station_id, today)
    for wish_id, lot_id, day in found:
        await sql.execute(
            "INSERT INTO wish_match (station_id, wish_id, lot_id, day, state) VALUES (?, ?, ?, ?, 'proposed')"
            " ON CONFLICT (station_id, wish_id, lot_id, day) DO NOTHING",
            *(by.station_id, wish_id, lot_id, day),
        )
    if found:
        await audit.write(
            by, "lots_proposed", subject="station", subject_id=by.station_id, proposals=len(found)
        )
    return len(found)


# What fits now: the lot is open, keeps until the day and has enough, its household is helped, the wish holds. Only such
# lots are summed.
_FITS = (
    " FROM wish w JOIN lot l ON l.station_id = w.station_id AND l.product_id = w.product_id AND l.state = 'open'"
    " AND (l.best_before = '' OR l.best_before >= ?) JOIN household h ON h.id = l.household_id AND h.helped"
)


async def _new(station_id: int, today: date) -> list[tuple[int, int, str]]:
    """Wish, lot and day of every proposal that fits and was not made yet; none for a wish that is served that day."""
    fitting = await sql.rows(
        f"SELECT w.id AS wish_id, w.weekday, w.valid_until, l.id AS lot_id, l.best_before{_FITS}"
        f" WHERE w.station_id = ? AND w.active AND {UNSOLD} >= w.units ORDER BY {FIRST_OUT}",
        *(today.isoformat(), station_id),
    )
    made = await sql.rows(
        "SELECT wish_id, lot_id, day, state FROM wish_match WHERE station_id = ? AND day >= ?",
        *(station_id, today.isoformat()),
    )
    known = {(row["wish_id"], row["lot_id"], row["day"]) for row in made}
    served = {(row["wish_id"], row["day"]) for row in made if row["state"] == "accepted"}
    new = []
    for row in fitting:
        due = today + timedelta(days=(row["weekday"] - today.weekday()) % 7)
        day = due.isoformat()
        held = all(until == "" or until >= day for until in (row["valid_until"], row["best_before"]))
        if held and due - today <= AHEAD and (row["wish_id"], day) not in served:
            new.append((row["wish_id"], row["lot_id"], day))
    return [match for match in new if match not in known]


_PROPOSED = (  # what the keeper can decide on
    "SELECT x.id, x.day, x.wish_id, x.lot_id, w.buyer_name, w.phone, w.address, w.units, w.weekday, w.note, w.product_id,"  # noqa: S608
    " p.name AS product, p.unit, l.label, l.best_before, h.name AS household, h.grp,"
    f" {UNSOLD} AS unsold"
    f"{_FITS} JOIN wish_match x ON x.wish_id = w.id AND x.lot_id = l.id AND x.state = 'proposed' AND x.day >= ?"
    " JOIN product p ON p.id = w.product_id WHERE w.station_id = ? AND w.active"
    f" AND {UNSOLD} >= w.units AND NOT EXISTS (SELECT 1 FROM wish_match a"
    " WHERE a.station_id = w.station_id AND a.wish_id = w.id AND a.day = x.day AND a.state = 'accepted')"
)


async def proposals(station_id: int) -> list[dict[str, Any]]:
    """What the keeper can decide on, the next day first: buyer, goods, household, lot, how much is `unsold`, and the pack
    on sale that fits (`listing`: its id and title, `packs`, `total_fen`; None: the keeper names the price)."""
    today = (await stations.today(station_id)).isoformat()
    found = await sql.rows(f"{_PROPOSED} ORDER BY x.day, w.id, {FIRST_OUT}", today, today, station_id)
    offered = await listings.offered(station_id)
    return [{**row, "listing": _fitting(row, offered)} for row in found]


def _fitting(wish: dict[str, Any], offered: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The largest pack of the product that makes up the wish exactly."""
    packs = [
        row
        for row in offered
        if row["product_id"] == wish["product_id"] and wish["units"] % row["units"] == 0
    ]
    if not packs:
        return None
    pack = max(packs, key=lambda row: (row["units"], -row["price_fen"]))
    qty = wish["units"] // pack["units"]
    return {"id": pack["id"], "title": pack["title"], "packs": qty, "total_fen": qty * pack["price_fen"]}


async def accept(match_id: int, price_fen: int | None = None, *, by: Actor) -> int:
    """The wish becomes a confirmed order out of this very lot; returns the order. `price_fen`: for all, if no pack fits.

    Raises Refusal `wish_decided`, `wish_unfit`, `wish_price`.
    """
    match = next((row for row in await proposals(by.station_id) if row["id"] == match_id), None)
    if match is None:
        raise await _why_not(match_id, by)
    line = _line(match, price_fen)
    receiver = await wishes.receiver(match["buyer_name"], match["phone"], match["address"])
    return await _accept(match, line, receiver, by=by)


def _line(match: dict[str, Any], price_fen: int | None) -> LineIn:
    if pack := match["listing"]:
        return LineIn(pack["id"], pack["packs"])
    if not price_fen or price_fen < 0:
        raise Refusal("wish_price")
    name = f"{match['product']} {match['units']} {match['unit']}"
    return LineIn(name=name, product_id=match["product_id"], units=match["units"], price_fen=price_fen)


@act
async def _accept(match: dict[str, Any], line: LineIn, receiver: Receiver, *, by: Actor) -> int:
    # Two keepers, or two lots for one wish: the second waits here and then finds it decided. The station before the
    # product, as every order does.
    await stations.one_at_a_time(by.station_id)
    await stock.serialise_lot(by.station_id, match["lot_id"])
    still = await sql.one(f"{_PROPOSED} AND x.id = ?", match["day"], match["day"], by.station_id, match["id"])
    if still is None:
        raise await _why_not(match["id"], by)
    order = OrderIn(
        OrderSource.PHONE,
        (line,),
        receiver,
        seller_note=match["note"],
        scan_id=f"w-{match['id']}",
        # Held for a moment, so that nothing is kept out of other lots; then the goods of this one are.
        state=OrderState.HELD,
    )
    placed = await order_placing.place(order, by=by)
    (row,) = await order_book.lines(by.station_id, [placed.id])
    await stock.reserve_from(row["id"], match["lot_id"], row["units"], by=by)
    await orders.confirm(placed.id, by=by)
    if not await sql.execute(
        "UPDATE wish_match SET state = 'accepted', order_id = ?, decided_at = ?, by_id = ?"
        " WHERE station_id = ? AND id = ? AND state = 'proposed'",
        *(placed.id, clock.now(), by.account_id, by.station_id, match["id"]),
    ):
        # Declined in this moment: the order is taken back with this act.
        raise await _why_not(match["id"], by)
    await audit.write(by, "wish_accepted", subject="wish", subject_id=match["wish_id"])
    return placed.id


async def _why_not(match_id: int, by: Actor) -> Refusal:
    row = await sql.one(
        "SELECT state FROM wish_match WHERE station_id = ? AND id = ?", by.station_id, match_id
    )
    if row is None:
        return Refusal("not_found")
    return Refusal("wish_unfit" if row["state"] == "proposed" else "wish_decided")


@act
async def decline(match_id: int, *, by: Actor) -> None:
    """Not this lot for this wish on this day. Raises Refusal `wish_decided`, `not_found`."""
    done = await sql.execute(
        "UPDATE wish_match SET state = 'declined', decided_at = ?, by_id = ?"
        " WHERE station_id = ? AND id = ? AND state = 'proposed'",
        *(clock.now(), by.account_id, by.station_id, match_id),
    )
    if not done:
        raise await _why_not(match_id, by)
    await audit.write(by, "wish_declined", subject="wish_match", subject_id=match_id)
