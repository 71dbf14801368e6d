"""The receiver's text as it was pasted: taken apart into the fields of the desk, and what of it somebody must look at."""

import asyncio
import re
from dataclasses import dataclass

from couriers.pages.send_form import PLACES, Sending
from station.addresses import DOUBTS, Address, parse
from station.errors import N_, tell
from station.i18n import gettext

tell(
    {
        "paste_unread": (
            422,
            N_("The pasted text is not in the fields below yet. Press “Fill in”, or delete it from the box."),
        ),
    }
)
_REGION = ("county", "city", "province")
# The fields that a doubt (`station.addresses.DOUBTS`) may be about. It is shown at the first of them that something stands
# in, and settled when one of them is corrected, or all of them are said to be right.
ABOUT = {
    **dict.fromkeys(("no_phone", "phone_incomplete", "several_phones"), ("phone",)),
    **dict.fromkeys(("no_name", "name_unsure"), ("name",)),
    **dict.fromkeys(("county_unclear", "conflict", "inferred"), _REGION),
    **dict.fromkeys(("no_town", "unknown_town", "town_unsure"), ("town",)),
    "old_name": ("town", *_REGION),
    **dict.fromkeys(("no_address", "too_long"), ("detail",)),
}
# Something is not there: a blank field settles it as soon as it is filled.
_BLANK = frozenset({"no_phone", "no_name", "no_town", "no_address", "county_unclear"})
# Nothing can be sent with these: saying that they are right is not enough.
_LACKING = frozenset({"no_phone", "phone_incomplete", "no_name", "no_address"})
# A further phone among the rest: it stays in the box, and is not printed as part of the address.
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_MOST = {"detail": 300, "name": 60}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not sure about a `field` of a pasted address, in words. `lacking`: it can only be corrected, not ticked."""

    code: str
    field: str
    words: str
    lacking: bool
    sure: bool


async def filled(sent: Sending) -> tuple[Sending, set[str]]:
    """The pasted text in the receiver's fields, nothing ticked yet; and which of the fields came of it."""
    read = _fields(await asyncio.to_thread(parse, sent.paste))
    return sent.model_copy(update={**read, "read": sent.paste, "sure": []}), {
        name for name, text in read.items() if text
    }


def unread(sent: Sending) -> bool:
    """Whether a text stands in the box that is not the one in the fields."""
    return bool(sent.paste.strip()) and sent.paste.split() != sent.read.split()


async def doubts(sent: Sending) -> list[Doubt]:
    """What is not sure about the pasted text, without that which was corrected since."""
    if not sent.read.strip():
        return []
    found = await asyncio.to_thread(parse, sent.read)
    read = _fields(found)
    corrected = {
        name for name, text in read.items() if _words(name, text) != _words(name, getattr(sent, name))
    }
    known = []
    for code in found.doubts:
        fields = [name for name in ABOUT[code] if read[name] or code in _BLANK]
        if corrected.isdisjoint(fields):
            shown = (fields or ABOUT[code])[0]
            known.append(Doubt(code, shown, gettext(DOUBTS[code]), code in _LACKING, code in sent.sure))
    return known


def unsettled(known: list[Doubt]) -> tuple[str, ...]:
    return tuple(doubt.code for doubt in known if doubt.lacking or not doubt.sure)


def _words(name: str, text: str) -> list[str]:
    """What two texts of a field are compared by. Spaces within a phone are no correction."""
    return text.split() if name != "phone" else ["".join(text.split())]


def _fields(found: Address) -> dict[str, str]:
    read = {place: getattr(found, place) or "" for place in PLACES}
    read |= {
        "name": found.name or "",
        "phone": "-".join(filter(None, (found.phone, found.ext))),
        "detail": " ".join(_PHONE.sub(" ", found.rest).split()),
    }
    return {name: text[: _MOST.get(name, 40)].strip() for name, text in read.items()}
