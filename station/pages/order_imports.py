"""Exports of platforms taken in, and tracking numbers given back as each platform's own file."""

from datetime import timedelta

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import clock, order_imports, shipping_files, stations
from station.access import STAFF
from station.areas import Job, Place
from station.errors import N_, Refusal, tell
from station.models import OrderSource
from station.problems import sentence
from station.web import actor, page, render, see

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


async def show_all(request: Request) -> Response:
    return await _all(request, 200, "")


async def _all(request: Request, status: int, error: str) -> Response:
    return await render(
        request,
        "station/order_imports.html",
        status,
        imports=await order_imports.recent(actor(request).station_id),
        platforms=PLATFORMS,
        error=error,
    )


async def take(request: Request) -> Response:
    try:
        data, filename = await uploaded(request)
        imported = await order_imports.receive(data, filename, by=actor(request))
    except Refusal as refusal:
        return await _all(request, refusal.status, sentence(refusal))
    return see(f"/orders/imports/{imported.id}" + ("" if imported.new else "?again"))


async def show(request: Request) -> Response:
    found = await order_imports.one(actor(request).station_id, request.path_params["import_id"])
    return await render(
        request,
        "station/order_import.html",
        found=found,
        platforms=PLATFORMS,
        again="again" in request.query_params,
        outcomes=order_imports.OUTCOMES,
        reasons=order_imports.REASONS,
    )


async def give_back(request: Request) -> Response:
    """The platform's file of tracking numbers: what it takes as a bulk shipment."""
    station_id = actor(request).station_id
    try:
        source = OrderSource(request.path_params["platform"])
    except ValueError as error:
        raise Refusal("not_found") from error
    since = clock.today((await stations.profile(station_id)).zone) - timedelta(days=_DAYS)
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
    page("/orders/imports/{import_id:int}", show, who=STAFF, name="order_import"),
    page("/orders/shipped/{platform}", give_back, who=STAFF, name="shipped_orders"),
]
MORE: list[Place] = []
JOBS: list[Job] = []
