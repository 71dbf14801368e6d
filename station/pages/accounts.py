"""Accounts: the keeper makes them, closes them, and gives new passwords and PINs. Everyone changes their own."""

from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from station import accounts, carriers, guard
from station.access import KEEPER, SIGNED_IN
from station.actor import Role
from station.errors import Refusal
from station.i18n import gettext
from station.problems import sentence
from station.web import Invalid, actor, form, page, render, see


class NewAccount(BaseModel):
    login: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")
    name: str = Field(min_length=1, max_length=40)
    role: Literal[Role.VOLUNTEER, Role.KEEPER, Role.COURIER, Role.COUNTY]
    carrier: str = Field("", max_length=10)
    password: str = Field(min_length=1, max_length=200)
    pin: str = Field("", max_length=6)


class Secret(BaseModel):
    password: str = Field("", max_length=200)
    pin: str = Field("", max_length=6)


class OwnSecret(Secret):
    old_password: str = Field(min_length=1, max_length=200)


async def show(request: Request) -> Response:
    return await _list(request, 200, {}, {}, "")


async def add(request: Request) -> Response:
    try:
        sent = await form(request, NewAccount)
        await accounts.add(
            sent.login,
            sent.name,
            sent.role,
            sent.password,
            carrier=sent.carrier,
            pin=sent.pin,
            by=actor(request),
        )
    except Invalid as invalid:
        return await _list(request, 422, invalid.typed, invalid.errors, "")
    except Refusal as refusal:
        typed = {name: str(value) for name, value in (await request.form()).items()}
        return await _list(request, refusal.status, typed, {}, sentence(refusal))
    return see("/accounts")


async def _list(
    request: Request, status: int, typed: dict[str, str], errors: dict[str, str], error: str
) -> Response:
    return await render(
        request,
        "station/accounts.html",
        status,
        accounts=await accounts.of_station(actor(request).station_id),
        roles=[role for role in Role if role is not Role.SYSTEM],
        carriers=carriers.CARRIERS,
        typed={name: text for name, text in typed.items() if name not in ("password", "pin")},
        errors=errors,
        error=error,
    )


async def give_secret(request: Request) -> Response:
    """A new password or PIN for somebody who forgot theirs."""
    sent, account_id = await form(request, Secret), request.path_params["account_id"]
    await accounts.set_secrets(account_id, password=sent.password, pin=sent.pin, by=actor(request))
    guard.forget()
    return see("/accounts")


async def close(request: Request) -> Response:
    await accounts.set_active(request.path_params["account_id"], False, by=actor(request))
    guard.forget()
    return see("/accounts")


async def reopen(request: Request) -> Response:
    await accounts.set_active(request.path_params["account_id"], True, by=actor(request))
    return see("/accounts")


async def show_mine(request: Request) -> Response:
    return await render(request, "station/my_account.html", error="", saved="saved" in request.query_params)


async def change_mine(request: Request) -> Response:
    """Whoever sits here must know the old password: a laptop left open is not an invitation."""
    sent, me = await form(request, OwnSecret), actor(request)
    assert me.account_id is not None
    try:
        await accounts.prove(me.account_id, sent.old_password)
        await accounts.set_secrets(me.account_id, password=sent.password, pin=sent.pin, by=me)
    except Refusal as refusal:
        error = sentence(refusal)
        if refusal.code == "wrong_password":  # no name was asked for here
            error = gettext("The password until now is not right. Nothing was changed: type it once more.")
        return await render(request, "station/my_account.html", refusal.status, error=error, saved=False)
    guard.forget()
    return see("/account?saved")


ROUTES = [
    page("/accounts", show, who=KEEPER),
    page("/accounts", add, who=KEEPER, methods=["POST"]),
    page("/accounts/{account_id:int}/secrets", give_secret, who=KEEPER, methods=["POST"]),
    page("/accounts/{account_id:int}/closings", close, who=KEEPER, methods=["POST"]),
    page("/accounts/{account_id:int}/reopenings", reopen, who=KEEPER, methods=["POST"]),
    page("/account", show_mine, who=SIGNED_IN, name="my_account"),
    page("/account", change_mine, who=SIGNED_IN, methods=["POST"], name="change_my_account"),
]
