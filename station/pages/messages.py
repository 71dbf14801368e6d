"""Messages: what was told to whom, and those that a person has to see to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from station import outbox
from station.access import READERS, STAFF
from station.areas import Figure, Job
from station.errors import N_
from station.i18n import ngettext
from station.models import MessageError, MessageState
from station.outbox import followup, sending
from station.web import actor, page, page_number, render, see

TABS = {
    "all": N_("All"),
    "waiting": N_("Waiting to leave"),
    "needs_person": N_("Please ring"),
    "sent": N_("Told"),
}

# The mark and the words of each state.
_STATES = {
    MessageState.QUEUED: ("wait", N_("waits to leave")),
    MessageState.SENDING: ("wait", N_("is leaving")),
    MessageState.ACCEPTED: ("ok", N_("handed to the SMS channel")),
    MessageState.DELIVERED: ("ok", N_("has gone out")),
    MessageState.NEEDS_PERSON: ("ask", N_("please ring")),
    MessageState.CALLED: ("ok", N_("rung by you")),
    MessageState.WITHDRAWN: ("again", N_("no longer needed")),
}

_ERRORS = {
    MessageError.BAD_NUMBER: N_(
        "This number cannot get messages. Ask the family or a neighbour for another one."
    ),
    MessageError.BLOCKED: N_("Messages to this number are blocked. Please ring."),
    MessageError.NO_ANSWER: N_("The SMS channel did not answer. Send it again, or ring."),
    MessageError.NOT_SENT: N_(
        "The modem could not send it. Look at its signal and the money on its card, or ring."
    ),
    MessageError.UNCLEAR: N_(
        "The program was stopped while sending: it may have arrived. Please ring to be sure."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A message as the page shows it. `text` holds pickup codes: it is None for whoever is not of the staff."""

    id: int
    phone: str
    whole: bool
    text: str | None
    mark: str
    words: str
    error: str
    at: Any
    open: bool


async def show(request: Request) -> Response:
    return await _list(request)


async def unmask(request: Request) -> Response:
    """The list again, with the whole number of one message."""
    message_id = request.path_params["message_id"]
    await followup.unmask(message_id, by=actor(request))
    return await _list(request, message_id)


async def send_again(request: Request) -> Response:
    await followup.send_again(request.path_params["message_id"], by=actor(request))
    return see("/messages?show=needs_person")


async def call(request: Request) -> Response:
    """Somebody rang instead."""
    await followup.told_by_phone(request.path_params["message_id"], by=actor(request))
    return see("/messages?show=needs_person")


async def _list(request: Request, unmasked: int | None = None) -> Response:
    by, tab, number = (
        actor(request),
        request.query_params.get("show", ""),
        page_number(request),
    )
    if tab not in TABS:
        tab = "all"
    rows, has_more = await followup.listing(by.station_id, tab, number)
    return await render(
        request,
        "station/messages.html",
        tabs=TABS,
        tab=tab,
        lines=[_line(row, by.role in STAFF, row["id"] == unmasked) for row in rows],
        number=number,
        has_more=has_more,
        trial=request.app.state.settings.sms_gateway == "console",
    )


def _line(row: Mapping[str, Any], staff: bool, whole: bool) -> Line:
    state = MessageState(row["state"])
    mark, words = _STATES[state]
    if state is MessageState.QUEUED and row["error"]:
        words = N_("is tried again by itself")
    failed = state is MessageState.NEEDS_PERSON
    return Line(
        id=row["id"],
        phone=row["phone"],
        whole=whole,
        text=row["text"] if staff else None,
        mark=mark,
        words=words,
        error=_ERRORS[MessageError(row["error"])] if failed and row["error"] else "",
        at=row["due_at"] if state is MessageState.QUEUED else row["sent_at"] or row["created_at"],
        open=staff and failed,
    )


async def figures(station_id: int) -> list[Figure]:
    """What Today says of messages."""
    unsent, held_up = await followup.unsent(station_id), await followup.held_up(station_id)
    return [
        Figure(
            unsent,
            ngettext("message could not be sent", "messages could not be sent", unsent),
            N_("These people do not know of their parcels yet."),
            "/messages?show=needs_person",
            N_("Ring them"),
            urgent=True,
        ),
        Figure(
            held_up,
            ngettext("message is held up", "messages are held up", held_up),
            N_("Is the modem plugged in, has it a signal, is there money on its card?"),
            "/messages",
            N_("Look"),
            urgent=True,
        ),
    ]


JOBS = [
    Job(sending.JOB, 2.0, outbox.send_due, due=outbox.any_due),
    Job("receipts", 10.0, outbox.collect_receipts, due=outbox.awaiting_receipts),
]

ROUTES = [
    page("/messages", show, who=READERS, name="messages"),
    page(
        "/messages/{message_id:int}/retries", send_again, who=STAFF, methods=["POST"], name="message_retries"
    ),
    page("/messages/{message_id:int}/calls", call, who=STAFF, methods=["POST"], name="message_calls"),
    page(
        "/messages/{message_id:int}/unmaskings",
        unmask,
        who=STAFF,
        methods=["POST"],
        name="message_unmaskings",
    ),
]
