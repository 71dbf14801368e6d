"""Settlements: drawn for a period, the slip in large type, paid, opened again, and the list of what to pay out."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import clock, freight, settlement_book, settlements, slip_words, stations
from station.access import KEEPER
from station.amount_words import in_words
from station.areas import Place
from station.errors import N_, Refusal
from station.i18n import gettext as _
from station.i18n import ngettext
from station.problems import sentence
from station.sharing import REMAINDER_RULE
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see


class DrawForm(BaseModel):
    """Without `household`: all that have something to settle."""

    first: str = Field(max_length=10)
    last: str = Field(max_length=10)
    household: int | None = Field(None, ge=1, le=LARGEST_ID)


class PayForm(BaseModel):
    how: Literal["cash", "bank"]


class ReopenForm(BaseModel):
    reason: Literal["missing", "wrong", "unpaid"]


async def show_all(request: Request) -> Response:
    return await _all(request)


async def _all(request: Request, status: int = 200, **shown: Any) -> Response:
    """`?first=` and `?last=`: the period that is looked at, else this month until today."""
    station = await stations.profile(actor(request).station_id)
    today = clock.today(station.zone)
    first = _day(request.query_params.get("first", ""), today.replace(day=1))
    last = _day(request.query_params.get("last", ""), today)
    known = {
        "first": first,
        "last": last,
        "due": await settlement_book.open_sums(station.id, last),
        "drawn": await settlement_book.recent(station.id),
        "to_pay": await settlement_book.to_pay(station.id),
        "freight_unknown": len(await freight.unknown(station.id)),
        "words": slip_words,
        "refused": "",
    }
    return await render(request, "station/settlements.html", status, **{**known, **shown})


def _day(text: str, otherwise: date) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return otherwise.isoformat()


async def draw(request: Request) -> Response:
    try:
        wanted = await form(request, DrawForm)
    except Invalid as invalid:
        return await _all(request, 422, refused=" ".join(invalid.errors.values()))
    try:
        if wanted.household is None:
            await settlements.draw_all(wanted.first, wanted.last, by=actor(request))
            return see("/settlements")
        drawn = await settlements.draw(wanted.household, wanted.first, wanted.last, by=actor(request))
    except Refusal as refusal:
        return await _all(
            request, refusal.status, refused=sentence(refusal), first=wanted.first, last=wanted.last
        )
    return see(f"/settlements/{drawn}")


async def show(request: Request) -> Response:
    return await _slip(request)


async def _slip(request: Request, status: int = 200, refused: str = "") -> Response:
    station_id = actor(request).station_id
    settlement_id = request.path_params["id"]
    settlement = await settlement_book.one(station_id, settlement_id)
    statement = settlement_book.statement(settlement)
    units = await settlement_book.units_of(station_id, [line.label for line in statement.lines])
    period = slip_words.period(settlement["period_from"], settlement["period_until"])
    freight_open = await freight.still_open(station_id, settlement_id, settlement["household_id"])
    later = [
        ngettext(
            "Freight of {n} order: not known yet, it comes next time",
            "Freight of {n} orders: not known yet, it comes next time",
            freight_open,
        ).format(n=freight_open)
    ][: bool(freight_open)]
    return await render(
        request,
        "station/settlement.html",
        status,
        settlement=settlement,
        statement=statement,
        period=period,
        goods=slip_words.goods(statement, units),
        lines=slip_words.lines(statement),
        spoken=[*slip_words.spoken(settlement["household"], period, statement, units), *later],
        in_words=in_words(statement.pay_fen),
        later=later,
        rule=_(REMAINDER_RULE),
        reasons=settlements.REASONS,
        refused=refused,
    )


async def pay(request: Request) -> Response:
    return await _done(request, PayForm)


async def reopen(request: Request) -> Response:
    return await _done(request, ReopenForm)


async def _done(request: Request, model: type[PayForm] | type[ReopenForm]) -> Response:
    """A payment or a reopening, told on the slip itself if it cannot be."""
    settlement_id = request.path_params["id"]
    try:
        said = await form(request, model)
        if isinstance(said, PayForm):
            await settlements.pay(settlement_id, said.how, by=actor(request))
        else:
            await settlements.reopen(settlement_id, said.reason, by=actor(request))
    except Invalid as invalid:
        return await _slip(request, 422, " ".join(invalid.errors.values()))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _slip(request, refusal.status, sentence(refusal))
    return see(f"/settlements/{settlement_id}")


async def show_list(request: Request) -> Response:
    """The sheet to pay out by: household, amount, signature."""
    rows = await settlement_book.to_pay(actor(request).station_id)
    total = sum(row["pay_fen"] for row in rows)
    return await render(
        request,
        "station/payout_list.html",
        rows=rows,
        total=total,
        in_words=in_words(total),
        words=slip_words,
    )


ROUTES: list[BaseRoute] = [
    page("/settlements", show_all, who=KEEPER, name="settlements"),
    page("/settlements", draw, who=KEEPER, methods=["POST"], name="draw_settlement"),
    page("/settlements/list", show_list, who=KEEPER, name="payout_list"),
    page("/settlements/{id:int}", show, who=KEEPER, name="settlement"),
    page("/settlements/{id:int}/payments", pay, who=KEEPER, methods=["POST"], name="pay_settlement"),
    page("/settlements/{id:int}/reopenings", reopen, who=KEEPER, methods=["POST"], name="reopen_settlement"),
]
MORE: list[Place] = [Place("", "/settlements", N_("Settle with households"), KEEPER)]
