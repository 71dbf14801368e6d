"""Manifests on screen: hand one in, see what became of it, download what was not taken."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from couriers import manifest_results as results
from couriers import manifest_words, manifests
from station import carriers
from station.access import COURIERS, READERS
from station.actor import Actor, Role
from station.areas import Job, Place
from station.db import sql
from station.errors import N_, Refusal, tell
from station.i18n import gettext as _
from station.problems import sentence
from station.settings import Settings
from station.texts import harmless
from station.web import actor, page, page_number, render, see

SEERS = COURIERS | READERS
# A small file's result is there at once; a long one shows its progress.
PATIENCE = 2.0

tell(
    {
        "no_file": (422, N_("Choose the file first, then send it.")),
        "too_large_file": (
            413,
            N_("{file} is too large: at most 20 MB can be taken. Split it and send it in parts."),
        ),
    }
)


async def taken(request: Request) -> tuple[bytes, str, str | None]:
    """The uploaded file, its name and its carrier: a courier's own, else what the form says."""
    me = actor(request)
    async with request.form(max_files=1, max_fields=20) as sent:
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refusal("no_file")
        if (file.size or 0) > request.app.state.settings.upload_limit:
            raise Refusal("too_large_file", file=file.filename)
        named = sent.get("carrier")
        return await file.read(), file.filename, carrier_of(me, named if isinstance(named, str) else None)


def carrier_of(me: Actor, named: str | None) -> str | None:
    """The carrier that a manifest is for. Raises Refusal `no_carrier` for a name nobody knows."""
    if me.role is Role.COURIER:
        return me.carrier
    if not named:
        return None
    code = carriers.by_alias(named)
    if code is None:
        raise Refusal("no_carrier", carrier=named)
    return code


async def show_all(request: Request) -> Response:
    return await _all(request, 200, "")


async def send(request: Request) -> Response:
    try:
        data, filename, carrier = await taken(request)
    except Refusal as refusal:
        return await _all(request, refusal.status, sentence(refusal))
    folder = uploads_folder(request.app.state.settings)
    receipt = await manifests.receive(
        data, filename, carrier, by=actor(request), folder=folder, wait=PATIENCE
    )
    return see(f"/manifests/{receipt.id}" if receipt.new else f"/manifests/{receipt.id}?again")


def uploads_folder(settings: Settings) -> Path:
    return settings.data_dir / "uploads"


async def _all(request: Request, status: int, error: str) -> Response:
    return await render(
        request,
        "couriers/manifests.html",
        status,
        manifests=await results.recent(by=actor(request)),
        carriers=carriers,
        error=error,
    )


async def show(request: Request) -> Response:
    """One manifest. `?rows=` rejected, warned, missing or all."""
    me = actor(request)
    manifest = await results.seen(request.path_params["manifest_id"], by=me)
    which = request.query_params.get("rows", "")
    which = which if which in ("rejected", "warned", "missing", "all") else ""
    number = page_number(request)
    found = await results.rows(manifest, which, number) if which else []
    return await render(
        request,
        "couriers/manifest.html",
        manifest=manifest,
        error=_file_error(manifest),
        again="again" in request.query_params,
        which=which,
        page_number=number,
        has_more=len(found) > results.PAGE,
        rows=found[: results.PAGE],
        rejected=await results.rows(manifest, "rejected", 1),
        warned=await results.rows(manifest, "warned", 1),
        warned_count=await results.counts_of_warned(manifest),
        over=await results.over(manifest),
        on_shelf=await results.on_shelf(manifest),
        words=manifest_words,
        carriers=carriers,
    )


def _file_error(manifest: dict[str, Any]) -> str:
    try:
        manifests.check(manifest)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


async def progress(request: Request) -> Response:
    """How far the import is; the page asks every second while it runs."""
    manifest = await results.seen(request.path_params["manifest_id"], by=actor(request))
    answer = await render(request, "couriers/_manifest_progress.html", manifest=manifest)
    if manifest["state"] != "importing":
        answer.headers["HX-Refresh"] = "true"
    return answer


async def download_rejected(request: Request) -> Response:
    """Only the rows that were not taken, as a file a spreadsheet opens rightly."""
    manifest = await results.seen(request.path_params["manifest_id"], by=actor(request))
    rows = await sql.rows(
        "SELECT row, reason, fields_json FROM manifest_line WHERE station_id = ? AND manifest_id = ?"
        " AND kind = 'rejected' ORDER BY row",
        manifest["station_id"],
        manifest["id"],
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("row"), _("waybill number"), _("why it was not taken")])
    for row in rows:
        fields = json.loads(row["fields_json"])
        raw = fields.get("raw") or fields.get("waybill") or ""
        writer.writerow([row["row"], harmless(raw), _(manifest_words.REASONS[row["reason"]])])
    name = f"manifest-{manifest['id']}-rejected.csv"
    # The mark in front tells spreadsheets that this is UTF-8.
    return Response(
        "\ufeff" + text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _resume(settings: Settings) -> None:
    await manifests.resume(uploads_folder(settings))


ROUTES = [
    page("/manifests", show_all, who=SEERS, name="manifests"),
    page("/manifests", send, who=COURIERS, methods=["POST"], name="send_manifest"),
    page("/manifests/{manifest_id:int}", show, who=SEERS, name="manifest"),
    page("/manifests/{manifest_id:int}/progress", progress, who=SEERS, name="manifest_progress"),
    page("/manifests/{manifest_id:int}/rejected.csv", download_rejected, who=SEERS),
]
NAV = [Place("F2", "/manifests", N_("Manifests"), frozenset({Role.COURIER}))]
MORE = [Place("", "/manifests", N_("Manifests"), READERS)]
JOBS = [Job("imports", 10.0, _resume, due=manifests.interrupted)]
