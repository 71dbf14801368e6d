"""What the village sells, and what is agreed with each household about it."""

from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from station import agreements, clock, packing_rules, products, residents, stations, stock
from station.access import KEEPER, READERS
from station.agreements import AgreementIn
from station.areas import Place
from station.errors import N_, Refusal
from station.i18n import gettext
from station.money import format_fen, parse_fen
from station.problems import sentence
from station.sharing import MOST_FEN, Party, Terms
from station.web import LARGEST_ID, Invalid, actor, form, page, render, see

FREIGHT = {
    "buyer": N_("the buyer pays it"),
    "household": N_("from the household's money"),
    "station": N_("from the station's money"),
}
PARTIES: dict[Party, str] = {
    "household": N_("the household"),
    "station": N_("the station"),
    "collective": N_("the village collective"),
    "company": N_("the company"),
}


class NewProduct(BaseModel):
    name: str = Field(min_length=1, max_length=40)
    kind: str = Field(min_length=1, max_length=20)
    unit: str = Field(min_length=1, max_length=10)
    short: str = Field("", max_length=4)


class NewAgreement(BaseModel):
    """Amounts in yuan and percents as typed; `product_id` 0 is everything they bring."""

    household_id: int = Field(ge=1, le=LARGEST_ID)
    product_id: int = Field(0, ge=0, le=LARGEST_ID)
    valid_from: str = Field(min_length=1, max_length=10)
    valid_until: str = Field("", max_length=10)
    price: str = Field("", max_length=12)
    commission: str = Field("", max_length=8)
    packing: str = Field("", max_length=12)
    platform_fee: str = Field("", max_length=8)
    freight: Literal["buyer", "household", "station"] = "buyer"
    share_household: int = Field(0, ge=0, le=10_000)
    share_station: int = Field(0, ge=0, le=10_000)
    share_collective: int = Field(0, ge=0, le=10_000)
    share_company: int = Field(0, ge=0, le=10_000)
    note: str = Field("", max_length=200)

    def terms(self) -> Terms:
        """Raises Invalid with a sentence for each amount that is none."""
        fen = {field: parse_fen(getattr(self, field)) for field in ("price", "packing")}
        points = {field: _points(getattr(self, field)) for field in ("commission", "platform_fee")}
        errors = {
            field: gettext("This is no amount of yuan.")
            for field, value in fen.items()
            if value is None or value > MOST_FEN
        }
        errors |= {
            field: gettext("This must be a percentage from 0 to 100.")
            for field, value in points.items()
            if value is None
        }
        if errors:
            raise Invalid(errors, {})
        return Terms(
            price_fen=fen["price"] if self.price.strip() else None,
            commission_bp=points["commission"] or 0,
            packing_fen=fen["packing"] or 0,
            freight=self.freight,
            platform_fee_bp=points["platform_fee"] or 0,
            shares=tuple((party, weight) for party in PARTIES if (weight := getattr(self, f"share_{party}"))),
        )


def _points(text: str) -> int | None:
    """Hundredths of a percent of `8`, `8.5`, `8%`; blank is 0, None is no percentage."""
    try:
        points = Decimal(text.strip().rstrip("%％").strip() or "0") * 100
    except InvalidOperation:
        return None
    return int(points) if points.is_finite() and 0 <= points <= 10_000 and points == int(points) else None


class Ending(BaseModel):
    last_day: str = Field(min_length=1, max_length=10)


async def show_products(request: Request) -> Response:
    return await _products(request)


async def _products(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id = actor(request).station_id
    known = {
        "products": await products.all(station_id),
        "stock": await stock.available(station_id),
        "kinds": packing_rules.NAMES,
        "errors": {},
        "typed": {},
    }
    return await render(request, "station/products.html", status, **{**known, **shown})


async def add_product(request: Request) -> Response:
    try:
        new = await form(request, NewProduct)
    except Invalid as invalid:
        return await _products(request, 422, errors=invalid.errors, typed=invalid.typed)
    try:
        await products.add(new.name, new.kind, new.unit, new.short, by=actor(request))
    except Refusal as refusal:
        errors = {"name": sentence(refusal)}
        return await _products(request, refusal.status, errors=errors, typed=new.model_dump())
    return see("/products")


async def retire_product(request: Request) -> Response:
    await products.retire(request.path_params["product_id"], by=actor(request))
    return see("/products")


async def bring_back_product(request: Request) -> Response:
    await products.bring_back(request.path_params["product_id"], by=actor(request))
    return see("/products")


async def show_agreements(request: Request) -> Response:
    chosen = request.query_params.get("household", "")
    return await _agreements(request, typed={"household_id": chosen})


async def _agreements(request: Request, status: int = 200, **shown: Any) -> Response:
    station = await stations.profile(actor(request).station_id)
    known = {
        "agreements": [{**each, "told": told(each["terms"])} for each in await agreements.listed(station.id)],
        "households": await residents.households(station.id),
        "products": [each for each in await products.all(station.id) if each["active"]],
        "freight": FREIGHT,
        "parties": PARTIES,
        "today": clock.today(station.zone).isoformat(),
        "refused": "",
        "errors": {},
        "typed": {},
    }
    return await render(request, "station/agreements.html", status, **{**known, **shown})


def told(terms: Terms) -> list[str]:
    """An agreement's terms in sentences, in the reader's language."""
    said = []
    if terms.price_fen is not None:
        said.append(
            gettext("¥{price} for each, whatever it is sold for").format(price=format_fen(terms.price_fen))
        )
    if terms.commission_bp:
        said.append(gettext("service fee {percent} %").format(percent=f"{terms.commission_bp / 100:g}"))
    if terms.packing_fen:
        said.append(gettext("packing ¥{fen} a parcel").format(fen=format_fen(terms.packing_fen)))
    if terms.platform_fee_bp:
        said.append(gettext("platform's fee {percent} %").format(percent=f"{terms.platform_fee_bp / 100:g}"))
    said.append(gettext("freight: {who}").format(who=gettext(FREIGHT[terms.freight])))
    if terms.shares:
        parts = " : ".join(f"{gettext(PARTIES[party])} {weight}" for party, weight in terms.shares)
        said.append(gettext("shares {parts}").format(parts=parts))
    return said


async def agree(request: Request) -> Response:
    typed = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    try:
        new = await form(request, NewAgreement)
        agreement = AgreementIn(
            household_id=new.household_id,
            product_id=new.product_id or None,
            valid_from=new.valid_from,
            valid_until=new.valid_until,
            terms=new.terms(),
            note=new.note,
        )
        await agreements.agree(agreement, by=actor(request))
    except Invalid as invalid:
        return await _agreements(request, 422, errors=invalid.errors, typed=typed)
    except Refusal as refusal:
        return await _agreements(request, refusal.status, refused=sentence(refusal), typed=typed)
    return see("/agreements")


async def end_agreement(request: Request) -> Response:
    try:
        ending = await form(request, Ending)
        await agreements.end(request.path_params["agreement_id"], ending.last_day, by=actor(request))
    except Invalid:
        return await _agreements(request, 422, refused=gettext("Choose the last day on which it holds."))
    except Refusal as refusal:
        return await _agreements(request, refusal.status, refused=sentence(refusal))
    return see("/agreements")


ROUTES = [
    page("/products", show_products, who=READERS),
    page("/products", add_product, who=KEEPER, methods=["POST"]),
    page("/products/{product_id:int}/retirements", retire_product, who=KEEPER, methods=["POST"]),
    page("/products/{product_id:int}/returns", bring_back_product, who=KEEPER, methods=["POST"]),
    page("/agreements", show_agreements, who=KEEPER),
    page("/agreements", agree, who=KEEPER, methods=["POST"]),
    page("/agreements/{agreement_id:int}/endings", end_agreement, who=KEEPER, methods=["POST"]),
]
MORE = [
    Place("", "/products", N_("Products"), READERS),
    Place("", "/agreements", N_("Agreements with households"), KEEPER),
]
