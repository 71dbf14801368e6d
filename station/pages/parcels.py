"""The book of parcels, and one parcel with its whole story."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from station import audit, carriers, parcel_book, parcels, unmasking
from station.access import READERS, STAFF
from station.errors import N_
from station.models import ParcelState
from station.slot_labels import with_code
from station.storytelling import sentence
from station.web import actor, page, page_number, render

# The mark and the words of each state.
STATES = {
    ParcelState.WAITING: ("ok", N_("on the shelf")),
    ParcelState.COLLECTED: ("again", N_("handed out")),
    ParcelState.RETURNED: ("move", N_("given back to the courier")),
    ParcelState.LOST: ("refuse", N_("lost")),
    ParcelState.UNDONE: ("miss", N_("check-in taken back")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the story; `who` is None for what the program did by itself."""

    at: datetime
    who: str | None
    sentence: str


async def book(request: Request) -> Response:
    query, me = request.query_params, actor(request)
    show = query.get("show", "waiting")
    show = show if show in parcel_book.SHOWS else "all"
    typed, number = query.get("q", "")[:60], page_number(request)
    rows = await parcel_book.listing(me.station_id, show, typed, number)
    return await render(
        request,
        "station/parcels.html",
        shows=parcel_book.SHOWS,
        show=show,
        q=typed,
        rows=[_dressed(row) for row in rows[: parcel_book.PAGE]],
        number=number,
        has_more=len(rows) > parcel_book.PAGE,
        query=urlencode({"show": show, "q": typed}) + "&",
        staff=me.role in STAFF,
        states=STATES,
        carrier=carriers.short,
    )


async def one(request: Request) -> Response:
    return await _parcel(request, None)


async def unmask(request: Request) -> Response:
    """The page once more, this time with the whole number: it is not in the address and not kept."""
    return await _parcel(
        request, await unmasking.show_phone(request.path_params["parcel_id"], by=actor(request))
    )


async def _parcel(request: Request, phone: str | None) -> Response:
    me, parcel_id = actor(request), request.path_params["parcel_id"]
    parcel = await parcels.seen(me.station_id, parcel_id)
    return await render(
        request,
        "station/parcel.html",
        parcel=_dressed(parcel),
        phone=phone,
        story=await _story(request, me.station_id, parcel_id),
        staff=me.role in STAFF,
        states=STATES,
        carrier=carriers.name,
    )


async def _story(request: Request, station_id: int, parcel_id: int) -> list[Line]:
    """Everything about the parcel and about what the other areas tie to it, oldest first."""
    lines = await audit.story(station_id, "parcel", parcel_id)
    for area in request.app.state.areas:
        if area.also_about:
            for subject, subject_id in await area.also_about(station_id, parcel_id):
                lines += await audit.story(station_id, subject, subject_id)
    lines.sort(key=lambda line: line.at)
    return [Line(line.at, line.who, sentence(line.act, line.facts)) for line in lines]


def _dressed(row: dict[str, Any]) -> dict[str, Any]:
    flags = [flag for flag in row["flags"].split(",") if flag]
    return {**row, "flags": flags, "code_shown": with_code(row["slot"], row["code"])}


ROUTES = [
    page("/parcels", book, who=READERS, name="parcels"),
    page("/parcels/{parcel_id:int}", one, who=READERS, name="parcel"),
    page(
        "/parcels/{parcel_id:int}/unmaskings", unmask, who=STAFF, methods=["POST"], name="parcel_unmaskings"
    ),
]
