"""Handover on screen: which van takes what, the scanning, the signature, the sheet; and the list of vans."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import claim_list, handover, handover_list, loading, vans
from couriers.loading import Scanned
from couriers.pages import vans as van_pages
from station import carriers, clock, stations
from station.access import COURIERS, READERS, STAFF
from station.areas import Figure, Place
from station.errors import N_, Refusal
from station.i18n import gettext as _
from station.i18n import ngettext
from station.problems import sentence
from station.web import LARGEST_ID, actor, form, page, render, see, wants_fragment

# What somebody at the desk can put right; all other refusals are final.
_TO_MEND = frozenset({"still_booked", "on_other_van", "not_ours_to_send", "order_called_off"})
_HOUR = 60
_LAST_PART = 7


class OpenForm(BaseModel):
    van: int | None = Field(None, ge=1, le=LARGEST_ID)
    carrier: str = Field("", max_length=10)


class ScanForm(BaseModel):
    scanned: str = Field("", max_length=2000)


class RemovalForm(BaseModel):
    item: int = Field(ge=1, le=LARGEST_ID)


class SignForm(BaseModel):
    name: str = Field("", max_length=40)
    signature: str = Field("", max_length=200_000)
    how: str = Field("screen", max_length=10)


class UndoForm(BaseModel):
    reason: str = Field("", max_length=100)
    other: str = Field("", max_length=100)


async def show_all(request: Request) -> Response:
    return await _all(request)


async def _all(request: Request, status: int = 200, error: str = "") -> Response:
    station_id = actor(request).station_id
    loads, stray = await _loads(station_id)
    return await render(
        request,
        "couriers/handovers.html",
        status,
        loads=loads,
        stray=stray,
        handovers=await handover_list.recent(station_id),
        carriers=carriers,
        error=error,
    )


async def _loads(station_id: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The vans by when they leave, each with the `pieces` it is the next one for; and what no van takes."""
    zone, now = (await stations.profile(station_id)).zone, clock.now()
    standing, waiting = await vans.all(station_id), await handover_list.waiting(station_id)
    loads = [
        {**van, "at": vans.leaves_at(van, now, zone), "pieces": 0, "left": "", "minutes": 0}
        for van in standing
    ]
    today = clock.today(zone)
    for load in loads:
        load["tomorrow"] = load["at"].date() > today
        load["minutes"] = int((load["at"] - now).total_seconds() // 60)
        load["left"] = _left(load["minutes"])
    by_id, stray = {load["id"]: load for load in loads}, {}
    for carrier, pieces in waiting.items():
        if leaving := vans.soonest(standing, carrier, now, zone):
            by_id[leaving.van["id"]]["pieces"] += pieces
        else:
            stray[carrier] = pieces
    return sorted(loads, key=lambda load: load["at"]), stray


def _left(minutes: int) -> str:
    hours, rest = divmod(minutes, _HOUR)
    return (_("{hours} h {minutes} min") if hours else _("{minutes} min")).format(hours=hours, minutes=rest)


def _for_the_van(load: dict[str, Any]) -> str:
    words = (
        ngettext("parcel for tomorrow's {leaves} van", "parcels for tomorrow's {leaves} van", load["pieces"])
        if load["tomorrow"]
        else ngettext("parcel for the {leaves} van", "parcels for the {leaves} van", load["pieces"])
    )
    return words.format(leaves=load["leaves"])


async def figures(station_id: int) -> list[Figure]:
    """What must be on a van, by when; what no van takes; claims whose deadline nears."""
    loads, stray = await _loads(station_id)
    found = [
        Figure(
            load["pieces"],
            _for_the_van(load),
            _("{left} left until {name} leaves").format(left=load["left"], name=load["name"]),
            "/handovers",
            N_("Hand over"),
            urgent=load["minutes"] < _HOUR,
        )
        for load in loads
    ]
    # Without any vans the station calls its couriers as it needs them.
    if stray:
        named = ", ".join(carriers.short(code) or "?" for code in stray)
        found.append(
            Figure(
                sum(stray.values()),
                ngettext(
                    "parcel is ready, and no van is set for it",
                    "parcels are ready, and no van is set for them",
                    sum(stray.values()),
                ),
                named,
                "/handovers",
                N_("Hand over"),
            )
        )
    near, late = await claim_list.near(station_id)
    words = ngettext(
        "claim must be told to the courier within a day",
        "claims must be told to the courier within a day",
        near,
    )
    if late:
        detail = ngettext("{count} of them is overdue", "{count} of them are overdue", late).format(
            count=late
        )
    else:
        detail = N_("Photos and amount ready?")
    return [*found, Figure(near, words, detail, "/claims", N_("Look at them"), urgent=True)]


async def open_(request: Request) -> Response:
    sent = await form(request, OpenForm)
    try:
        return see(f"/handovers/{await handover.open_(sent.van, sent.carrier, by=actor(request))}")
    except Refusal as refusal:
        return await _all(request, refusal.status, sentence(refusal))


async def show(request: Request) -> Response:
    return await _desk(request)


async def scan(request: Request) -> Response:
    sent = await form(request, ScanForm)
    try:
        scanned = await loading.scan(request.path_params["id"], sent.scanned, by=actor(request))
    except Refusal as refusal:
        return await _desk(request, refusal=refusal, typed=sent.scanned)
    return await _desk(request, scanned=scanned)


async def take_off(request: Request) -> Response:
    sent = await form(request, RemovalForm)
    try:
        await loading.take_off(sent.item, by=actor(request))
    except Refusal as refusal:
        return await _desk(request, refusal=refusal)
    return await _desk(request, taken_off=True)


async def _desk(
    request: Request,
    *,
    scanned: Scanned | None = None,
    refusal: Refusal | None = None,
    typed: str = "",
    taken_off: bool = False,
) -> Response:
    """The whole desk, or only the answer and the side where a script asked for them."""
    shown = await _shown(request)
    state = ("again" if scanned.again else "ok") if scanned else ""
    if refusal:
        state = "ask" if refusal.code in _TO_MEND else "refuse"
    template = "couriers/_handover_desk.html" if wants_fragment(request) else "couriers/handover.html"
    return await render(
        request,
        template,
        refusal.status if refusal else 200,
        **shown,
        scanned=scanned,
        state=state,
        sentence=sentence(refusal) if refusal else "",
        typed=typed,
        taken_off=taken_off,
    )


async def _shown(request: Request) -> dict[str, Any]:
    station_id = actor(request).station_id
    trip = await handover_list.one(station_id, request.path_params["id"])
    cargo = await handover_list.items(trip, station_id)
    until = await handover_list.undo_until(trip, station_id)
    return {
        "trip": trip,
        "cargo": cargo,
        "behind": await handover_list.behind(trip, station_id) if trip.state != "undone" else [],
        "grams": sum(each["weight_g"] or 0 for each in cargo),
        "can_undo": trip.state == "open" or (until is not None and clock.now() <= until),
        "reasons": handover.REASONS,
        "carriers": carriers,
        "spaced": spaced,
    }


def spaced(waybill: str) -> str:
    """`9876000041120` → `9876 0000 41120`: whole, and in parts that can be read out and compared."""
    parts = []
    while len(waybill) > _LAST_PART:
        parts.append(waybill[:4])
        waybill = waybill[4:]
    return " ".join([*parts, waybill])


async def show_sheet(request: Request) -> Response:
    shown = await _shown(request)
    printed: datetime = shown["trip"].signed_at or clock.now()
    return await render(request, "couriers/handover_sheet.html", **shown, printed=printed)


async def show_signing(request: Request) -> Response:
    return await _signing(request)


async def _signing(request: Request, status: int = 200, error: str = "", name: str = "") -> Response:
    shown = await _shown(request)
    if shown["trip"].state != "open":
        return see(f"/handovers/{shown['trip'].id}")
    return await render(request, "couriers/handover_sign.html", status, **shown, error=error, typed_name=name)


async def sign(request: Request) -> Response:
    sent, trip = await form(request, SignForm), request.path_params["id"]
    try:
        await handover.sign(trip, sent.name, sent.signature, on_paper=sent.how == "paper", by=actor(request))
    except Refusal as refusal:
        return await _signing(request, refusal.status, sentence(refusal), sent.name)
    return see(f"/handovers/{trip}")


async def undo(request: Request) -> Response:
    sent, trip = await form(request, UndoForm), request.path_params["id"]
    try:
        await handover.undo(trip, sent.other.strip() or sent.reason, by=actor(request))
    except Refusal as refusal:
        return await _desk(request, refusal=refusal)
    return see(f"/handovers/{trip}")


ROUTES: list[BaseRoute] = [
    page("/handovers", show_all, who=READERS, name="handovers"),
    page("/handovers", open_, who=STAFF, methods=["POST"], name="open_handover"),
    page("/handovers/{id:int}", show, who=READERS, name="handover"),
    page("/handovers/{id:int}/items", scan, who=STAFF, methods=["POST"], name="put_on_van"),
    page("/handovers/{id:int}/removals", take_off, who=STAFF, methods=["POST"], name="take_off_van"),
    page("/handovers/{id:int}/sheet", show_sheet, who=STAFF, name="handover_sheet"),
    page("/handovers/{id:int}/signatures", show_signing, who=STAFF, name="sign_handover"),
    page("/handovers/{id:int}/signatures", sign, who=STAFF, methods=["POST"]),
    page("/handovers/{id:int}/undos", undo, who=STAFF, methods=["POST"], name="undo_handover"),
    *van_pages.ROUTES,
]
MORE: list[Place] = [
    Place("", "/handovers", N_("Hand over to the van"), READERS),
    Place("", "/deliveries", N_("What became of the parcels"), COURIERS | READERS),
    *van_pages.MORE,
]
