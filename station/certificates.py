"""The certificate slip of a lot: somebody of the household promises that the goods are as they should be."""

from typing import Any

from station import audit, clock, lots, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.texts import plain

tell(
    {
        "promiser_missing": (422, N_("Write down who promises that the goods are as they should be.")),
        "no_certificate": (404, N_("No certificate slip was issued for this lot yet.")),
    }
)


@act
async def certify(lot_id: int, promiser: str, *, by: Actor) -> int:
    """Issue the certificate slip, once; returns its number, which runs through the whole station."""
    promiser = plain(promiser)[:40]
    if not promiser:
        raise Refusal("promiser_missing")
    await stations.one_at_a_time(by.station_id)
    row = await sql.one(
        "UPDATE lot SET certificate_no = (SELECT coalesce(max(certificate_no), 0) + 1 FROM lot WHERE station_id = ?),"
        " certificate_by = ?, certificate_at = ? WHERE station_id = ? AND id = ? AND certificate_no IS NULL"
        " AND state = 'open' RETURNING certificate_no",
        by.station_id,
        promiser,
        clock.now(),
        by.station_id,
        lot_id,
    )
    if row is None:
        known = await lots.lot(by.station_id, lot_id)
        if known["certificate_no"] is None:
            raise Refusal("lot_recalled", lot=known["label"])
        return int(known["certificate_no"])
    number = int(row["certificate_no"])
    await audit.write(by, "lot_certified", subject="lot", subject_id=lot_id, certificate_no=number)
    return number


async def promisers(station_id: int, household_id: int) -> list[dict[str, Any]]:
    """The people of a household (id, name): one of them may promise that its goods are as they should be."""
    return await sql.rows(
        "SELECT id, name FROM resident WHERE station_id = ? AND household_id = ? AND left_at IS NULL ORDER BY id",
        station_id,
        household_id,
    )
