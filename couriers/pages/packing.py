"""The packing desk: what to fetch, how it is packed, its weight, its waybill; the next order follows by itself."""

from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import consignments, number_pool, packing, prohibited, vans
from couriers.packing import PackIn
from station import carriers, clock, packing_rules, photos
from station.access import READERS, STAFF
from station.areas import Figure, Place
from station.errors import N_, Refusal
from station.i18n import ngettext
from station.problems import sentence
from station.web import actor, form, page, render, see
from station.weights import parse_grams


class PackForm(BaseModel):
    weight: str = Field("", max_length=20)
    carrier: str = Field("", max_length=10)
    waybill: str = Field("", max_length=60)
    sure: bool = False
    condition_met: bool = False


class BatchForm(PackForm):
    alike: str = Field(max_length=2000)


async def show(request: Request) -> Response:
    return await _desk(request)


async def _desk(
    request: Request, status: int = 200, *, error: str = "", order_id: int | None = None, **typed: Any
) -> Response:
    station_id = actor(request).station_id
    listed = await packing.to_pack(station_id)
    current = next(
        (entry for entry in listed if entry.order["id"] == order_id), listed[0] if listed else None
    )
    alike = [entry for entry in listed if current and entry.alike == current.alike]
    leaving = await vans.next_leaving(station_id, "", clock.now())
    return await render(
        request,
        "couriers/packing.html",
        status,
        listed=listed,
        waiting=await packing.count(station_id),
        current=current,
        alike=alike,
        findings=prohibited.check(consignments.contents(current.lines)) if current else [],
        picked=packing.pick_list(listed),
        leaving=leaving,
        carriers=carriers,
        carrier=typed.get("carrier")
        or request.query_params.get("carrier")
        or await number_pool.fullest(station_id),
        typed=typed,
        error=error,
        packed=request.query_params.get("packed", ""),
        ship=packing_rules.SHIP,
    )


async def pick(request: Request) -> Response:
    """The pick list on paper."""
    listed = await packing.to_pack(actor(request).station_id, limit=1000)
    return await render(
        request, "couriers/pick_list.html", picked=packing.pick_list(listed), orders=len(listed)
    )


async def choose(request: Request) -> Response:
    entry = await packing.one(actor(request).station_id, request.path_params["order_id"])
    return await _desk(request, order_id=entry.order["id"])


async def pack(request: Request) -> Response:
    async with request.form(max_files=1, max_fields=10):
        return await _pack(request)


async def _pack(request: Request) -> Response:
    order_id = request.path_params["order_id"]
    sent = await form(request, PackForm)
    try:
        photo = await _photo(request)
        grams = parse_grams(sent.weight)
        box = PackIn(order_id, grams, sent.carrier, sent.waybill, sent.sure, photo, sent.condition_met)
        consignment_id = await packing.pack(box, by=actor(request))
    except Refusal as refusal:
        return await _desk(
            request,
            refusal.status,
            error=sentence(refusal),
            order_id=order_id,
            code=refusal.code,
            **sent.model_dump(),
        )
    return see("/packing?" + urlencode({"carrier": sent.carrier, "packed": consignment_id}))


async def _photo(request: Request) -> str:
    """The picture of the open box, kept as a file; blank if none was taken."""
    file = (await request.form()).get("photo")
    if not isinstance(file, UploadFile) or not file.filename:
        return ""
    folder = photos.folder(request.app.state.settings, actor(request).station_id)
    return await photos.keep(await file.read(), folder)


async def pack_alike(request: Request) -> Response:
    sent = await form(request, BatchForm)
    try:
        packed = await packing.pack_alike(
            sent.alike,
            parse_grams(sent.weight),
            sent.carrier,
            sure=sent.sure,
            condition_met=sent.condition_met,
            by=actor(request),
        )
    except Refusal as refusal:
        return await _desk(
            request, refusal.status, error=sentence(refusal), code=refusal.code, **sent.model_dump()
        )
    return see("/consignments/labels?" + urlencode({"ids": ",".join(map(str, packed))}))


async def figures(station_id: int) -> list[Figure]:
    """Orders that the next van should take."""
    count = await packing.count(station_id)
    return [
        Figure(
            count,
            ngettext("order is to be packed", "orders are to be packed", count),
            N_("What keeps least comes first."),
            "/packing",
            N_("Go and pack"),
        )
    ]


ROUTES: list[BaseRoute] = [
    page("/packing", show, who=READERS, name="packing"),
    page("/packing/pick-list", pick, who=READERS, name="pick_list"),
    page("/packing/batches", pack_alike, who=STAFF, methods=["POST"]),
    page("/packing/{order_id:int}", choose, who=READERS, name="pack_order"),
    page("/packing/{order_id:int}/boxes", pack, who=STAFF, methods=["POST"]),
]
MORE: list[Place] = [Place("", "/packing", N_("Pack"), READERS)]
