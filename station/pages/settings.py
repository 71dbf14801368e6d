"""The station's settings: its name and hours, quiet hours, patience."""

from typing import Annotated

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from station import stations
from station.access import KEEPER
from station.i18n import gettext as _
from station.phones import Kind, classify
from station.web import Invalid, actor, form, page, render, see

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class SettingsForm(BaseModel):
    """Bounds keep a mistyped number from silencing the station or keeping people's data for ever."""

    name: str = Field(min_length=1, max_length=20)
    place: str = Field("", max_length=80)
    phone: str = Field("", max_length=20)
    hours: str = Field("", max_length=20)
    sms_signature: str = Field(min_length=1, max_length=12)
    quiet_from: Clock
    quiet_until: Clock
    gather_seconds: int = Field(ge=0, le=3600)
    undo_minutes: int = Field(ge=1, le=120)
    overdue_days: int = Field(ge=1, le=30)
    keep_days: int = Field(ge=30, le=3650)


async def show(request: Request) -> Response:
    profile = await stations.profile(actor(request).station_id)
    values = {name: getattr(profile, name) for name in SettingsForm.model_fields}
    return await render(
        request, "station/settings.html", values=values, errors={}, saved="saved" in request.query_params
    )


async def change(request: Request) -> Response:
    try:
        sent = await form(request, SettingsForm)
        # No gateway lets a notice through that names a mobile number.
        if sent.phone and classify(sent.phone).kind not in (Kind.LANDLINE, Kind.SERVICE):
            wrong = _("Write a landline, 400 or 95 number, or nothing: the SMS may name no mobile number.")
            raise Invalid({"phone": wrong}, sent.model_dump(mode="json"))
    except Invalid as invalid:
        values = {**dict.fromkeys(SettingsForm.model_fields, ""), **invalid.typed}
        return await render(
            request, "station/settings.html", 422, values=values, errors=invalid.errors, saved=False
        )
    await stations.settle(sent.model_dump(), by=actor(request))
    return see("/settings?saved")


ROUTES = [page("/settings", show, who=KEEPER), page("/settings", change, who=KEEPER, methods=["POST"])]
