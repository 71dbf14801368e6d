"""Manifests for couriers' own systems."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from couriers import manifest_results as results
from couriers import manifests
from couriers.pages.manifests import SEERS, carrier_of, taken, uploads_folder
from station.access import COURIERS
from station.actor import Role
from station.openapi import api
from station.web import actor, body


class RowsBody(BaseModel):
    rows: list[dict[str, Any]] = Field(max_length=100_000)
    carrier: str | None = Field(None, max_length=40)
    filename: str = Field("rows.json", max_length=120)


class Counts(BaseModel):
    rows: int
    accepted: int
    rejected: int
    skipped: int


class ManifestOut(BaseModel):
    """`accepted`, `rejected` and `skipped` rows carry their 1-based row number in the file."""

    id: int
    file: str
    carrier: str | None
    state: str
    format: str | None
    encoding: str | None
    file_error: str | None
    header_row: int | None
    columns: dict[str, str]
    counts: Counts
    accepted: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    skipped: list[dict[str, Any]]


async def create(request: Request) -> Response:
    """A file as multipart, or rows as JSON. 200 instead of 201 when the same came before."""
    me = actor(request)
    folder = uploads_folder(request.app.state.settings)
    if request.headers.get("content-type", "").startswith("application/json"):
        sent = await body(request, RowsBody)
        carrier = carrier_of(me, sent.carrier)
        receipt = await manifests.receive_rows(sent.rows, sent.filename, carrier, by=me, folder=folder)
    else:
        data, filename, carrier = await taken(request)
        receipt = await manifests.receive(data, filename, carrier, by=me, folder=folder)
    manifest = await results.seen(receipt.id, by=me)
    manifests.check(manifest)
    return JSONResponse(await results.result(manifest, mask=False), 201 if receipt.new else 200)


async def show(request: Request) -> Response:
    me = actor(request)
    manifest = await results.seen(request.path_params["manifest_id"], by=me)
    # The sender gets back what was sent; everybody else sees masked phones.
    own = me.role is Role.COURIER or manifest["by_id"] == me.account_id
    return JSONResponse(await results.result(manifest, mask=not own))


REFUSALS = (
    "no_file",
    "too_large_file",
    "empty_file",
    "no_waybill_column",
    "unreadable_file",
    "no_carrier",
    "invalid",
)

ROUTES = [
    api(
        "/manifests",
        create,
        methods=["POST"],
        who=COURIERS,
        summary="Hand in a manifest: a file (multipart) or rows (JSON); the same one again gets the same id",
        body=RowsBody,
        form={
            "file": {"type": "string", "format": "binary"},
            "carrier": {
                "type": "string",
                "description": "code or name; a courier's own is taken without asking",
            },
        },
        answer=ManifestOut,
        status=201,
        again=True,
        refusals=REFUSALS,
    ),
    api(
        "/manifests/{manifest_id:int}",
        show,
        who=SEERS,
        summary="A manifest and what became of its rows",
        answer=ManifestOut,
        refusals=("no_manifest",),
    ),
]
