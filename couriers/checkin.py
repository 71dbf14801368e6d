"""Check-in: a scan becomes a parcel with a slot, a pickup code and a notice, or the answer that it has them already."""

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from tortoise.exceptions import IntegrityError

from couriers import manifest_lines, patterns, scans
from couriers.models import CheckinStatus
from couriers.waybills import Recognised, Status, decide
from pickup import code_book, notices
from pickup.parcel_json import shown
from station import audit, carriers, clock, day_stats, parcels, phones, recipients
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import Size
from station.parcels import FLAGS, Arrival
from station.recipients import Person
from station.texts import fold

tell(
    {
        "scan_empty": (422, N_("Nothing was scanned. Hold the barcode in front of the scanner again.")),
        "scan_too_long": (
            422,
            N_("This is far too long for a waybill. Scan the long barcode on the label, nothing else."),
        ),
        "scan_is_text": (
            422,
            N_("This is a link or a text from a square code. Scan the long barcode beside it."),
        ),
        "scan_is_phone": (
            422,
            N_("{scanned} is a phone number, not a waybill. Scan the long barcode of the label."),
        ),
        "scan_is_goods": (
            422,
            N_("{scanned} is the code of the goods, not a waybill. Look for the courier's label."),
        ),
        "scan_glued": (
            422,
            N_("Two barcodes ran together. Scan them again, one by one, with a short pause."),
        ),
        "scan_is_ours": (
            422,
            N_("{scanned} is one of the station's own codes, not a waybill. Scan the courier's label."),
        ),
        "waybill_bad_format": (
            422,
            N_("{scanned} is no waybill number. Scan again, or type the number of the label."),
        ),
        "waybill_checksum": (422, N_("One digit of {scanned} is wrong. Scan again, or type it once more.")),
        "waybill_scientific": (422, N_("The number was cut short by a spreadsheet. Scan the label itself.")),
        "waybill_missing": (422, N_("Nothing was scanned. Hold the barcode in front of the scanner again.")),
        "waybill_precision_lost": (
            422,
            N_("The number was cut short by a spreadsheet. Scan the label itself."),
        ),
        "no_carrier": (422, N_("{carrier} is no courier company that the station knows.")),
        "no_scan": (404, N_("This scan is not known here. Scan the parcel again.")),
    }
)


@dataclass(frozen=True, slots=True)
class ScanIn:
    """What the desk sends. `scan_id` is made by the browser; the same one again gets the same answer.

    `manifest` is the batch being unpacked, whose carrier decides where the number alone does not.
    """

    scan_id: str
    scanned: str
    carrier: str | None = None
    phone: str | None = None
    name: str | None = None
    size: Size = Size.SMALL
    flags: tuple[str, ...] = ()
    manifest: int | None = None


Answer = dict[str, Any]


def new_scan_id() -> str:
    """For a desk whose browser makes none."""
    return f"desk-{secrets.token_hex(12)}"


async def check_in(scan: ScanIn, *, by: Actor) -> Answer:
    """Take a parcel in; returns `{status, parcel, needs?}` as the API gives it. Raises Refusal: see `tell` above."""
    waybill = read(scan.scanned, await patterns.of_station(by.station_id))
    # A number that names its company is believed before the desk.
    carrier = _known_carrier(scan.carrier) if not waybill.strong else None
    try:
        return await _check_in(scan, waybill, carrier, by=by)
    except IntegrityError:
        # Another desk took the same parcel (or the same scan) in at this moment: now it is already here.
        return await _check_in(scan, waybill, carrier, by=by)


def read(scanned: str, extra: patterns.Patterns) -> Recognised:
    """The waybill in a scan; raises a Refusal that says what was scanned instead."""
    scan = scans.classify(scanned, extra)
    if scan.refused:
        raise Refusal(scan.refused, scanned=scan.text[:40])
    if scan.waybill is None:
        raise Refusal("scan_is_ours", scanned=scan.text)
    return scan.waybill


def _known_carrier(text: str | None) -> str | None:
    if not text:
        return None
    code = carriers.by_alias(text)
    if code is None:
        raise Refusal("no_carrier", carrier=text)
    return code


@act
async def _check_in(scan: ScanIn, waybill: Recognised, carrier: str | None, *, by: Actor) -> Answer:
    if known := await answered(by.station_id, scan.scan_id):
        return known
    batch = await _batch(scan, by)
    number, piece = waybill.normalized, waybill.piece or (1, 1)
    # Drawn before anything is looked up, for it holds the station's row. Two desks that scan one parcel, one of them knowing
    # its company, then make one of it; a list that arrives in this moment finds the parcel by itself (`late_lists`).
    code, desk = await code_book.draw(by.station_id)
    here = await parcels.waiting(by.station_id, number, piece[0], _told_apart_by(carrier, waybill))
    if here:
        answer = {"status": CheckinStatus.ALREADY_HERE.value, "parcel": shown(here)}
        await _remember(scan, batch, here["id"], answer, by)
        await audit.write(by, "scanned_again", subject="parcel", subject_id=here["id"])
        return answer
    line = await manifest_lines.open_line(by.station_id, number, piece[0])
    arrival = _arrival(scan, waybill, carrier, line, batch)
    placed = await parcels.receive(by.station_id, arrival, code)
    await notices.announce(by.station_id, placed.id, arrival.person, desk, notices.item(placed.parcel))
    if line:
        await manifest_lines.mark_scanned(line, placed.id)
    await day_stats.count(by.station_id, clock.now(), desk.zone, "checked_in")
    parcel = shown(placed.parcel)
    parcel.update(reason=placed.reason.value, together=placed.together, announced=line is not None)
    answer = await _answer(by.station_id, parcel, arrival, waybill)
    await _remember(scan, batch, placed.id, answer, by)
    await audit.write(
        by, "checked_in", subject="parcel", subject_id=placed.id, slot=placed.slot, reason=placed.reason.value
    )
    return answer


def _told_apart_by(carrier: str | None, waybill: Recognised) -> str | None:
    """The named company where others use the same number; the post's two names for one counter tell nothing apart."""
    return None if waybill.status is Status.VALID and carrier in waybill.candidates else carrier


def _arrival(
    scan: ScanIn,
    waybill: Recognised,
    named: str | None,
    line: manifest_lines.OpenLine | None,
    batch: dict[str, Any],
) -> Arrival:
    """What the scan, the announcement, the number and the batch together know of the parcel."""
    piece_no, piece_count = waybill.piece or (1, line.pieces if line else 1)
    listed = line.carrier if line and not waybill.strong else ""
    carrier = named or listed or decide(waybill, batch["carrier"] or None).carrier
    if carrier is None and waybill.status is Status.VALID:
        carrier = waybill.candidates[0]  # EMS and the post's parcels: one counter, one courier
    person = _person(scan, line)
    noted = line.flags if line else ()
    return Arrival(
        carrier=carrier or "",
        waybill=waybill.normalized,
        person=person,
        piece_no=piece_no,
        piece_count=piece_count,
        size=scan.size,
        flags=tuple(flag for flag in FLAGS if flag in scan.flags or flag in noted),
        weight_g=line.weight_g if line else None,
        collect_fen=line.collect_fen if line else 0,
        cod_fen=line.cod_fen if line else 0,
        needs_carrier=not carrier,
        needs_recipient=not person.household,
    )


def _person(scan: ScanIn, line: manifest_lines.OpenLine | None) -> Person:
    """The desk's own words win over the announcement."""
    announced = line.person if line else Person()
    name = fold(scan.name or "") or announced.name
    if scan.phone and scan.phone.strip():
        return Person.printed(name, phones.classify(scan.phone, name))
    return replace(announced, name=name)


async def _batch(scan: ScanIn, by: Actor) -> dict[str, Any]:
    """The list being unpacked. One that is not this station's is forgotten, so that no scan is lost to it."""
    row = None
    if scan.manifest is not None:
        row = await sql.one(
            "SELECT id, carrier FROM manifest WHERE station_id = ? AND id = ?", by.station_id, scan.manifest
        )
    return row or {"id": None, "carrier": ""}


async def _answer(station_id: int, parcel: Answer, arrival: Arrival, waybill: Recognised) -> Answer:
    needs: list[Answer] = []
    if arrival.needs_carrier:
        codes_ = waybill.candidates or tuple(carrier.code for carrier in carriers.CARRIERS)
        needs.append(
            {"kind": "carrier", "choices": [{"carrier": c, "name": carriers.name(c)} for c in codes_]}
        )
    if arrival.needs_recipient:
        needs.append({"kind": "recipient", "choices": await recipients.alike(station_id, arrival.person)})
    if not needs:
        return {"status": CheckinStatus.OK.value, "parcel": parcel}
    return {"status": CheckinStatus.NEEDS_YOU.value, "parcel": parcel, "needs": needs}


async def answered(station_id: int, scan_id: str) -> Answer | None:
    """The answer that this scan got before. Raises Refusal `no_scan` if it was erased with its people's data."""
    row = await sql.one("SELECT answer FROM scan WHERE station_id = ? AND scan_id = ?", station_id, scan_id)
    if row is None:
        return None
    answer: Answer = json.loads(row["answer"])
    if not answer:
        raise Refusal("no_scan")
    return answer


async def _remember(scan: ScanIn, batch: dict[str, Any], parcel_id: int, answer: Answer, by: Actor) -> None:
    await sql.execute(
        "INSERT INTO scan (station_id, scan_id, parcel_id, manifest_id, status, answer, by_id, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        by.station_id,
        scan.scan_id,
        parcel_id,
        batch["id"],
        answer["status"],
        json.dumps(answer, ensure_ascii=False),
        by.account_id,
        clock.now(),
    )
