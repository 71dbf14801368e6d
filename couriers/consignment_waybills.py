"""The waybill number of a parcel to be sent: scanned from the carrier's label, or the next of the station's pool."""

from couriers import number_pool, patterns, waybills
from couriers.waybills import Recognised, Status
from station import carriers, clock
from station.db import sql
from station.errors import N_, Refusal, tell

tell(
    {
        "waybill_unclear": (422, N_("This is no waybill number: {text}. Scan the label once more.")),
        "waybill_taken": (409, N_("{waybill} is on another parcel already. Use a new label.")),
        "waybill_of_another": (
            422,
            N_(
                "{waybill} is a number of {other}, not of {carrier}. Choose that company, or scan the right label."
            ),
        ),
    }
)


def read(text: str, carrier: str) -> str:
    """The number that was scanned. One that names another company is refused: it would leave with the wrong van."""
    if not text.strip():
        return ""
    found = waybills.recognise(text)
    if found.status is Status.INVALID or not found.normalized:
        raise Refusal("waybill_unclear", text=text.strip()[:40])
    other = _other_carrier(found, carrier)
    if other and found.strong:
        raise Refusal(
            "waybill_of_another",
            waybill=found.normalized,
            other=carriers.name(other),
            carrier=carriers.name(carrier),
        )
    return found.normalized


async def looks_like(station_id: int, waybill: str, carrier: str) -> str:
    """The code of the other company whose numbers usually look so; "" if there is none, or nothing is scanned yet."""
    if not waybill.strip():
        return ""
    taught = await patterns.of_station(station_id)
    return _other_carrier(waybills.recognise(waybill, extra=taught), carrier)


def _other_carrier(read: Recognised, carrier: str) -> str:
    differs = "carrier_differs" in waybills.decide(read, carrier or None).warnings
    return read.candidates[0] if differs else ""


async def take(station_id: int, carrier: str, scanned: str) -> str:
    """The scanned number, or the pool's next one. A number of the pool that is scanned by hand is not given again."""
    waybill = scanned or await number_pool.take(station_id, carrier)
    taken = await sql.one(
        "SELECT id FROM consignment WHERE station_id = ? AND carrier = ? AND waybill = ? AND state <> 'cancelled'",
        *(station_id, carrier, waybill),
    )
    if taken:
        raise Refusal("waybill_taken", waybill=waybill)
    if scanned:
        await sql.execute(
            "UPDATE pool_number SET taken_at = ? WHERE station_id = ? AND carrier = ? AND waybill = ? AND taken_at IS NULL",
            *(clock.now(), station_id, carrier, waybill),
        )
    return waybill
