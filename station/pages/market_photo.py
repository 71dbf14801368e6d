"""A pack's photo for phones: small enough for a slow network, and only while the pack is on sale."""

import asyncio
import io
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import listings, photos
from station.access import ANYONE
from station.errors import Refusal
from station.limits import Limit
from station.web import page

# A page of goods shows a few dozen of them, and a browser keeps them.
_LOOKS = Limit(tries=300, per=60)
# Pixels of the longer side: a phone's page is that wide.
_SIDE = 720


@lru_cache(maxsize=64)
def _small(file: Path) -> bytes:
    """The kept picture again, about 40 kB. It never changes under its name."""
    from PIL import Image  # late, as `photos` has it

    with Image.open(file) as picture:
        picture.thumbnail((_SIDE, _SIDE))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=68, optimize=True, progressive=True)
    return out.getvalue()


async def show(request: Request) -> Response:
    _LOOKS.spend(request)
    shop = await listings.shop(request.path_params["code"])
    listing = await listings.on_sale_one(shop.id, request.path_params["listing_id"])
    if not listing["photo"]:
        raise Refusal("not_found")
    file = photos.file(photos.folder(request.app.state.settings, shop.id), listing["photo"])
    small = await asyncio.to_thread(_small, file)
    return Response(small, media_type="image/jpeg", headers={"cache-control": "public, max-age=86400"})


ROUTES: list[BaseRoute] = [
    page("/market/{code}/{listing_id:int}/photo", show, who=ANYONE, name="market_photo")
]
