"""Vans on screen: the keeper writes down which one comes when, and whose parcels it takes."""

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import vans
from station import carriers
from station.access import KEEPER
from station.areas import Place
from station.errors import N_, Refusal
from station.problems import sentence
from station.web import actor, form, page, render, see


class VanForm(BaseModel):
    name: str = Field("", max_length=40)
    carrier: list[str] = []
    leaves: str = Field("", max_length=20)


async def show_vans(request: Request) -> Response:
    return await _vans(request)


async def put_van(request: Request) -> Response:
    sent = await form(request, VanForm)
    try:
        await vans.put(sent.name, tuple(sent.carrier), sent.leaves, by=actor(request))
    except Refusal as refusal:
        return await _vans(request, refusal.status, sentence(refusal), sent)
    return see("/vans")


async def retire_van(request: Request) -> Response:
    await vans.retire(request.path_params["id"], by=actor(request))
    return see("/vans")


async def _vans(
    request: Request, status: int = 200, error: str = "", typed: VanForm | None = None
) -> Response:
    return await render(
        request,
        "couriers/vans.html",
        status,
        vans=await vans.all(actor(request).station_id),
        carriers=carriers,
        error=error,
        typed=typed or VanForm(name="", leaves=""),
    )


ROUTES: list[BaseRoute] = [
    page("/vans", show_vans, who=KEEPER, name="vans"),
    page("/vans", put_van, who=KEEPER, methods=["POST"], name="put_van"),
    page("/vans/{id:int}/removals", retire_van, who=KEEPER, methods=["POST"]),
]
MORE: list[Place] = [Place("", "/vans", N_("Vans"), KEEPER)]
