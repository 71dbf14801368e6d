"""/healthz: the process lives. /readyz: its database and worker answer. /metrics: for Prometheus."""

from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from station import clock
from station.access import ANYONE
from station.db import sql
from station.web import page

# The outbox is looked after every few seconds; a worker silent for so long has died.
SILENT = timedelta(minutes=3)


async def alive(request: Request) -> Response:
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """503 with the part that does not answer; load balancers and systemd ask."""
    try:
        row = await sql.one("SELECT max(ran_at) AS ran_at FROM job_run")
    except Exception as error:
        return JSONResponse({"database": type(error).__name__}, 503)
    last = row["ran_at"] if row else None
    working = last is not None and abs(clock.now() - sql.moment(last)) < SILENT
    return JSONResponse({"database": "ok", "worker": "ok" if working else "silent"}, 200 if working else 503)


async def metrics(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


ROUTES = [
    page("/healthz", alive, who=ANYONE),
    page("/readyz", ready, who=ANYONE),
    page("/metrics", metrics, who=ANYONE),
]
