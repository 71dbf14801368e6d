"""Lots on screen: whose goods come in, what is in stock, one lot with all its moves, and calling it back."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from station import (
    certificates,
    clock,
    lot_stock,
    lots,
    packing_rules,
    photos,
    products,
    recalls,
    residents,
    stations,
    traces,
    weights,
)
from station.access import READERS, STAFF
from station.actor import Role
from station.areas import Place
from station.errors import N_, Refusal
from station.lots import LotIn
from station.pages import lot_papers
from station.pages.order_words import STATES
from station.problems import sentence
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see

# How each kind of move is told.
MOVES = {
    "intake": N_("came in"),
    "reserved": N_("kept for an order"),
    "released": N_("given back by an order"),
    "waste": N_("thrown away"),
    "correction": N_("counted again"),
    "recall": N_("called back"),
}
# Why an order gave its goods back, as `station.orders` writes it.
RELEASES = {
    "cancelled": N_("the order was called off"),
    "expired": N_("the order was not confirmed in time"),
}
SHOWN = ("stock", "recalled", "all")
# The refusals that belong beside one field of the intake.
_FIELDS = {
    "lot_amount": "amount",
    "lot_weight": "weight",
    "lot_best_before": "best_before",
    "product_retired": "product_id",
    "not_a_picture": "photo",
    "too_large_picture": "photo",
}


class NewLot(BaseModel):
    household_id: int = Field(ge=1, le=LARGEST_ID)
    product_id: int = Field(ge=1, le=LARGEST_ID)
    amount: int = Field(ge=1, le=lots.MOST)
    weight: str = Field("", max_length=20)
    grade: str = Field("", max_length=20)
    best_before: str = Field("", max_length=10)
    origin: str = Field("", max_length=80)
    note: str = Field("", max_length=200)
    trace_code: str = Field("", max_length=16)


class Waste(BaseModel):
    units: int = Field(ge=1, le=lots.MOST)
    reason: str = Field(min_length=1, max_length=200)


class Count(BaseModel):
    counted: int = Field(ge=0, le=lots.MOST)
    reason: str = Field(min_length=1, max_length=200)


class Recall(BaseModel):
    reason: str = Field(min_length=1, max_length=200)


async def show_lots(request: Request) -> Response:
    """What is in stock; with `?q=` whose goods come in, with `?show=` the recalled ones or all."""
    me, query = actor(request), request.query_params
    show = query.get("show", "stock")
    show = show if show in SHOWN else "stock"
    asked = query.get("q", "").replace("\0", "").strip()[:40]
    return await render(
        request,
        "station/lots.html",
        lots=await lots.listed(me.station_id, show),
        show=show,
        asked=asked,
        found=await _households(me.station_id, asked) if asked else [],
        helped=await _helped(request),
        today=(await stations.today(me.station_id)).isoformat(),
    )


async def _households(station_id: int, asked: str) -> list[dict[str, Any]]:
    """Households that somebody of that name, initials or group belongs to, at most nine: one key each."""
    found = {
        person["household_id"]: {
            "id": person["household_id"],
            "name": person["household"],
            "grp": person["grp"],
        }
        for person in await residents.find(station_id, asked, limit=50)
    }
    for house in await residents.households(station_id):
        if asked in f"{house['grp']}{house['name']}":
            found.setdefault(house["id"], {"id": house["id"], "name": house["name"], "grp": house["grp"]})
    return list(found.values())[:9]


async def _helped(request: Request) -> set[int]:
    """Households that the village helps to sell: the keeper alone learns which."""
    me = actor(request)
    if me.role is not Role.KEEPER:
        return set()
    return {house["id"] for house in await residents.households(me.station_id) if house["helped"]}


async def show_intake(request: Request) -> Response:
    asked = request.query_params.get("household", "")
    if not asked.isdecimal() or len(asked) > 9:
        return see("/lots")
    return await _intake(request, 200, {"household_id": asked, "trace_code": traces.new_trace_code()}, {})


async def _intake(request: Request, status: int, typed: dict[str, str], errors: dict[str, str]) -> Response:
    station = await stations.profile(actor(request).station_id)
    household = await residents.household(station.id, int(typed["household_id"]))
    offered = [each for each in await products.all(station.id) if each["active"]]
    return await render(
        request,
        "station/lot_intake.html",
        status,
        household={"id": household["id"], "name": household["name"], "grp": household["grp"]},
        helped=await _helped(request),
        products=offered,
        keeps=products.KEEPS_DAYS,
        typed={"origin": station.place, **typed},
        errors=errors,
        today=clock.today(station.zone).isoformat(),
    )


async def take_in(request: Request) -> Response:
    async with request.form(max_files=1, max_fields=20) as sent:
        typed = {key: value for key, value in sent.items() if isinstance(value, str)}
        if not typed.get("household_id", "").isdecimal() or len(typed["household_id"]) > 9:
            raise Refusal("not_found")
        try:
            new = await form(request, NewLot)
            file = sent.get("photo")
            data = await file.read() if isinstance(file, UploadFile) and file.filename else b""
            lot_id = await _keep(request, new, data)
        except Invalid as invalid:
            return await _intake(request, 422, typed, invalid.errors)
        except Refusal as refusal:
            field = _FIELDS.get(refusal.code)
            if field is None:
                raise
            return await _intake(request, refusal.status, typed, {field: sentence(refusal)})
    return see(f"/lots/{lot_id}?new=1")


async def _keep(request: Request, new: NewLot, data: bytes) -> int:
    me = actor(request)
    weight = weights.parse_grams(new.weight) if new.weight.strip() else None
    if new.weight.strip() and weight is None:
        raise Refusal("lot_weight")
    product = await products.one(me.station_id, new.product_id)
    today = await stations.today(me.station_id)
    folder = photos.folder(request.app.state.settings, me.station_id)
    lot = LotIn(
        household_id=new.household_id,
        product_id=new.product_id,
        amount=new.amount,
        weight_g=weight,
        grade=new.grade,
        best_before=new.best_before or products.keeps_until(product["kind"], today),
        origin=new.origin,
        photo=await photos.keep(data, folder) if data else "",
        note=new.note,
        trace_code=new.trace_code,
    )
    return await lots.take_in(lot, by=me)


async def show_lot(request: Request) -> Response:
    return await _lot(request)


async def _lot(request: Request, status: int = 200, refused: str = "", **shown: Any) -> Response:
    me, lot_id = actor(request), request.path_params["lot_id"]
    lot = await lots.lot(me.station_id, lot_id)
    known = {
        "lot": lot,
        "moves": await lot_stock.story(me.station_id, lot_id),
        "words": MOVES,
        "releases": RELEASES,
        "states": STATES,
        "promised": await lot_stock.promised(me.station_id, lot_id),
        "buyers": await recalls.buyers_of(me.station_id, lot_id),
        "rule": packing_rules.of(lot["kind"]),
        "promisers": await certificates.promisers(me.station_id, lot["household_id"]),
        "helped": await _helped(request),
        "new": "new" in request.query_params,
        "refused": refused,
        "typed": {},
    }
    return await render(request, "station/lot.html", status, **{**known, **shown})


async def waste(request: Request) -> Response:
    return await _change(request, Waste)


async def correct(request: Request) -> Response:
    return await _change(request, Count)


async def recall(request: Request) -> Response:
    return await _change(request, Recall)


async def _change(request: Request, model: type[Waste | Count | Recall]) -> Response:
    """One of the lot's acts; what is wrong with it is said on the lot's page, with what was typed."""
    me, lot_id = actor(request), request.path_params["lot_id"]
    await lots.lot(me.station_id, lot_id)
    try:
        sent = await form(request, model)
        if isinstance(sent, Waste):
            await lot_stock.waste(lot_id, sent.units, sent.reason, by=me)
        elif isinstance(sent, Count):
            await lot_stock.correct(lot_id, sent.counted, sent.reason, by=me)
        else:
            await recalls.recall(lot_id, sent.reason, by=me)
    except Invalid as invalid:
        return await _lot(request, 422, " ".join(dict.fromkeys(invalid.errors.values())), typed=invalid.typed)
    except Refusal as refusal:
        return await _lot(request, refusal.status, sentence(refusal), typed=dict(await request.form()))
    return see(f"/lots/{lot_id}")


ROUTES = [
    page("/lots", show_lots, who=READERS),
    page("/lots", take_in, who=STAFF, methods=["POST"], name="take_in_lot"),
    page("/lots/new", show_intake, who=STAFF),
    page("/lots/{lot_id:int}", show_lot, who=READERS),
    page("/lots/{lot_id:int}/wastes", waste, who=STAFF, methods=["POST"]),
    page("/lots/{lot_id:int}/corrections", correct, who=STAFF, methods=["POST"]),
    page("/lots/{lot_id:int}/recalls", recall, who=STAFF, methods=["POST"]),
    *lot_papers.ROUTES,
]
MORE = [Place("", "/lots", N_("Lots and stock"), READERS)]
