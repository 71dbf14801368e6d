"""The door of every route: who is it, and may they in."""

import time
from urllib.parse import quote

from starlette.requests import Request

from station import doors, i18n
from station.actor import Actor, Role
from station.errors import N_, Refusal, tell

COOKIE = "station_session"
# A key seen valid is believed for so long: a revoked one is out everywhere within these seconds.
BELIEVED = 5.0
_seen: dict[tuple[str, str], tuple[float, Actor]] = {}

tell(
    {
        "sign_in_first": (401, N_("Please sign in first. What you scanned or typed is kept.")),
        "bad_token": (401, N_("This access token is not valid, or no longer.")),
        "not_for_you": (403, N_("This page is not for your account. Ask the station keeper.")),
    }
)


async def admit(request: Request, who: frozenset[Role] | None) -> None:
    """Find out who asks and set `request.state.actor`; raises Refusal if they may not enter."""
    actor = await recognise(request)
    request.state.actor = actor
    i18n.use(i18n.negotiate(request.headers.get("accept-language", ""), request.cookies.get("lang")))
    if who is None:
        return
    if actor is None:
        bearer = "authorization" in request.headers
        raise Refusal("bad_token") if bearer else Refusal("sign_in_first")
    if actor.role not in who:
        raise Refusal("not_for_you")


async def recognise(request: Request) -> Actor | None:
    """The account behind the bearer token or the session cookie."""
    header = request.headers.get("authorization", "")
    if header[:7].lower() == "bearer ":
        return await _holder(header[7:].strip(), "token")
    if cookie := request.cookies.get(COOKIE):
        return await _holder(cookie, "session")
    return None


async def _holder(key: str, kind: str) -> Actor | None:
    now = time.monotonic()
    known = _seen.get((kind, key))
    if known and known[0] > now:
        return known[1]
    actor = await doors.who_holds(key, kind)
    if actor is None:
        _seen.pop((kind, key), None)
        return None
    if len(_seen) > 10_000:
        _seen.clear()
    _seen[kind, key] = (now + BELIEVED, actor)
    return actor


def forget() -> None:
    """Believe nobody without looking: after a sign-out, a closed account, a changed role."""
    _seen.clear()


def sign_in_address(request: Request) -> str:
    """The sign-in page, coming back here afterwards."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/sign-in" if request.method != "GET" else f"/sign-in?next={quote(wanted)}"
