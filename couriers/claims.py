"""Claims: something arrived broken, short, late or not at all; until when it must be told, and what proves it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from couriers import claim_list, consignment_list
from station import audit, clock, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.packing_rules import RULES
from station.running_numbers import next_number
from station.texts import fold

KINDS = {
    "damaged": N_("damaged"),
    "short": N_("some of it is missing"),
    "late": N_("too late"),
    "lost": N_("lost"),
}
# How long after delivery a carrier takes a claim: fresh goods 24 hours, with photos, by the contracts seen in the
# trade. For all else a week, before he deletes the pictures of his vans. Not delivered: from when the claim is made.
DEADLINES = {"fresh": timedelta(hours=24), "other": timedelta(days=7)}
MOST_PHOTOS = 6

tell(
    {
        "claim_says_nothing": (422, N_("Say what is wrong, so that the courier understands it.")),
        "claim_kind": (422, N_("Choose what is wrong: damaged, missing, late or lost.")),
        "claim_not_left": (409, N_("This parcel has not left the station. A claim needs one that is on its way.")),
        "claim_closed": (409, N_("This claim is settled already. Load the page again.")),
        "claim_photos_full": (409, N_("A claim takes {most} photos. Choose the ones that show it best.")),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimIn:
    """`asked_fen`: what the buyer or sender asks for."""

    consignment_id: int
    kind: str
    what: str
    asked_fen: int = 0


@act
async def open_(claim: ClaimIn, *, by: Actor) -> int:
    """Open a claim; the same kind once more for a parcel whose claim is open is that claim. Returns its id."""
    what = fold(claim.what)[:300]
    if claim.kind not in KINDS:
        raise Refusal("claim_kind")
    if not what:
        raise Refusal("claim_says_nothing")
    # One after the other at a station: the running number, and the same claim sent twice.
    await stations.one_at_a_time(by.station_id)
    cargo = await _cargo(claim.consignment_id, by)
    known = await sql.one(
        "SELECT id FROM claim WHERE station_id = ? AND consignment_id = ? AND kind = ? AND state = 'open'",
        by.station_id,
        cargo["id"],
        claim.kind,
    )
    if known:
        return int(known["id"])
    number = await _number(by.station_id)
    claim_id = await sql.insert(
        "claim",
        station_id=by.station_id,
        number=number,
        consignment_id=cargo["id"],
        kind=claim.kind,
        what=what,
        asked_fen=claim.asked_fen,
        state="open",
        reason="",
        deadline_at=_deadline(cargo, await _is_fresh(cargo, by.station_id)),
        created_at=clock.now(),
        by_id=by.account_id,
    )
    await told(by, "claim_opened", claim_id, cargo, kind=claim.kind, number=number, asked_fen=claim.asked_fen)
    return claim_id


async def _cargo(consignment_id: int, by: Actor) -> dict[str, Any]:
    """The parcel that has left; its `id`, `state`, `flags`, `closed_at`, `order_id`."""
    cargo = await sql.one(
        "SELECT id, state, flags, closed_at, order_id FROM consignment WHERE station_id = ? AND id = ?",
        *(by.station_id, consignment_id),
    )
    if cargo is None:
        raise Refusal("not_found")
    if cargo["state"] in ("booked", "accepted", "cancelled"):
        raise Refusal("claim_not_left")
    return cargo


async def _is_fresh(cargo: dict[str, Any], station_id: int) -> bool:
    """Marked so when it was taken in, or an order with produce that is packed as fresh."""
    if "fresh" in cargo["flags"]:
        return True
    rows = await sql.rows(
        "SELECT DISTINCT p.kind FROM order_line l JOIN product p ON p.id = l.product_id"
        " WHERE l.station_id = ? AND l.order_id = ?",
        station_id,
        cargo["order_id"] or 0,
    )
    return any("fresh" in RULES[row["kind"]].flags for row in rows if row["kind"] in RULES)


def _deadline(cargo: dict[str, Any], fresh: bool) -> datetime:
    delivered = cargo["state"] == "delivered" and cargo["closed_at"] is not None
    since = sql.moment(cargo["closed_at"]) if delivered else clock.now()
    return since + DEADLINES["fresh" if fresh else "other"]


async def _number(station_id: int) -> str:
    """`PF-1122-1`."""
    day = await stations.today(station_id)
    return await next_number(station_id, "claim", f"PF-{day:%m%d}-")


@act
async def add_photo(claim_id: int, file: str, *, by: Actor) -> None:
    """A picture that proves it, already kept by `station.photos`. At most MOST_PHOTOS, while the claim is not settled."""
    claim = await held(claim_id, by)
    if claim["state"] not in ("open", "decided"):
        raise Refusal("claim_closed")
    if claim["photos"] >= MOST_PHOTOS:
        raise Refusal("claim_photos_full", most=MOST_PHOTOS)
    await sql.execute(
        "INSERT INTO claim_photo (station_id, claim_id, file, created_at, by_id) VALUES (?, ?, ?, ?, ?)",
        by.station_id,
        claim_id,
        file,
        clock.now(),
        by.account_id,
    )
    await told(by, "claim_photo_added", claim_id, claim)


async def held(claim_id: int, by: Actor) -> dict[str, Any]:
    """The claim and its parcel, held until the act ends: the parcel may be coming back. Raises Refusal `no_claim`."""
    known = await sql.one(
        "UPDATE claim SET state = state WHERE station_id = ? AND id = ? RETURNING consignment_id",
        *(by.station_id, claim_id),
    )
    if known:
        await consignment_list.held(by.station_id, known["consignment_id"])
    return await claim_list.one(by.station_id, claim_id)


async def told(by: Actor, what: str, claim_id: int, of: dict[str, Any], **facts: object) -> None:
    also = [("consignment", of.get("consignment_id", of["id"]))]
    also += [("order", of["order_id"])] if of["order_id"] else []
    await audit.write(by, what, subject="claim", subject_id=claim_id, also=also, **facts)
