"""The counter for programs: find what waits, hand it out, take it back."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pickup import collected, collection, counter, undo
from pickup.collected import Told
from pickup.collection import HandOut
from pickup.models import Collector
from pickup.parcel_json import ParcelOut, shown
from station.access import SIGNED_IN, STAFF
from station.actor import Actor, Role
from station.errors import Refusal
from station.openapi import api
from station.web import actor, body


class CollectorBody(BaseModel):
    kind: Literal["self", "proxy"] = "self"
    name: str = Field(default="", max_length=40, description="needed of a proxy")
    relation: str = Field(default="", max_length=20)


class CollectionBody(BaseModel):
    scan_id: str = Field(min_length=1, max_length=40)
    code: str = Field("", max_length=40)
    waybill: str = Field("", max_length=40)
    collector: CollectorBody = Field(default_factory=CollectorBody)
    amount_fen: int | None = Field(
        None, ge=0, le=10**9, description="taken for a parcel whose amount could not be read; 0: nothing due"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "CollectionBody":
        if bool(self.code) == bool(self.waybill):
            raise ValueError("give either code or waybill")
        return self


class UndoBody(BaseModel):
    reason: str = Field(max_length=100)


class CollectionOut(BaseModel):
    id: int
    at: datetime
    collector: CollectorBody
    money_fen: int
    undo_until: datetime
    undone: str | None = Field(description="the reason, if it was taken back")


class HandedOut(BaseModel):
    collection: CollectionOut
    parcel: ParcelOut


class ParcelsOut(BaseModel):
    parcels: list[ParcelOut]


async def find_parcels(request: Request) -> Response:
    """What waits for `q`: the asked ones and all others of their households. A courier sees their company's only."""
    me = actor(request)
    typed = request.query_params.get("q", "")
    courier = me.role is Role.COURIER
    found = await counter.find(me.station_id, typed, carrier=me.carrier if courier else None)
    rows = [parcel for household in found.households for parcel in household.parcels]
    return JSONResponse({"parcels": [shown(row, code=not courier) for row in rows]})


async def create_collection(request: Request) -> Response:
    sent, me = await body(request, CollectionBody), actor(request)
    try:
        collection_id = await _hand_out(sent, me)
    except Refusal:
        # Sent twice: the first one may have been done while this one still looked for its parcel.
        done = await collected.of_scan(me.station_id, sent.scan_id)
        if done is None:
            raise
        collection_id = done
    return await _answer(me.station_id, collection_id)


async def _hand_out(sent: CollectionBody, me: Actor) -> int:
    parcel_id = await counter.the_one(me.station_id, code=sent.code, waybill=sent.waybill)
    amounts = {} if sent.amount_fen is None else {parcel_id: sent.amount_fen}
    who = sent.collector
    hand = HandOut(sent.scan_id, (parcel_id,), Collector(who.kind), who.name, who.relation, amounts)
    return await collection.collect(hand, by=me)


async def create_collection_undo(request: Request) -> Response:
    sent, me = await body(request, UndoBody), actor(request)
    collection_id = request.path_params["collection_id"]
    await undo.undo(collection_id, sent.reason, by=me)
    return await _answer(me.station_id, collection_id)


async def _answer(station_id: int, collection_id: int) -> Response:
    told = await collected.told(station_id, collection_id)
    return JSONResponse({"collection": _collection(told), "parcel": shown(told.parcels[0])}, 201)


def _collection(told: Told) -> dict[str, Any]:
    return {
        "id": told.id,
        "at": told.at.isoformat(),
        "collector": {"kind": told.collector.value, "name": told.name, "relation": told.relation},
        "money_fen": told.money_fen,
        "undo_until": told.undo_until.isoformat(),
        "undone": told.undone,
    }


ROUTES = [
    api(
        "/parcels",
        find_parcels,
        who=SIGNED_IN,
        summary="Waiting parcels by code, waybill or its tail, phone tail, name, pinyin initials; with their household's",
        query={"q": "what would be typed at the counter"},
        answer=ParcelsOut,
        refusals=(
            "code_check_digit",
            "nobody_waits",
            "already_collected",
            "asked_too_long",
            "asked_too_little",
        ),
    ),
    api(
        "/collections",
        create_collection,
        methods=["POST"],
        who=STAFF,
        summary="Hand one parcel out; the same scan_id again is the same collection",
        body=CollectionBody,
        answer=HandedOut,
        status=201,
        refusals=(
            "code_check_digit",
            "nobody_waits",
            "already_collected",
            "several_pieces",
            "gone_meanwhile",
            "intercepted",
            "money_unknown",
            "proxy_needs_name",
            "invalid",
        ),
    ),
    api(
        "/collections/{collection_id:int}/undo",
        create_collection_undo,
        methods=["POST"],
        who=STAFF,
        summary="Take a collection back: its parcels wait again",
        body=UndoBody,
        answer=HandedOut,
        status=201,
        refusals=(
            "no_collection",
            "already_undone",
            "undo_too_late",
            "undo_needs_reason",
            "here_again",
            "gone_meanwhile",
            "invalid",
        ),
    ),
]
