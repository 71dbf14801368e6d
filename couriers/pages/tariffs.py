"""Prices of sending: what the carriers' contracts say, a price tried out, and the numbers that carriers gave."""

import json
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from couriers import number_pool, tariff_book, tariff_terms, tariffs
from couriers.tariffs import Outgoing
from station import carriers, clock, stations
from station.access import KEEPER
from station.areas import Place
from station.errors import N_, Refusal
from station.i18n import gettext as _
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see, whole
from station.weights import parse_grams


class TariffForm(BaseModel):
    terms: str = Field("", max_length=40_000)
    valid_from: str = Field("", max_length=20)
    valid_until: str = Field("", max_length=20)


class NumbersForm(BaseModel):
    carrier: str = Field("", max_length=10)
    numbers: str = Field("", max_length=500_000)


async def show(request: Request) -> Response:
    return await _all(request)


async def _all(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id = actor(request).station_id
    known: dict[str, Any] = {"error": "", "typed": {}, "errors": {}, "numbers_error": "", "numbers_typed": {}}
    return await render(
        request,
        "couriers/tariffs.html",
        status,
        **known | await _tried(request) | shown,
        tariffs=await tariff_book.all(station_id),
        pools=await number_pool.left(station_id),
        few=number_pool.FEW,
        added=whole(request.query_params.get("added"), None),
        example=json.dumps(tariffs.demo()[0], ensure_ascii=False, indent=1),
        carriers=carriers,
        provinces=tariff_terms.PROVINCES,
    )


async def _tried(request: Request) -> dict[str, Any]:
    """What each carrier would take today for `?weight=` (kg) to `?province=`; `quotes` is None when nobody asked."""
    weight, province = (request.query_params.get(key, "")[:20] for key in ("weight", "province"))
    tried: dict[str, Any] = {"weight": weight, "province": province, "quotes": None, "weight_error": ""}
    if not weight.strip():
        return tried
    grams = parse_grams(weight)
    if not grams or grams > _HEAVIEST:
        return {**tried, "weight_error": _("Write the weight in kg, such as 1.84.")}
    station = await stations.profile(actor(request).station_id)
    parcel = Outgoing(weight_g=grams, province=province)
    return {**tried, "quotes": await tariff_book.quotes(station.id, parcel, clock.today(station.zone))}


# No scale of a village station weighs more than a tonne.
_HEAVIEST = 1_000_000


async def enter(request: Request) -> Response:
    try:
        sent = await form(request, TariffForm)
    except Invalid as invalid:
        return await _all(request, 422, errors=invalid.errors, typed=invalid.typed)
    try:
        await tariff_book.enter_all(
            tariff_terms.written(sent.terms), sent.valid_from, sent.valid_until, by=actor(request)
        )
    except Refusal as refusal:
        return await _all(request, refusal.status, error=sentence(refusal), typed=sent.model_dump())
    return see("/tariffs")


async def take_samples(request: Request) -> Response:
    """The sample prices, for a station that has none yet; asked twice, they are there once."""
    samples = [json.dumps(terms, ensure_ascii=False, default=str) for terms in tariffs.demo()]
    await tariff_book.begin(samples, by=actor(request))
    return see("/tariffs")


async def end(request: Request) -> Response:
    try:
        await tariff_book.end(request.path_params["id"], by=actor(request))
    except Refusal as refusal:
        return await _all(request, refusal.status, error=sentence(refusal))
    return see("/tariffs")


async def fill(request: Request) -> Response:
    try:
        sent = await form(request, NumbersForm)
    except Invalid as invalid:
        return await _all(
            request,
            422,
            numbers_error="".join(invalid.errors.values()),
            numbers_typed=invalid.typed,
        )
    try:
        found = number_pool.numbers(sent.numbers)
        added = await number_pool.fill(sent.carrier, found, by=actor(request))
    except Refusal as refusal:
        told, typed = sentence(refusal), sent.model_dump()
        return await _all(request, refusal.status, numbers_error=told, numbers_typed=typed)
    return see(f"/tariffs?added={added}#numbers")


ROUTES: list[BaseRoute] = [
    page("/tariffs", show, who=KEEPER, name="tariffs"),
    page("/tariffs", enter, who=KEEPER, methods=["POST"], name="enter_tariff"),
    page("/tariffs/samples", take_samples, who=KEEPER, methods=["POST"], name="sample_tariffs"),
    page("/tariffs/numbers", fill, who=KEEPER, methods=["POST"], name="fill_numbers"),
    page("/tariffs/{id:int}/endings", end, who=KEEPER, methods=["POST"], name="end_tariff"),
]
MORE: list[Place] = [Place("", "/tariffs", N_("Prices of sending"), KEEPER)]
