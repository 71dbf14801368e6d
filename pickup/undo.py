"""Taking a collection back: the wrong parcel was handed out, or the wrong button pressed."""

from tortoise.exceptions import IntegrityError

from pickup import collected, notices
from pickup.collected import Told, named
from station import audit, clock, day_stats, parcels, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import ParcelState

# Offered at the counter; anything else may be typed. Kept in English and shown in the reader's language.
REASONS = (N_("wrong parcel"), N_("wrong person"), N_("pressed by mistake"))

tell(
    {
        "undo_needs_reason": (422, N_("Say why it is taken back.")),
        "undo_too_late": (
            409,
            N_("This can be undone for {minutes} minutes only. Check the parcel in again instead."),
        ),
        "already_undone": (409, N_("This was already taken back. The parcels are on the shelf.")),
        "here_again": (
            409,
            N_("A parcel of this collection was checked in again meanwhile: it is on the shelf already."),
        ),
    }
)


async def undo(collection_id: int, reason: str, *, by: Actor) -> None:
    """The parcels wait again, in their slots and with their codes; the collection stays on record as taken back.

    Raises Refusal: see `tell` above, and `no_collection`.
    """
    if not reason.strip():
        raise Refusal("undo_needs_reason")
    try:
        await _undo(collection_id, reason.strip()[:100], by=by)
    except IntegrityError as error:
        raise Refusal("here_again") from error


@act
async def _undo(collection_id: int, reason: str, *, by: Actor) -> None:
    told = await collected.told(by.station_id, collection_id)
    if told.undone is not None or not await _record(told, reason, by):
        raise Refusal("already_undone")
    station = await stations.profile(by.station_id)
    if not told.can_be_undone:
        raise Refusal("undo_too_late", minutes=station.undo_minutes)
    ids = [parcel["id"] for parcel in told.parcels]
    back = await parcels.come_back(by.station_id, ids, ParcelState.COLLECTED)
    for parcel in sorted(told.parcels, key=lambda parcel: parcel["id"]):
        if parcel["id"] not in back:
            raise Refusal("gone_meanwhile", parcel=named(parcel))
    await notices.refresh(by.station_id, ids)
    await day_stats.count(by.station_id, told.at, station.zone, "collected", -len(told.parcels))
    await audit.write(
        by,
        "collection_undone",
        subject="collection",
        subject_id=collection_id,
        also=[("parcel", id_) for id_ in ids],
        # What somebody typed may name people, and the audit stays for ever.
        reason=reason if reason in REASONS else "other",
        parcels=len(ids),
    )


async def _record(told: Told, reason: str, by: Actor) -> bool:
    """False if somebody else takes it back at this moment."""
    written = await sql.execute(
        "INSERT INTO collection_undo (station_id, collection_id, reason, by_id, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (station_id, collection_id) DO NOTHING",
        by.station_id,
        told.id,
        reason,
        by.account_id,
        clock.now(),
    )
    return written == 1
