"""Loading a van: each parcel is scanned against the list, and can be taken off again until the handover is signed."""

from dataclasses import dataclass
from typing import Any

from couriers import consignment_list, handover_list
from couriers.handover_list import Handover
from couriers.scans import classify, clean
from couriers.waybills import normalise
from station import audit, carriers, clock
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState

# A scan that is no waybill gets its own sentence, told where parcels are checked in.
_NO_WAYBILLS = ("scan_too_long", "scan_is_text", "scan_is_phone", "scan_is_goods", "scan_glued")

tell(
    {
        "not_for_van": (
            409,
            N_("{parcel} is not for this van. Put it aside: it goes with another one."),
        ),
        "on_other_van": (
            409,
            N_(
                "{parcel} is already on handover {number}. Take it off there first, if it goes with this van."
            ),
        ),
        "left_already": (
            409,
            N_("{parcel} has left already. Put it aside and look it up under Consignments."),
        ),
        "still_booked": (
            409,
            N_("{parcel} is only booked. Weigh it and look into it at Send (F4), then scan it again."),
        ),
        "consignment_cancelled": (
            409,
            N_("{parcel} was cancelled. It does not leave: put it aside for its sender."),
        ),
        "order_called_off": (
            409,
            N_("{parcel} belongs to order {order}, which is not ready to leave. Look at the order first."),
        ),
        "not_ours_to_send": (
            404,
            N_("{scanned} was not taken in here for sending. Scan the waybill of the parcel once more."),
        ),
        "handover_signed": (409, N_("Handover {number} is signed. Open a new one for what still goes.")),
        "handover_undone": (409, N_("Handover {number} was taken back. Open a new one.")),
        "off_already": (409, N_("This parcel is not on the van any more.")),
    }
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """`again`: it was on this van before, and nothing was written. `cargo`: the consignment's row."""

    item_id: int
    cargo: dict[str, Any]
    again: bool


def named(cargo: dict[str, Any]) -> str:
    """`中通 …8845`: enough to find the parcel in one's hands."""
    return f"{carriers.short(cargo['carrier'])} …{cargo['waybill'][-4:] or cargo['number']}".strip()


async def scan(handover_id: int, scanned: str, *, by: Actor) -> Scanned:
    """Put the parcel of this waybill, or of our consignment number, on the van. The same one again changes nothing.

    Raises Refusal: see `tell` above, and what `couriers.checkin` says of scans that are no waybills.
    """
    text = clean(scanned)
    if not text:
        raise Refusal("scan_empty")
    return await _scan(handover_id, text, by=by)


@act
async def _scan(handover_id: int, text: str, *, by: Actor) -> Scanned:
    handover = await open_one(handover_id, by)
    cargo = await _find(handover, text, by.station_id)
    if cargo is None:
        # A link, a phone, goods or one of our own codes gets its own sentence.
        refused = classify(text).refused
        raise Refusal(refused if refused in _NO_WAYBILLS else "not_ours_to_send", scanned=text[:40])
    # A consignment is called back before it is on the van or not at all.
    cargo = await consignment_list.held(by.station_id, cargo["id"])
    _check(handover, cargo)
    item = await sql.one(
        "INSERT INTO handover_item (station_id, handover_id, consignment_id, at, undo_reason, by_id)"
        " VALUES (?, ?, ?, ?, '', ?) ON CONFLICT (station_id, consignment_id) WHERE undone_at IS NULL DO NOTHING"
        " RETURNING id",
        by.station_id,
        handover_id,
        cargo["id"],
        clock.now(),
        by.account_id,
    )
    if item is None:
        return await _there_already(handover, cargo, by.station_id)
    await audit.write(
        by,
        "put_on_van",
        subject="consignment",
        subject_id=cargo["id"],
        also=[("handover", handover_id)],
        number=handover.number,
    )
    return Scanned(item["id"], cargo, again=False)


async def open_one(handover_id: int, by: Actor) -> Handover:
    """The open handover, held for this act: scanning and signing wait for each other. Refusal if it is over."""
    handover = await handover_list.held(by.station_id, handover_id)
    if handover.state != "open":
        code = "handover_signed" if handover.state == "signed" else "handover_undone"
        raise Refusal(code, number=handover.number)
    return handover


async def _find(handover: Handover, text: str, station_id: int) -> dict[str, Any] | None:
    """The consignment that was scanned (`id`, `state`, `carrier`): of several with this waybill the one that can go, and with this van."""
    found = await sql.rows(
        "SELECT id, state, carrier FROM consignment WHERE station_id = ? AND waybill = ?"
        " UNION ALL SELECT id, state, carrier FROM consignment WHERE station_id = ? AND number = ?",
        *(station_id, normalise(text), station_id, text.upper()),
    )
    return min(found, key=lambda row: (row["state"] != "accepted", not _goes(handover, row)), default=None)


def _goes(handover: Handover, cargo: dict[str, Any]) -> bool:
    return not handover.carriers or cargo["carrier"] in handover.carriers


def _check(handover: Handover, cargo: dict[str, Any]) -> None:
    if cargo["state"] == "booked":
        raise Refusal("still_booked", parcel=named(cargo))
    if cargo["state"] == "cancelled":
        raise Refusal("consignment_cancelled", parcel=named(cargo))
    if cargo["state"] != "accepted":
        raise Refusal("left_already", parcel=named(cargo))
    if not _goes(handover, cargo):
        raise Refusal("not_for_van", parcel=named(cargo))
    if cargo["order_id"] and cargo["order_state"] != OrderState.PACKED:
        raise Refusal("order_called_off", parcel=named(cargo), order=cargo["order_number"])


async def _there_already(handover: Handover, cargo: dict[str, Any], station_id: int) -> Scanned:
    live = await sql.one(
        "SELECT i.id, i.handover_id, h.number, h.signed_at FROM handover_item i JOIN handover h ON h.id = i.handover_id"
        " WHERE i.station_id = ? AND i.consignment_id = ? AND i.undone_at IS NULL",
        station_id,
        cargo["id"],
    )
    if live is None or live["signed_at"]:
        raise Refusal("left_already", parcel=named(cargo))
    if live["handover_id"] != handover.id:
        raise Refusal("on_other_van", parcel=named(cargo), number=live["number"])
    return Scanned(live["id"], cargo, again=True)


@act
async def take_off(item_id: int, reason: str = "", *, by: Actor) -> int:
    """A parcel does not go with this van after all: it waits again. Returns the handover's id."""
    item = await sql.one(
        "SELECT handover_id, consignment_id FROM handover_item WHERE station_id = ? AND id = ?",
        by.station_id,
        item_id,
    )
    if item is None:
        raise Refusal("not_found")
    handover = await open_one(item["handover_id"], by)
    changed = await sql.execute(
        "UPDATE handover_item SET undone_at = ?, undo_reason = ? WHERE station_id = ? AND id = ?"
        " AND undone_at IS NULL",
        clock.now(),
        reason.strip()[:100],
        by.station_id,
        item_id,
    )
    if not changed:
        raise Refusal("off_already")
    await audit.write(
        by,
        "taken_off_van",
        subject="consignment",
        subject_id=item["consignment_id"],
        also=[("handover", handover.id)],
        number=handover.number,
    )
    return handover.id
