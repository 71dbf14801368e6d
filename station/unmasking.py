"""Looking at a whole phone number: allowed to the desk, and always on record."""

from station import audit, parcels
from station.actor import Actor
from station.db import act


@act
async def show_phone(parcel_id: int, *, by: Actor) -> str:
    """The number as it was printed, with its extension; raises Refusal `no_parcel`."""
    parcel = await parcels.seen(by.station_id, parcel_id)
    await audit.write(by, "phone_shown", subject="parcel", subject_id=parcel_id)
    return "-".join(filter(None, [parcel["phone"], parcel["phone_ext"]]))
