"""Middleware around every request: headers that browsers obey, a bound to what is read, the access log."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from station import metrics

log = logging.getLogger("station.access")
# Seconds after which a person at the desk notices.
SLOW = 0.5

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    # The document camera of the counter is ours; nothing else is.
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}


_RAW = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


def harden(headers: MutableHeaders) -> None:
    """Add what every answer carries, once."""
    headers.raw.extend(_RAW)
    headers.setdefault("cache-control", "no-store")


class Shield:
    """Pure ASGI: layers of Starlette's BaseHTTPMiddleware cost an order of magnitude of throughput."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self.app = app
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_shielded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                harden(MutableHeaders(scope=message))
            await send(message)

        try:
            await self.app(scope, self._bounded(scope, receive), send_shielded)
        finally:
            self._record(scope, status, time.perf_counter() - began)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Reading a body that is too large raises 413 where it is read. Starlette's own limit would answer outside of
        our error pages, with words that tell a courier nothing."""
        declared = Headers(scope=scope).get("content-length", "")
        left = -1 if declared.isdecimal() and int(declared) > self.max_body else self.max_body

        async def bounded() -> Message:
            nonlocal left
            if left >= 0:
                message = await receive()
                left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        return bounded

    @staticmethod
    def _record(scope: Scope, status: int, seconds: float) -> None:
        """The route's pattern, never its path or query: those hold codes, phones and names."""
        route = getattr(scope.get("route"), "path", "-")
        metrics.REQUESTS.labels(scope["method"], route, str(status)).observe(seconds)
        # Every request is counted; only what went wrong or was slow is worth a line on a laptop's disk.
        level = logging.INFO if status >= 400 or seconds > SLOW else logging.DEBUG
        if log.isEnabledFor(level):
            facts = {
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            log.log(level, "request", extra=facts)
