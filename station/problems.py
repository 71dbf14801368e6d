"""How refusals and faults are answered: RFC 9457 problem+json for programs, a page or fragment for people."""

import errno
import logging
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from station import guard, i18n
from station.db import StorageError
from station.db.failures import Trouble
from station.errors import N_, Refusal, tell
from station.shield import harden
from station.web import Invalid, render, wants_fragment

log = logging.getLogger("station.problems")

tell(
    {
        "not_found": (
            404,
            N_("There is nothing here. It may belong to another station, or the address is mistyped."),
        ),
        "unreadable": (
            400,
            N_(
                "What the browser sent could not be read. Go back, load the page again and send it once more."
            ),
        ),
        "method_not_allowed": (405, N_("This cannot be done here.")),
        "too_large": (
            413,
            N_("This is too large: at most 20 MB can be taken. Split the file and send it in parts."),
        ),
        "invalid": (422, N_("Some of this does not fit. Look at the marked fields.")),
        "storage_failed": (
            507,
            N_("The disk is full or broken: nothing was written. Free some space, then do it again."),
        ),
        "storage_busy": (
            503,
            N_("Another program holds the database: nothing was written. Wait a moment, then do it again."),
        ),
        "storage_away": (
            503,
            N_("The database does not answer: nothing was written. Wait a moment, then do it again."),
        ),
        "fault": (500, N_("Something broke in the program. Nothing half-done was kept; please try again.")),
    }
)
_BY_STATUS = {400: "unreadable", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def sentence(refusal: Refusal) -> str:
    """The refusal's sentence in the reader's language, its facts filled in."""
    return i18n.gettext(refusal.sentence).format(**refusal.facts)


def problem(refusal: Refusal, **more: Any) -> JSONResponse:
    content = {
        **refusal.facts,
        **more,
        "type": f"urn:village-station:problem:{refusal.code}",
        "title": refusal.code.replace("_", " "),
        "status": refusal.status,
        "code": refusal.code,
        "detail": sentence(refusal),
    }
    headers = {"www-authenticate": "Bearer"} if refusal.status == 401 else None
    return JSONResponse(content, refusal.status, headers, media_type="application/problem+json")


async def answer(request: Request, refusal: Refusal, **more: Any) -> Response:
    """The refusal in the form the client reads."""
    if not hasattr(request.state, "actor"):  # no route, so nobody has asked who it is
        request.state.actor = None
        guard.speak(request)
    if wants_json(request):
        return problem(refusal, **more)
    if refusal.code == "sign_in_first" and not wants_fragment(request):
        return RedirectResponse(guard.sign_in_address(request), status_code=303)
    template = "parts/refusal.html" if wants_fragment(request) else "errors/refusal.html"
    return await render(
        request, template, refusal.status, refusal=refusal, sentence=sentence(refusal), **more
    )


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


async def on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return await answer(request, error)


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, Invalid)
    return await answer(request, Refusal("invalid"), errors=error.errors)


async def on_http(request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no route, wrong method, body too large) in our words."""
    assert isinstance(error, HTTPException)
    response = await answer(request, Refusal(_BY_STATUS.get(error.status_code, "not_found")))
    response.headers.update(error.headers or {})
    return response


async def on_storage(request: Request, error: Exception) -> Response:
    assert isinstance(error, StorageError)
    log.error("storage", exc_info=error)
    if error.trouble in (Trouble.BROKEN, Trouble.AWAY):
        request.state.actor = None  # whose station's name could not be read either
    codes = {Trouble.LOCKED: "storage_busy", Trouble.AWAY: "storage_away"}
    return await answer(request, Refusal(codes.get(error.trouble, "storage_failed")))


# What a disk says that takes no more: full, over the quota, read-only, broken.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


async def on_file(request: Request, error: Exception) -> Response:
    """A picture or a list that could not be written is as clear as an act that could not."""
    assert isinstance(error, OSError)
    if error.errno not in _DISK:
        raise error
    return await on_storage(request, StorageError(Trouble.FULL, error))


async def on_gone(request: Request, error: Exception) -> Response:
    """The sender hung up in the middle, as phones do: no fault of the program, and nobody reads this answer."""
    assert isinstance(error, ClientDisconnect)
    return Response(status_code=400)


async def on_fault(request: Request, error: Exception) -> Response:
    """A fault of the program: logged by the server, told without its insides and without the database, which may be
    its reason. Starlette answers it outside of all middleware."""
    request.state.actor = None
    response = await answer(request, Refusal("fault"))
    harden(response.headers)
    return response


HANDLERS: dict[Any, Any] = {
    Refusal: on_refusal,
    Invalid: on_invalid,
    HTTPException: on_http,
    StorageError: on_storage,
    OSError: on_file,
    ClientDisconnect: on_gone,
    Exception: on_fault,
}
