"""The check-in desk: one box that always listens, the answer as an instruction, the last ten scans."""

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
from station.web import actor, form, page, render, wants_fragment

# How an answer looks: its state on the card, by the check-in's status.
_STATES = {"ok": "ok", "already_here": "again", "needs_you": "ask"}


class ScanForm(BaseModel):
    # Without JavaScript there is no browser-made id: each submit is a scan of its own.
    scan_id: str = Field("", max_length=40)
    scanned: str = Field("", max_length=2000)
    manifest: str = Field("", max_length=9)
    size: Size = Size.SMALL


class AnswerForm(BaseModel):
    carrier: str | None = Field(None, max_length=40)
    resident_id: int | None = None
    phone: str | None = Field(None, max_length=40)
    name: str | None = Field(None, max_length=60)


async def show(request: Request) -> Response:
    """The desk; `?scan=` reopens an earlier scan's question, `?manifest=` names the batch being unpacked."""
    scan_id = request.query_params.get("scan")
    answer = await checkin.answered(actor(request).station_id, scan_id) if scan_id else None
    return await _desk(request, 200, answer, scan_id or "", _number(request.query_params.get("manifest", "")))


async def scan(request: Request) -> Response:
    sent = await form(request, ScanForm)
    scan_id = sent.scan_id or checkin.new_scan_id()
    scanned = ScanIn(scan_id, sent.scanned, size=sent.size, manifest=_number(sent.manifest))
    try:
        answer = await checkin.check_in(scanned, by=actor(request))
    except Refusal as refusal:
        return await _desk(request, refusal.status, None, "", scanned.manifest, refusal, sent.scanned)
    return await _desk(request, 200, answer, scan_id, scanned.manifest)


async def give_answer(request: Request) -> Response:
    scan_id, me = request.path_params["scan_id"], actor(request)
    sent = await form(request, AnswerForm)
    try:
        answer = await answers.answer(scan_id, answers.AnswerIn(**sent.model_dump()), by=me)
    except Refusal as refusal:
        open_one = await checkin.answered(me.station_id, scan_id)
        return await _desk(request, refusal.status, open_one, scan_id, None, refusal, sent.phone or "")
    return await _desk(request, 200, answer, scan_id, None)


async def undo(request: Request) -> Response:
    scan_id, me = request.path_params["scan_id"], actor(request)
    try:
        await takeback.take_back(scan_id, by=me)
    except Refusal as refusal:
        return await _desk(request, refusal.status, None, "", None, refusal)
    return await _desk(request, 200, None, "", None, undone=True)


async def questions(request: Request) -> Response:
    """The open questions, parked while the scanning went on."""
    rows = await desk.open_questions(actor(request).station_id)
    return await render(request, "couriers/questions.html", questions=rows)


async def _desk(
    request: Request,
    status: int,
    answer: Answer | None,
    scan_id: str,
    manifest: int | None,
    refusal: Refusal | None = None,
    typed: str = "",
    undone: bool = False,
) -> Response:
    """The whole desk, or only the answer and the side where a script asked for them."""
    me = actor(request)
    station = await stations.profile(me.station_id)
    today = clock.today(station.zone)
    counts = await day_stats.of_days(me.station_id, today, today)
    context: dict[str, Any] = {
        "answer": answer,
        "state": _state(answer, refusal),
        "say": say(answer, refusal is not None),
        "scan_id": scan_id,
        "refusal": refusal,
        "sentence": sentence(refusal) if refusal else "",
        "typed": typed,
        "undone": undone,
        "batch": await desk.batch(me.station_id, manifest),
        "manifest": manifest,
        "batches": [] if wants_fragment(request) else await desk.open_batches(me.station_id),
        "last": await desk.last_scans(me.station_id),
        "today_count": counts.get(today.isoformat(), {}).get("checked_in", 0),
        "mine": await desk.mine_today(me, station.zone),
        "carriers": carriers,
        "undo_minutes": station.undo_minutes,
    }
    template = "couriers/_desk.html" if wants_fragment(request) else "couriers/checkin.html"
    return await render(request, template, status, **context)


def _state(answer: Answer | None, refusal: Refusal | None) -> str:
    if refusal:
        return "ask" if answer else "refuse"
    return _STATES[answer["status"]] if answer else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None


ROUTES = [
    page("/checkins", show, who=STAFF, name="checkin_desk"),
    page("/checkins", scan, who=STAFF, methods=["POST"]),
    page("/checkins/{scan_id}/answers", give_answer, who=STAFF, methods=["POST"]),
    page("/checkins/{scan_id}/undos", undo, who=STAFF, methods=["POST"], name="undo_checkin"),
    page("/questions", questions, who=STAFF),
]
