"""Answers to what a check-in asked: which company, whose parcel. The question never blocks the next scan."""

import json
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import IntegrityError

from couriers import checkin
from couriers.models import CheckinStatus
from pickup import code_book, notices
from pickup.parcel_json import shown
from station import audit, carriers, parcels, phones, recipients
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import ParcelState
from station.recipients import Person
from station.texts import fold

tell(
    {
        "phone_bad": (
            422,
            N_("{phone} is no phone number. A mobile number has 11 digits and begins with 1."),
        ),
        "no_recipient": (404, N_("This person is not known here. Type the phone instead.")),
        "answer_empty": (422, N_("Choose the company, or type the phone.")),
        "twice_here": (
            409,
            N_("A parcel of this company with the same number is already here. Look at both labels."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class AnswerIn:
    """`recipient_id` is one of those offered (`resident_id` on the wire). Several may be given at once."""

    carrier: str | None = None
    recipient_id: int | None = None
    phone: str | None = None
    name: str | None = None


async def answer(scan_id: str, given: AnswerIn, *, by: Actor) -> dict[str, Any]:
    """Complete the parcel of a scan; returns the check-in's answer anew, with what is still open."""
    try:
        return await _answer(scan_id, given, by=by)
    except IntegrityError as error:
        raise Refusal("twice_here") from error


@act
async def _answer(scan_id: str, given: AnswerIn, *, by: Actor) -> dict[str, Any]:
    before = await checkin.answered(by.station_id, scan_id)
    if before is None:
        raise Refusal("no_scan")
    # Held: one may say the name while another types the phone.
    parcel = await parcels.held(by.station_id, before["parcel"]["id"])
    if parcel["state"] != ParcelState.WAITING:
        raise Refusal("not_waiting")
    name = fold(given.name or "") or parcel["name"]
    done = []
    if given.carrier:
        await _set_carrier(parcel, given.carrier, by)
        done.append("carrier")
    if given.recipient_id is not None or given.phone or name != parcel["name"]:
        await _set_person(parcel, await _person(parcel, given, name, by), by)
        done.append("recipient")
    if not done:
        raise Refusal("answer_empty")
    await audit.write(by, "questions_answered", subject="parcel", subject_id=parcel["id"], answered=done)
    return await _anew(scan_id, before, parcel["id"], by)


async def _set_carrier(parcel: dict[str, Any], text: str, by: Actor) -> None:
    code = carriers.by_alias(text)
    if code is None:
        raise Refusal("no_carrier", carrier=text)
    if not await sql.execute(
        "UPDATE parcel SET carrier = ?, needs_carrier = ? WHERE station_id = ? AND id = ? AND state = 'waiting'",
        code,
        False,
        by.station_id,
        parcel["id"],
    ):
        raise Refusal("not_waiting")


async def _person(parcel: dict[str, Any], given: AnswerIn, name: str, by: Actor) -> Person:
    if given.recipient_id is not None:
        row = await sql.one(
            "SELECT name, phone, phone_kind, phone_ext FROM recipient WHERE station_id = ? AND id = ?",
            by.station_id,
            given.recipient_id,
        )
        if row is None:
            raise Refusal("no_recipient")
        return Person(row["name"], row["phone"], row["phone_kind"], row["phone_ext"])
    if not given.phone:
        return Person(name[:60], parcel["phone"], parcel["phone_kind"], parcel["phone_ext"])
    phone = phones.classify(given.phone, name)
    if phone.kind not in (phones.Kind.MOBILE, phones.Kind.LANDLINE):
        raise Refusal("phone_bad", phone=given.phone)
    return Person.printed(name, phone)


async def _set_person(parcel: dict[str, Any], person: Person, by: Actor) -> None:
    """Whose it is; they are told now, as if it had just come in."""
    if not await sql.execute(
        "UPDATE parcel SET recipient_id = ?, needs_recipient = ? WHERE station_id = ? AND id = ? AND state = 'waiting'",
        await recipients.keep(by.station_id, person),
        not person.household,
        by.station_id,
        parcel["id"],
    ):
        raise Refusal("not_waiting")  # handed out in this moment: nobody is to be told of it
    await notices.announce_anew(by.station_id, parcel["id"], person, await code_book.desk(by.station_id))


async def _anew(scan_id: str, before: dict[str, Any], parcel_id: int, by: Actor) -> dict[str, Any]:
    """The scan's answer as it stands now: this is what the same scan gets from here on."""
    parcel = await parcels.seen(by.station_id, parcel_id)
    kept = {
        key: before["parcel"][key] for key in ("reason", "together", "announced") if key in before["parcel"]
    }
    still = {"carrier": parcel["needs_carrier"], "recipient": parcel["needs_recipient"]}
    needs = [question for question in before.get("needs", []) if still[question["kind"]]]
    status = CheckinStatus.NEEDS_YOU if needs else CheckinStatus.OK
    now: dict[str, Any] = {"status": status.value, "parcel": {**shown(parcel), **kept}}
    if needs:
        now["needs"] = needs
    await sql.execute(
        "UPDATE scan SET status = ?, answer = ? WHERE station_id = ? AND scan_id = ?",
        now["status"],
        json.dumps(now, ensure_ascii=False),
        by.station_id,
        scan_id,
    )
    return now
