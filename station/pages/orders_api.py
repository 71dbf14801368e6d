"""Orders for programs: a platform's export taken in."""

from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from station import order_imports
from station.access import STAFF
from station.openapi import api
from station.pages.order_imports import uploaded
from station.web import actor


class OrderCounts(BaseModel):
    data_rows: int
    orders: int
    shippable: int


class Taken(BaseModel):
    """What became of an order here: `outcome` is one of placed, to_fetch, held, again, released, less, look, repack,
    cancelled, too_late, skipped."""

    order_no: str
    outcome: str
    id: int | None
    reason: str


class OrderImportOut(BaseModel):
    """`orders`: order_no, items, receiver, platform_status, paid_cents, shippable, reason, notes and waybill of each."""

    id: int
    file: str
    platform: str
    encoding: str | None
    header_row: int
    counts: OrderCounts
    orders: list[dict[str, Any]]
    taken: list[Taken]


async def take_orders(request: Request) -> Response:
    """Receivers come back whole: the caller has just sent them."""
    data, filename = await uploaded(request)
    imported = await order_imports.receive(data, filename, by=actor(request))
    names = ("order_no", "outcome", "id", "reason")
    taken = [dict(zip(names, outcome, strict=True)) for outcome in imported.outcomes]
    told = {"id": imported.id, **imported.parsed.as_json(), "taken": taken}
    return JSONResponse(told, 201 if imported.new else 200)


ROUTES: list[BaseRoute] = [
    api(
        "/orders/imports",
        take_orders,
        methods=["POST"],
        who=STAFF,
        summary="Hand in a platform's order export; the same one again gets the same id and changes nothing",
        form={"file": {"type": "string", "format": "binary"}},
        answer=OrderImportOut,
        status=201,
        again=True,
        refusals=("no_export", "too_large_export", "empty_orders", "no_order_column", "unreadable_orders"),
    )
]
