"""Parcels sent: the list, one with its story, the sender's receipt, calling one back."""

import json
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import acceptance, consignment_list, consignments
from couriers.models import ConsignmentState
from couriers.tariffs import Line
from station import audit, carriers, stations, storytelling
from station.access import READERS, STAFF
from station.areas import Place
from station.errors import N_, Refusal
from station.i18n import gettext as _
from station.names import masked_room
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see

STATES = {
    ConsignmentState.BOOKED: ("wait", N_("to be fetched")),
    ConsignmentState.ACCEPTED: ("ok", N_("here, waits for its van")),
    ConsignmentState.HANDED_OVER: ("move", N_("on its way")),
    ConsignmentState.DELIVERED: ("again", N_("delivered")),
    ConsignmentState.RETURNED: ("ask", N_("came back")),
    ConsignmentState.LOST: ("refuse", N_("lost")),
    ConsignmentState.CANCELLED: ("miss", N_("called back")),
}
TABS = {
    "here": N_("Here"),
    "booked": N_("To be fetched"),
    "way": N_("On the way"),
    "done": N_("Arrived or lost"),
    "off": N_("Called back"),
    "all": N_("All"),
}
PAYERS = {
    "sender": N_("the sender paid"),
    "receiver": N_("the receiver pays"),
    "order": N_("paid with the order"),
}


class Why(BaseModel):
    reason: str = Field("", max_length=100)


async def book(request: Request) -> Response:
    query = request.query_params
    show, typed = query.get("show", "here"), query.get("q", "").replace("\0", "").strip()[:40]
    show = show if show in TABS else "all"
    text = query.get("page", "")
    number = max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    me = actor(request)
    rows = await consignment_list.listed(me.station_id, show, typed, number)
    return await render(
        request,
        "couriers/consignments.html",
        tabs=TABS,
        show=show,
        q=typed,
        rows=rows[: consignment_list.PAGE],
        number=number,
        has_more=len(rows) > consignment_list.PAGE,
        query=urlencode({"show": show, "q": typed}) + "&",
        states=STATES,
        carrier=carriers.short,
        staff=me.role in STAFF,
    )


async def one(request: Request) -> Response:
    return await _show(request, 200)


async def cancel(request: Request) -> Response:
    consignment_id, me = request.path_params["consignment_id"], actor(request)
    try:
        reason = (await form(request, Why)).reason.strip()
    except Invalid as invalid:
        return await _show(request, 422, error=next(iter(invalid.errors.values())), typed=invalid.typed)
    await consignment_list.one(me.station_id, consignment_id)
    if not reason:
        return await _show(request, 422, error=_("Write down why."))
    try:
        await consignments.cancel(consignment_id, reason, by=me)
    except Refusal as refusal:
        return await _show(request, refusal.status, refused=sentence(refusal), typed={"reason": reason})
    return see(f"/consignments/{consignment_id}")


async def _show(request: Request, status: int, **shown: Any) -> Response:
    me = actor(request)
    row = await consignment_list.one(me.station_id, request.path_params["consignment_id"])
    told = await audit.story(me.station_id, "consignment", row["id"])
    context = {"error": "", "refused": "", "typed": {}, **shown}
    return await render(
        request,
        "couriers/consignment.html",
        status,
        **_dressed(row),
        story=[(line.at, line.who, storytelling.sentence(line.act, line.facts)) for line in told],
        new="new" in request.query_params and row["state"] == ConsignmentState.ACCEPTED,
        staff=me.role in STAFF,
        states=STATES,
        **context,
    )


async def receipt(request: Request) -> Response:
    """What the sender takes home: who carries it, its number, what it cost, where to ring."""
    me = actor(request)
    row = await consignment_list.one(me.station_id, request.path_params["consignment_id"])
    if row["state"] in (ConsignmentState.BOOKED, ConsignmentState.CANCELLED):
        raise Refusal("consignment_gone", number=row["number"])
    station = await stations.profile(me.station_id)
    hotline = next((one.hotline for one in carriers.CARRIERS if one.code == row["carrier"]), "")
    return await render(
        request, "couriers/receipt.html", **_dressed(row), phone=station.phone, hotline=hotline
    )


def _dressed(row: dict[str, Any]) -> dict[str, Any]:
    """The row for its pages, with the lines of its freight in the reader's language."""
    quote = json.loads(row["quote"]) if row["quote"] else {"lines": []}
    kind = acceptance.ID_KINDS.get(row["id_kind"], "")
    payer = PAYERS[row["payer"]]
    sides = [row["length_mm"], row["width_mm"], row["height_mm"]]
    return {
        "sent": row,
        "lines": [Line(line["code"], line["fen"], line["facts"]) for line in quote["lines"]],
        "company": carriers.name(row["carrier"]) if row["carrier"] else "",
        "place": " ".join(filter(None, (row["province"], row["city"], row["county"], row["town"]))),
        "detail": masked_room(f"{row['village']} {row['detail']}".strip()),
        "flags_set": row["flags"].split(),
        "id_kind": _(kind) if kind else "",
        "payer": _(payer),
        "size": "×".join(f"{side / 10:g}" for side in sides) if all(sides) else "",
    }


_ONE = "/consignments/{consignment_id:int}"
ROUTES: list[BaseRoute] = [
    page("/consignments", book, who=READERS, name="consignments"),
    page(_ONE, one, who=READERS, name="consignment"),
    page(f"{_ONE}/receipt", receipt, who=STAFF, name="consignment_receipt"),
    page(f"{_ONE}/cancellations", cancel, who=STAFF, methods=["POST"], name="consignment_cancellations"),
]
MORE: list[Place] = [Place("", "/consignments", N_("Parcels sent"), READERS)]
