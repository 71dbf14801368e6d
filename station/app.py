"""The web application: the areas' routes behind one shield, with the worker in the lifespan."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from starlette.applications import Starlette
from starlette.middleware import Middleware

from station import areas, assets, health, openapi
from station.db import Database
from station.paths import templates_dir
from station.problems import HANDLERS
from station.screens import Screens
from station.settings import Settings
from station.shield import Shield
from station.worker import Worker


def build(settings: Settings, *, work: bool = True) -> Starlette:
    """The app for these settings. `work=False` leaves the jobs to a `station worker` beside it."""
    loaded = areas.load()
    # The last area first: its check-in is asked for most, and routes are tried one after the other.
    routes = [route for area in reversed(loaded) for route in area.routes]
    app = Starlette(
        routes=[*routes, *openapi.routes(routes), *health.ROUTES, *assets.routes()],
        # A file of the permitted size, and the rest of its form.
        middleware=[Middleware(Shield, max_body=settings.upload_limit + 64 * 1024)],
        exception_handlers=HANDLERS,
        lifespan=_lifespan(settings, loaded, Worker(settings, loaded) if work else None),
    )
    app.state.settings = settings
    app.state.areas = loaded
    app.state.pages = Screens(loaded, str(templates_dir()))
    return app


def _lifespan(
    settings: Settings, loaded: list[areas.Area], worker: Worker | None
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with Database(settings.database_url, areas.apps()):
            async with worker or nullcontext():
                yield
            for area in loaded:
                if area.leave:
                    await area.leave()

    return lifespan
