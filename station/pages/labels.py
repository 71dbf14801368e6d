"""Paper for the label printer: slot labels and parcel stickers, 60 × 40 mm each. The browser prints them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from station import carriers, labels, parcels, racks, shelves
from station.access import STAFF
from station.errors import Refusal
from station.web import actor, page, render, whole

# A peak day's parcels fit on one roll; more in one document only makes the browser slow.
MOST = 600


async def show_labels(request: Request) -> Response:
    """What there is to print."""
    standing = [rack for rack in await racks.of_station(actor(request).station_id) if rack["number"]]
    return await render(request, "labels/choose.html", racks=standing)


async def show_slot_labels(request: Request) -> Response:
    """`?shelf=3`: all slots of shelf 3; `?slot=3-2-5`: this one, as often as it is named."""
    station_id = actor(request).station_id
    if number := request.query_params.get("shelf"):
        slots = await shelves.of_shelf(station_id, _named(number, "no_shelf"))
    else:
        wanted = request.query_params.getlist("slot")[:MOST]
        slots = [await shelves.by_label(station_id, label) for label in wanted]
    sheets = [{**slot, **_bars(_slot_code(slot))} for slot in slots]
    back = f"/shelves/slots/{slots[0]['label']}" if len(slots) == 1 else "/shelves"
    return await render(request, "labels/slots.html", sheets=sheets, back=back)


async def show_stickers(request: Request) -> Response:
    """`?parcel=5&parcel=6`: a sticker for each of these waiting parcels."""
    wanted = [_named(text, "no_parcel") for text in request.query_params.getlist("parcel")[:MOST]]
    marks = ", ".join("?" * len(wanted)) or "NULL"
    waiting = await parcels.seen_many(
        actor(request).station_id, f"p.state = 'waiting' AND p.id IN ({marks})", *wanted
    )
    if not waiting:
        raise Refusal("no_parcel")
    known = {parcel["id"]: parcel for parcel in waiting}
    sheets = [_sticker(known[number]) for number in wanted if number in known]
    back = f"/parcels/{sheets[0]['id']}" if len(sheets) == 1 else "/parcels"
    return await render(request, "labels/stickers.html", sheets=sheets, back=back)


def _sticker(parcel: dict[str, Any]) -> dict[str, Any]:
    freight, cash = parcel["collect_fen"], parcel["cod_fen"]
    return {
        **parcel,
        **_bars(labels.sticker_code(parcel["id"])),
        "carrier": carriers.short(parcel["carrier"]),
        # None: the amount could not be read, so nobody may think that there is nothing to pay.
        "due": None if freight is None or cash is None else freight + cash,
        "flags": [flag for flag in parcel["flags"].split(",") if flag],
    }


def _slot_code(slot: dict[str, Any]) -> str:
    return labels.slot_code(slot["shelf_number"], slot["layer"], slot["bay"])


def _bars(code: str) -> dict[str, Any]:
    return {"number": code, "bars": labels.bars(code)}


def _named(text: str, refusal: str) -> int:
    number = whole(text, None)
    if number is None:
        raise Refusal(refusal)
    return number


ROUTES = [
    page("/labels", show_labels, who=STAFF),
    page("/labels/slots", show_slot_labels, who=STAFF),
    page("/labels/stickers", show_stickers, who=STAFF),
]
