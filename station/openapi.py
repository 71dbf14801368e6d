"""Routes of the JSON API, and the document that describes them."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from starlette.convertors import IntegerConvertor
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from station.access import ANYONE
from station.actor import Role
from station.errors import told
from station.web import Handler, page

PREFIX = "/api/v1"


class Documented(Route):
    """A route of the API with what the document says of it."""

    summary: str
    who: frozenset[Role] | None
    body: type[BaseModel] | None
    form: dict[str, Any] | None
    query: dict[str, str]
    answer: type[BaseModel] | None
    status: int
    refusals: Sequence[str]
    again: bool


def api(  # noqa: PLR0913
    path: str,
    handler: Handler,
    *,
    who: frozenset[Role] | None,
    summary: str,
    methods: Sequence[str] = ("GET",),
    body: type[BaseModel] | None = None,
    form: dict[str, Any] | None = None,
    query: dict[str, str] | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    refusals: Sequence[str] = (),
    again: bool = False,
) -> Documented:
    """A guarded route below /api/v1. `form`: JSON schema properties of a multipart body; `query`: name → meaning;
    `again`: the same sent twice is answered with 200 instead of `status`."""
    guarded = page(PREFIX + path, handler, who=who, methods=methods)
    route = Documented(guarded.path, guarded.endpoint, methods=list(methods), name=f"api_{handler.__name__}")
    route.summary, route.who, route.body, route.form = summary, who, body, form
    route.query, route.answer, route.status, route.refusals = query or {}, answer, status, refusals
    route.again = again
    return route


def routes(others: Sequence[BaseRoute]) -> list[Route]:
    """The route of the document about `others`, which is drawn when it is first asked for: most stations never ask."""
    document = cache(lambda: describe([route for route in others if isinstance(route, Documented)]))

    async def openapi(request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(document))

    return [page(f"{PREFIX}/openapi.json", openapi, who=ANYONE)]


def describe(documented: Sequence[Documented]) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, Any] = {}
    for route in documented:
        for method in sorted((route.methods or set()) - {"HEAD"}):
            paths.setdefault(route.path_format, {})[method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Village Station", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "station_session"},
            },
        },
    }


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "a sentence in the language of Accept-Language"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": 'with `invalid`: a sentence for each field, by its path; "" is the whole body',
        },
    },
}


def _operation(route: Documented, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "security": [{"token": []}, {"session": []}] if route.who else [],
        "responses": {str(route.status): {"description": "done", **_content(route.answer, schemas)}},
    }
    if route.again:
        operation["responses"]["200"] = {"description": "sent before", **_content(route.answer, schemas)}
    parameters = [
        _parameter(name, "path", "", True, "integer" if isinstance(kind, IntegerConvertor) else "string")
        for name, kind in route.param_convertors.items()
    ]
    parameters += [_parameter(name, "query", meaning, False) for name, meaning in route.query.items()]
    if parameters:
        operation["parameters"] = parameters
    contents: dict[str, Any] = {}
    if route.form:
        schema = {"type": "object", "properties": route.form, "required": ["file"]}
        contents["multipart/form-data"] = {"schema": schema}
    if route.body:
        contents.update(_content(route.body, schemas)["content"])
    if contents:
        operation["requestBody"] = {"required": True, "content": contents}
    for code in dict.fromkeys((*route.refusals, *_anywhere(route))):
        status, sentence = told()[code]
        response = operation["responses"].setdefault(str(status), _refused())
        response["description"] = "; ".join(filter(None, [response["description"], f"{code}: {sentence}"]))
    return operation


def _anywhere(route: Documented) -> Sequence[str]:
    """What the door and the disk refuse, whatever the route is about."""
    asked = ("sign_in_first", "bad_token", "not_for_you") if route.who else ()
    named = ("not_found",) if route.param_convertors else ()
    sent = ("cross_site", "too_large") if "POST" in (route.methods or ()) else ()
    read = ("unreadable",) if route.form else ()
    return (*asked, *named, *sent, *read, "fault", "storage_away", "storage_busy", "storage_failed")


def _refused() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "", "content": {"application/problem+json": {"schema": schema}}}


def _parameter(name: str, place: str, meaning: str, required: bool, kind: str = "string") -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "description": meaning,
        "required": required,
        "schema": {"type": kind},
    }


def _content(model: type[BaseModel] | None, schemas: dict[str, Any]) -> dict[str, Any]:
    if model is None:
        return {"content": {"application/json": {}}}
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}
