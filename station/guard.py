"""The door of every route: whose page sent this, who is it, and may they in."""

import time
from urllib.parse import quote, urlsplit

from starlette.requests import Request

from station import doors, i18n
from station.actor import Actor, Role
from station.errors import N_, Refusal, tell

COOKIE = "station_session"
# A key seen valid is believed for so long: a revoked one is out everywhere within these seconds.
BELIEVED = 5.0
_seen: dict[tuple[str, str], tuple[float, Actor]] = {}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

tell(
    {
        "sign_in_first": (401, N_("Please sign in first. What you scanned or typed is kept.")),
        "bad_token": (401, N_("This access token is not valid, or no longer.")),
        "not_for_you": (403, N_("This page is not for your account. Ask the station keeper.")),
        "cross_site": (
            403,
            N_("This came from the page of another site and was refused. Open the station's own page."),
        ),
    }
)


async def admit(request: Request, who: frozenset[Role] | None) -> None:
    """Find out who asks and set `request.state.actor`; raises Refusal if they may not enter."""
    request.state.actor = None
    speak(request)
    if _crosses_sites(request):
        raise Refusal("cross_site")
    actor = request.state.actor = await recognise(request)
    if who is None:
        return
    if actor is None:
        bearer = "authorization" in request.headers
        raise Refusal("bad_token") if bearer else Refusal("sign_in_first")
    if actor.role not in who:
        raise Refusal("not_for_you")


def speak(request: Request) -> None:
    """Answer in the language that this browser was set to, or asks for."""
    i18n.use(i18n.negotiate(request.headers.get("accept-language", ""), request.cookies.get("lang")))


async def recognise(request: Request) -> Actor | None:
    """The account behind the bearer token or the session cookie."""
    if (token := _bearer_token(request)) is not None:
        return await _holder(token, "token")
    if cookie := request.cookies.get(COOKIE):
        return await _holder(cookie, "session")
    return None


def _bearer_token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _crosses_sites(request: Request) -> bool:
    """A changing request that another site's page made in a signed-in browser (or to sign it in)."""
    if request.method in _SAFE_METHODS or _bearer_token(request) is not None:
        return False
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    if (origin := request.headers.get("origin")) is not None:
        # A proxy may ask us by another name than the one in the browser's address bar.
        own = {request.headers.get("host", ""), urlsplit(request.app.state.settings.base_url).netloc}
        return origin.partition("://")[2] not in own - {""}
    # Neither header: not a browser of these ten years, and SameSite keeps the cookie from older ones.
    return False


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
