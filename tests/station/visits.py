"""Visitors for HTTP tests that are no signed-in browser: other addresses, other sites, programs with tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import httpx2
from starlette.applications import Starlette

_addresses = count(1)


@asynccontextmanager
async def visit(web: Starlette, *, faults: bool = True, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A stranger from an address of their own, so that no test uses up the tries of another.

    `faults=False`: the server's answer to a fault of the program, instead of the fault itself.
    """
    number = next(_addresses)
    transport = httpx2.ASGITransport(
        app=web, client=(f"10.1.{number >> 8}.{number & 255}", 1), raise_app_exceptions=faults
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://station.test", headers={"accept-language": "en", **named}
    ) as client:
        yield client
