"""Taking a check-in back: the wrong parcel was scanned, or twice under two numbers."""

from datetime import timedelta

from couriers import manifest_lines
from pickup import notices
from station import audit, clock, day_stats, parcels, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import ParcelState

tell(
    {
        "takeback_late": (
            409,
            N_("This was scanned more than {minutes} minutes ago. Hand it out or return it instead."),
        ),
        "not_waiting": (409, N_("This parcel is not on the shelf any more. Look at its page.")),
    }
)


@act
async def take_back(scan_id: str, *, by: Actor) -> int:
    """Undo the check-in of this scan; returns the parcel's id. It leaves its slot, its message and its code."""
    scan = await sql.one(
        "SELECT s.parcel_id, p.arrived_at FROM scan s JOIN parcel p ON p.id = s.parcel_id"
        " WHERE s.station_id = ? AND s.scan_id = ? AND s.status <> 'already_here'",
        by.station_id,
        scan_id,
    )
    if scan is None:
        raise Refusal("no_scan")
    station = await stations.profile(by.station_id)
    arrived = sql.moment(scan["arrived_at"])
    if clock.now() - arrived > timedelta(minutes=station.undo_minutes):
        raise Refusal("takeback_late", minutes=station.undo_minutes)
    parcel_id = int(scan["parcel_id"])
    if not await parcels.leave(by.station_id, [parcel_id], ParcelState.UNDONE):
        raise Refusal("not_waiting")
    # The message before the list, as check-in does: on PostgreSQL they would wait for each other in a circle.
    await notices.refresh(by.station_id, [parcel_id])
    await manifest_lines.reopen(by.station_id, parcel_id)
    await day_stats.count(by.station_id, arrived, station.zone, "checked_in", -1)
    await audit.write(by, "checkin_undone", subject="parcel", subject_id=parcel_id)
    return parcel_id
