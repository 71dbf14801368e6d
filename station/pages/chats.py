"""Orders out of a group chat: the list pasted, what it seems to say, and what a person makes of it."""

import asyncio
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import addresses, listings, order_placing, stations
from station.access import STAFF
from station.actor import Actor
from station.errors import N_, Refusal, tell
from station.models import OrderSource, OrderState
from station.order_placing import LineIn, OrderIn
from station.pages import chat_entries, pasted
from station.pages.chat_entries import Entry, number
from station.problems import sentence
from station.web import actor, form, page, render, see

tell(
    {
        "chat_nothing_said": (422, N_("Choose what is wanted, and how many packs.")),
        "chat_receiver": (
            422,
            N_("The parcel cannot be sent like this: {faults} Correct it, then confirm it again."),
        ),
    }
)


class Paste(BaseModel):
    text: str = ""


async def show(request: Request) -> Response:
    """The box for the list; with `?placed=` how many orders it has just become."""
    placed = request.query_params.get("placed", "")
    return await _page(request, placed=int(placed) if placed.isdecimal() and len(placed) < 4 else 0)


async def propose(request: Request) -> Response:
    """What the list seems to say. Nothing is placed by this."""
    sent, me = await form(request, Paste), actor(request)
    try:
        offered = {row["title"]: row["id"] for row in reversed(await _offered(me.station_id))}
        entries = await chat_entries.read(me.station_id, sent.text, offered)
    except Refusal as refusal:
        return await _page(request, refusal.status, text=sent.text, error=sentence(refusal))
    return await _page(request, text=sent.text, entries=entries)


async def confirm(request: Request) -> Response:
    """Place what is ticked, each line for itself; what cannot be placed stays, as it was typed."""
    me = actor(request)
    placed, left = 0, []
    for entry in await chat_entries.typed(request):
        if not entry.take:
            continue
        try:
            await _place(entry, me)
            placed += 1
        except Refusal as refusal:
            left.append(replace(entry, error=sentence(refusal)))
    if left:
        return await _page(request, 422, entries=left, placed=placed)
    return see(f"/orders/chats?placed={placed}")


async def _place(entry: Entry, me: Actor) -> None:
    wanted = [LineIn(number(listing), number(qty)) for listing, qty in entry.items if listing]
    if not wanted or len(wanted) < len(entry.items):
        raise Refusal("chat_nothing_said")
    found = await asyncio.to_thread(addresses.parse, entry.address)
    places: dict[str, Any] = {place: getattr(found, place) or "" for place in pasted.PLACES}
    detail = " ".join(filter(None, (found.name, found.rest)))
    read = await pasted.read(
        pasted.Pasted(checked=True, name=entry.name, phone=entry.phone, detail=detail[:300], **places)
    )
    if read.receiver is None:
        raise Refusal("chat_receiver", faults=" ".join(read.errors.values()))
    order = OrderIn(
        OrderSource.CHAT,
        tuple(wanted),
        read.receiver,
        seller_note=entry.raw[:500],
        scan_id=entry.scan_id,
        state=OrderState.CONFIRMED,
    )
    await order_placing.place(order, by=me)


async def _offered(station_id: int) -> list[dict[str, Any]]:
    month = (await stations.today(station_id)).month
    return [row for row in await listings.on_sale(station_id, month) if row["now_in_season"]]


async def _page(request: Request, status: int = 200, **shown: Any) -> Response:
    context: dict[str, Any] = {"text": "", "entries": [], "error": "", "placed": 0, **shown}
    offered = await _offered(actor(request).station_id)
    return await render(
        request,
        "station/chats.html",
        status,
        offered=offered,
        most_items=chat_entries.MOST_ITEMS,
        longest=chat_entries.LONGEST,
        **context,
    )


ROUTES: list[BaseRoute] = [
    page("/orders/chats", show, who=STAFF, name="chat_orders"),
    page("/orders/chats", propose, who=STAFF, methods=["POST"], name="read_chat"),
    page("/orders/chats/confirmations", confirm, who=STAFF, methods=["POST"], name="confirm_chat"),
]
