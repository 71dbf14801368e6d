"""Parcels taken in to be sent: their sender's paper looked at, contents seen, weighed, priced, with a waybill."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from couriers import consignment_list, consignment_waybills, tariff_book
from couriers.acceptance import ConsignmentIn, Sender, check
from couriers.models import ConsignmentState, Payer
from couriers.tariffs import Quote
from station import audit, carriers, clock, order_book, orders, packing_rules, phones, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.phones import Phone
from station.receivers import Receiver
from station.running_numbers import next_number

tell(
    {
        "carrier_declines": (422, N_("{carrier} does not take this parcel: {why} Choose another company.")),
        "no_tariff": (
            422,
            N_("There is no price of {carrier} for this day. The keeper enters it under Prices."),
        ),
        "consignment_gone": (
            409,
            N_("{number} is not here any more, or was cancelled. Load the page again."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Taken:
    id: int
    number: str
    new: bool


async def accept(parcel: ConsignmentIn, *, by: Actor) -> Taken:
    """Take a parcel in, or book it to be fetched at the door. Raises the refusals of `check`, and about tariff and waybill."""
    if not parcel.fetch_day:
        check(parcel)
    elif not parcel.sender.name.strip() or not parcel.sender.phone.strip():
        raise Refusal("sender_missing")
    return await _accept(parcel, consignment_waybills.read(parcel.waybill, parcel.carrier), by=by)


@act
async def _accept(parcel: ConsignmentIn, waybill: str, *, by: Actor) -> Taken:
    # The running number, and repeats.
    await stations.one_at_a_time(by.station_id)
    known = await sql.one(
        "SELECT id, number FROM consignment WHERE station_id = ? AND (scan_id = ? OR (order_id = ? AND state <> 'cancelled'))",
        *(by.station_id, parcel.scan_id, parcel.order_id if parcel.order_id is not None else -1),
    )
    if known:
        return Taken(known["id"], known["number"], new=False)
    day = await stations.today(by.station_id)
    columns = _columns(parcel)
    if not parcel.fetch_day:
        columns |= await _priced(parcel, day, by.station_id) | _checked(parcel, by)
        columns["waybill"] = await consignment_waybills.take(by.station_id, parcel.carrier, waybill)
    columns |= {
        "station_id": by.station_id,
        "day": day.isoformat(),
        "created_at": clock.now(),
        "by_id": by.account_id,
    }
    columns["number"] = await next_number(by.station_id, "consignment", f"J{day:%y%m%d}-", width=2)
    consignment_id = await sql.insert("consignment", **columns)
    await _tell(consignment_id, columns, parcel, by)
    return Taken(consignment_id, columns["number"], new=True)


@act
async def fetched(consignment_id: int, parcel: ConsignmentIn, *, by: Actor) -> None:
    """A booked parcel was fetched at the door and is taken in now, with everything that `accept` asks for."""
    check(parcel)
    scanned = consignment_waybills.read(parcel.waybill, parcel.carrier)
    await stations.one_at_a_time(by.station_id)
    waybill = await consignment_waybills.take(by.station_id, parcel.carrier, scanned)
    day = await stations.today(by.station_id)
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
        raise Refusal(
            "consignment_gone", number=(await consignment_list.one(by.station_id, consignment_id))["number"]
        )
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
    length, width, height = parcel.size_mm or (None, None, None)
    return {
        "scan_id": parcel.scan_id[:40],
        "order_id": parcel.order_id,
        "resident_id": parcel.sender.resident_id,
        "sender_name": parcel.sender.name.strip()[:40],
        "sender_phone": parcel.sender.phone.strip()[:20],
        **parcel.to.columns(),
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


async def _priced(parcel: ConsignmentIn, day: date, station_id: int) -> dict[str, Any]:
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


def contents(lines: Sequence[dict[str, Any]]) -> str:
    """What an order's parcel holds, as its label says it and the prohibited list is asked for it."""
    return "、".join(line["name"] for line in lines)


async def for_order(
    order_id: int,
    weight_g: int,
    carrier: str,
    waybill: str,
    *,
    scan_id: str,
    by: Actor,
    photo: str = "",
    condition_met: bool = False,
) -> Taken:
    """Inside an act or not: the consignment of a packed order. The packer has looked inside; the station is the sender.

    `condition_met`: of goods that may go only under a condition the packer was told it, and has seen to it.
    """
    order = await order_book.one(by.station_id, order_id)
    lines = await order_book.lines(by.station_id, [order_id])
    station = await stations.profile(by.station_id)
    phone = Phone(
        phones.Kind(order["phone_kind"] or "missing"), order["phone"] or None, order["phone_ext"] or None
    )
    place = {key: order[key] for key in ("province", "city", "county", "town", "village", "detail")}
    to = Receiver(order["name"], phone, **place)
    parcel = ConsignmentIn(
        scan_id=scan_id,
        sender=Sender(station.name, station.phone or "-"),
        to=to,
        goods=contents(lines),
        weight_g=weight_g,
        flags=tuple(
            sorted({flag for line in lines if line["kind"] for flag in packing_rules.of(line["kind"]).flags})
        ),
        carrier=carrier,
        waybill=waybill,
        payer=Payer.ORDER,
        id_kind="station",
        inspected=True,
        condition_met=condition_met,
        photo=photo,
        order_id=order_id,
    )
    return await accept(parcel, by=by)


@act
async def cancel(consignment_id: int, reason: str, *, by: Actor) -> None:
    """Call a parcel back before it has left. Its waybill number is never used again; its order is to be packed anew."""
    # Held before it is looked at: somebody may be putting it on a van.
    known = await consignment_list.held(by.station_id, consignment_id)
    gone = await sql.one(
        "UPDATE consignment SET state = 'cancelled', closed_at = ? WHERE station_id = ? AND id = ?"
        " AND state IN ('booked', 'accepted') AND NOT EXISTS (SELECT 1 FROM handover_item i WHERE"
        " i.station_id = consignment.station_id AND i.consignment_id = consignment.id AND i.undone_at IS NULL)"
        " RETURNING order_id",
        *(clock.now(), by.station_id, consignment_id),
    )
    if gone is None:
        raise Refusal("consignment_gone", number=known["number"])
    if gone["order_id"] is not None and (await order_book.held(gone["order_id"], by))["state"] == "packed":
        await orders.move(gone["order_id"], OrderState.CONFIRMED, by=by)
    await audit.write(
        by,
        "consignment_cancelled",
        subject="consignment",
        subject_id=consignment_id,
        reason=reason.strip()[:100],
    )
