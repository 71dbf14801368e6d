"""What became of parcels: a courier's status file is handed in, or one parcel is noted by hand."""

import secrets
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import deliveries, delivery_news
from couriers.deliveries import Noted
from couriers.delivery_news import News
from couriers.pages.manifests import taken
from couriers.waybills import normalise
from station import carriers, clock, stations
from station.access import COURIERS, READERS
from station.actor import Role
from station.errors import N_, Refusal
from station.problems import sentence
from station.web import Invalid, actor, form, page, render

SEERS = COURIERS | READERS
STATES = {
    "delivered": N_("delivered"),
    "returned": N_("came back"),
    "lost": N_("lost"),
    "in_transit": N_("still on its way"),
}
# Of a long file all counts are told, and as many rows as can be looked through.
_SHOWN = 300


class NoteForm(BaseModel):
    waybill: str = Field("", max_length=100)
    state: Literal["delivered", "returned", "lost", "in_transit"]
    at: str = Field("", max_length=30)
    note: str = Field("", max_length=200)
    ref: str = Field("", max_length=40)


async def show(request: Request) -> Response:
    return await _page(request)


async def hand_in(request: Request) -> Response:
    """A file; the answer is what became of each row. The same file again is harmless."""
    try:
        data, filename, carrier = await taken(request)
        rows = await delivery_news.note_file(data, carrier, by=actor(request))
    except Refusal as refusal:
        return await _page(request, refusal.status, error=sentence(refusal))
    sums = {
        result: sum(noted.result == result for _, noted in rows)
        for result in ("accepted", "ignored", "unknown")
    }
    # What needs somebody comes first.
    shown = sorted(rows, key=lambda row: ("unknown", "ignored", "accepted").index(row[1].result))[:_SHOWN]
    return await _page(request, filename=filename, rows=shown, sums=sums)


async def note(request: Request) -> Response:
    """One parcel by hand: its waybill scanned or typed, what became of it, and when."""
    try:
        sent = await form(request, NoteForm)
    except Invalid as invalid:
        return await _page(request, 422, typed=invalid.typed, errors=invalid.errors)
    me = actor(request)
    zone = ZoneInfo((await stations.profile(me.station_id)).zone)
    at = _when(sent.at, zone)
    news = News(normalise(sent.waybill), sent.state, at, sent.ref or secrets.token_hex(12), sent.note.strip())
    (noted,) = await delivery_news.note_all([news], None, "hand", by=me)
    if noted.result == "unknown" or (noted.result == "ignored" and noted.reason != "repeat"):
        return await _page(request, 409, noted=noted, typed=sent.model_dump())
    return await _page(request, noted=noted, noted_waybill=news.waybill)


def _when(typed: str, zone: ZoneInfo) -> datetime:
    """What the browser's field for a time sends; now if it is empty or nonsense."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone)
    except ValueError:
        return clock.now()


async def _page(request: Request, status: int = 200, **shown: Any) -> Response:
    me = actor(request)
    known: dict[str, Any] = {
        "error": "",
        "filename": "",
        "rows": [],
        "sums": {},
        "noted": Noted(""),
        "noted_waybill": "",
        "errors": {},
        "ref": secrets.token_hex(12),
    }
    shown["typed"] = dict.fromkeys(NoteForm.model_fields, "") | shown.get("typed", {})
    under_way = await deliveries.under_way(me.station_id, me.carrier if me.role is Role.COURIER else None)
    return await render(
        request,
        "couriers/deliveries.html",
        status,
        **{**known, **shown},
        under_way=under_way,
        states=STATES,
        reasons=deliveries.REASONS,
        carriers=carriers,
    )


ROUTES: list[BaseRoute] = [
    page("/deliveries", show, who=SEERS, name="deliveries"),
    page("/deliveries", hand_in, who=COURIERS, methods=["POST"], name="hand_in_deliveries"),
    page("/deliveries/notes", note, who=COURIERS, methods=["POST"], name="note_delivery"),
]
