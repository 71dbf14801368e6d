"""Money back to buyers, and money in and out that is no sale."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import carriers, ledger, ledger_book, money_moves, refunds, residents
from station.access import KEEPER
from station.errors import N_, Refusal
from station.i18n import gettext
from station.money import parse_fen
from station.problems import sentence
from station.texts import plain
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see

BEARERS = {
    "station": N_("the station"),
    "household": N_("the household"),
    "carrier": N_("the courier company"),
}
PARTIES = {
    "carrier": N_("a courier company"),
    "collective": N_("the collective"),
    "company": N_("the company"),
    "station": N_("the station's own money"),
    "bank": N_("the bank, into the cash box"),
}


_CODES = tuple(each.code for each in carriers.CARRIERS)


class RefundForm(BaseModel):
    """`how` empty: the buyer is owed it, and gets it later."""

    order: str = Field(min_length=1, max_length=20)
    amount: str = Field(min_length=1, max_length=20)
    bearer: Literal["station", "household", "carrier"]
    household: int = Field(0, ge=0, le=LARGEST_ID)
    how: Literal["", "cash", "bank", "platform"] = ""
    scan_id: str = Field(min_length=8, max_length=40)


class MoveForm(BaseModel):
    """`way`: `out` of our hands, or `in`."""

    party: Literal["carrier", "collective", "company", "station", "bank"]
    carrier: Literal["", *_CODES] = ""  # type: ignore[valid-type]
    yuan: str = Field(min_length=1, max_length=20)
    way: Literal["out", "in"] = "out"
    purse: Literal["cash", "bank"] = "cash"
    note: str = Field("", max_length=60)
    scan_id: str = Field(min_length=8, max_length=40)


async def show(request: Request) -> Response:
    return await _show(request)


async def _show(request: Request, status: int = 200, **shown: Any) -> Response:
    households = await residents.households(actor(request).station_id)
    known = {
        "households": [(home["id"], home["name"]) for home in households],
        "bearers": [(key, gettext(words)) for key, words in BEARERS.items()],
        "parties": [(key, gettext(words)) for key, words in PARTIES.items()],
        "carriers": [(each.code, each.short) for each in carriers.CARRIERS],
        "scan_id": ledger.new_ref(),
        "done": "done" in request.query_params,
        "errors": {},
        "typed": {},
        "refused": "",
    }
    return await render(request, "station/money_moves.html", status, **{**known, **shown})


async def refund(request: Request) -> Response:
    try:
        said = await form(request, RefundForm)
    except Invalid as invalid:
        return await _show(request, 422, errors=invalid.errors, typed=invalid.typed)
    me = actor(request)
    try:
        order_id = await ledger_book.order_of(me.station_id, plain(said.order).strip())
        if order_id is None:
            raise Refusal("no_such_order", number=said.order)
        await refunds.refund(
            order_id,
            _fen(said.amount),
            said.bearer,
            said.household or None,
            ref=said.scan_id,
            how=said.how or None,
            carrier=await ledger_book.carrier_of(me.station_id, order_id) if said.bearer == "carrier" else "",
            by=me,
        )
    except Refusal as refusal:
        return await _show(request, refusal.status, refused=sentence(refusal), typed=said.model_dump())
    return see("/money-moves?done")


async def move(request: Request) -> Response:
    try:
        said = await form(request, MoveForm)
    except Invalid as invalid:
        return await _show(request, 422, errors=invalid.errors, typed=invalid.typed)
    try:
        fen, note = _fen(said.yuan), plain(said.note)
        fen = -fen if said.way == "in" else fen
        if said.party == "bank":
            await money_moves.refill(fen, said.scan_id, by=actor(request), note=note)
        else:
            await money_moves.settle(
                said.party, fen, said.purse, said.scan_id, by=actor(request), carrier=said.carrier, note=note
            )
    except Refusal as refusal:
        return await _show(request, refusal.status, refused=sentence(refusal), typed=said.model_dump())
    return see("/money-moves?done")


def _fen(amount: str) -> int:
    fen = parse_fen(amount)
    if fen is None:
        raise Refusal("amount_unclear", amount=amount)
    return fen


ROUTES: list[BaseRoute] = [
    page("/money-moves", show, who=KEEPER, name="money_moves"),
    page("/refunds", refund, who=KEEPER, methods=["POST"], name="refund_order"),
    page("/money-moves", move, who=KEEPER, methods=["POST"], name="move_money"),
]
