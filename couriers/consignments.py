"""Parcels taken in to be sent: their sender's paper looked at, contents seen, weighed, priced, with a waybill."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from couriers import number_pool, patterns, prohibited, tariff_book, waybills
from couriers.models import ConsignmentState, Payer
from couriers.prohibited import Severity
from couriers.tariffs import Outgoing, Quote
from couriers.waybills import Recognised, Status
from station import audit, carriers, clock, orders, packing_rules, phones, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.phones import Phone

tell(
    {
        "sender_missing": (422, N_("Write down who sends it, and a phone.")),
        "receiver_missing": (
            422,
            N_(
                "Name, phone and address of the receiver are needed. Paste them, then fill in what is missing."
            ),
        ),
        "goods_missing": (422, N_("Write down what is in the parcel.")),
        "id_unchecked": (422, N_("Look at the sender's ID first. Without it nothing may be taken.")),
        "not_inspected": (
            422,
            N_("Open the parcel and look inside first. Without that nothing may be taken."),
        ),
        "prohibited_goods": (
            422,
            N_("{word} may not be sent. Take it out and correct what is in the parcel."),
        ),
        "restricted_goods": (422, N_("{word} may be sent only under a condition. Read it and confirm it.")),
        "not_weighed": (422, N_("Weigh the parcel first.")),
        "company_missing": (422, N_("Choose the company.")),
        "carrier_declines": (422, N_("{carrier} does not take this parcel: {why} Choose another company.")),
        "no_tariff": (
            422,
            N_("There is no price of {carrier} for this day. The keeper enters it under Prices."),
        ),
        "waybill_unclear": (422, N_("This is no waybill number: {text}. Scan the label once more.")),
        "waybill_taken": (409, N_("{waybill} is on another parcel already. Use a new label.")),
        "waybill_of_another": (
            422,
            N_(
                "{waybill} is a number of {other}, not of {carrier}. Choose that company, or scan the right label."
            ),
        ),
        "consignment_gone": (
            409,
            N_("{number} is not here any more, or was cancelled. Load the page again."),
        ),
        "no_consignment": (404, N_("There is no such parcel here.")),
    }
)
ID_KINDS = {
    "id_card": N_("identity card"),
    "household_book": N_("household register"),
    "passport": N_("passport"),
    "residence": N_("residence permit"),
    "licence": N_("business licence"),
    # Produce that the station itself packs: the household is known, and nobody stands at the desk.
    "station": N_("packed by the station"),
}
CODES = frozenset(carrier.code for carrier in carriers.CARRIERS)


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    phone: str
    resident_id: int | None = None


@dataclass(frozen=True, slots=True)
class To:
    """The receiver as printed on the label."""

    name: str
    phone: Phone
    province: str
    city: str = ""
    county: str = ""
    town: str = ""
    village: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ConsignmentIn:
    """`scan_id`: made by the page, the same again is the same parcel. `waybill` blank: from the carrier's pool.

    `id_kind`: one of ID_KINDS, blank while nobody has looked; the number of the paper is never asked for.
    `fetch_day` (ISO) and `fetch_place`: called in by phone, to be fetched at the door; then nothing else is needed yet.
    """

    scan_id: str
    sender: Sender
    to: To
    goods: str
    weight_g: int | None = None
    size_mm: tuple[int, int, int] | None = None
    flags: tuple[str, ...] = ()
    declared_fen: int = 0
    cod_fen: int = 0
    carrier: str = ""
    waybill: str = ""
    payer: Payer = Payer.SENDER
    id_kind: str = ""
    inspected: bool = False
    condition_met: bool = False
    photo: str = ""
    fetch_day: str = ""
    fetch_place: str = ""
    order_id: int | None = None

    def outgoing(self) -> Outgoing:
        length, width, height = self.size_mm or (0, 0, 0)
        return Outgoing(
            weight_g=self.weight_g or 0,
            province=self.to.province,
            city=self.to.city,
            county=self.to.county,
            length_mm=length,
            width_mm=width,
            height_mm=height,
            declared_fen=self.declared_fen,
            cod_fen=self.cod_fen,
            flags=frozenset(self.flags),
        )


@dataclass(frozen=True, slots=True)
class Taken:
    id: int
    number: str
    new: bool


def check(parcel: ConsignmentIn) -> None:
    """Everything the law and the desk ask for before a parcel is taken; raises the first Refusal that holds."""
    if not parcel.sender.name.strip() or not parcel.sender.phone.strip():
        raise Refusal("sender_missing")
    if not (
        parcel.to.name.strip() and parcel.to.phone.number and parcel.to.province and parcel.to.detail.strip()
    ):
        raise Refusal("receiver_missing")
    if not parcel.goods.strip():
        raise Refusal("goods_missing")
    for finding in prohibited.check(parcel.goods):
        if finding.severity is Severity.REFUSE:
            raise Refusal("prohibited_goods", word=finding.word)
        if not parcel.condition_met:
            raise Refusal("restricted_goods", word=finding.word)
    if parcel.id_kind not in ID_KINDS:
        raise Refusal("id_unchecked")
    if not parcel.inspected:
        raise Refusal("not_inspected")
    if not parcel.weight_g or parcel.weight_g <= 0:
        raise Refusal("not_weighed")
    if parcel.carrier not in CODES:
        raise Refusal("company_missing")


async def accept(parcel: ConsignmentIn, *, by: Actor) -> Taken:
    """Take a parcel in, or book it to be fetched at the door. Raises the refusals of `check`, and about tariff and waybill."""
    if not parcel.fetch_day:
        check(parcel)
    elif not parcel.sender.name.strip() or not parcel.sender.phone.strip():
        raise Refusal("sender_missing")
    return await _accept(parcel, _read_waybill(parcel.waybill, parcel.carrier), by=by)


def _read_waybill(text: str, carrier: str) -> str:
    """The number that was scanned. One that names another company is refused: it would leave with the wrong van."""
    if not text.strip():
        return ""
    read = waybills.recognise(text)
    if read.status is Status.INVALID or not read.normalized:
        raise Refusal("waybill_unclear", text=text.strip()[:40])
    other = _other_carrier(read, carrier)
    if other and read.strong:
        raise Refusal(
            "waybill_of_another",
            waybill=read.normalized,
            other=carriers.name(other),
            carrier=carriers.name(carrier),
        )
    return read.normalized


async def looks_like(station_id: int, waybill: str, carrier: str) -> str:
    """The code of the other company whose numbers usually look so; "" if there is none, or nothing is scanned yet."""
    if not waybill.strip():
        return ""
    taught = await patterns.of_station(station_id)
    return _other_carrier(waybills.recognise(waybill, extra=taught), carrier)


def _other_carrier(read: Recognised, carrier: str) -> str:
    differs = "carrier_differs" in waybills.decide(read, carrier or None).warnings
    return read.candidates[0] if differs else ""


@act
async def _accept(parcel: ConsignmentIn, waybill: str, *, by: Actor) -> Taken:
    # The running number, and repeats.
    await number_pool.one_at_a_time(by.station_id)
    known = await sql.one(
        "SELECT id, number FROM consignment WHERE station_id = ? AND (scan_id = ? OR (order_id = ? AND state <> 'cancelled'))",
        *(by.station_id, parcel.scan_id, parcel.order_id if parcel.order_id is not None else -1),
    )
    if known:
        return Taken(known["id"], known["number"], new=False)
    day = clock.today((await stations.profile(by.station_id)).zone)
    columns = _columns(parcel)
    if not parcel.fetch_day:
        columns |= await _priced(parcel, day, by.station_id) | _checked(parcel, by)
        columns["waybill"] = await _waybill(by.station_id, parcel.carrier, waybill)
    columns |= {
        "station_id": by.station_id,
        "day": day.isoformat(),
        "created_at": clock.now(),
        "by_id": by.account_id,
    }
    columns["number"] = await _next_number(by.station_id, day.isoformat(), f"{day:%y%m%d}")
    row = await sql.one(
        f"INSERT INTO consignment ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) RETURNING id",  # noqa: S608 (our own names)
        *columns.values(),
    )
    assert row is not None
    await _tell(row["id"], columns, parcel, by)
    return Taken(row["id"], columns["number"], new=True)


@act
async def fetched(consignment_id: int, parcel: ConsignmentIn, *, by: Actor) -> None:
    """A booked parcel was fetched at the door and is taken in now, with everything that `accept` asks for."""
    check(parcel)
    scanned = _read_waybill(parcel.waybill, parcel.carrier)
    await number_pool.one_at_a_time(by.station_id)
    waybill = await _waybill(by.station_id, parcel.carrier, scanned)
    day = clock.today((await stations.profile(by.station_id)).zone)
    columns = (
        _columns(parcel)
        | await _priced(parcel, day, by.station_id)
        | _checked(parcel, by)
        | {"waybill": waybill}
    )
    del columns["scan_id"], columns["round_day"], columns["round_place"]
    done = await sql.execute(
        f"UPDATE consignment SET {', '.join(f'{name} = ?' for name in columns)} WHERE station_id = ? AND id = ? AND state = 'booked'",  # noqa: S608
        *columns.values(),
        *(by.station_id, consignment_id),
    )
    if not done:
        raise Refusal("consignment_gone", number=(await one(by.station_id, consignment_id))["number"])
    await _tell(consignment_id, columns, parcel, by)


async def _tell(consignment_id: int, columns: dict[str, Any], parcel: ConsignmentIn, by: Actor) -> None:
    await audit.write(
        by,
        "consignment_accepted" if columns["state"] == ConsignmentState.ACCEPTED else "consignment_booked",
        subject="consignment",
        subject_id=consignment_id,
        also=[("order", parcel.order_id)] if parcel.order_id is not None else [],
        carrier=columns.get("carrier", ""),
        freight_fen=columns.get("freight_fen", 0),
        id_kind=columns.get("id_kind", ""),
    )


def _columns(parcel: ConsignmentIn) -> dict[str, Any]:
    to, phone = parcel.to, parcel.to.phone
    length, width, height = parcel.size_mm or (None, None, None)
    return {
        "scan_id": parcel.scan_id[:40],
        "order_id": parcel.order_id,
        "resident_id": parcel.sender.resident_id,
        "sender_name": parcel.sender.name.strip()[:40],
        "sender_phone": parcel.sender.phone.strip()[:20],
        "name": to.name.strip()[:60],
        "phone": (phone.number or "")[:30],
        "phone_kind": phone.kind,
        "phone_ext": (phone.ext or "")[:8],
        "tail": phones.tail(phone.number or ""),
        "province": to.province[:40],
        "city": to.city[:40],
        "county": to.county[:40],
        "town": to.town[:40],
        "village": to.village[:40],
        "detail": to.detail.strip()[:300],
        "goods": parcel.goods.strip()[:200],
        "weight_g": parcel.weight_g,
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "flags": " ".join(parcel.flags)[:40],
        "declared_fen": parcel.declared_fen,
        "cod_fen": parcel.cod_fen,
        "carrier": parcel.carrier,
        "waybill": "",
        "payer": parcel.payer,
        "freight_fen": 0,
        "quote": "",
        "id_kind": "",
        "photo": parcel.photo,
        "round_day": parcel.fetch_day,
        "round_place": parcel.fetch_place.strip()[:120],
        "state": ConsignmentState.BOOKED,
    }


def _checked(parcel: ConsignmentIn, by: Actor) -> dict[str, Any]:
    now = clock.now()
    return {
        "id_kind": parcel.id_kind,
        "id_checked_at": now,
        "id_by_id": by.account_id,
        "inspected_at": now,
        "inspected_by_id": by.account_id,
        "accepted_at": now,
        "state": ConsignmentState.ACCEPTED,
    }


async def _priced(parcel: ConsignmentIn, day: Any, station_id: int) -> dict[str, Any]:
    """The freight, worked out here and never taken from a form. A parcel of an order goes without a tariff too."""
    quotes = await tariff_book.quotes(station_id, parcel.outgoing(), day)
    quote = next((one for one in quotes if one.carrier == parcel.carrier), None)
    if quote and quote.offered:
        return {"freight_fen": quote.fen, "quote": _kept(quote)}
    if parcel.order_id is not None and quote is None:
        return {}
    if quote is None:
        raise Refusal("no_tariff", carrier=carriers.name(parcel.carrier))
    raise Refusal("carrier_declines", carrier=carriers.name(parcel.carrier), why=quote.why_not)


def _kept(quote: Quote) -> str:
    lines = [{"code": line.code, "fen": line.fen, "facts": line.facts} for line in quote.lines]
    return json.dumps(
        {"name": quote.name, "lines": lines, "chargeable_g": quote.chargeable_g}, ensure_ascii=False
    )


async def _waybill(station_id: int, carrier: str, scanned: str) -> str:
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


async def _next_number(station_id: int, day: str, shown: str) -> str:
    row = await sql.one(
        "SELECT count(*) AS n FROM consignment WHERE station_id = ? AND day = ?", station_id, day
    )
    return f"J{shown}-{(row['n'] if row else 0) + 1:02d}"


async def for_order(
    order_id: int, weight_g: int, carrier: str, waybill: str, *, scan_id: str, by: Actor, photo: str = ""
) -> Taken:
    """Inside an act or not: the consignment of a packed order. The packer has looked inside; the station is the sender."""
    order = await orders.one(by.station_id, order_id)
    lines = await orders.lines(by.station_id, [order_id])
    station = await stations.profile(by.station_id)
    phone = Phone(
        phones.Kind(order["phone_kind"] or "missing"), order["phone"] or None, order["phone_ext"] or None
    )
    place = {key: order[key] for key in ("province", "city", "county", "town", "village", "detail")}
    to = To(order["name"], phone, **place)
    parcel = ConsignmentIn(
        scan_id=scan_id,
        sender=Sender(station.name, station.phone or "-"),
        to=to,
        goods="、".join(line["name"] for line in lines),
        weight_g=weight_g,
        flags=tuple(
            sorted({flag for line in lines if line["kind"] for flag in packing_rules.of(line["kind"]).flags})
        ),
        carrier=carrier,
        waybill=waybill,
        payer=Payer.ORDER,
        id_kind="station",
        inspected=True,
        condition_met=True,
        photo=photo,
        order_id=order_id,
    )
    return await accept(parcel, by=by)


@act
async def cancel(consignment_id: int, reason: str, *, by: Actor) -> None:
    """Call a parcel back before it has left. Its waybill number is never used again; its order is to be packed anew."""
    gone = await sql.one(
        "UPDATE consignment SET state = 'cancelled', closed_at = ? WHERE station_id = ? AND id = ?"
        " AND state IN ('booked', 'accepted') AND NOT EXISTS (SELECT 1 FROM handover_item i WHERE"
        " i.station_id = consignment.station_id AND i.consignment_id = consignment.id AND i.undone_at IS NULL)"
        " RETURNING order_id",
        *(clock.now(), by.station_id, consignment_id),
    )
    if gone is None:
        raise Refusal("consignment_gone", number=(await one(by.station_id, consignment_id))["number"])
    if (
        gone["order_id"] is not None
        and (await orders.one(by.station_id, gone["order_id"]))["state"] == "packed"
    ):
        await orders.move(gone["order_id"], OrderState.CONFIRMED, by=by)
    await audit.write(
        by,
        "consignment_cancelled",
        subject="consignment",
        subject_id=consignment_id,
        reason=reason.strip()[:100],
    )


async def one(station_id: int, consignment_id: int) -> dict[str, Any]:
    """The row, with `id_by_name` and `inspected_by_name`; raises Refusal `no_consignment`."""
    row = await sql.one(
        "SELECT c.*, a.name AS id_by_name, b.name AS inspected_by_name FROM consignment c"
        " LEFT JOIN account a ON a.id = c.id_by_id LEFT JOIN account b ON b.id = c.inspected_by_id"
        " WHERE c.station_id = ? AND c.id = ?",
        *(station_id, consignment_id),
    )
    if row is None:
        raise Refusal("no_consignment")
    return row


async def many(station_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Those of these parcels that have a waybill, in the order asked for: for their labels."""
    if not ids:
        return []
    rows = await sql.rows(
        f"SELECT c.* FROM consignment c WHERE c.station_id = ? AND c.id IN ({', '.join('?' * len(ids))})"  # noqa: S608
        " AND c.state <> 'cancelled' AND c.waybill <> ''",
        *(station_id, *ids),
    )
    place = {consignment_id: at for at, consignment_id in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row["id"]])


async def here(station_id: int) -> list[dict[str, Any]]:
    """Accepted and not yet gone, the oldest first."""
    return await sql.rows(
        "SELECT * FROM consignment WHERE station_id = ? AND state = 'accepted' ORDER BY id", station_id
    )


SHOWN = {
    "here": ("accepted",),
    "booked": ("booked",),
    "way": ("handed_over",),
    "done": ("delivered", "returned", "lost"),
    "off": ("cancelled",),
}
PAGE = 50


async def listed(station_id: int, show: str, asked: str, number: int) -> list[dict[str, Any]]:
    """A page of parcels, the newest first; one more than PAGE if there are further ones.

    `asked`: number, end of the waybill or of the receiver's phone, a name, or the initials of a sender in the register.
    """
    states = SHOWN.get(show, ("booked", "accepted", "handed_over", "delivered", "returned", "lost"))
    found, args = _found(station_id, asked) if asked else ("", [])
    return await sql.rows(
        f"SELECT * FROM consignment WHERE station_id = ? AND state IN ({', '.join('?' * len(states))}){found}"  # noqa: S608
        " ORDER BY id DESC LIMIT ? OFFSET ?",
        *(station_id, *states, *args, PAGE + 1, (number - 1) * PAGE),
    )


def _found(station_id: int, asked: str) -> tuple[str, list[Any]]:
    text = asked.replace("%", "").replace("_", "")
    if not text.isascii():
        return " AND (name LIKE ? OR sender_name LIKE ?)", [f"%{text}%", f"%{text}%"]
    if text.isalpha():
        begins = text.lower()
        return (
            " AND resident_id IN (SELECT id FROM resident WHERE station_id = ? AND (initials LIKE ? OR initials LIKE ?))",
            [station_id, f"{begins}%", f"% {begins}%"],
        )
    number = text.upper()
    return " AND (number = ? OR waybill LIKE ? OR tail = ?)", [number, f"%{number}", text]
