"""What is ordered by telephone, typed in by the volunteer: the line as told, how many packs of what."""

import re
import secrets
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import clock, listings, order_placing, stations
from station.access import STAFF
from station.errors import Refusal
from station.models import OrderSource, OrderState
from station.money import parse_fen
from station.order_placing import LineIn, OrderIn
from station.pages import pasted
from station.pages.pasted import Pasted, Read
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see


class Telephoned(Pasted):
    """Packs come as `qty-7`, one field for each listing. `scan_id`: sent twice is one order."""

    buyer_note: str = Field("", max_length=500)
    seller_note: str = Field("", max_length=500)
    freight: str = Field("", max_length=20)
    scan_id: str = Field("", pattern=r"^[\w-]{0,36}$")


async def show_new(request: Request) -> Response:
    return await _new(request)


async def place(request: Request) -> Response:
    """An order by telephone: confirmed at once, because somebody of the station has taken it."""
    packs = {}
    for name, value in (await request.form()).items():
        if (found := re.fullmatch(r"qty-([0-9]{1,9})", name)) and str(value).strip():
            packs[int(found[1])] = str(value).strip()
    try:
        sent = await form(request, Telephoned)
    except Invalid as invalid:
        return await _new(request, 422, errors=invalid.errors, typed=invalid.typed, packs=packs)
    typed = {name: str(value) for name, value in sent.model_dump().items()}
    read = await pasted.read(sent)
    if read.receiver is None:
        return await _new(request, 422, typed=typed, packs=packs, read=read, errors=read.errors)
    try:
        placed = await order_placing.place(_order(sent, packs, read), by=actor(request))
    except Refusal as refusal:
        return await _new(request, refusal.status, typed=typed, packs=packs, refused=sentence(refusal))
    return see(f"/orders/{placed.id}")


def _order(sent: Telephoned, packs: dict[int, str], read: Read) -> OrderIn:
    assert read.receiver is not None
    freight = parse_fen(sent.freight)
    if freight is None:
        raise Refusal("no_order_amount")
    lines = [
        LineIn(id_, int(qty) if qty.isdecimal() and len(qty) < 6 else -1)
        for id_, qty in packs.items()
        if qty.strip("0")
    ]
    return OrderIn(
        OrderSource.PHONE,
        tuple(lines),
        read.receiver,
        buyer_note=sent.buyer_note,
        seller_note=sent.seller_note,
        freight_fen=freight,
        scan_id=pasted.once("p", sent, sorted(packs.items())),
        state=OrderState.CONFIRMED,
    )


async def _new(request: Request, status: int = 200, **shown: Any) -> Response:
    station = await stations.profile(actor(request).station_id)
    known: dict[str, Any] = {"typed": {}, "packs": {}, "errors": {}, "read": None, "refused": ""}
    context = {**known, **shown}
    if context["read"] is None and context["typed"].get("checked") in ("1", "True"):
        context["read"] = pasted.again(context["typed"])
    context["scan_id"] = context["typed"].get("scan_id") or secrets.token_urlsafe(16)
    month = clock.today(station.zone).month
    offered = [row for row in await listings.on_sale(station.id, month) if row["now_in_season"]]
    return await render(
        request, "station/new_order.html", status, offered=offered, places=pasted.PLACES, **context
    )


ROUTES: list[BaseRoute] = [
    page("/orders/new", show_new, who=STAFF, name="new_order"),
    page("/orders", place, who=STAFF, methods=["POST"], name="place_order"),
]
