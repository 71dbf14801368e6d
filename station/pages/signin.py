"""Sign in, sign out, hand the laptop to the next volunteer, and this browser's language and type size."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from station import accounts, doors, guard
from station.access import ANYONE, SIGNED_IN, STAFF
from station.actor import Actor, Role
from station.errors import Refusal
from station.limits import Limit
from station.problems import sentence
from station.web import LARGEST_ID, actor, form, page, render, see

# A family of volunteers behind one address signs in now and then; a guessing program tries all the time.
TRIES = Limit(tries=20, per=60)
# One slash, and nothing that a browser would take for another or leave out (`\`, tabs, line ends).
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


class SignIn(BaseModel):
    login: str = Field(min_length=1, max_length=60)
    password: str = Field(min_length=1, max_length=200)
    next: str = Field("", max_length=500)


class Switch(BaseModel):
    account_id: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    pin: str = Field(min_length=1, max_length=12)


class Preferences(BaseModel):
    lang: Literal["zh_CN", "en"] | None = None
    large: Literal["0", "1"] | None = None
    back: str = Field("/", max_length=500)


async def show_sign_in(request: Request) -> Response:
    found: Actor | None = request.state.actor
    if found is not None:
        return see(home(found.role))
    return await render(
        request, "station/sign_in.html", login="", next=request.query_params.get("next", ""), error=""
    )


async def sign_in(request: Request) -> Response:
    TRIES.spend(request)
    sent = await form(request, SignIn)
    try:
        key = await accounts.sign_in(sent.login, sent.password)
    except Refusal as refusal:
        return await render(
            request,
            "station/sign_in.html",
            refusal.status,
            login=sent.login,
            next=sent.next,
            error=sentence(refusal),
        )
    holder = await doors.who_holds(key, "session")
    assert holder is not None
    return _with_key(request, see(own_path(sent.next) or home(holder.role)), key)


async def sign_out(request: Request) -> Response:
    if key := request.cookies.get(guard.COOKIE):
        await doors.close_session(key, by=actor(request))
        guard.forget()
    answer = see("/sign-in")
    answer.delete_cookie(guard.COOKIE)
    return answer


async def show_shift(request: Request) -> Response:
    return await _shift(request, 200, "", None)


async def switch(request: Request) -> Response:
    """Another volunteer takes over by PIN. The one before is signed out."""
    TRIES.spend(request)
    sent = await form(request, Switch)
    me = actor(request)
    try:
        key = await accounts.switch(sent.account_id, sent.pin, by=me)
    except Refusal as refusal:
        return await _shift(request, refusal.status, sentence(refusal), sent.account_id)
    if old := request.cookies.get(guard.COOKIE):
        await doors.close_session(old, by=me)
        guard.forget()
    return _with_key(request, see("/"), key)


async def _shift(request: Request, status: int, error: str, chosen: int | None) -> Response:
    me = actor(request)
    others = [
        account
        for account in await accounts.of_station(me.station_id)
        if account["active"] and account["has_pin"] and account["id"] != me.account_id
        if account["role"] == Role.VOLUNTEER
    ]
    return await render(request, "station/shift.html", status, others=others, error=error, chosen=chosen)


async def prefer(request: Request) -> Response:
    sent = await form(request, Preferences)
    answer = see(own_path(sent.back) or "/")
    year = 365 * 24 * 3600
    for name, value in (("lang", sent.lang), ("large", sent.large)):
        if value is not None:
            answer.set_cookie(name, value, max_age=year, samesite="lax", httponly=True)
    return answer


def home(role: Role) -> str:
    """The first page of each role."""
    return "/manifests" if role is Role.COURIER else "/"


def own_path(address: str) -> str:
    """The address if it is a path of this site, else nothing: nobody is sent elsewhere after signing in."""
    return address if _OWN_PATH.fullmatch(address) else ""


def _with_key(request: Request, answer: Response, key: str) -> Response:
    answer.set_cookie(
        guard.COOKIE,
        key,
        max_age=int(doors.SHIFT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.secure_cookies,
    )
    return answer


ROUTES = [
    page("/sign-in", show_sign_in, who=ANYONE),
    page("/sign-in", sign_in, who=ANYONE, methods=["POST"]),
    page("/sign-out", sign_out, who=SIGNED_IN, methods=["POST"]),
    page("/shift", show_shift, who=STAFF),
    page("/shift", switch, who=STAFF, methods=["POST"]),
    page("/preferences", prefer, who=ANYONE, methods=["POST"]),
]
