"""What became of parcels, told by couriers' systems."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from couriers import deliveries, delivery_files, delivery_news
from couriers.delivery_news import News
from couriers.waybills import normalise
from station.access import COURIERS
from station.i18n import gettext
from station.openapi import api
from station.texts import fold
from station.web import actor, body

MOST = 1000


class Event(BaseModel):
    """`at`: ISO 8601; without an offset it is the station's own time."""

    waybill: Annotated[str, Field(min_length=1, max_length=40)]
    state: Annotated[Literal["delivered", "returned", "lost", "in_transit"], Field(alias="status")]
    at: datetime
    note: Annotated[str, Field(max_length=200)] = ""


class EventsBody(BaseModel):
    events: Annotated[list[Event], Field(min_length=1, max_length=MOST)]


class Result(BaseModel):
    """In the order of the events. `reason` is "" where all is well; `detail` says it in the reader's language."""

    waybill: str
    result: Literal["accepted", "ignored", "unknown"]
    reason: str
    detail: str


class EventsOut(BaseModel):
    results: list[Result]


async def create_deliveries(request: Request) -> Response:
    sent = await body(request, EventsBody)
    news = [_news(event) for event in sent.events]
    noted = await delivery_news.note_all(news, None, "api", by=actor(request))
    results = [
        {
            "waybill": each.waybill,
            "result": told.result,
            "reason": told.reason,
            "detail": gettext(deliveries.REASONS[told.reason]) if told.reason else "",
        }
        for each, told in zip(news, noted, strict=True)
    ]
    return JSONResponse({"results": results})


def _news(event: Event) -> News:
    waybill = normalise(event.waybill)
    ref = delivery_files.ref(waybill, event.state, event.at.replace(microsecond=0).isoformat())
    return News(waybill, event.state, event.at, ref, fold(event.note))


ROUTES: list[BaseRoute] = [
    api(
        "/deliveries",
        create_deliveries,
        methods=["POST"],
        who=COURIERS,
        summary="Tell what became of parcels, at most 1000 at once; the same again changes nothing",
        body=EventsBody,
        answer=EventsOut,
        refusals=("invalid",),
    )
]
