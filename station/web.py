"""Pages: a guarded route, a rendered template, a checked form."""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from station import i18n
from station.actor import Actor, Role
from station.errors import N_, Refusal
from station.guard import admit

Handler = Callable[[Request], Awaitable[Response]]
Form = TypeVar("Form", bound=BaseModel)
Otherwise = TypeVar("Otherwise", int, int | None)

# PostgreSQL's integer.
LARGEST_ID = 2**31 - 1
_LARGEST_PAGE = 9999
# Half of an emoji, left where a program has cut a name: neither database, nor UTF-8, can hold it.
_HALF = re.compile("[\ud800-\udfff]")


def page(
    path: str,
    handler: Handler,
    *,
    who: frozenset[Role] | None,
    methods: Sequence[str] = ("GET",),
    name: str | None = None,
) -> Route:
    """A route that only the roles in `who` reach (None: anyone). The walk test reads `who` off the endpoint."""

    async def endpoint(request: Request) -> Response:
        await admit(request, who)
        if any(map(_names_nothing, request.path_params.values())):
            raise Refusal("not_found")
        return await handler(request)

    endpoint.who = who  # type: ignore[attr-defined]
    return Route(path, endpoint, methods=list(methods), name=name or handler.__name__)


def _names_nothing(value: object) -> bool:
    """What PostgreSQL refuses even to look for: an id beyond its integers, a text with NUL."""
    return value > LARGEST_ID if isinstance(value, int) else "\x00" in str(value)


def actor(request: Request) -> Actor:
    """Who is signed in; only for routes that anyone may not reach."""
    found: Actor | None = request.state.actor
    assert found is not None
    return found


async def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """The page `template` in the reader's language, with everything base.html needs."""
    response: Response = await request.app.state.pages.respond(request, template, status, context)
    return response


def see(href: str, request: Request | None = None) -> Response:
    """Go there next: 303 after a POST, or htmx's own word for it."""
    if request is not None and wants_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": href})
    return RedirectResponse(href, status_code=303)


def wants_fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


class Invalid(Exception):
    """A form or body that does not fit: a sentence for each field, in the reader's language, and what was typed."""

    def __init__(self, errors: dict[str, str], typed: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors
        self.typed = typed


async def form(request: Request, model: type[Form]) -> Form:
    """The posted form as `model`; raises Invalid with all its faults at once. Fields sent twice become lists."""
    data = await request.form()
    typed: dict[str, Any] = {}
    for field in data:
        # No keyboard types a NUL, and PostgreSQL keeps none.
        values = [
            value.replace("\0", "") if isinstance(value, str) else value for value in data.getlist(field)
        ]
        known = model.model_fields.get(field)
        listed = known is not None and get_origin(known.annotation) is list
        typed[field] = values if listed else values[-1]
    return check(model, typed)


def whole(text: str | None, otherwise: Otherwise, most: int = LARGEST_ID) -> int | Otherwise:
    """The whole number from 0 to `most` that was typed in an address or field; `otherwise` where there is none."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return otherwise
    return int(text) if int(text) <= most else otherwise


def page_number(request: Request) -> int:
    """Which page of a long list is asked for with `?page=`, from 1."""
    return max(whole(request.query_params.get("page"), 1, _LARGEST_PAGE), 1)


async def body(request: Request, model: type[Form]) -> Form:
    """The JSON body as `model`; raises Invalid."""
    try:
        sent = await request.body()
        data = json.loads(sent)
        if b"\\ud" in sent.lower():
            data = json.loads(_HALF.sub("", json.dumps(data, ensure_ascii=False)))
    except (ValueError, RecursionError) as error:
        raise Invalid({"": i18n.gettext("This is not JSON.")}, {}) from error
    if b"\\u0000" in sent:  # PostgreSQL keeps no NUL
        raise Invalid({"": i18n.gettext("Please check this.")}, {})
    if not isinstance(data, dict):
        raise Invalid({"": i18n.gettext("This is not a JSON object.")}, {})
    return check(model, data)


def check(model: type[Form], data: dict[str, Any]) -> Form:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = {".".join(map(str, fault["loc"])): _sentence(fault) for fault in error.errors()}
        raise Invalid(
            errors, {key: value for key, value in data.items() if isinstance(value, str)}
        ) from error


# pydantic's error types in sentences; anything else is "please check this".
_FAULTS = {
    "missing": N_("Please fill this in."),
    "string_too_short": N_("Please fill this in."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "string_pattern_mismatch": N_("This does not look right."),
    "int_parsing": N_("This must be a whole number."),
    "int_type": N_("This must be a whole number."),
    "greater_than_equal": N_("This must be {ge} or more."),
    "less_than_equal": N_("This must be {le} or less."),
    "enum": N_("Choose one of those offered."),
    "literal_error": N_("Choose one of those offered."),
}


def _sentence(fault: Any) -> str:
    sentence = _FAULTS.get(fault["type"], N_("Please check this."))
    return i18n.gettext(sentence).format(**fault.get("ctx", {}))
