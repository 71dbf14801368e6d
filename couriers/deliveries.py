"""What became of parcels that left: told by the courier's file, his system or a person; the latest by time holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from station import audit, clock, orders, sales
from station.actor import Actor, Role
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState

# What holds: the way there is told, but changes nothing.
FINAL = ("delivered", "returned", "lost")
STATES = (*FINAL, "in_transit")
# Clocks differ a little; news from tomorrow would hold for ever.
_AHEAD = timedelta(hours=1)

# Why news changed nothing, in words.
REASONS = {
    "repeat": N_("This was known already."),
    "not_left": N_("The parcel has not left the station yet. Sign its handover, then tell it again."),
    "before_handover": N_("This is from before the parcel was handed over."),
    "in_future": N_("This lies in the future. Look at the time."),
    "outdated": N_("Kept; something later is known already."),
    "unknown_parcel": N_("No parcel with this number left here."),
    "two_carriers": N_("Two companies have a parcel with this number. Choose the company and send it again."),
    "unknown_state": N_("What this says is no state we know: delivered, returned, lost or on its way."),
    "refused": N_("The order of this parcel does not allow it. Look at the order."),
}

tell(
    {
        "not_your_parcel": (404, N_("This parcel is not of your company.")),
    }
)


@dataclass(frozen=True, slots=True)
class Noted:
    """`result`: accepted, ignored or unknown; `reason`: a key of REASONS, "" where all is well."""

    result: str
    reason: str = ""


async def note(
    consignment_id: int,
    state: str,
    at: datetime,
    source: str,
    ref: str,
    note: str = "",
    *,
    by: Actor,
) -> Noted:
    """Note what became of a consignment (`state` of STATES, `at` aware). `source`: file, api or hand.

    Its own state and its order's follow the latest news; an order that is delivered is booked, one that came back is
    taken out of the books. Raises Refusal `not_found`, `not_your_parcel`.
    """
    return await _note(consignment_id, state, at, source, ref[:80], note.strip()[:200], by=by)


@act
async def _note(
    consignment_id: int, state: str, at: datetime, source: str, ref: str, text: str, *, by: Actor
) -> Noted:
    cargo = await _held(consignment_id, by)
    if by.role is Role.COURIER and cargo["carrier"] != by.carrier:
        raise Refusal("not_your_parcel")
    if reason := _in_vain(cargo, at):
        return Noted("ignored", reason)
    written = await sql.one(
        "INSERT INTO delivery_event (station_id, consignment_id, state, at, source, ref, note, created_at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station_id, consignment_id, ref) DO NOTHING RETURNING id",
        by.station_id,
        consignment_id,
        "handed_over" if state == "in_transit" else state,
        at,
        source,
        ref,
        text,
        clock.now(),
        by.account_id,
    )
    if written is None:
        return Noted("ignored", "repeat")
    latest = await _latest(by.station_id, consignment_id)
    if latest is not None and latest["state"] != cargo["state"]:
        await _follow(cargo, latest, by)
    await audit.write(
        by,
        "delivery_noted",
        subject="consignment",
        subject_id=consignment_id,
        state=state,
        source=source,
        at=at.isoformat(),
    )
    outdated = state in FINAL and latest is not None and latest["id"] != written["id"]
    return Noted("accepted", "outdated" if outdated else "")


async def _held(consignment_id: int, by: Actor) -> dict[str, Any]:
    """The consignment with when it left (`left_at`), held for this act: news of one parcel waits for each other."""
    held = await sql.execute(
        "UPDATE consignment SET state = state WHERE station_id = ? AND id = ?", by.station_id, consignment_id
    )
    cargo = await sql.one(
        "SELECT c.*, (SELECT max(h.signed_at) FROM handover_item i JOIN handover h ON h.id = i.handover_id"
        " WHERE i.station_id = c.station_id AND i.consignment_id = c.id AND i.undone_at IS NULL) AS left_at"
        " FROM consignment c WHERE c.station_id = ? AND c.id = ?",
        *(by.station_id, consignment_id),
    )
    if not held or cargo is None:
        raise Refusal("not_found")
    return cargo


def _in_vain(cargo: dict[str, Any], at: datetime) -> str:
    if cargo["state"] in ("booked", "accepted", "cancelled"):
        return "not_left"
    if cargo["left_at"] is not None and at < sql.moment(cargo["left_at"]):
        return "before_handover"
    return "in_future" if at > clock.now() + _AHEAD else ""


async def _latest(station_id: int, consignment_id: int) -> dict[str, Any] | None:
    return await sql.one(
        "SELECT id, state, at FROM delivery_event WHERE station_id = ? AND consignment_id = ?"
        " AND state IN ('delivered', 'returned', 'lost') ORDER BY at DESC, id DESC LIMIT 1",
        station_id,
        consignment_id,
    )


async def _follow(cargo: dict[str, Any], latest: dict[str, Any], by: Actor) -> None:
    """The consignment takes the state of its latest news, and its order and the books follow."""
    await sql.execute(
        "UPDATE consignment SET state = ?, closed_at = ? WHERE station_id = ? AND id = ?",
        latest["state"],
        sql.moment(latest["at"]),
        by.station_id,
        cargo["id"],
    )
    if cargo["order_id"] is None:
        return
    await orders.move(cargo["order_id"], OrderState(latest["state"]), by=by)
    if latest["state"] == "delivered":
        # What the receiver paid the carrier at the door, nobody here owes him.
        freight = 0 if cargo["payer"] == "receiver" else cargo["freight_fen"]
        await sales.book(cargo["order_id"], freight_fen=freight, carrier=cargo["carrier"], by=by)
    else:
        await sales.unbook(cargo["order_id"], latest["state"], by=by)


async def under_way(station_id: int, carrier: str | None) -> list[dict[str, Any]]:
    """The fifty oldest parcels that left and of which nothing final is known; `carrier`: its own alone."""
    return await sql.rows(
        "SELECT id, number, carrier, waybill, goods, city, county, accepted_at, day FROM consignment"  # noqa: S608
        " WHERE station_id = ? AND state = 'handed_over'"
        + (" AND carrier = ?" if carrier else "")
        + " ORDER BY day, id LIMIT 50",
        *((station_id, carrier) if carrier else (station_id,)),
    )
