"""The order desk: the board and one order."""

import secrets

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import audit, carriers, clock, ledger, order_book, orders, stock
from station.access import READERS, STAFF
from station.areas import Figure, Job, Place
from station.errors import N_, Refusal, tell
from station.i18n import gettext
from station.money import parse_fen
from station.order_status import REASONS
from station.pages import new_order
from station.pages.order_words import SOURCES, STATES, STEPS, TABS
from station.problems import sentence
from station.settings import Settings
from station.web import Invalid, actor, form, page, render, see

tell({"no_order_amount": (422, N_("Write the amount in yuan, such as 54.50."))})

_STORY = {
    "order_placed": N_("Ordered."),
    "order_freight_told": N_("The shipping was set."),
    "order_paid": N_("A payment was recorded."),
    "phone_shown": N_("The whole phone number was looked at."),
}


class Payment(BaseModel):
    amount: str = Field(max_length=20)
    how: str = Field(pattern="^(cash|bank)$")
    ref: str = Field("", pattern=r"^[\w-]{0,36}$")


class Freight(BaseModel):
    amount: str = Field(max_length=20)


class Reason(BaseModel):
    reason: str = Field("", max_length=24)


async def show_board(request: Request) -> Response:
    show = request.query_params.get("show", "all")
    show = show if show in TABS else "all"
    given = request.query_params.get("page", "1")
    number = int(given) if given.isdecimal() and len(given) < 5 and int(given) else 1
    station_id = actor(request).station_id
    found = await order_book.listed(station_id, show, number=number)
    shown = found[: order_book.PAGE]
    return await render(
        request,
        "station/orders.html",
        orders=shown,
        lots=await stock.lots_of_lines(station_id, [line["id"] for row in shown for line in row["lines"]]),
        show=show,
        tabs=TABS,
        sources=SOURCES,
        states=STATES,
        steps=STEPS,
        reasons=REASONS,
        waiting=await order_book.counts(station_id),
        page_number=number,
        has_more=len(found) > order_book.PAGE,
    )


async def show(request: Request) -> Response:
    return await _one(request)


async def confirm(request: Request) -> Response:
    await orders.confirm(request.path_params["order_id"], by=actor(request))
    return _back(request)


async def cancel(request: Request) -> Response:
    sent = await form(request, Reason)
    await orders.cancel(request.path_params["order_id"], sent.reason, by=actor(request))
    return _back(request)


async def pay(request: Request) -> Response:
    """Money that came in, in cash or by transfer, on the day it came. `ref` is the page's own: sent twice is once."""
    me, order_id = actor(request), request.path_params["order_id"]
    try:
        sent = await form(request, Payment)
        fen = parse_fen(sent.amount)
        if not fen:
            raise Refusal("no_order_amount")
        await ledger.pay(order_id, fen, sent.how, f"{order_id}:{sent.ref}", by=me)
    except (Invalid, Refusal) as fault:
        refusal = fault if isinstance(fault, Refusal) else Refusal("no_order_amount")
        return await _one(request, refusal.status, refused=sentence(refusal))
    return _back(request)


async def set_freight(request: Request) -> Response:
    sent = await form(request, Freight)
    fen = parse_fen(sent.amount)
    if fen is None:
        return await _one(request, 422, refused=sentence(Refusal("no_order_amount")))
    await orders.tell_freight(request.path_params["order_id"], fen, by=actor(request))
    return _back(request)


async def unmask(request: Request) -> Response:
    phone = await orders.show_phone(request.path_params["order_id"], by=actor(request))
    return await _one(request, phone=phone)


def _back(request: Request) -> Response:
    return see(f"/orders/{request.path_params['order_id']}")


async def _one(request: Request, status: int = 200, refused: str = "", phone: str = "") -> Response:
    station_id, order_id = actor(request).station_id, request.path_params["order_id"]
    order = await orders.one(station_id, order_id)
    lines = await orders.lines(station_id, [order_id])
    return await render(
        request,
        "station/order.html",
        status,
        order=order,
        lines=lines,
        lots=await stock.lots_of_lines(station_id, [line["id"] for line in lines]),
        story=[(told.at, told.who, _told(told)) for told in await audit.story(station_id, "order", order_id)],
        carriers=carriers,
        due=order["goods_fen"] + order["freight_fen"] - order["paid_fen"],
        sources=SOURCES,
        states=STATES,
        reasons=REASONS,
        ref=secrets.token_urlsafe(12),
        refused=refused,
        phone=phone,
    )


def _told(told: audit.Told) -> str:
    if told.act == "order_moved":
        reached = STATES[told.facts["to"]]
        return gettext("Now: {to}.").format(to=gettext(reached))
    return gettext(_STORY.get(told.act, N_("Something else was recorded: {act}."))).format(act=told.act)


async def _expire(_: Settings) -> None:
    await orders.expire_due(clock.now())


async def _due() -> bool:
    return await orders.any_due(clock.now())


async def figures(station_id: int) -> list[Figure]:
    """Orders that wait for the station's word."""
    return [
        Figure(
            (await order_book.counts(station_id))["confirm"],
            N_("orders wait for your word"),
            N_("Confirm them, or call them off."),
            "/orders?show=confirm",
            N_("Look at them"),
        )
    ]


ROUTES: list[BaseRoute] = [
    page("/orders", show_board, who=READERS, name="orders"),
    *new_order.ROUTES,
    page("/orders/{order_id:int}", show, who=READERS, name="order"),
    page("/orders/{order_id:int}/confirmations", confirm, who=STAFF, methods=["POST"], name="confirm_order"),
    page("/orders/{order_id:int}/cancellations", cancel, who=STAFF, methods=["POST"], name="cancel_order"),
    page("/orders/{order_id:int}/payments", pay, who=STAFF, methods=["POST"], name="order_payments"),
    page("/orders/{order_id:int}/freight", set_freight, who=STAFF, methods=["POST"], name="order_freight"),
    page("/orders/{order_id:int}/unmaskings", unmask, who=STAFF, methods=["POST"], name="order_unmaskings"),
]
MORE: list[Place] = []
JOBS: list[Job] = [Job("orders_expire", 60.0, _expire, _due)]
