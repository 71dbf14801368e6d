"""Arrival notices: one SMS for the parcels of one phone that come within a few minutes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pickup import code_book, codes
from pickup.code_book import Desk
from pickup.notice_text import Item, compose
from pickup.parcel_json import due
from station import carriers, clock, outbox
from station.db import sql
from station.patience import after_quiet
from station.recipients import Person

KIND = "arrival"


async def announce(
    station_id: int, parcel_id: int, person: Person, desk: Desk, item: Item | None = None
) -> None:
    """Tell a parcel's arrival, inside the act that took it in. Whoever has no mobile number is left to the call list.

    `item` is the parcel's part of the text; with it, the first message to a phone need not read it back.
    """
    queued = await outbox.still_queued(station_id, KIND, person.number) if person.reachable else None
    message_id = queued
    if person.reachable and queued is None:
        message_id = await _new_message(station_id, person.number, desk, _text([item], desk) if item else "")
    await sql.execute(
        "INSERT INTO notice (station_id, parcel_id, message_id, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (station_id, parcel_id) DO UPDATE SET message_id = excluded.message_id",
        station_id,
        parcel_id,
        message_id,
        clock.now(),
    )
    if message_id is not None and (queued is not None or item is None):
        await _rewrite(station_id, message_id, desk)


async def announce_anew(station_id: int, parcel_id: int, person: Person, desk: Desk) -> None:
    """Tell it to another person, inside the act that learnt whose it is: the message to the wrong one, if it has not
    left yet, speaks of this parcel no more."""
    before = await about(station_id, parcel_id)
    await announce(station_id, parcel_id, person, desk)
    for _, message_id in before:
        await outbox.hold(station_id, message_id)
        await _rewrite(station_id, message_id, desk)


async def _new_message(station_id: int, phone: str, desk: Desk, text: str) -> int:
    """A message that waits for company until it leaves."""
    leaves = clock.now() + timedelta(seconds=desk.gather_seconds)
    due = after_quiet(leaves, desk.zone, desk.quiet_from, desk.quiet_until)
    return await outbox.put(station_id, KIND, phone, due, text)


async def refresh(station_id: int, parcel_ids: list[int]) -> None:
    """Write the messages of these parcels anew where they have not left yet: one was collected, moved or taken back.

    Inside an act. A message with no waiting parcel left is withdrawn, also from those that wait for a person to call;
    one withdrawn for a collection that was undone leaves after all.
    """
    if not parcel_ids:
        return
    rows = await sql.rows(_still_here(len(parcel_ids)), station_id, station_id, *parcel_ids)
    if rows:
        desk = await code_book.desk(station_id)
        for row in rows:
            # A check-in may be adding a parcel to it at this moment: what is here is read after that.
            await outbox.hold(station_id, row["id"])
            await _rewrite(station_id, row["id"], desk)


def _still_here(parcels_: int) -> str:
    """The messages of so many parcels. The notices apart: to sort them, SQLite would go through all there ever were."""
    return (
        "SELECT id FROM message WHERE station_id = ? AND id IN (SELECT message_id FROM notice WHERE station_id = ?"  # noqa: S608
        f" AND parcel_id IN ({', '.join('?' * parcels_)})) AND state IN ('queued', 'needs_person', 'withdrawn')"
        " ORDER BY id"
    )


async def about(station_id: int, parcel_id: int) -> list[tuple[str, int]]:
    """The message that told of a parcel, as a subject of the audit."""
    rows = await sql.rows(
        "SELECT message_id FROM notice WHERE station_id = ? AND parcel_id = ? AND message_id IS NOT NULL",
        station_id,
        parcel_id,
    )
    return [("message", row["message_id"]) for row in rows]


async def _rewrite(station_id: int, message_id: int, desk: Desk) -> None:
    rows = await sql.rows(
        "SELECT p.carrier, p.code, p.collect_fen, p.cod_fen, s.label AS slot FROM notice n"
        " JOIN parcel p ON p.id = n.parcel_id JOIN slot s ON s.id = p.slot_id"
        " WHERE n.station_id = ? AND n.message_id = ? AND p.state = 'waiting' ORDER BY s.label, p.id",
        station_id,
        message_id,
    )
    if rows:
        await outbox.write(station_id, message_id, _text([item(row) for row in rows], desk))
    else:
        await outbox.withdraw(station_id, message_id)


def item(parcel: dict[str, Any]) -> Item:
    """A parcel's part of the text, from its row with `slot`, the slot's label."""
    return Item(carriers.short(parcel["carrier"]), codes.shown(parcel["slot"], parcel["code"]), due(parcel))


def _text(items: Sequence[Item], desk: Desk) -> str:
    return compose(desk.sms_signature, desk.name, items, hours=desk.hours, phone=desk.phone)
