"""Relocation: a parcel moves to another slot and keeps its code."""

from pickup import notices
from pickup.collected import named
from station import audit, parcels, shelves
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.labels import read_slot_code
from station.slot_labels import read
from station.slotting import UNITS

tell({"stands_there": (409, N_("{parcel} already stands in {label}."))})


@act
async def move(parcel_id: int, to_label: str, *, by: Actor) -> None:
    """Put a waiting parcel into another slot. Raises Refusal: `no_parcel`, `no_slot`, `slot_full`, `stands_there`,
    `gone_meanwhile`."""
    # Held: two who move it to the same place at once are told the same as one after the other.
    parcel = await parcels.held(by.station_id, parcel_id)
    slot = await shelves.by_label(by.station_id, read_slot_code(to_label.strip()) or read(to_label))
    units = UNITS[parcel["size"]]
    if slot["id"] == parcel["slot_id"]:
        raise Refusal("stands_there", parcel=named(parcel), label=slot["label"])
    moved = await sql.execute(
        "UPDATE parcel SET slot_id = ? WHERE station_id = ? AND id = ? AND slot_id = ? AND state = 'waiting'",
        slot["id"],
        by.station_id,
        parcel_id,
        parcel["slot_id"],
    )
    if not moved:
        raise Refusal("gone_meanwhile", parcel=named(parcel))
    # In the order of their ids, as everywhere: two who move crosswise then never wait for each other in a circle.
    if parcel["slot_id"] < slot["id"]:
        await shelves.free(by.station_id, parcel["slot_id"], units)
    if not await shelves.occupy(by.station_id, slot["id"], units):
        raise Refusal("slot_full", label=slot["label"])
    if parcel["slot_id"] > slot["id"]:
        await shelves.free(by.station_id, parcel["slot_id"], units)
    await notices.refresh(by.station_id, [parcel_id])
    facts = {"from": parcel["slot"], "to": slot["label"]}
    await audit.write(by, "parcel_moved", subject="parcel", subject_id=parcel_id, **facts)
