"""The desk for parcels going out: who gets it, what is in it, what it costs, the three looks, taken in."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import (
    acceptance,
    consignment_list,
    consignment_waybills,
    consignments,
    prohibited,
    tariff_book,
    vans,
)
from couriers.acceptance import ConsignmentIn, Sender
from couriers.pages import send_address, send_form
from couriers.pages.send_form import Sending
from couriers.tariff_terms import stem
from station import carriers, clock, photos, residents, stations
from station.access import STAFF
from station.actor import Actor
from station.errors import Refusal
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see, wants_fragment


async def show(request: Request) -> Response:
    """An empty form, or the parcel `?booked=5` that was called in by phone."""
    booked = request.query_params.get("booked", "")
    if not (booked.isascii() and booked.isdecimal() and len(booked) < 10):
        return await _page(request, send_form.with_scan_id(Sending.model_validate({})), fresh=True)
    row = await consignment_list.one(actor(request).station_id, int(booked))
    if row["state"] != "booked":
        return see(f"/consignments/{row['id']}")
    return await _page(request, send_form.of_booked(row), fresh=True)


async def post(request: Request) -> Response:
    """`do=fill` takes the pasted text apart, `do=accept` takes the parcel in, anything else works out once more."""
    async with request.form(max_files=1, max_fields=80) as typed:
        return await _post(request, typed)


async def _post(request: Request, typed: FormData) -> Response:
    try:
        sent = send_form.with_scan_id(await form(request, Sending))
    except Invalid as invalid:
        sent = send_form.with_scan_id(send_form.lenient(invalid, typed.getlist("sure")))
        return await _page(
            request, (await _with_picture(request, sent, typed))[0], 422, errors=invalid.errors
        )
    sent, refused = await _with_picture(request, sent, typed)
    if refused:
        return await _page(request, sent, refused.status, **_about(refused))
    # A text that was pasted before the scripts ran was never sent by itself: the next working out takes it apart.
    missed = sent.do == "quote" and wants_fragment(request)
    if (sent.do == "fill" or missed) and send_address.unread(sent):
        sent, got = await send_address.filled(sent)
        return await _page(request, sent, got=got, refill=missed)
    if sent.do != "accept":
        return await _page(request, sent)
    if wrong := send_form.faults(sent):
        return await _page(request, sent, 422, errors=wrong)
    try:
        return see(f"/consignments/{await _accept(sent, actor(request))}?new")
    except Refusal as refusal:
        return await _page(request, sent, refusal.status, **_about(refusal))


def _about(refusal: Refusal) -> dict[str, str]:
    return {"refused": sentence(refusal), "blamed": send_form.BLAMED.get(refusal.code, "")}


async def _with_picture(request: Request, sent: Sending, typed: FormData) -> tuple[Sending, Refusal | None]:
    """The name of a picture of the open parcel that came along, or came before; and what is wrong with it.

    To take one is to look inside, so a picture that was sent on its own ticks that look.
    """
    folder = photos.folder(request.app.state.settings, actor(request).station_id)
    picture = typed.get("picture")
    try:
        if isinstance(picture, UploadFile) and picture.filename:
            name = await photos.keep(await picture.read(), folder)
            return sent.model_copy(
                update={"photo": name, "inspected": sent.inspected or sent.do == "photo"}
            ), None
        if sent.photo:
            photos.file(folder, sent.photo)
    except Refusal as refusal:
        kept = sent.photo if refusal.code != "no_photo" else ""
        return sent.model_copy(update={"photo": kept}), refusal
    return sent, None


async def _accept(sent: Sending, me: Actor) -> int:
    if send_address.unread(sent):
        raise Refusal("paste_unread")
    unsure = send_address.unsettled(await send_address.doubts(sent))
    parcel = send_form.parcel(sent, await _sender(sent, me.station_id), unsure)
    if not sent.booked:
        return (await consignments.accept(parcel, by=me)).id
    row = await consignment_list.one(me.station_id, sent.booked)
    # The same button pressed twice.
    if row["state"] == "accepted" and row["id_by_id"] == me.account_id:
        return sent.booked
    await consignments.fetched(sent.booked, replace(parcel, order_id=row["order_id"]), by=me)
    return sent.booked


async def _sender(sent: Sending, station_id: int) -> Sender:
    """The chosen one of the register with the phone known there, or as typed."""
    if not sent.resident_id:
        return Sender(sent.sender_name, sent.sender_phone)
    person = await residents.one(station_id, sent.resident_id)
    return Sender(person["name"], person["phone"] or sent.sender_phone, sent.resident_id)


# What htmx puts first, and all that follows from the form beside it.
_PARTS = {"fill": "couriers/_send_address.html", "photo": "couriers/_send_inspected.html"}


async def _page(request: Request, sent: Sending, status: int = 200, **shown: Any) -> Response:
    """The whole page, or for htmx only its parts that are worked out."""
    known: dict[str, Any] = {"got": set(), "errors": {}, "refused": "", "blamed": "", "refill": False}
    context = {**known, **shown, "sent": sent} | await _worked_out(sent, actor(request).station_id)
    context["errors"] = send_form.faults(sent) | context["errors"]
    context["fragment"] = wants_fragment(request)
    context["beside"] = context["fragment"] and sent.do in _PARTS
    if not context["fragment"]:
        return await render(
            request, "couriers/send.html", status, **{"fresh": False, "id_kinds": _id_kinds(), **context}
        )
    return await render(request, _PARTS.get(sent.do, "couriers/_send_quotes.html"), 200, **context)


async def _worked_out(sent: Sending, station_id: int) -> dict[str, Any]:
    """Everything beside the form that follows from it: prices, findings, people of the register, the van, what is missing."""
    known = await send_address.doubts(sent)
    sender = Sender(sent.sender_name, sent.sender_phone, sent.resident_id or None)
    parcel = send_form.parcel(sent, sender, send_address.unsettled(known))
    zone = (await stations.profile(station_id)).zone
    quotes = await tariff_book.quotes(station_id, parcel.outgoing(), clock.today(zone))
    offered = [quote.carrier for quote in quotes if quote.offered]
    chosen = sent.carrier or next(iter(offered), "")
    return {
        "doubts": known,
        "receiver": send_form.RECEIVER,
        "unread": send_address.unread(sent),
        "quotes": quotes,
        "chosen": chosen if chosen in offered else "",
        "to": stem(sent.province) or "",
        "grams": parcel.weight_g,
        "findings": prohibited.check(sent.goods),
        "people": await _people(sent, station_id),
        "van": await _van(station_id, chosen, zone),
        "odd": await consignment_waybills.looks_like(station_id, sent.waybill, chosen),
        "missing": _missing(replace(parcel, carrier=chosen), send_address.unread(sent)),
        "carrier": carriers.name,
    }


def _missing(parcel: ConsignmentIn, unread: bool) -> str:
    """The first thing that still stands in the way, "" when the parcel can be taken."""
    try:
        if unread:
            raise Refusal("paste_unread")
        # A chosen person of the register has her phone there.
        known = parcel.sender.resident_id is not None
        acceptance.check(replace(parcel, sender=Sender("-", "-")) if known else parcel)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


async def _people(sent: Sending, station_id: int) -> list[dict[str, Any]]:
    """Those of the register who may be meant."""
    return await residents.find(station_id, sent.sender_name, 6) if sent.sender_name.strip() else []


async def _van(station_id: int, carrier: str, zone: str) -> dict[str, Any] | None:
    """The next van for that company, or the next one at all: its name, when, and how many parcels wait for it."""
    now, known = clock.now(), await vans.all(station_id)
    soonest = vans.soonest(known, carrier, now, zone) if carrier else None
    if soonest is None:
        leaving = [vans.Leaving(van, vans.leaves_at(van, now, zone)) for van in known]
        soonest = min(leaving, key=lambda one: one.at, default=None)
    if soonest is None:
        return None
    waiting = await consignment_list.here(station_id)
    minutes = int((soonest.at - now).total_seconds()) // 60
    local = soonest.at.astimezone(ZoneInfo(zone))
    return {
        "name": soonest.van["name"],
        "at": soonest.at,
        "today": local.date() == clock.today(zone),
        "waiting": sum(vans.takes(soonest.van, row["carrier"]) for row in waiting),
        "hours": minutes // 60,
        "minutes": minutes % 60,
    }


def _id_kinds() -> list[tuple[str, str]]:
    return [(kind, words) for kind, words in acceptance.ID_KINDS.items() if kind != "station"]


ROUTES: list[BaseRoute] = [
    page("/send", show, who=STAFF, name="send"),
    page("/send", post, who=STAFF, methods=["POST"], name="take_in"),
]
