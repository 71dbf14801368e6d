"""Handover: what is on a van leaves with one signature, and can be taken back for a few minutes."""

import re
from typing import Any

from couriers import handover_list, vans
from couriers.handover_list import Handover
from couriers.loading import Scanned, named, open_one, scan, take_off
from station import audit, carriers, clock, orders, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.running_numbers import next_number
from station.texts import fold

__all__ = ["REASONS", "Scanned", "open_", "scan", "sign", "take_off", "undo"]

# Offered on the page; anything else may be typed. Kept in English and shown in the reader's language.
REASONS = (N_("wrong van"), N_("the van does not come"), N_("pressed by mistake"))

# The strokes as the page draws them: lines only, in whole numbers. Whoever signs for minutes is drawing something else.
_STROKES = re.compile(r"(?:M[0-9]{1,4} [0-9]{1,4}(?:L[0-9]{1,4} [0-9]{1,4})*){1,400}")
_LONGEST_SIGNATURE = 60_000

tell(
    {
        "nothing_on_van": (
            422,
            N_("Nothing is on the van yet. Scan what goes along, then let it be signed."),
        ),
        "who_signs": (422, N_("Write down who takes the parcels along.")),
        "no_signature": (
            422,
            N_("There is no signature yet. Let the driver sign in the field, or on paper."),
        ),
        "signature_too_long": (422, N_("The signature is too long to keep. Wipe it away and sign again.")),
        "handover_changed": (
            409,
            N_("{parcel} was cancelled meanwhile. Take it off the van, then let it be signed."),
        ),
        "handover_needs_van": (422, N_("Choose the van, or the company whose parcels go.")),
        "handover_needs_reason": (422, N_("Say why it is taken back.")),
        "handover_too_late": (
            409,
            N_("A handover can be taken back for {minutes} minutes only. Ring the driver instead."),
        ),
        "handover_moved_on": (
            409,
            N_("Something of this handover has arrived already. Note what is wrong on the single parcels."),
        ),
    }
)


@act
async def open_(van_id: int | None, carrier: str = "", *, by: Actor) -> int:
    """Begin to load a van, or whatever vehicle of a carrier; the one still open for it is gone on with."""
    if van_id is None and not carrier:
        raise Refusal("handover_needs_van")
    if van_id is not None:
        await vans.one(by.station_id, van_id)
    elif carrier not in carriers.CODES:
        raise Refusal("no_carrier", carrier=carrier[:40])
    # One after the other at a station: the running number, and no second open one for a van.
    await stations.one_at_a_time(by.station_id)
    known = await sql.one(
        "SELECT id FROM handover WHERE station_id = ? AND signed_at IS NULL AND closed_at IS NULL AND carrier = ?"
        " AND coalesce(van_id, 0) = ?",
        by.station_id,
        "" if van_id else carrier,
        van_id or 0,
    )
    if known:
        return int(known["id"])
    day = await stations.today(by.station_id)
    number = await next_number(by.station_id, "handover", f"JJ-{day:%m%d}-")
    handover_id = await sql.insert(
        "handover",
        station_id=by.station_id,
        number=number,
        van_id=van_id,
        carrier="" if van_id else carrier,
        day=day.isoformat(),
        opened_at=clock.now(),
        signed_by="",
        on_paper=False,
        signature="",
        by_id=by.account_id,
    )
    await audit.write(by, "handover_opened", subject="handover", subject_id=handover_id, number=number)
    return handover_id


async def sign(handover_id: int, name: str, signature: str, *, on_paper: bool, by: Actor) -> int:
    """The driver has taken everything that is on the van, with his strokes (an SVG path) or on the printed sheet.

    All of it leaves in this one act, its orders with it; returns how many parcels.
    """
    name, signature = fold(name)[:40], "" if on_paper else signature.strip()
    if not name:
        raise Refusal("who_signs")
    if len(signature) > _LONGEST_SIGNATURE:
        raise Refusal("signature_too_long")
    if not on_paper and not _STROKES.fullmatch(signature):
        raise Refusal("no_signature")
    return await _sign(handover_id, name, signature, on_paper, by=by)


@act
async def _sign(handover_id: int, name: str, signature: str, on_paper: bool, *, by: Actor) -> int:
    handover = await open_one(handover_id, by)
    cargo = await handover_list.items(handover, by.station_id)
    if not cargo:
        raise Refusal("nothing_on_van")
    await _move_all(handover, "accepted", "handed_over", by)
    if stuck := await _not_in(handover, "handed_over", by.station_id):
        raise Refusal("handover_changed", parcel=named(stuck))
    await sql.execute(
        "UPDATE handover SET signed_at = ?, signed_by = ?, on_paper = ?, signature = ? WHERE station_id = ? AND id = ?",
        clock.now(),
        name,
        on_paper,
        signature,
        by.station_id,
        handover_id,
    )
    for each in sorted((each for each in cargo if each["order_id"]), key=lambda each: each["order_id"]):
        facts = {"carrier": each["carrier"], "waybill": each["waybill"]}
        await orders.move(each["order_id"], OrderState.HANDED_OVER, by=by, **facts)
    await _tell(handover, "handed_over", cargo, by, on_paper=on_paper)
    return len(cargo)


async def undo(handover_id: int, reason: str, *, by: Actor) -> None:
    """Take a handover back: all its parcels wait again. An open one at any time, a signed one for `undo_minutes`."""
    if not reason.strip():
        raise Refusal("handover_needs_reason")
    await _undo(handover_id, reason.strip()[:100], by=by)


@act
async def _undo(handover_id: int, reason: str, *, by: Actor) -> None:
    handover = await handover_list.held(by.station_id, handover_id)
    if handover.state == "undone":
        raise Refusal("handover_undone", number=handover.number)
    now = clock.now()
    until = await handover_list.undo_until(handover, by.station_id)
    if until and now > until:
        minutes = (await stations.profile(by.station_id)).undo_minutes
        raise Refusal("handover_too_late", minutes=minutes)
    cargo = await handover_list.items(handover, by.station_id)
    if handover.signed_at:
        await _move_all(handover, "handed_over", "accepted", by)
        if await _not_in(handover, "accepted", by.station_id):
            raise Refusal("handover_moved_on")
        for order_id in sorted(each["order_id"] for each in cargo if each["order_id"]):
            await orders.move(order_id, OrderState.PACKED, by=by)
    await sql.execute(
        "UPDATE handover SET closed_at = ? WHERE station_id = ? AND id = ?", now, by.station_id, handover_id
    )
    await sql.execute(
        "UPDATE handover_item SET undone_at = ?, undo_reason = ? WHERE station_id = ? AND handover_id = ?"
        " AND undone_at IS NULL",
        now,
        reason,
        by.station_id,
        handover_id,
    )
    # What somebody typed may name people, and the audit stays for ever.
    await _tell(handover, "handover_undone", cargo, by, reason=reason if reason in REASONS else "other")


_ON_IT = (
    "SELECT consignment_id FROM handover_item WHERE station_id = ? AND handover_id = ? AND undone_at IS NULL"
)


async def _move_all(handover: Handover, before: str, after: str, by: Actor) -> None:
    await sql.execute(
        f"UPDATE consignment SET state = ? WHERE station_id = ? AND state = ? AND id IN ({_ON_IT})",  # noqa: S608
        after,
        by.station_id,
        before,
        by.station_id,
        handover.id,
    )


async def _not_in(handover: Handover, state: str, station_id: int) -> dict[str, Any] | None:
    """A parcel of the handover that is not in this state."""
    return await sql.one(
        "SELECT c.* FROM handover_item i JOIN consignment c ON c.id = i.consignment_id"
        " WHERE i.station_id = ? AND i.handover_id = ? AND i.undone_at IS NULL AND c.state <> ? LIMIT 1",
        station_id,
        handover.id,
        state,
    )


async def _tell(
    handover: Handover, what: str, cargo: list[dict[str, Any]], by: Actor, **facts: object
) -> None:
    also = [("consignment", each["id"]) for each in cargo]
    await audit.write(
        by,
        what,
        subject="handover",
        subject_id=handover.id,
        also=also,
        number=handover.number,
        parcels=len(cargo),
        **facts,
    )
