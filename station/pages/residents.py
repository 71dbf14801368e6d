"""The register on screen: search, add, correct, take a list in."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from station import resident_import, residents
from station.access import KEEPER, READERS, STAFF
from station.actor import Role
from station.areas import Place
from station.errors import N_, Refusal, tell
from station.problems import sentence
from station.residents import Need, ResidentIn
from station.web import actor, form, page, page_number, render, see

tell(
    {
        "no_list": (422, N_("Choose the list first, then send it.")),
        "too_large_list": (413, N_("This list is too large: at most 5 MB. Split it and send it in parts.")),
    }
)
LARGEST = 5 << 20


class ResidentForm(BaseModel):
    name: str = Field("", max_length=40)
    phones: str = Field("", max_length=120)
    household: str = Field("", max_length=40)
    group: str = Field("", max_length=40)
    also_called: str = Field("", max_length=60)
    needs: list[Need] = []

    def person(self) -> ResidentIn:
        written = self.phones.replace("，", ",").replace("、", ",").split(",")
        return ResidentIn(
            name=self.name,
            phones=tuple(text for text in written if text.strip()),
            household=self.household,
            group=self.group,
            also_called=self.also_called,
            needs=tuple(self.needs),
        )


class HelpForm(BaseModel):
    helped: bool = False


async def show_all(request: Request) -> Response:
    return await _all(request)


async def _all(request: Request, status: int = 200, **more: Any) -> Response:
    asked = request.query_params.get("q", "")[:40]
    number = page_number(request)
    found = await residents.page(actor(request).station_id, asked, number)
    context = {"typed": {}, "error": "", "taken": None} | more
    return await render(
        request,
        "station/residents.html",
        status,
        asked=asked,
        people=found[: residents.PAGE],
        page_number=number,
        has_more=len(found) > residents.PAGE,
        **context,
    )


async def add(request: Request) -> Response:
    sent = await form(request, ResidentForm)
    try:
        await residents.keep(sent.person(), by=actor(request))
    except Refusal as refusal:
        return await _all(request, refusal.status, error=sentence(refusal), typed=sent.model_dump())
    return see(f"/residents?{urlencode({'q': sent.name.strip()})}")


async def show(request: Request) -> Response:
    me = actor(request)
    person = await residents.one(me.station_id, request.path_params["resident_id"])
    house = await residents.household(me.station_id, person["household_id"])
    if me.role is not Role.KEEPER:
        del house["helped"]
    return await render(request, "station/resident.html", person=person, house=house)


async def left(request: Request) -> Response:
    await residents.leave(request.path_params["resident_id"], by=actor(request))
    return see("/residents")


async def drop_phone(request: Request) -> Response:
    resident_id = request.path_params["resident_id"]
    person = await residents.one(actor(request).station_id, resident_id)
    number = int(request.path_params["place"])
    if number >= len(person["phones"]):
        raise Refusal("not_found")
    await residents.drop_phone(resident_id, person["phones"][number], by=actor(request))
    return see(f"/residents/{resident_id}")


async def help_household(request: Request) -> Response:
    sent = await form(request, HelpForm)
    await residents.help_household(request.path_params["household_id"], sent.helped, by=actor(request))
    return see("/residents")


async def take_list(request: Request) -> Response:
    try:
        data = await _uploaded(request)
        rows = await asyncio.to_thread(resident_import.read, data)
    except Refusal as refusal:
        return await _all(request, refusal.status, error=sentence(refusal))
    taken = await resident_import.take(rows, by=actor(request))
    refused = [(number, sentence(refusal)) for number, refusal in taken.refused]
    return await _all(request, 200, taken=taken, refused=refused)


async def _uploaded(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=5) as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refusal("no_list")
        if (file.size or 0) > LARGEST:
            raise Refusal("too_large_list")
        return await file.read()


ROUTES = [
    page("/residents", show_all, who=READERS, name="residents"),
    page("/residents", add, who=STAFF, methods=["POST"], name="keep_resident"),
    page("/residents/imports", take_list, who=KEEPER, methods=["POST"], name="import_residents"),
    page("/residents/{resident_id:int}", show, who=READERS, name="resident"),
    page("/residents/{resident_id:int}/departures", left, who=KEEPER, methods=["POST"]),
    page("/residents/{resident_id:int}/phones/{place:int}/removals", drop_phone, who=STAFF, methods=["POST"]),
    page("/households/{household_id:int}/help", help_household, who=KEEPER, methods=["POST"]),
]
MORE = [Place("", "/residents", N_("People of the village"), READERS)]
