"""What is printed about a lot: its label with the trace code, the certificate slip, the list of buyers to call."""

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from station import certificates, lots, qr, recalls, stations
from station.access import STAFF
from station.db import sql
from station.errors import Refusal
from station.pages.order_words import STATES
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see


class Promise(BaseModel):
    """`resident_id` 0: the station itself promises."""

    resident_id: int = Field(ge=0, le=LARGEST_ID)


async def certify(request: Request) -> Response:
    me, lot_id = actor(request), request.path_params["lot_id"]
    lot = await lots.lot(me.station_id, lot_id)
    try:
        chosen = (await form(request, Promise)).resident_id
    except Invalid as invalid:
        raise Refusal("promiser_missing") from invalid
    people = {
        person["id"]: person["name"]
        for person in await certificates.promisers(me.station_id, lot["household_id"])
    }
    people[0] = (await stations.profile(me.station_id)).name
    if chosen not in people:
        raise Refusal("promiser_missing")
    await certificates.certify(lot_id, people[chosen], by=me)
    return see(f"/lots/{lot_id}/certificate")


async def show_certificate(request: Request) -> Response:
    me, lot_id = actor(request), request.path_params["lot_id"]
    lot = await lots.lot(me.station_id, lot_id)
    if lot["certificate_no"] is None:
        raise Refusal("no_certificate")
    zone = ZoneInfo((await stations.profile(me.station_id)).zone)
    issued = sql.moment(lot["certificate_at"]).astimezone(zone).date().isoformat()
    return await render(
        request,
        "station/certificate.html",
        lot=lot,
        issued=issued,
        back=f"/lots/{lot_id}",
        **await _trace(request, lot),
    )


async def show_label(request: Request) -> Response:
    """`?copies=` up to 50: one for each basket or box."""
    me, lot_id = actor(request), request.path_params["lot_id"]
    lot = await lots.lot(me.station_id, lot_id)
    asked = request.query_params.get("copies", "1")
    copies = min(max(int(asked), 1), 50) if asked.isdecimal() and len(asked) < 4 else 1
    return await render(
        request,
        "station/lot_label.html",
        lot=lot,
        copies=copies,
        back=f"/lots/{lot_id}",
        **await _trace(request, lot),
    )


async def show_buyers(request: Request) -> Response:
    me, lot_id = actor(request), request.path_params["lot_id"]
    return await render(
        request,
        "station/lot_buyers.html",
        lot=await lots.lot(me.station_id, lot_id),
        buyers=await recalls.buyers_of(me.station_id, lot_id),
        states=STATES,
        back=f"/lots/{lot_id}",
    )


async def _trace(request: Request, lot: dict[str, Any]) -> dict[str, Any]:
    station = await stations.profile(actor(request).station_id)
    address = f"{request.app.state.settings.base_url.rstrip('/')}/trace/{station.code}/{lot['trace_code']}"
    return {"address": address, "code": qr.path(address)}


ROUTES = [
    page("/lots/{lot_id:int}/certificates", certify, who=STAFF, methods=["POST"], name="certify_lot"),
    page("/lots/{lot_id:int}/certificate", show_certificate, who=STAFF, name="certificate"),
    page("/lots/{lot_id:int}/label", show_label, who=STAFF, name="lot_label"),
    page("/lots/{lot_id:int}/buyers", show_buyers, who=STAFF, name="lot_buyers"),
]
