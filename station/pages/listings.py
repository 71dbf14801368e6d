"""Packs on offer, kept by the staff; posters with a QR code for a livestream or the village shop."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import listings, photos, products, qr, stations
from station.access import READERS, STAFF
from station.areas import Place
from station.errors import N_, Refusal, tell
from station.i18n import gettext
from station.listings import ListingIn
from station.money import format_fen, parse_fen
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see
from station.weights import parse_grams

tell({"no_picture_chosen": (422, N_("Choose a photo first, then send it."))})

# Fen; a pack of produce above that is a slip of the keyboard.
_DEAREST = 10_000_00


class Described(BaseModel):
    """`price` in yuan and `weight` in kg (or with a unit), as typed."""

    product_id: int = Field(ge=1, le=2**31 - 1)
    title: str = Field(min_length=1, max_length=40, pattern=r"\S")
    units: int = Field(ge=1, le=100_000)
    price: str = Field(max_length=20)
    weight: str = Field("", max_length=20)
    title_en: str = Field("", max_length=60)
    story: str = Field("", max_length=500)
    story_en: str = Field("", max_length=500)
    season_from: int = Field(0, ge=0, le=12)
    season_until: int = Field(0, ge=0, le=12)

    def pack(self) -> ListingIn:
        """Raises Invalid for a price or a weight that cannot be read."""
        price, grams = parse_fen(self.price), parse_grams(self.weight) if self.weight.strip() else None
        faults = {}
        if not price or price > _DEAREST:
            faults["price"] = gettext("Write the price in yuan, such as 48 or 48.50.")
        if self.weight.strip() and not grams:
            faults["weight"] = gettext("Write the weight in kg, such as 1.8, or with its unit, such as 3斤.")
        if bool(self.season_from) != bool(self.season_until):
            faults["season_until"] = gettext("A season has a first and a last month.")
        if faults or price is None:
            raise Invalid(faults, {name: str(value) for name, value in self.model_dump().items()})
        return ListingIn(**self.model_dump(exclude={"price", "weight"}), price_fen=price, pack_g=grams)


async def show_all(request: Request) -> Response:
    return await _all(request)


async def add(request: Request) -> Response:
    try:
        new = (await form(request, Described)).pack()
    except Invalid as invalid:
        return await _all(request, 422, errors=invalid.errors, typed=invalid.typed)
    listing_id = await listings.offer(new, by=actor(request))
    return see(f"/listings/{listing_id}")


async def show(request: Request) -> Response:
    return await _one(request)


async def change(request: Request) -> Response:
    listing_id = request.path_params["listing_id"]
    try:
        new = (await form(request, Described)).pack()
    except Invalid as invalid:
        return await _one(request, 422, errors=invalid.errors, typed=invalid.typed)
    await listings.change(listing_id, new, by=actor(request))
    return see(f"/listings/{listing_id}")


async def open_(request: Request) -> Response:
    await listings.set_open(request.path_params["listing_id"], True, by=actor(request))
    return see(f"/listings/{request.path_params['listing_id']}")


async def close(request: Request) -> Response:
    await listings.set_open(request.path_params["listing_id"], False, by=actor(request))
    return see(f"/listings/{request.path_params['listing_id']}")


async def take_photo(request: Request) -> Response:
    listing_id, me = request.path_params["listing_id"], actor(request)
    await listings.one(me.station_id, listing_id)
    try:
        async with request.form(max_files=1, max_fields=5) as sent:
            file = sent.get("photo")
            if not isinstance(file, UploadFile) or not file.filename:
                raise Refusal("no_picture_chosen")
            if (file.size or 0) > photos.LARGEST:
                raise Refusal("too_large_picture")
            data = await file.read()
        kept = await photos.keep(data, photos.folder(request.app.state.settings, me.station_id))
    except Refusal as refusal:
        return await _one(request, refusal.status, refused=sentence(refusal))
    await listings.show_picture(listing_id, kept, by=me)
    return see(f"/listings/{listing_id}")


async def show_poster(request: Request) -> Response:
    """Large price and QR code: on paper, or held into the camera of a livestream."""
    listing = await listings.one(actor(request).station_id, request.path_params["listing_id"])
    address = await _public(request, listing["id"])
    return await render(
        request, "station/poster.html", listing=listing, address=address, code=qr.path(address)
    )


async def qr_picture(request: Request) -> Response:
    """The QR code as a picture, to be sent to a group or laid over a video."""
    listing = await listings.one(actor(request).station_id, request.path_params["listing_id"])
    picture = qr.png(await _public(request, listing["id"]), scale=12)
    named = f'attachment; filename="listing-{listing["id"]}.png"'
    return Response(picture, media_type="image/png", headers={"content-disposition": named})


async def _public(request: Request, listing_id: int) -> str:
    station = await stations.profile(actor(request).station_id)
    base = str(request.app.state.settings.base_url).rstrip("/")
    return f"{base}/market/{station.code}/{listing_id}"


async def _all(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id = actor(request).station_id
    known: dict[str, Any] = {"errors": {}, "typed": {}}
    month = (await stations.today(station_id)).month
    offered = await listings.all_of(station_id)
    return await render(
        request,
        "station/listings.html",
        status,
        listings=offered,
        resting={row["id"] for row in offered if not listings.in_season(row, month)},
        products=await products.all(station_id),
        **{**known, **shown},
    )


async def _one(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id = actor(request).station_id
    listing = await listings.one(station_id, request.path_params["listing_id"])
    typed = {name: str(listing[name] or "") for name in Described.model_fields if name in listing}
    typed |= {
        "price": format_fen(listing["price_fen"]),
        "weight": str(listing["pack_g"] / 1000) if listing["pack_g"] else "",
    }
    known = {"errors": {}, "typed": typed, "refused": ""}
    return await render(
        request,
        "station/listing.html",
        status,
        listing=listing,
        address=await _public(request, listing["id"]),
        products=await products.all(station_id),
        **{**known, **shown},
    )


ROUTES: list[BaseRoute] = [
    page("/listings", show_all, who=READERS, name="listings"),
    page("/listings", add, who=STAFF, methods=["POST"], name="add_listing"),
    page("/listings/{listing_id:int}", show, who=STAFF, name="listing"),
    page("/listings/{listing_id:int}", change, who=STAFF, methods=["POST"], name="change_listing"),
    page("/listings/{listing_id:int}/openings", open_, who=STAFF, methods=["POST"], name="open_listing"),
    page("/listings/{listing_id:int}/closings", close, who=STAFF, methods=["POST"], name="close_listing"),
    page("/listings/{listing_id:int}/photos", take_photo, who=STAFF, methods=["POST"], name="listing_photos"),
    page("/listings/{listing_id:int}/poster", show_poster, who=STAFF, name="poster"),
    page("/listings/{listing_id:int}/qr.png", qr_picture, who=STAFF, name="listing_qr"),
]
MORE: list[Place] = [Place("", "/listings", N_("Packs on sale"), READERS)]
