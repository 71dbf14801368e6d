"""The round to the doors on screen: what is fetched on a day, one more by phone, the sheet to take along."""

import secrets
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import rounds
from station import clock, residents, stations
from station.access import STAFF
from station.areas import Place
from station.errors import N_, Refusal
from station.problems import sentence
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see, whole


class CallForm(BaseModel):
    scan_id: str = Field("", pattern=r"^[\w-]{0,36}$")
    resident_id: int = Field(0, ge=0, le=LARGEST_ID)
    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)
    place: str = Field("", max_length=120)
    goods: str = Field("", max_length=200)
    day: str = Field("", max_length=20)


class CancelForm(BaseModel):
    reason: str = Field("", max_length=100)


async def show(request: Request) -> Response:
    return await _round(request)


async def _round(request: Request, status: int = 200, **shown: Any) -> Response:
    """The round of `?day=`; `?q=` looks somebody up in the register, `?resident=` is who was chosen."""
    station = await stations.profile(actor(request).station_id)
    today = clock.today(station.zone)
    day = _asked_day(request, today)
    known: dict[str, Any] = {"error": "", "errors": {}, "typed": {}}
    context = {**known, **shown}
    asked = request.query_params.get("q", "").strip()[:40]
    scan_id = context["typed"].get("scan_id") or secrets.token_urlsafe(16)
    return await render(
        request,
        "couriers/rounds.html",
        status,
        **context,
        **await _days(station.id, station.zone, day, today),
        scan_id=scan_id,
        asked=asked,
        people=await residents.find(station.id, asked) if asked else [],
        person=await _chosen(request, context["typed"], station.id),
        booked=request.query_params.get("booked", "")[:20],
        reasons=rounds.REASONS,
    )


def _asked_day(request: Request, today: date) -> date:
    try:
        return date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        return today


async def _days(station_id: int, zone: str, day: date, today: date) -> dict[str, Any]:
    """The calls of a day, and beside it the other days that have some."""
    counted = {each["day"]: each["n"] for each in await rounds.days(station_id, today)}
    shown = sorted({today, day, *counted})
    return {
        "day": day,
        "today": today,
        "at": _noon(day, zone),
        "days": [{"day": each, "at": _noon(each, zone), "n": counted.get(each, 0)} for each in shown],
        "calls": await rounds.of_day(station_id, day),
    }


def _noon(day: date, zone: str) -> datetime:
    """A moment that is on this day in the station's zone, for the filters that show moments."""
    return datetime.combine(day, time(12), ZoneInfo(zone))


async def _chosen(request: Request, typed: dict[str, Any], station_id: int) -> dict[str, Any] | None:
    """Who was picked from the register, if anybody; an id of nobody is as if none had been picked."""
    sent = str(typed.get("resident_id") or request.query_params.get("resident", ""))
    try:
        return await residents.one(station_id, whole(sent, 0))
    except Refusal:
        return None


async def book(request: Request) -> Response:
    try:
        sent = await form(request, CallForm)
    except Invalid as invalid:
        return await _round(request, 422, errors=invalid.errors, typed=invalid.typed)
    call = rounds.Call(
        scan_id=sent.scan_id or secrets.token_urlsafe(16),
        name=sent.name,
        phone=sent.phone,
        place=sent.place,
        goods=sent.goods,
        day=sent.day,
        resident_id=sent.resident_id or None,
    )
    try:
        taken = await rounds.book(call, by=actor(request))
    except Refusal as refusal:
        return await _round(request, refusal.status, error=sentence(refusal), typed=sent.model_dump())
    return see(f"/rounds?day={sent.day.strip()}&booked={taken.number}")


async def cancel(request: Request) -> Response:
    sent = await form(request, CancelForm)
    try:
        await rounds.call_off(request.path_params["id"], sent.reason, by=actor(request))
    except Refusal as refusal:
        return await _round(request, refusal.status, error=sentence(refusal))
    today = await stations.today(actor(request).station_id)
    return see(f"/rounds?day={_asked_day(request, today)}")


async def show_sheet(request: Request) -> Response:
    station = await stations.profile(actor(request).station_id)
    today = clock.today(station.zone)
    shown = await _days(station.id, station.zone, _asked_day(request, today), today)
    return await render(request, "couriers/round_sheet.html", **shown)


ROUTES: list[BaseRoute] = [
    page("/rounds", show, who=STAFF, name="rounds"),
    page("/rounds", book, who=STAFF, methods=["POST"], name="book_fetching"),
    page("/rounds/sheet", show_sheet, who=STAFF, name="round_sheet"),
    page("/rounds/{id:int}/cancellations", cancel, who=STAFF, methods=["POST"], name="call_off_fetching"),
]
MORE: list[Place] = [Place("", "/rounds", N_("Fetch at the door"), STAFF)]
