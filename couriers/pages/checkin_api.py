"""Check-in for programs and for the browser's scan queue."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from couriers import answers, checkin, patterns
from couriers.waybills import Status, decide, recognise
from pickup.parcel_json import ParcelOut
from station import carriers
from station.access import COURIERS, STAFF
from station.models import Size
from station.openapi import api
from station.web import LARGEST_ID, actor, body

# What browsers and programs make ids of; anything else is a mistake, or no text for a database at all.
SCAN_ID = Field(min_length=1, max_length=40, pattern=r"^[!-~]+$")


class ScanBody(BaseModel):
    scan_id: str = SCAN_ID
    scanned: str = Field(max_length=1000)
    carrier: str | None = Field(None, max_length=40)
    phone: str | None = Field(None, max_length=40)
    name: str | None = Field(None, max_length=60)
    size: Size = Size.SMALL
    flags: list[Literal["fresh", "fragile", "valuable"]] = []
    manifest: int | None = Field(None, ge=1, le=LARGEST_ID)


class AnswerBody(BaseModel):
    carrier: str | None = Field(None, max_length=40)
    recipient_id: int | None = Field(None, ge=1, le=LARGEST_ID, alias="resident_id")
    phone: str | None = Field(None, max_length=40)
    name: str | None = Field(None, max_length=60)


class Question(BaseModel):
    kind: Literal["carrier", "recipient"]
    choices: list[dict[str, Any]]


class CheckinOut(BaseModel):
    status: Literal["ok", "already_here", "needs_you"]
    parcel: ParcelOut
    needs: list[Question] | None = None


class WaybillsBody(BaseModel):
    raw: list[str] = Field(max_length=10_000)
    hint: str | None = Field(None, max_length=40)


async def create_checkin(request: Request) -> Response:
    sent = await body(request, ScanBody)
    scan = checkin.ScanIn(**{**sent.model_dump(), "flags": tuple(sent.flags)})
    return JSONResponse(await checkin.check_in(scan, by=actor(request)), 201)


async def create_answer(request: Request) -> Response:
    sent = await body(request, AnswerBody)
    answer = answers.AnswerIn(**sent.model_dump())
    return JSONResponse(await answers.answer(request.path_params["scan_id"], answer, by=actor(request)), 201)


class Piece(BaseModel):
    no: int
    count: int


class Recognised(BaseModel):
    """`carrier` is decided only where one candidate is left, or the hint is among them."""

    raw: str
    normalized: str | None
    status: Status
    candidates: list[str]
    carrier: str | None
    piece: Piece | None


class WaybillsOut(BaseModel):
    waybills: list[Recognised]


async def recognise_waybills(request: Request) -> Response:
    """Pure recognition, nothing is stored: `{waybills: [{raw, normalized, status, candidates, carrier, piece}]}`."""
    sent = await body(request, WaybillsBody)
    extra = await patterns.of_station(actor(request).station_id)
    hint = carriers.by_alias(sent.hint) if sent.hint else None
    return JSONResponse({"waybills": [_recognised(raw, hint, extra) for raw in sent.raw]})


def _recognised(raw: str, hint: str | None, extra: patterns.Patterns) -> dict[str, Any]:
    found = recognise(raw, extra=extra)
    valid = found.status is not Status.INVALID
    return {
        "raw": raw,
        "normalized": found.normalized or None,
        "status": found.status,
        "candidates": list(found.candidates),
        "carrier": decide(found, hint).carrier if valid else None,
        "piece": {"no": found.piece[0], "count": found.piece[1]} if found.piece else None,
    }


SCAN_REFUSALS = (
    "scan_empty",
    "scan_too_long",
    "scan_is_text",
    "scan_is_phone",
    "scan_is_goods",
    "scan_glued",
    "scan_is_ours",
    "waybill_bad_format",
    "waybill_checksum",
    "waybill_scientific",
    "no_carrier",
    "no_room",
    "invalid",
)

ROUTES = [
    api(
        "/checkins",
        create_checkin,
        methods=["POST"],
        who=STAFF,
        summary="Take a scanned parcel in; the same scan_id again gets the same answer",
        body=ScanBody,
        answer=CheckinOut,
        status=201,
        refusals=SCAN_REFUSALS,
    ),
    api(
        "/checkins/{scan_id}/answers",
        create_answer,
        methods=["POST"],
        who=STAFF,
        summary="Answer what a check-in asked: the carrier, or the person",
        body=AnswerBody,
        answer=CheckinOut,
        status=201,
        refusals=(
            "no_scan",
            "no_carrier",
            "phone_bad",
            "no_recipient",
            "answer_empty",
            "not_waiting",
            "twice_here",
            "invalid",
        ),
    ),
    api(
        "/waybills",
        recognise_waybills,
        methods=["POST"],
        who=COURIERS,
        summary="Whose numbers are these? Nothing is stored",
        body=WaybillsBody,
        answer=WaybillsOut,
        refusals=("invalid",),
    ),
]
