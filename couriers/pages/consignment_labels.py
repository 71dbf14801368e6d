"""Labels of parcels going out, 76 × 130 mm: one of them, or all of a day in one document."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import consignment_list
from station import carriers, labels
from station.access import STAFF
from station.errors import N_, Refusal, tell
from station.names import masked_room
from station.web import actor, page, render

tell(
    {
        "no_labels": (
            404,
            N_("None of these parcels has a waybill. Choose parcels that are here and not called back."),
        )
    }
)
# A day's produce of a large village; more in one document only makes the browser slow.
MOST = 1000


async def one(request: Request) -> Response:
    consignment_id = request.path_params["consignment_id"]
    return await _print(request, [consignment_id], f"/consignments/{consignment_id}")


async def many(request: Request) -> Response:
    """`?ids=1,2,3`, or all that are here."""
    given = request.query_params.get("ids", "")
    if given:
        ids = [int(text) for text in given.split(",")[:MOST] if text.isdecimal() and len(text) < 10]
    else:
        ids = [row["id"] for row in await consignment_list.here(actor(request).station_id)][:MOST]
    return await _print(request, ids, "/consignments")


async def _print(request: Request, ids: list[int], back: str) -> Response:
    rows = await consignment_list.many(actor(request).station_id, ids)
    if not rows:
        raise Refusal("no_labels")
    return await render(request, "labels/consignments.html", sheets=[_sheet(row) for row in rows], back=back)


def _sheet(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "bars": labels.bars(row["waybill"]),
        "carrier": carriers.short(row["carrier"]),
        "detail": masked_room(row["detail"]),
        "flags": row["flags"].split(),
    }


ROUTES: list[BaseRoute] = [
    page("/consignments/labels", many, who=STAFF, name="consignment_labels"),
    page("/consignments/{consignment_id:int}/label", one, who=STAFF, name="consignment_label"),
]
