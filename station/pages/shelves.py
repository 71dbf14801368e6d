"""The shelves as they stand: what is full, what stands in a slot, and the keeper's changes."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from station import clock, labels, parcels, racks, shelves, slot_labels, stations
from station.access import KEEPER, READERS
from station.db import sql
from station.errors import N_, Refusal, tell
from station.i18n import gettext
from station.models import SlotKind
from station.problems import sentence
from station.racks import MAX_BAYS, MAX_CAPACITY, MAX_LAYERS, MAX_NUMBER, Layout
from station.texts import plain
from station.web import Invalid, actor, form, page, render, see

tell(
    {
        "not_on_a_shelf": (
            404,
            N_("{scanned} is on no shelf here. Scan the label of a slot or of a parcel once more."),
        ),
    }
)

# The floor zone is laid out by itself, so it is not offered.
KINDS = {
    SlotKind.NORMAL: N_("ordinary parcels"),
    SlotKind.HEAVY: N_("heavy and large ones"),
    SlotKind.COLD: N_("cold: fresh food"),
    SlotKind.OUTBOUND: N_("outgoing: never for arrivals"),
}


class NewShelf(BaseModel):
    number: int = Field(ge=1, le=MAX_NUMBER)
    layers: int = Field(ge=1, le=MAX_LAYERS)
    bays: int = Field(ge=0, le=MAX_BAYS)
    capacity: int = Field(ge=1, le=MAX_CAPACITY)
    kind: Literal["normal", "heavy", "cold", "outbound"] = "normal"
    max_weight_kg: int = Field(0, ge=0, le=1000)

    def layout(self) -> Layout:
        return Layout(
            number=self.number,
            layers=self.layers,
            bays=self.bays,
            capacity=self.capacity,
            kind=SlotKind(self.kind),
            max_weight_g=self.max_weight_kg * 1000 or None,
        )


async def show_shelves(request: Request) -> Response:
    """The map; with `?q=` straight to the slot that was scanned, or that holds the scanned parcel."""
    if scanned := plain(request.query_params.get("q", "")).strip():
        try:
            return see(f"/shelves/slots/{await _whereabouts(actor(request).station_id, scanned)}")
        except Refusal as refusal:
            return await _map(request, refusal.status, refused=sentence(refusal))
    return await _map(request)


async def _whereabouts(station_id: int, scanned: str) -> str:
    """The label of the slot that was scanned or typed, or that holds the parcel of this sticker or waybill."""
    label = labels.read_slot_code(scanned) or slot_labels.read(scanned)
    if "-" in label:
        return str((await shelves.by_label(station_id, label))["label"])
    sticker = labels.read_sticker_code(scanned)
    found = await parcels.seen_many(
        station_id,
        "p.state = 'waiting' AND (p.waybill = ? OR p.id % ? = ?)",
        scanned.upper(),
        labels.STICKERS,
        -1 if sticker is None else sticker,
    )
    if not found:
        raise Refusal("not_on_a_shelf", scanned=scanned[:40])
    return str(found[0]["slot"])


async def show_slot(request: Request) -> Response:
    """The same map with one slot's contents beside it."""
    station = await stations.profile(actor(request).station_id)
    slot = await shelves.by_label(station.id, request.path_params["label"])
    held = await parcels.seen_many(
        station.id, "p.state = 'waiting' AND p.slot_id = ? ORDER BY p.arrived_at, p.id", slot["id"]
    )
    old = clock.overdue_before(station.zone, station.overdue_days)
    for parcel in held:
        parcel["code_shown"] = slot_labels.with_code(slot["label"], parcel["code"])
        parcel["late"] = sql.moment(parcel["arrived_at"]) < old
    return await _map(request, slot=slot, held=held)


async def _map(request: Request, status: int = 200, **shown: Any) -> Response:
    standing = await racks.of_station(actor(request).station_id)
    slots = [slot for rack in standing for row in rack["rows"] for slot in row]
    known = {
        "racks": standing,
        "pieces": sum(slot["pieces"] for slot in slots),
        "full": [slot for slot in slots if slot["full"] and not slot["closed"]],
        "kinds": {kind.value: gettext(words) for kind, words in KINDS.items()},
        "next_number": max((rack["number"] for rack in standing), default=0) + 1,
        "slot": None,
        "held": [],
        "refused": "",
        "errors": {},
        "typed": {},
    }
    return await render(request, "station/shelves.html", status, **{**known, **shown})


async def put_up(request: Request) -> Response:
    try:
        new = await form(request, NewShelf)
    except Invalid as invalid:
        return await _map(request, 422, errors=invalid.errors, typed=invalid.typed)
    try:
        await racks.lay_out(new.layout(), by=actor(request))
    except Refusal as refusal:
        errors = {"number": sentence(refusal)}
        return await _map(request, refusal.status, errors=errors, typed=new.model_dump())
    return see("/shelves", request)


async def take_down(request: Request) -> Response:
    try:
        await racks.take_down(request.path_params["id"], by=actor(request))
    except Refusal as refusal:
        return await _map(request, refusal.status, refused=sentence(refusal))
    return see("/shelves", request)


async def put_up_again(request: Request) -> Response:
    await racks.put_up_again(request.path_params["id"], by=actor(request))
    return see("/shelves", request)


async def close_slot(request: Request) -> Response:
    label = request.path_params["label"]
    await racks.close_slot(label, by=actor(request))
    return see(f"/shelves/slots/{label}", request)


async def open_slot(request: Request) -> Response:
    label = request.path_params["label"]
    await racks.open_slot(label, by=actor(request))
    return see(f"/shelves/slots/{label}", request)


ROUTES = [
    page("/shelves", show_shelves, who=READERS),
    page("/shelves", put_up, who=KEEPER, methods=["POST"]),
    page("/shelves/slots/{label}", show_slot, who=READERS),
    page("/shelves/slots/{label}/closings", close_slot, who=KEEPER, methods=["POST"]),
    page("/shelves/slots/{label}/openings", open_slot, who=KEEPER, methods=["POST"]),
    page("/shelves/{id:int}/removals", take_down, who=KEEPER, methods=["POST"]),
    page("/shelves/{id:int}/openings", put_up_again, who=KEEPER, methods=["POST"]),
]
