"""The order desk: the board and one order."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import (
    audit,
    carriers,
    clock,
    ledger,
    order_book,
    order_goods,
    order_pickup,
    orders,
    own_labels,
    products,
    stock,
    storytelling,
)
from station.access import KEEPER, READERS, STAFF
from station.areas import Figure, Job
from station.errors import N_, Refusal, tell
from station.i18n import gettext, ngettext
from station.money import parse_fen
from station.pages import new_order
from station.pages.order_words import FETCH_STEPS, REASONS, SOURCES, STATES, STEPS, TABS
from station.problems import sentence
from station.settings import Settings
from station.web import Invalid, actor, form, page, render, see

tell({"no_order_amount": (422, N_("Write the amount in yuan, such as 54.50."))})


class Payment(BaseModel):
    amount: str = Field(max_length=20)
    how: str = Field(pattern="^(cash|bank)$")
    ref: str = Field("", pattern=r"^[\w-]{0,36}$")


class Freight(BaseModel):
    amount: str = Field(max_length=20)


class OwnLabel(BaseModel):
    carrier: str = Field("", max_length=10)
    waybill: str = Field("", max_length=60)


class Reason(BaseModel):
    reason: str = Field("", max_length=24)


class Matched(BaseModel):
    """What an item is here: so many units of a product in one pack."""

    product_id: int = Field(0, ge=0, le=2**31 - 1)
    per_pack: int = Field(0, ge=0, le=2**31 - 1)


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
        fetch_steps=FETCH_STEPS,
        reasons=REASONS,
        waiting=await order_book.counts(station_id),
        page_number=number,
        has_more=len(found) > order_book.PAGE,
    )


async def show(request: Request) -> Response:
    return await _one(request)


def _moving(act: Callable[..., Awaitable[None]]) -> Callable[[Request], Awaitable[Response]]:
    """The page of an act that moves the order on; why it did not is said on the order's own page."""

    async def move(request: Request) -> Response:
        try:
            await act(request.path_params["order_id"], by=actor(request))
        except Refusal as refusal:
            return await _one(request, refusal.status, refused=sentence(refusal))
        return _back(request)

    return move


async def cancel(request: Request) -> Response:
    try:
        sent = await form(request, Reason)
        await orders.cancel(request.path_params["order_id"], sent.reason, by=actor(request))
    except Invalid as invalid:
        return await _one(request, 422, errors=invalid.errors, reason=invalid.typed.get("reason", ""))
    except Refusal as refusal:
        return await _one(request, refusal.status, refused=sentence(refusal))
    return _back(request)


async def send_own_label(request: Request) -> Response:
    """It has left with the label that the platform made."""
    typed = {}
    try:
        typed = (sent := await form(request, OwnLabel)).model_dump()
        await own_labels.send(request.path_params["order_id"], sent.carrier, sent.waybill, by=actor(request))
    except (Invalid, Refusal) as fault:
        refusal = fault if isinstance(fault, Refusal) else Refusal("no_own_label")
        return await _one(request, refusal.status, refused=sentence(refusal), label=typed)
    return _back(request)


async def match(request: Request) -> Response:
    """What one line of the order is here; its goods are kept at once."""
    try:
        sent = await form(request, Matched)
        line_id = request.path_params["line_id"]
        await order_goods.match_line(line_id, sent.product_id, sent.per_pack, by=actor(request))
    except Invalid:
        refusal = Refusal("too_many_in_pack", most=order_goods.MOST_IN_PACK)
        return await _one(request, refusal.status, refused=sentence(refusal))
    except Refusal as refusal:
        return await _one(request, refusal.status, refused=sentence(refusal))
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
    try:
        fen = parse_fen((await form(request, Freight)).amount)
        if fen is None:
            raise Refusal("no_order_amount")
        await orders.tell_freight(request.path_params["order_id"], fen, by=actor(request))
    except (Invalid, Refusal) as fault:
        refusal = fault if isinstance(fault, Refusal) else Refusal("no_order_amount")
        return await _one(request, refusal.status, refused=sentence(refusal))
    return _back(request)


async def unmask(request: Request) -> Response:
    phone = await orders.show_phone(request.path_params["order_id"], by=actor(request))
    return await _one(request, phone=phone)


def _back(request: Request) -> Response:
    return see(f"/orders/{request.path_params['order_id']}")


async def _one(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id, order_id = actor(request).station_id, request.path_params["order_id"]
    order = await order_book.one(station_id, order_id)
    lines = await order_book.lines(station_id, [order_id])
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
        own_label=order["reason"] == own_labels.OWN_LABEL,
        elsewhere=order["source"] in order_book.ELSEWHERE,
        products=await products.all(station_id),
        **{"refused": "", "phone": "", "errors": {}, "reason": "", "label": {}, **shown},
    )


def _told(told: audit.Told) -> str:
    if told.act == "order_moved":
        reached = STATES[told.facts["to"]]
        return gettext("Now: {to}.").format(to=gettext(reached))
    return storytelling.sentence(told.act, told.facts)


async def _expire(_: Settings) -> None:
    await orders.expire_due(clock.now())


async def _due() -> bool:
    return await orders.any_due(clock.now())


async def figures(station_id: int) -> list[Figure]:
    """Orders that wait for the station's word."""
    waiting = (await order_book.counts(station_id))["confirm"]
    return [
        Figure(
            waiting,
            ngettext("order waits for your word", "orders wait for your word", waiting),
            N_("Confirm them, or call them off."),
            "/orders?show=confirm",
            N_("Look at them"),
        )
    ]


MOVES = {
    "confirmations": orders.confirm,
    "keepings": order_pickup.set_aside,
    "sendings": order_pickup.send_after_all,
    "fetchings": order_pickup.hand_out,
    "returns": order_pickup.take_back,
    "arrivals": own_labels.arrived,
    "refusals": own_labels.came_back,
}
ROUTES: list[BaseRoute] = [
    page("/orders", show_board, who=READERS, name="orders"),
    *new_order.ROUTES,
    page("/orders/{order_id:int}", show, who=READERS, name="order"),
    *(
        page(
            f"/orders/{{order_id:int}}/{noun}",
            _moving(act),
            who=STAFF,
            methods=["POST"],
            name=f"order_{noun}",
        )
        for noun, act in MOVES.items()
    ),
    page(
        "/orders/{order_id:int}/own-labels",
        send_own_label,
        who=KEEPER,
        methods=["POST"],
        name="order_own_labels",
    ),
    page("/orders/{order_id:int}/cancellations", cancel, who=STAFF, methods=["POST"], name="cancel_order"),
    page(
        "/orders/{order_id:int}/lines/{line_id:int}/goods",
        match,
        who=STAFF,
        methods=["POST"],
        name="order_goods",
    ),
    page("/orders/{order_id:int}/payments", pay, who=STAFF, methods=["POST"], name="order_payments"),
    page("/orders/{order_id:int}/freight", set_freight, who=STAFF, methods=["POST"], name="order_freight"),
    page("/orders/{order_id:int}/unmaskings", unmask, who=STAFF, methods=["POST"], name="order_unmaskings"),
]
JOBS: list[Job] = [Job("orders_expire", 60.0, _expire, _due)]
