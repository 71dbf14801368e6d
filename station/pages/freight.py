"""Freight as carriers' bills say it: of orders where it is not known yet, and corrected where the bill says otherwise."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import carriers, freight
from station.access import KEEPER
from station.errors import Refusal
from station.money import parse_fen
from station.problems import sentence
from station.texts import fold
from station.web import Invalid, actor, form, page, render, see


class BillForm(BaseModel):
    """`order`: its number, or the waybill that it went with."""

    order: str = Field(min_length=1, max_length=60)
    amount: str = Field(min_length=1, max_length=20)


async def show(request: Request) -> Response:
    return await _freight(request)


async def _freight(request: Request, status: int = 200, **shown: Any) -> Response:
    known = {
        "unknown": await freight.unknown(actor(request).station_id),
        "carriers": carriers,
        "done": "done" in request.query_params,
        "errors": {},
        "typed": {},
        "refused": "",
    }
    return await render(request, "station/freight.html", status, **{**known, **shown})


async def charge(request: Request) -> Response:
    try:
        bill = await form(request, BillForm)
    except Invalid as invalid:
        return await _freight(request, 422, errors=invalid.errors, typed=invalid.typed)
    me = actor(request)
    try:
        order_id = await freight.order_of(me.station_id, fold(bill.order))
        if order_id is None:
            raise Refusal("no_such_order", number=bill.order)
        fen = parse_fen(bill.amount)
        if fen is None:
            raise Refusal("amount_unclear", amount=bill.amount)
        await freight.charge(order_id, fen, by=me)
    except Refusal as refusal:
        return await _freight(request, refusal.status, refused=sentence(refusal), typed=bill.model_dump())
    return see("/freight?done")


ROUTES: list[BaseRoute] = [
    page("/freight", show, who=KEEPER, name="freight"),
    page("/freight", charge, who=KEEPER, methods=["POST"], name="charge_freight"),
]
