"""Moving a parcel to another slot, from its page."""

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from pickup import relocation
from station.access import STAFF
from station.web import actor, form, page, see


class MoveForm(BaseModel):
    label: str = Field(min_length=1, max_length=40)


async def move(request: Request) -> Response:
    sent, parcel_id = await form(request, MoveForm), request.path_params["parcel_id"]
    await relocation.move(parcel_id, sent.label, by=actor(request))
    return see(f"/parcels/{parcel_id}")


ROUTES = [page("/parcels/{parcel_id:int}/moves", move, who=STAFF, methods=["POST"], name="move_parcel")]
