"""Exports of platforms taken in, and tracking numbers given back as each platform's own file."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import order_goods, order_imports, products, stations
from station.access import STAFF
from station.errors import N_, Refusal, tell
from station.models import OrderSource
from station.pages.order_words import REASONS
from station.platforms import shipping as shipping_files
from station.platforms.reader import REJECTED
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see

tell(
    {
        "no_export": (422, N_("Choose the export first, then send it.")),
        "too_large_export": (
            413,
            N_("{file} is too large: at most 20 MB can be taken. Export fewer days at once."),
        ),
        "nothing_shipped": (404, N_("Nothing of this platform has a waybill yet.")),
    }
)
PLATFORMS = {
    OrderSource.DOUYIN: N_("Douyin shop"),
    OrderSource.TAOBAO: N_("Taobao"),
    OrderSource.YOUZAN: N_("Youzan"),
    OrderSource.PDD: N_("Pinduoduo"),
    OrderSource.OTHER: N_("another list"),
}
# Platforms want tracking numbers within a few days; older ones were given back long ago.
_DAYS = 30


async def uploaded(request: Request) -> tuple[bytes, str]:
    """The export and its name. Raises Refusal `no_export`, `too_large_export`."""
    async with request.form(max_files=1, max_fields=5) as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refusal("no_export")
        if (file.size or 0) > request.app.state.settings.upload_limit:
            raise Refusal("too_large_export", file=file.filename)
        return await file.read(), file.filename


class Said(BaseModel):
    """What an item is here: so many units of a product in one pack."""

    name: str = Field("", max_length=120)
    spec: str = Field("", max_length=120)
    product_id: int = Field(ge=0, le=2**31 - 1)
    per_pack: int = Field(ge=0, le=2**31 - 1)


async def show_all(request: Request) -> Response:
    return await _all(request)


async def _all(request: Request, status: int = 200, error: str = "", **shown: Any) -> Response:
    return await render(
        request,
        "station/order_imports.html",
        status,
        imports=await order_imports.recent(actor(request).station_id),
        platforms=PLATFORMS,
        error=error,
        **{**await _unknown(request), **shown},
    )


async def take(request: Request) -> Response:
    try:
        data, filename = await uploaded(request)
        imported = await order_imports.receive(data, filename, by=actor(request))
    except Refusal as refusal:
        return await _all(request, refusal.status, sentence(refusal))
    return see(f"/orders/imports/{imported.id}" + ("" if imported.new else "?again"))


async def show(request: Request) -> Response:
    return await _one(request)


async def _one(request: Request, status: int = 200, **shown: Any) -> Response:
    found = await order_imports.one(actor(request).station_id, request.path_params["import_id"])
    return await render(
        request,
        "station/order_import.html",
        status,
        found=found,
        platforms=PLATFORMS,
        again="again" in request.query_params,
        outcomes=order_imports.OUTCOMES,
        reasons=REASONS,
        rejected=REJECTED,
        **{**await _unknown(request), **shown},
    )


async def _unknown(request: Request) -> dict[str, Any]:
    """What the part of the page needs that asks what items are here."""
    station_id, matched = actor(request).station_id, request.query_params.get("matched", "")
    return {
        "unknown": await order_goods.unknown_goods(station_id),
        "products": await products.all(station_id),
        "matched": int(matched) if matched.isdecimal() and len(matched) < 6 else 0,
        "not_kept": "",
        "goods_action": f"{request.url.path.removesuffix('/goods')}/goods",
    }


async def match(request: Request) -> Response:
    """Say what an item is, for every order that waits; asked on the page of all exports and on that of one."""
    back = request.url.path.removesuffix("/goods")
    again = _one if "import_id" in request.path_params else _all
    try:
        sent = await form(request, Said)
        matched, refused = await order_goods.match_goods(
            sent.name, sent.spec, sent.product_id, sent.per_pack, by=actor(request)
        )
    except Invalid:
        matched, refused = 0, Refusal("too_many_in_pack", most=order_goods.MOST_IN_PACK)
    except Refusal as refusal:
        matched, refused = 0, refusal
    if refused:
        return await again(request, refused.status, matched=matched, not_kept=sentence(refused))
    return see(f"{back}?matched={matched}")


async def give_back(request: Request) -> Response:
    """The platform's file of tracking numbers: what it takes as a bulk shipment."""
    station_id = actor(request).station_id
    try:
        source = OrderSource(request.path_params["platform"])
    except ValueError as error:
        raise Refusal("not_found") from error
    since = await stations.today(station_id) - timedelta(days=_DAYS)
    rows = await order_imports.shipped(station_id, source, since.isoformat())
    if not rows:
        raise Refusal("nothing_shipped")
    filename, data = shipping_files.build(source.value, rows)
    return Response(
        data,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{filename}"', "cache-control": "no-store"},
    )


ROUTES: list[BaseRoute] = [
    page("/orders/imports", show_all, who=STAFF, name="order_imports"),
    page("/orders/imports", take, who=STAFF, methods=["POST"], name="import_orders"),
    page("/orders/imports/goods", match, who=STAFF, methods=["POST"], name="imported_goods"),
    page("/orders/imports/{import_id:int}", show, who=STAFF, name="order_import"),
    page("/orders/imports/{import_id:int}/goods", match, who=STAFF, methods=["POST"], name="import_goods"),
    page("/orders/shipped/{platform}", give_back, who=STAFF, name="shipped_orders"),
]
