"""The counter: one box, the household's parcels in walking order, who takes them, and the way back."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from pickup import collected, collection, counter, undo
from pickup.collected import Told
from pickup.collection import RELATIONS, HandOut
from pickup.counter import Found, Household
from pickup.models import Collector
from station import carriers, clock, day_stats, money, stations
from station.access import STAFF
from station.db import sql
from station.errors import N_, Refusal, tell
from station.i18n import gettext, ngettext
from station.problems import sentence
from station.web import actor, form, page, render, see

tell({"amount_unreadable": (422, N_("{amount} is no amount. Type it like 12 or 12.50."))})

# How somebody was found, in words.
WAYS = {
    "CODE": N_("the code is right"),
    "NUMBER": N_("the number is right"),
    "PHONE": N_("the phone is right"),
    "PHONE_TAIL": N_("the phone ends so"),
    "NAME": N_("the name fits"),
    "WAYBILL_TAIL": N_("the waybill ends so"),
}


class HandForm(BaseModel):
    """`amount_of` names the parcels whose price could not be read, `amount` what the volunteer typed for each."""

    q: str = Field("", max_length=200)
    open: int | None = None
    scan_id: str = Field(min_length=1, max_length=40)
    parcel: list[int] = []
    collector: Collector = Collector.SELF
    name: str = Field("", max_length=40)
    relation: str = Field("", max_length=20)
    amount_of: list[int] = []
    amount: list[str] = []
    nothing_due: list[int] = []


class UndoForm(BaseModel):
    reason: str = Field("", max_length=100)
    other: str = Field("", max_length=100)


@dataclass(slots=True)
class Desk:
    """What the page shows: what was asked and found, what is being handed out, what was just done."""

    q: str = ""
    found: Found | None = None
    open: Household | None = None
    sent: HandForm | None = None
    refusal: Refusal | None = None
    done: Told | None = None
    more: dict[str, Any] = field(default_factory=dict)


async def show(request: Request) -> Response:
    """`?q=` finds, `&open=` names the household by one of its parcels, `?done=` shows a collection."""
    query, station_id = request.query_params, actor(request).station_id
    desk = Desk(query.get("q", "")[:200])
    try:
        if done := _number(query.get("done", "")):
            desk.done = await collected.told(station_id, done)
        if desk.q.strip():
            await _find(desk, station_id, _number(query.get("open", "")))
    except Refusal as refusal:
        desk.refusal = refusal
    return await _answer(request, desk)


async def hand_out(request: Request) -> Response:
    sent, me = await form(request, HandForm), actor(request)
    try:
        amounts = _amounts(sent)
        hand = HandOut(sent.scan_id, tuple(sent.parcel), sent.collector, sent.name, sent.relation, amounts)
        return see(f"/counter?done={await collection.collect(hand, by=me)}")
    except Refusal as refusal:
        desk = Desk(sent.q, sent=sent, refusal=refusal)
    try:
        await _find(desk, me.station_id, sent.open)
    except Refusal:
        # All of it is gone: why, is already said.
        desk.found = None
    return await _answer(request, desk)


async def take_back(request: Request) -> Response:
    sent, me = await form(request, UndoForm), actor(request)
    collection_id = request.path_params["collection_id"]
    try:
        await undo.undo(collection_id, sent.other.strip() or sent.reason, by=me)
    except Refusal as refusal:
        done = await collected.told(me.station_id, collection_id)
        return await _answer(request, Desk(done=done, refusal=refusal))
    return see(f"/counter?done={collection_id}")


async def _find(desk: Desk, station_id: int, parcel_id: int | None) -> None:
    desk.found = await counter.find(station_id, desk.q)
    households = desk.found.households
    desk.open = next((each for each in households if each.holds(parcel_id)), next(iter(households), None))


def _amounts(sent: HandForm) -> dict[int, int]:
    """What is taken for the parcels whose price could not be read. A blank is no answer, a tick at "nothing" is."""
    amounts = dict.fromkeys(sent.nothing_due, 0)
    for parcel_id, typed in zip(sent.amount_of, sent.amount, strict=False):
        if not typed.strip() or parcel_id in amounts or parcel_id not in sent.parcel:
            continue
        fen = money.parse_fen(typed)
        if fen is None:
            raise Refusal("amount_unreadable", amount=typed)
        amounts[parcel_id] = fen
    return amounts


async def _answer(request: Request, desk: Desk) -> Response:
    station_id = actor(request).station_id
    station = await stations.profile(station_id)
    today = clock.today(station.zone)
    counts = await day_stats.of_days(station_id, today, today)
    return await render(
        request,
        "pickup/counter.html",
        desk.refusal.status if desk.refusal else 200,
        desk=desk,
        sentence=sentence(desk.refusal) if desk.refusal else "",
        scan_id=desk.sent.scan_id if desk.sent else secrets.token_hex(12),
        relations=RELATIONS,
        reasons=undo.REASONS,
        latest=await collected.latest(station_id),
        today_count=counts.get(today.isoformat(), {}).get("collected", 0),
        carrier=carriers.short,
        ways=WAYS,
        since=lambda parcel: _since(parcel, ZoneInfo(station.zone), today),
        typed_amounts=dict(zip(desk.sent.amount_of, desk.sent.amount, strict=False)) if desk.sent else {},
    )


def _since(parcel: dict[str, Any], zone: ZoneInfo, today: date) -> str:
    """Since when a parcel waits: said like this, because the volunteer asks like this."""
    days = (today - sql.moment(parcel["arrived_at"]).astimezone(zone).date()).days
    if days < 2:
        return gettext("came yesterday") if days == 1 else gettext("came today")
    return ngettext("waits for {n} day", "waits for {n} days", days).format(n=days)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


ROUTES = [
    page("/counter", show, who=STAFF, name="counter"),
    page("/collections", hand_out, who=STAFF, methods=["POST"], name="collections"),
    page(
        "/collections/{collection_id:int}/undos",
        take_back,
        who=STAFF,
        methods=["POST"],
        name="undo_collection",
    ),
]
