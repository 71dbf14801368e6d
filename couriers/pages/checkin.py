"""The check-in desk: one box that always listens, the answer as an instruction, the last ten scans."""

from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from couriers import answers, checkin, desk, takeback
from couriers.checkin import Answer, ScanIn
from station import carriers, clock, day_stats, stations
from station.access import STAFF
from station.errors import Refusal
from station.models import Size
from station.problems import sentence
from station.speech import say
from station.texts import fold
from station.web import LARGEST_ID, actor, form, page, render, wants_fragment

# How an answer looks: its state on the card, by the check-in's status.
_STATES = {"ok": "ok", "already_here": "again", "needs_you": "ask"}


class ScanForm(BaseModel):
    # Without JavaScript there is no browser-made id: each submit is a scan of its own.
    scan_id: str = Field("", max_length=40, pattern=r"^[!-~]*$")
    scanned: str = Field("", max_length=2000)
    manifest: str = Field("", max_length=9)
    size: Size = Size.SMALL


class UndoForm(BaseModel):
    manifest: str = Field("", max_length=9)


class AnswerForm(BaseModel):
    carrier: str | None = Field(None, max_length=40)
    recipient_id: int | None = Field(None, ge=1, le=LARGEST_ID)
    phone: str | None = Field(None, max_length=40)
    name: str | None = Field(None, max_length=60)
    manifest: str = Field("", max_length=9)


@dataclass(frozen=True, slots=True)
class Card:
    """What the desk says to a scan or an answer, and what was typed, so that it stays."""

    scan_id: str = ""
    answer: Answer | None = None
    refusal: Refusal | None = None
    manifest: int | None = None
    typed: str = ""
    phone: str = ""
    name: str | None = None
    undone: bool = False

    @property
    def state(self) -> str:
        if self.answer:
            return _STATES[self.answer["status"]]
        return "refuse" if self.refusal else ""


async def show(request: Request) -> Response:
    """The desk; `?scan=` reopens an earlier scan's question, `?manifest=` names the batch being unpacked."""
    scan_id = fold(request.query_params.get("scan", ""))
    answer = await checkin.answered(actor(request).station_id, scan_id) if scan_id else None
    return await _desk(
        request, Card(scan_id, answer, manifest=_number(request.query_params.get("manifest", "")))
    )


async def scan(request: Request) -> Response:
    sent = await form(request, ScanForm)
    scan_id, manifest = sent.scan_id or checkin.new_scan_id(), _number(sent.manifest)
    scanned = ScanIn(scan_id, sent.scanned, size=sent.size, manifest=manifest)
    try:
        answer = await checkin.check_in(scanned, by=actor(request))
    except Refusal as refusal:
        return await _desk(request, Card(refusal=refusal, manifest=manifest, typed=sent.scanned))
    return await _desk(request, Card(scan_id, answer, manifest=manifest))


async def give_answer(request: Request) -> Response:
    scan_id, me = request.path_params["scan_id"], actor(request)
    sent = await form(request, AnswerForm)
    given, manifest = answers.AnswerIn(**sent.model_dump(exclude={"manifest"})), _number(sent.manifest)
    try:
        answer = await answers.answer(scan_id, given, by=me)
    except Refusal as refusal:
        open_one = await checkin.answered(me.station_id, scan_id)
        return await _desk(
            request,
            Card(scan_id, open_one, refusal, manifest, phone=sent.phone or "", name=sent.name),
        )
    return await _desk(request, Card(scan_id, answer, manifest=manifest))


async def undo(request: Request) -> Response:
    manifest = _number((await form(request, UndoForm)).manifest)
    try:
        await takeback.take_back(request.path_params["scan_id"], by=actor(request))
    except Refusal as refusal:
        return await _desk(request, Card(refusal=refusal, manifest=manifest))
    return await _desk(request, Card(manifest=manifest, undone=True))


async def questions(request: Request) -> Response:
    """The open questions, parked while the scanning went on."""
    rows = await desk.open_questions(actor(request).station_id)
    return await render(request, "couriers/questions.html", questions=rows)


async def _desk(request: Request, card: Card) -> Response:
    """The whole desk, or only the answer and the side where a script asked for them."""
    me = actor(request)
    station = await stations.profile(me.station_id)
    today = clock.today(station.zone)
    counts = await day_stats.of_days(me.station_id, today, today)
    context: dict[str, Any] = {
        **{field.name: getattr(card, field.name) for field in fields(card)},
        "state": card.state,
        "say": say(card.answer, card.refusal is not None),
        "sentence": sentence(card.refusal) if card.refusal else "",
        "batch": await desk.batch(me.station_id, card.manifest),
        "batches": [] if wants_fragment(request) else await desk.open_batches(me.station_id),
        "last": await desk.last_scans(me.station_id),
        "today_count": counts.get(today.isoformat(), {}).get("checked_in", 0),
        "mine": await desk.mine_today(me, station.zone),
        "carriers": carriers,
    }
    template = "couriers/_desk.html" if wants_fragment(request) else "couriers/checkin.html"
    return await render(request, template, card.refusal.status if card.refusal else 200, **context)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None


ROUTES = [
    page("/checkins", show, who=STAFF, name="checkin_desk"),
    page("/checkins", scan, who=STAFF, methods=["POST"]),
    page("/checkins/{scan_id}/answers", give_answer, who=STAFF, methods=["POST"]),
    page("/checkins/{scan_id}/undos", undo, who=STAFF, methods=["POST"], name="undo_checkin"),
    page("/questions", questions, who=STAFF),
]
