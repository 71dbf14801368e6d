"""Pictures shown to those who may see them: the staff their own station's, everybody those of goods on public pages."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from station import photos
from station.access import ANYONE, STAFF
from station.errors import Refusal
from station.limits import Limit
from station.web import actor, page

# A page of goods shows a few dozen pictures, and a browser keeps them.
LOOKS = Limit(tries=300, per=60)
# A picture never changes under its name.
_KEPT = "max-age=2592000, immutable"


async def show_photo(request: Request) -> Response:
    """A picture of the reader's own station."""
    folder = photos.folder(request.app.state.settings, actor(request).station_id)
    return _picture(photos.file(folder, request.path_params["name"]), f"private, {_KEPT}")


async def show_public_photo(request: Request) -> Response:
    """A picture that an open listing or a traceable lot names; all others are as if they were not there."""
    LOOKS.spend(request)
    name = request.path_params["name"]
    station_id = await photos.published_by(name)
    if station_id is None:
        raise Refusal("no_photo")
    folder = photos.folder(request.app.state.settings, station_id)
    return _picture(photos.file(folder, name), f"public, {_KEPT}")


def _picture(file: object, cache: str) -> Response:
    return FileResponse(str(file), media_type="image/jpeg", headers={"cache-control": cache})


ROUTES = [
    page("/photos/{name}", show_photo, who=STAFF, name="photo"),
    page("/market/photos/{name}", show_public_photo, who=ANYONE, name="public_photo"),
]
