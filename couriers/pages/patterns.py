"""The station's own rules for waybill numbers: who prints numbers that begin so and are so long."""

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from couriers import patterns
from station import carriers
from station.access import KEEPER
from station.areas import Place
from station.errors import N_, Refusal
from station.problems import sentence
from station.web import actor, form, page, render, see


class PatternForm(BaseModel):
    prefix: str = Field("", max_length=10)
    length: int = 0
    carrier: str = Field("", max_length=40)


async def show(request: Request) -> Response:
    return await _list(request, 200, "", PatternForm(prefix="", length=15, carrier=""))


async def add(request: Request) -> Response:
    sent = await form(request, PatternForm)
    try:
        await patterns.add(sent.prefix, sent.length, sent.carrier, by=actor(request))
    except Refusal as refusal:
        return await _list(request, refusal.status, sentence(refusal), sent)
    return see("/waybill-rules")


async def remove(request: Request) -> Response:
    await patterns.remove(request.path_params["pattern_id"], by=actor(request))
    return see("/waybill-rules")


async def _list(request: Request, status: int, error: str, typed: PatternForm) -> Response:
    return await render(
        request,
        "couriers/patterns.html",
        status,
        patterns=await patterns.listed(actor(request).station_id),
        carriers=carriers,
        error=error,
        typed=typed,
    )


ROUTES = [
    page("/waybill-rules", show, who=KEEPER, name="waybill_rules"),
    page("/waybill-rules", add, who=KEEPER, methods=["POST"], name="add_waybill_rule"),
    page("/waybill-rules/{pattern_id:int}/removals", remove, who=KEEPER, methods=["POST"]),
]
MORE = [Place("", "/waybill-rules", N_("Whose numbers are these?"), KEEPER)]
