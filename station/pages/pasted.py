"""A receiver typed or pasted as one line, in two steps: what is doubtful comes back in fields, to be looked at.

Used by the buyer's own order form and by the volunteer's.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, Field

from station.addresses import DOUBTS, parse
from station.errors import N_
from station.i18n import gettext
from station.phones import Kind, classify
from station.receivers import Receiver

# Numbers by which somebody can be called.
_CALLABLE = frozenset({Kind.MOBILE, Kind.VIRTUAL_EXT, Kind.LANDLINE, Kind.SERVICE})
PLACES = ("province", "city", "county", "town", "village")
_FIELDS = ("name", "phone", *PLACES, "detail")

_NO_NAME = N_("Who receives it?")
_NO_PHONE = N_("Please write a number at which this person can be called.")
_NO_PROVINCE = N_("Which province or city?")
_NO_DETAIL = N_("Street and house number, or group and house.")


class Pasted(BaseModel):
    """`to` is the line as pasted. `checked`: the fields below it were shown and are what counts."""

    to: str = Field("", max_length=500)
    checked: bool = False
    name: str = Field("", max_length=60)
    phone: str = Field("", max_length=40)
    province: str = Field("", max_length=40)
    city: str = Field("", max_length=40)
    county: str = Field("", max_length=40)
    town: str = Field("", max_length=40)
    village: str = Field("", max_length=40)
    detail: str = Field("", max_length=300)


@dataclass(frozen=True, slots=True)
class Read:
    """`receiver` is None as long as somebody has to look; `fields` are then shown, with `doubts` and `errors` in words."""

    receiver: Receiver | None
    fields: dict[str, str]
    doubts: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


async def read(sent: Pasted) -> Read:
    """Take the pasted line apart (in a thread: the first one reads the table of places), or believe the checked fields."""
    if sent.checked:
        fields = {name: getattr(sent, name).strip() for name in _FIELDS}
        errors = _missing(fields)
        return Read(None if errors else _receiver(fields), fields, errors=errors)
    found = await asyncio.to_thread(parse, sent.to)
    fields = {place: getattr(found, place) or "" for place in PLACES}
    phone = "-".join(filter(None, (found.phone, found.ext)))
    fields = {"name": found.name or "", "phone": phone, **fields, "detail": found.rest}
    doubts = [gettext(DOUBTS[code]) for code in found.doubts]
    sure = not doubts and not _missing(fields)
    return Read(_receiver(fields) if sure else None, fields, doubts, {} if sure else _missing(fields))


def once(sender: str, sent: BaseModel, about: object) -> str:
    """The scan id of a form: sent twice it is the same, gone back to and sent with other words it is another."""
    digest = sha256(f"{about} {sent.model_dump_json()}".encode()).hexdigest()
    return f"{sender}-{digest[:32]}"


def again(typed: Mapping[str, str]) -> Read:
    """The fields as they were typed, for a form that was refused for another reason."""
    return Read(None, {name: typed.get(name, "") for name in _FIELDS})


def _missing(fields: dict[str, str]) -> dict[str, str]:
    faults = {
        "name": "" if fields["name"] else _NO_NAME,
        "phone": "" if classify(fields["phone"]).kind in _CALLABLE else _NO_PHONE,
        "province": "" if fields["province"] else _NO_PROVINCE,
        "detail": "" if fields["detail"] or fields["village"] else _NO_DETAIL,
    }
    return {name: gettext(fault) for name, fault in faults.items() if fault}


def _receiver(fields: dict[str, Any]) -> Receiver:
    return Receiver(**{**fields, "phone": classify(fields["phone"])})
