"""The keeper's money: who has what, what waits for the keeper, payments, and the ledger's entries."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import carriers, freight, ledger, ledger_book, residents, sales
from station.access import KEEPER
from station.areas import Place
from station.errors import N_, Refusal, tell
from station.i18n import gettext
from station.ledger_book import Filter
from station.models.money import Party
from station.money import parse_fen
from station.pages import freight as freight_page
from station.pages import money_moves, payouts
from station.problems import sentence
from station.texts import plain
from station.web import LARGEST_ID, Invalid, actor, form, page, page_number, render, see, whole

tell(
    {
        "no_such_order": (422, N_("There is no order {number} here. Look at the number on its label.")),
        "amount_unclear": (422, N_("This is no amount: {amount}. Type it as 48 or 48.50.")),
    }
)

PARTIES = {
    Party.HOUSEHOLD: N_("Owed to households"),
    Party.STATION: N_("Kept by the station"),
    Party.COLLECTIVE: N_("Owed to the collective"),
    Party.COMPANY: N_("Owed to the company"),
    Party.CARRIER: N_("Owed to carriers"),
    Party.PLATFORM: N_("Owed by platforms"),
    Party.BUYER: N_("Owed by buyers"),
    Party.CASH: N_("In the cash box"),
    Party.BANK: N_("In the bank"),
}
# Shown from the other side, so that what is asked for most is above zero.
_OWED_BY = frozenset({Party.PLATFORM, Party.BUYER})
KINDS = {
    "sale": N_("sold"),
    "margin": N_("over the fixed price"),
    "packing": N_("packing"),
    "commission": N_("station's service"),
    "freight_paid": N_("freight paid by the buyer"),
    "freight": N_("freight"),
    "platform_fee": N_("platform's fee"),
    "share": N_("share"),
    "unassigned": N_("nobody's yet"),
    "payment": N_("buyer paid"),
    "refund": N_("given back"),
    "claim": N_("compensation"),
    "payout": N_("platform paid out"),
    "fee_difference": N_("fee differs"),
    "paid_out": N_("settlement paid"),
    "moved": N_("given or got"),
}
NAMES = {
    Party.HOUSEHOLD: N_("household"),
    Party.STATION: N_("station"),
    Party.COLLECTIVE: N_("collective"),
    Party.COMPANY: N_("company"),
    Party.CARRIER: N_("carrier"),
    Party.PLATFORM: N_("platform"),
    Party.BUYER: N_("buyer"),
    Party.CASH: N_("cash"),
    Party.BANK: N_("bank"),
}
# What one can take back alone; a sale goes with its order, a settlement is opened again.
REVERSIBLE = frozenset({"payment", "refund", "claim", "payout", "fee_difference", "moved"})


class PaymentForm(BaseModel):
    order: str = Field(min_length=1, max_length=20)
    amount: str = Field(min_length=1, max_length=20)
    how: Literal["cash", "bank", "platform"] = "cash"
    way: Literal["in", "back"] = "in"
    scan_id: str = Field(min_length=8, max_length=40)


class AssignmentForm(BaseModel):
    household: int = Field(ge=1, le=LARGEST_ID)


class ReversalForm(BaseModel):
    reason: str = Field(min_length=1, max_length=60)


async def show_ledger(request: Request) -> Response:
    return await _ledger(request)


async def _ledger(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id = actor(request).station_id
    wanted = _filter(request)
    number = page_number(request)
    rows = await ledger_book.entries(station_id, wanted, number)
    balances = await ledger_book.balances(station_id)
    households = await residents.households(station_id)
    known = {
        "household_choices": [(0, gettext("all")), *((home["id"], home["name"]) for home in households)],
        "party_choices": [("", gettext("all")), *((party, gettext(name)) for party, name in NAMES.items())],
        "reversible": REVERSIBLE,
        "balances": [
            (PARTIES[party], -balances[party] if party in _OWED_BY else balances[party]) for party in PARTIES
        ],
        "unassigned": await ledger_book.unassigned(station_id),
        "freight_unknown": len(await freight.unknown(station_id)),
        "open_orders": await ledger_book.open_orders(station_id),
        "households": households,
        "rows": rows[: ledger_book.PAGE],
        "has_more": len(rows) > ledger_book.PAGE,
        "page_number": number,
        "wanted": wanted,
        "kinds": KINDS,
        "names": NAMES,
        "carriers": carriers,
        "scan_id": ledger.new_ref(),
        "errors": {},
        "typed": {},
        "refused": "",
    }
    return await render(request, "station/ledger.html", status, **{**known, **shown})


def _filter(request: Request) -> Filter:
    asked = request.query_params
    party = asked.get("party", "")
    return Filter(
        household_id=whole(asked.get("household"), 0),
        order=plain(asked.get("order", ""))[:20],
        party=party if party in NAMES else "",
    )


async def pay(request: Request) -> Response:
    """What a buyer paid, or was given back."""
    try:
        payment = await form(request, PaymentForm)
    except Invalid as invalid:
        return await _ledger(request, 422, errors=invalid.errors, typed=invalid.typed)
    try:
        order_id = await ledger_book.order_of(actor(request).station_id, plain(payment.order).strip())
        if order_id is None:
            raise Refusal("no_such_order", number=payment.order)
        fen = parse_fen(payment.amount)
        if fen is None:
            raise Refusal("amount_unclear", amount=payment.amount)
        signed = -fen if payment.way == "back" else fen
        await ledger.pay(order_id, signed, payment.how, payment.scan_id, by=actor(request))
    except Refusal as refusal:
        return await _ledger(request, refusal.status, refused=sentence(refusal), typed=payment.model_dump())
    return see("/ledger")


async def assign(request: Request) -> Response:
    """Say whose goods an order's line was."""
    try:
        assigned = await form(request, AssignmentForm)
    except Invalid as invalid:
        return await _ledger(request, 422, refused=" ".join(invalid.errors.values()))
    try:
        await sales.assign(request.path_params["id"], assigned.household, by=actor(request))
    except Refusal as refusal:
        return await _ledger(request, refusal.status, refused=sentence(refusal))
    return see("/ledger")


async def reverse(request: Request) -> Response:
    """Take an entry's posting back by its exact negative."""
    try:
        said = await form(request, ReversalForm)
    except Invalid as invalid:
        return await _ledger(request, 422, refused=" ".join(invalid.errors.values()))
    try:
        await ledger.reverse(request.path_params["id"], plain(said.reason), by=actor(request))
    except Refusal as refusal:
        return await _ledger(request, refusal.status, refused=sentence(refusal))
    return see("/ledger")


ROUTES: list[BaseRoute] = [
    page("/ledger", show_ledger, who=KEEPER, name="ledger"),
    page("/payments", pay, who=KEEPER, methods=["POST"], name="payments"),
    page("/ledger/lines/{id:int}/assignments", assign, who=KEEPER, methods=["POST"], name="assign_sale"),
    page("/ledger/{id:int}/reversals", reverse, who=KEEPER, methods=["POST"], name="reverse_entry"),
    *payouts.ROUTES,
    *freight_page.ROUTES,
    *money_moves.ROUTES,
]
MORE: list[Place] = [
    Place("", "/ledger", N_("Money: the ledger"), KEEPER),
    Place("", "/payouts", N_("Money from platforms"), KEEPER),
    Place("", "/freight", N_("Freight by the couriers' bills"), KEEPER),
    Place("", "/money-moves", N_("Money back, and other money"), KEEPER),
]
