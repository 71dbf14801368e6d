"""A pasted line parsed, for programs."""

import asyncio

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from station.access import SIGNED_IN
from station.addresses import DOUBTS, LONGEST, parse
from station.i18n import gettext as _
from station.openapi import api
from station.web import body


class Pasted(BaseModel):
    text: str = Field(min_length=1, max_length=LONGEST, pattern=r"\S")


class Parsed(BaseModel):
    """Official names; null where the text does not say. `doubts`: codes, each with its sentence in `doubt_sentences`."""

    name: str | None
    phone: str | None
    ext: str | None
    province: str | None
    city: str | None
    county: str | None
    town: str | None
    village: str | None
    rest: str
    doubts: list[str]
    doubt_sentences: list[str]


async def parse_address(request: Request) -> Response:
    """The phone comes back whole: the caller has just sent it. In a thread, because the first question reads the table."""
    pasted = await body(request, Pasted)
    found = await asyncio.to_thread(parse, pasted.text)
    answer = Parsed.model_validate(
        {
            name: getattr(found, name)
            for name in Parsed.model_fields
            if name not in ("doubts", "doubt_sentences")
        }
        | {"doubts": list(found.doubts), "doubt_sentences": [_(DOUBTS[code]) for code in found.doubts]}
    )
    return JSONResponse(answer.model_dump())


ROUTES: list[BaseRoute] = [
    api(
        "/addresses",
        parse_address,
        who=SIGNED_IN,
        methods=["POST"],
        body=Pasted,
        answer=Parsed,
        refusals=("invalid",),
        summary="Take one pasted line apart: name, phone, province to village, and what is doubtful",
    )
]
