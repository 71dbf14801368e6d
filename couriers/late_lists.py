"""A list that comes after its parcels: the van was unpacked first, now their people become known."""

import contextlib
from typing import Any

from tortoise.exceptions import IntegrityError

from couriers import manifest_lines
from couriers.manifest_lines import OpenLine
from pickup import code_book, notices
from station import audit, recipients, stations
from station.actor import Actor
from station.db import act, sql
from station.recipients import Person


async def meet(manifest_id: int, *, by: Actor) -> None:
    """Join the manifest's lines with parcels that wait already, one act for each, so that scans go on between."""
    await _let_pass(by.station_id)
    rows = await sql.rows(
        "SELECT l.id, p.id AS parcel_id FROM manifest_line l JOIN parcel p ON p.station_id = l.station_id"
        " AND p.waybill = l.waybill AND p.piece_no = l.piece_no AND p.state = 'waiting'"
        " WHERE l.station_id = ? AND l.manifest_id = ? AND l.kind = 'accepted' AND l.parcel_id IS NULL ORDER BY l.id",
        by.station_id,
        manifest_id,
    )
    for row in rows:
        # The list may say what the desk has answered otherwise meanwhile; the desk's word stays.
        with contextlib.suppress(IntegrityError):
            await _meet(row["id"], row["parcel_id"], by=by)


@act
async def _let_pass(station_id: int) -> None:
    """Wait for the check-ins under way, which may not have seen the list's lines; later ones do."""
    await stations.one_at_a_time(station_id)


@act
async def _meet(line_id: int, parcel_id: int, *, by: Actor) -> None:
    parcel = await sql.one(
        # Held for this act: the desk's answer, or its handing out, comes before or after.
        "UPDATE parcel SET piece_no = piece_no WHERE station_id = ? AND id = ? AND state = 'waiting'"
        " RETURNING id, needs_recipient, needs_carrier",
        by.station_id,
        parcel_id,
    )
    line = await manifest_lines.by_id(by.station_id, line_id)
    # Announced before in another list: that one has found it.
    known = await sql.one(
        "SELECT 1 AS n FROM manifest_line WHERE station_id = ? AND parcel_id = ?", by.station_id, parcel_id
    )
    if parcel is None or line is None or known:
        return
    # The message before the list, as check-in does: on PostgreSQL they would wait for each other in a circle.
    await _complete(parcel, line, by)
    await manifest_lines.mark_scanned(line, parcel_id)
    await audit.write(by, "announced_late", subject="parcel", subject_id=parcel_id, manifest=line.manifest_id)


async def _complete(parcel: dict[str, Any], line: OpenLine, by: Actor) -> None:
    """Fill in what the desk could not know; what the volunteer has typed stays."""
    await sql.execute(
        "UPDATE parcel SET collect_fen = ?, cod_fen = ? WHERE station_id = ? AND id = ?",
        line.collect_fen,
        line.cod_fen,
        by.station_id,
        parcel["id"],
    )
    if parcel["needs_carrier"] and line.carrier:
        await sql.execute(
            "UPDATE parcel SET carrier = ?, needs_carrier = ? WHERE station_id = ? AND id = ?",
            line.carrier,
            False,
            by.station_id,
            parcel["id"],
        )
    if parcel["needs_recipient"] and line.person != Person():
        await sql.execute(
            "UPDATE parcel SET recipient_id = ?, needs_recipient = ? WHERE station_id = ? AND id = ?",
            await recipients.keep(by.station_id, line.person),
            not line.person.household,
            by.station_id,
            parcel["id"],
        )
        await notices.announce(by.station_id, parcel["id"], line.person, await code_book.desk(by.station_id))
    else:
        # The message may name what is to be paid.
        await notices.refresh(by.station_id, [parcel["id"]])
