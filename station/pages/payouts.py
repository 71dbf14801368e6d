"""What platforms paid out: their lists handed in, and what differs from the agreed fee."""

from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from station import payout_book, payouts
from station.access import KEEPER
from station.errors import N_, Refusal, tell
from station.problems import sentence
from station.web import actor, page, render, see

tell(
    {
        "no_payout_file": (422, N_("Choose the platform's file first, then send it.")),
        "payout_too_large": (
            413,
            N_("This file is too large: at most 20 MB can be taken. Send a shorter period."),
        ),
    }
)


async def show_payouts(request: Request) -> Response:
    return await _payouts(request)


async def _payouts(request: Request, status: int = 200, **shown: Any) -> Response:
    station_id = actor(request).station_id
    known = {
        "files": await payout_book.recent(station_id),
        "differences": await payout_book.differences(station_id),
        "file": None,
        "again": "again" in request.query_params,
        "refused": "",
    }
    return await render(request, "station/payouts.html", status, **{**known, **shown})


async def show_payout(request: Request) -> Response:
    file = await payout_book.one(actor(request).station_id, request.path_params["id"])
    return await _payouts(request, file=file)


async def hand_in(request: Request) -> Response:
    try:
        data, filename = await _taken(request)
        file_id, new = await payouts.take_in(data, filename, by=actor(request))
    except Refusal as refusal:
        return await _payouts(request, refusal.status, refused=sentence(refusal))
    return see(f"/payouts/{file_id}" if new else f"/payouts/{file_id}?again")


async def _taken(request: Request) -> tuple[bytes, str]:
    async with request.form(max_files=1, max_fields=5) as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refusal("no_payout_file")
        if (file.size or 0) > request.app.state.settings.upload_limit:
            raise Refusal("payout_too_large")
        return await file.read(), file.filename


async def accept(request: Request) -> Response:
    """The platform's fee is taken as it is."""
    try:
        await payouts.accept(request.path_params["id"], by=actor(request))
    except Refusal as refusal:
        return await _payouts(request, refusal.status, refused=sentence(refusal))
    return see("/payouts")


ROUTES: list[BaseRoute] = [
    page("/payouts", show_payouts, who=KEEPER, name="payouts"),
    page("/payouts", hand_in, who=KEEPER, methods=["POST"], name="hand_in_payout"),
    page("/payouts/{id:int}", show_payout, who=KEEPER, name="payout"),
    page("/ledger/orders/{id:int}/fee-differences", accept, who=KEEPER, methods=["POST"], name="accept_fee"),
]
