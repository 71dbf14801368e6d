"""Claims on screen: the list by deadline, one with its photos and story, and the keeper's decision."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import claim_decisions, claim_list, claims
from couriers.claim_decisions import BEARERS, REASONS
from couriers.claims import KINDS, MOST_PHOTOS, ClaimIn
from couriers.waybills import normalise
from station import audit, carriers, money, photos
from station.access import KEEPER, READERS, STAFF
from station.areas import Place
from station.errors import N_, Refusal
from station.i18n import gettext
from station.money import format_fen
from station.problems import sentence
from station.web import LARGEST_ID, actor, form, page, render, see

_STORY = {
    "claim_opened": N_("The claim was opened."),
    "claim_photo_added": N_("A photo was added."),
    "claim_decided": N_("It was decided: ¥{yuan}, borne by: {bearer}."),
    "claim_paid": N_("It was paid: ¥{yuan}."),
    "claim_refused": N_("Nothing is paid: {reason}."),
}


class OpenForm(BaseModel):
    """`consignment` from the parcel's page; or its waybill, scanned or typed."""

    consignment: int | None = Field(None, ge=1, le=LARGEST_ID)
    waybill: str = Field("", max_length=100)
    kind: str = Field("", max_length=10)
    what: str = Field("", max_length=300)
    asked: str = Field("", max_length=20)


class DecideForm(BaseModel):
    amount: str = Field("", max_length=20)
    bearer: str = Field("", max_length=10)


class PayForm(BaseModel):
    household: int | None = Field(None, ge=1, le=LARGEST_ID)


class RefuseForm(BaseModel):
    reason: str = Field("", max_length=60)


async def show_all(request: Request) -> Response:
    """`?waybill=` fills the form for a new one; `?settled` shows those that are over."""
    return await _all(request, typed={"waybill": request.query_params.get("waybill", "")[:40]})


async def _all(
    request: Request, status: int = 200, error: str = "", typed: dict[str, Any] | None = None
) -> Response:
    station_id, settled = actor(request).station_id, "settled" in request.query_params
    return await render(
        request,
        "couriers/claims.html",
        status,
        claims=await claim_list.listed(station_id, settled),
        settled=settled,
        typed=dict.fromkeys(OpenForm.model_fields, "") | (typed or {}),
        error=error,
        kinds=KINDS,
        carriers=carriers,
    )


async def open_(request: Request) -> Response:
    sent, me = await form(request, OpenForm), actor(request)
    try:
        asked = money.parse_fen(sent.asked)
        if asked is None:
            raise Refusal("claim_amount")
        consignment_id = sent.consignment or await claim_list.consignment_of(
            me.station_id, normalise(sent.waybill)
        )
        claim_id = await claims.open_(ClaimIn(consignment_id, sent.kind, sent.what, asked), by=me)
    except Refusal as refusal:
        return await _all(request, refusal.status, sentence(refusal), sent.model_dump())
    return see(f"/claims/{claim_id}")


async def show(request: Request) -> Response:
    return await _one(request)


async def _one(
    request: Request, status: int = 200, error: str = "", typed: dict[str, Any] | None = None
) -> Response:
    station_id, claim_id = actor(request).station_id, request.path_params["id"]
    claim = await claim_list.one(station_id, claim_id)
    lines = await audit.story(station_id, "claim", claim_id)
    return await render(
        request,
        "couriers/claim.html",
        status,
        claim=claim,
        photos=await claim_list.photos(station_id, claim_id),
        households=await claim_list.households(station_id, claim["order_id"]),
        story=[{"at": line.at, "who": line.who, "sentence": _told(line)} for line in lines],
        typed=dict.fromkeys(DecideForm.model_fields, "") | (typed or {}),
        error=error,
        kinds=KINDS,
        bearers=BEARERS,
        reasons=REASONS,
        most_photos=MOST_PHOTOS,
        carriers=carriers,
    )


def _told(line: audit.Told) -> str:
    facts = line.facts
    return gettext(_STORY[line.act]).format(
        yuan=format_fen(facts.get("amount_fen") or 0),
        bearer=gettext(BEARERS.get(facts.get("bearer", ""), "–")),
        reason=gettext(facts.get("reason", "–")),
    )


async def add_photos(request: Request) -> Response:
    me, claim_id = actor(request), request.path_params["id"]
    folder = photos.folder(request.app.state.settings, me.station_id)
    try:
        await claim_list.one(me.station_id, claim_id)
        async with request.form(max_files=MOST_PHOTOS, max_fields=5) as sent:
            files = [file for file in sent.getlist("photo") if isinstance(file, UploadFile) and file.filename]
            if not files:
                raise Refusal("no_file")
            for file in files:
                name = await photos.keep(await file.read(), folder)
                await claims.add_photo(claim_id, name, by=me)
    except Refusal as refusal:
        return await _one(request, refusal.status, sentence(refusal))
    return see(f"/claims/{claim_id}")


async def decide(request: Request) -> Response:
    sent, claim_id = await form(request, DecideForm), request.path_params["id"]
    try:
        await claim_decisions.decide(claim_id, money.parse_fen(sent.amount), sent.bearer, by=actor(request))
    except Refusal as refusal:
        return await _one(request, refusal.status, sentence(refusal), sent.model_dump())
    return see(f"/claims/{claim_id}")


async def pay(request: Request) -> Response:
    sent, claim_id = await form(request, PayForm), request.path_params["id"]
    try:
        await claim_decisions.pay(claim_id, sent.household, by=actor(request))
    except Refusal as refusal:
        return await _one(request, refusal.status, sentence(refusal))
    return see(f"/claims/{claim_id}")


async def refuse(request: Request) -> Response:
    sent, claim_id = await form(request, RefuseForm), request.path_params["id"]
    try:
        await claim_decisions.refuse(claim_id, sent.reason, by=actor(request))
    except Refusal as refusal:
        return await _one(request, refusal.status, sentence(refusal))
    return see(f"/claims/{claim_id}")


ROUTES: list[BaseRoute] = [
    page("/claims", show_all, who=READERS, name="claims"),
    page("/claims", open_, who=STAFF, methods=["POST"], name="open_claim"),
    page("/claims/{id:int}", show, who=READERS, name="claim"),
    page("/claims/{id:int}/photos", add_photos, who=STAFF, methods=["POST"], name="add_claim_photos"),
    page("/claims/{id:int}/decisions", decide, who=KEEPER, methods=["POST"], name="decide_claim"),
    page("/claims/{id:int}/payments", pay, who=KEEPER, methods=["POST"], name="pay_claim"),
    page("/claims/{id:int}/refusals", refuse, who=KEEPER, methods=["POST"], name="refuse_claim"),
]
MORE: list[Place] = [Place("", "/claims", N_("Claims"), READERS)]
