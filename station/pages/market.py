"""The village's page for buyers: no account, no cookie, no script needed. Whoever has an order's link may see that order."""

import secrets
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import carriers, clock, i18n, listings, order_book, order_placing, orders
from station.access import ANYONE
from station.actor import Actor
from station.errors import N_, Refusal, tell
from station.limits import Limit
from station.models import OrderSource
from station.order_placing import MAX_QTY, LineIn, OrderIn
from station.pages import market_photo, pasted
from station.pages.pasted import Pasted, Read
from station.problems import sentence
from station.stations import Profile
from station.web import Invalid, form, page, render, see

tell(
    {
        "packs_gone": (
            409,
            N_("Somebody was quicker: this is sold out. Nothing was ordered and nothing is to be paid."),
        ),
        "few_packs_left": (
            409,
            N_("Only {packs} packs are left. Choose fewer, then order again. Nothing was ordered yet."),
        ),
    }
)

# Many phones share one address of their mobile network, above all while somebody sells by livestream.
_LOOKS = Limit(tries=240, per=60)
# An order is looked at now and then; whoever tries addresses of others tries all the time.
_FOLLOWS = Limit(tries=60, per=60)
_ORDERS = Limit(tries=40, per=300)

# The buyer's words for how far it is.
STEPS = (
    ("reserved", N_("ordered")),
    ("confirmed", N_("confirmed")),
    ("packed", N_("packed")),
    ("handed_over", N_("on its way")),
    ("delivered", N_("arrived")),
)
FETCH_STEPS = (
    ("reserved", N_("ordered")),
    ("set_aside", N_("lies ready for you")),
    ("fetched", N_("fetched")),
)


class Buying(Pasted):
    """`price_fen`: of one pack, as the buyer saw it. `scan_id`: the page's own, so that a form sent twice is one order."""

    qty: int = Field(1, ge=1, le=MAX_QTY)
    note: str = Field("", max_length=500)
    price_fen: int | None = None
    scan_id: str = Field("", pattern=r"^[\w-]{0,36}$")


async def show_all(request: Request) -> Response:
    shop = await _enter(request, _LOOKS)
    offered = await listings.on_sale(shop.id, clock.today(shop.zone).month)
    answer = await _render(request, shop, "market", offered=offered)
    answer.headers["cache-control"] = "public, max-age=30"
    return answer


async def show_one(request: Request) -> Response:
    shop = await _enter(request, _LOOKS)
    return await _product(request, shop)


async def order(request: Request) -> Response:
    """The form of one pack: looked through, shown once more where something is doubtful, or ordered."""
    shop = await _enter(request)
    await listings.on_sale_one(shop.id, request.path_params["listing_id"])
    try:
        sent = await form(request, Buying)
    except Invalid as invalid:
        return await _product(request, shop, 422, errors=invalid.errors, typed=invalid.typed)
    typed = {name: str(value) for name, value in sent.model_dump().items()}
    try:
        _ORDERS.spend(request)
        read = await pasted.read(sent)
        if read.receiver is None:
            return await _product(request, shop, 422, typed=typed, read=read, errors=read.errors)
        placed = await _place(shop, request.path_params["listing_id"], sent, read)
    except Refusal as refusal:
        return await _product(request, shop, refusal.status, typed=typed, refused=sentence(refusal))
    return see(_address(request, shop, f"/orders/{placed.token}"))


async def _place(shop: Profile, listing_id: int, sent: Buying, read: Read) -> order_placing.Placed:
    assert read.receiver is not None
    try:
        return await order_placing.place(
            OrderIn(
                OrderSource.MARKET,
                (LineIn(listing_id, sent.qty, price_fen=sent.price_fen),),
                read.receiver,
                buyer_note=sent.note,
                scan_id=pasted.once("m", sent, listing_id),
            ),
            by=Actor.system(shop.id),
        )
    except Refusal as refusal:
        if refusal.code != "sold_out":
            raise
        packs = (await listings.one(shop.id, listing_id))["packs"]
        raise Refusal("few_packs_left", packs=packs) if packs else Refusal("packs_gone")  # noqa: B904


async def show_order(request: Request) -> Response:
    shop = await _enter(request, _FOLLOWS)
    found = await order_book.by_token(shop.id, request.path_params["token"])
    return await _order(request, shop, found)


async def call_off(request: Request) -> Response:
    shop = await _enter(request, _ORDERS)
    found = await order_book.by_token(shop.id, request.path_params["token"])
    try:
        await orders.call_off(found["id"], by=Actor.system(shop.id))
    except Refusal as refusal:
        return await _order(request, shop, found, refusal.status, refused=sentence(refusal))
    return see(_address(request, shop, f"/orders/{found['token']}"))


async def _order(
    request: Request, shop: Profile, found: dict[str, Any], status: int = 200, refused: str = ""
) -> Response:
    steps = FETCH_STEPS if found["state"] in ("set_aside", "fetched") else STEPS
    reached = [state for state, _words in steps]
    return await _render(
        request,
        shop,
        "market_order",
        status,
        order=found,
        lines=await order_book.lines(shop.id, [found["id"]]),
        steps=steps,
        at=reached.index(found["state"]) if found["state"] in reached else -1,
        carriers=carriers,
        due=found["goods_fen"] + found["freight_fen"] - found["paid_fen"],
        refused=refused,
    )


async def _product(request: Request, shop: Profile, status: int = 200, **shown: Any) -> Response:
    today = clock.today(shop.zone)
    listing = await listings.on_sale_one(shop.id, request.path_params["listing_id"])
    known = {
        "listing": listing,
        "lots": await listings.lots_in_stock(shop.id, listing["product_id"], today),
        "now_in_season": listings.in_season(listing, today.month),
        "typed": {},
        "errors": {},
        "read": None,
        "refused": "",
        "places": pasted.PLACES,
    }
    context = {**known, **shown}
    if context["read"] is None and context["typed"].get("checked") in ("1", "True"):
        context["read"] = pasted.again(context["typed"])
    # Of this one loading of the page; never from a cache, or two buyers would share one order.
    context["scan_id"] = context["typed"].get("scan_id") or secrets.token_urlsafe(16)
    return await _render(request, shop, "market_product", status, **context)


async def _enter(request: Request, limit: Limit | None = None) -> Profile:
    """Whose page this is; in the language of the address, else of the browser. No cookie is read or set."""
    asked = request.query_params.get("lang")
    i18n.use(i18n.negotiate(request.headers.get("accept-language", ""), asked))
    if limit:
        limit.spend(request)
    return await listings.shop(request.path_params["code"])


async def _render(request: Request, shop: Profile, name: str, status: int = 200, **context: Any) -> Response:
    return await render(
        request,
        f"station/{name}.html",
        status,
        shop=shop,
        zone=ZoneInfo(shop.zone),
        english=i18n.language() == "en",
        keep_lang=_kept(request),
        home=_address(request, shop, ""),
        base=f"/market/{shop.code}",
        here=request.url.path.removesuffix("/orders").removesuffix("/cancellations"),
        large=False,
        **context,
    )


def _address(request: Request, shop: Profile, path: str) -> str:
    return f"/market/{shop.code}{path}{_kept(request)}"


def _kept(request: Request) -> str:
    """`?lang=en` for links, if the address says so now."""
    asked = request.query_params.get("lang")
    return f"?{urlencode({'lang': asked})}" if asked in i18n.LANGUAGES else ""


ROUTES: list[BaseRoute] = [
    page("/market/{code}", show_all, who=ANYONE, name="market"),
    page("/market/{code}/{listing_id:int}", show_one, who=ANYONE, name="market_product"),
    page("/market/{code}/{listing_id:int}/orders", order, who=ANYONE, methods=["POST"], name="market_orders"),
    page("/market/{code}/orders/{token}", show_order, who=ANYONE, name="market_order"),
    page(
        "/market/{code}/orders/{token}/cancellations",
        call_off,
        who=ANYONE,
        methods=["POST"],
        name="market_cancellations",
    ),
    *market_photo.ROUTES,
]
