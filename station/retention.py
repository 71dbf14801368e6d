"""Erasing people's data when their parcels are long finished, and pictures that nothing names. Counts and acts stay."""

from datetime import datetime

from station import audit, photos, stations
from station.actor import Actor
from station.db import act, sql
from station.settings import Settings

# So many rows an act, so that no check-in waits for a long one.
CHUNK = 500


async def erase_finished(settings: Settings) -> None:
    """Every station's people without a waiting or recent parcel, the texts of old messages, pictures of given-up forms."""
    for station_id in await stations.all_ids():
        while await _erase(station_id) == CHUNK:
            pass
    await photos.sweep(settings)


@act
async def _erase(station_id: int) -> int:
    # Not beside a check-in, which may be giving a parcel to somebody who has had none for long.
    await stations.one_at_a_time(station_id)
    before = await stations.kept_since(station_id)
    erased = await sql.execute(
        # The number keeps them apart for the table's unique key; with a star it is shown as it stands.
        "UPDATE recipient SET name = '*' || CAST(id AS VARCHAR(20)), phone = '', phone_ext = '', tail = '', initials = '',"
        " phone_kind = 'erased' WHERE id IN (SELECT r.id FROM recipient r WHERE r.station_id = ?"
        " AND r.phone_kind <> 'erased' AND r.created_at < ? AND r.id NOT IN (SELECT recipient_id FROM parcel"
        # All of them once: no index leads from a person to parcels that are gone.
        " WHERE station_id = ? AND (state = 'waiting' OR closed_at >= ?)) AND NOT EXISTS (SELECT 1 FROM resident_phone n"
        " WHERE n.station_id = r.station_id AND n.phone = r.phone) LIMIT ?)",
        *(station_id, before),
        *(station_id, before, CHUNK),
    )
    buyers = await _erase_buyers(station_id, before)
    texts = await sql.execute(
        "UPDATE message SET phone = '', text = '' WHERE station_id = ? AND created_at < ? AND phone <> ''",
        station_id,
        before,
    )
    if erased or texts or buyers:
        await audit.write(
            Actor.system(station_id),
            "people_erased",
            subject="station",
            subject_id=station_id,
            people=erased,
            messages=texts,
            buyers=buyers,
        )
    return max(erased, buyers)


async def _erase_buyers(station_id: int, before: datetime) -> int:
    """Who bought, long after the order came to its end; what was bought and paid stays for the books."""
    return await sql.execute(
        "UPDATE orders SET name = '', phone = '', phone_ext = '', phone_kind = 'erased', tail = '', town = '', village = '',"
        " detail = '', buyer_note = '', seller_note = '' WHERE id IN (SELECT id FROM orders WHERE station_id = ?"
        " AND closed_at < ? AND phone_kind <> 'erased' LIMIT ?)",
        station_id,
        before,
        CHUNK,
    )
