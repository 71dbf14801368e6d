"""Standing wishes on screen: anybody of the staff writes them down; the keeper alone sees and decides what is proposed."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import products, stations, wish_matches, wishes
from station.access import KEEPER, STAFF
from station.actor import Role
from station.areas import Job, Place
from station.errors import N_, Refusal
from station.money import parse_fen
from station.problems import sentence
from station.settings import Settings
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see, whole
from station.wishes import MOST, WishIn

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


class NewWish(BaseModel):
    buyer_name: str = Field(min_length=1, max_length=40)
    phone: str = Field(min_length=1, max_length=20)
    address: str = Field(min_length=1, max_length=200)
    product_id: int = Field(ge=1, le=LARGEST_ID)
    units: int = Field(ge=1, le=MOST)
    weekday: int = Field(ge=0, le=6)
    valid_until: str = Field("", max_length=10)
    note: str = Field("", max_length=200)


class Acceptance(BaseModel):
    """`price`: yuan for all of it, where no pack on sale fits."""

    price: str = Field("", max_length=20)


async def show(request: Request) -> Response:
    return await _page(request, looked=whole(request.query_params.get("looked"), None))


async def write(request: Request) -> Response:
    try:
        sent = await form(request, NewWish)
    except Invalid as invalid:
        return await _page(request, 422, typed=invalid.typed, errors=invalid.errors)
    try:
        await wishes.write(WishIn(**sent.model_dump()), by=actor(request))
    except Refusal as refusal:
        typed = {name: str(value) for name, value in sent.model_dump().items()}
        return await _page(request, refusal.status, typed=typed, error=sentence(refusal))
    return see("/wishes")


async def end(request: Request) -> Response:
    await wishes.end(request.path_params["wish_id"], by=actor(request))
    return see("/wishes")


async def look(request: Request) -> Response:
    """Look for lots now instead of in the next hour."""
    return see(f"/wishes?looked={await wish_matches.propose(by=actor(request))}")


async def accept(request: Request) -> Response:
    match_id = request.path_params["match_id"]
    price = ""
    try:
        price = (await form(request, Acceptance)).price
        order_id = await wish_matches.accept(match_id, parse_fen(price), by=actor(request))
    except Invalid:
        return await _decided(request, Refusal("wish_price"), match_id, price)
    except Refusal as refusal:
        return await _decided(request, refusal, match_id, price)
    return see(f"/orders/{order_id}")


async def decline(request: Request) -> Response:
    try:
        await wish_matches.decline(request.path_params["match_id"], by=actor(request))
    except Refusal as refusal:
        return await _decided(request, refusal)
    return see("/wishes")


async def _decided(request: Request, refusal: Refusal, match_id: int = 0, price: str = "") -> Response:
    return await _page(
        request, refusal.status, refused=sentence(refusal), refused_id=match_id, refused_price=price
    )


async def _page(request: Request, status: int = 200, **shown: Any) -> Response:
    me = actor(request)
    context: dict[str, Any] = {
        "typed": {},
        "errors": {},
        "error": "",
        "refused": "",
        "refused_id": 0,
        "refused_price": "",
        "looked": None,
        **shown,
    }
    return await render(
        request,
        "station/wishes.html",
        status,
        wishes=await wishes.standing(me.station_id),
        proposals=await wish_matches.proposals(me.station_id) if me.role is Role.KEEPER else [],
        products=[each for each in await products.all(me.station_id) if each["active"]],
        weekdays=WEEKDAYS,
        today=(await stations.today(me.station_id)).isoformat(),
        **context,
    )


async def _propose_all(_: Settings) -> None:
    await wish_matches.propose_all()


ROUTES: list[BaseRoute] = [
    page("/wishes", show, who=STAFF, name="wishes"),
    page("/wishes", write, who=STAFF, methods=["POST"], name="write_wish"),
    page("/wishes/{wish_id:int}/endings", end, who=STAFF, methods=["POST"], name="end_wish"),
    page("/wishes/proposals", look, who=KEEPER, methods=["POST"], name="look_for_lots"),
    page(
        "/wishes/proposals/{match_id:int}/acceptances",
        accept,
        who=KEEPER,
        methods=["POST"],
        name="accept_proposal",
    ),
    page(
        "/wishes/proposals/{match_id:int}/refusals",
        decline,
        who=KEEPER,
        methods=["POST"],
        name="decline_proposal",
    ),
]
MORE: list[Place] = [Place("", "/wishes", N_("Standing wishes"), STAFF)]
JOBS: list[Job] = [Job("wishes", 3600.0, _propose_all, due=wish_matches.any_new)]
