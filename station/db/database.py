"""The database that is open in this process."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tortoise.context import TortoiseContext

from station.db import engine, postgres, sqlite

# An area's name → the modules that hold its models. Its migrations are the package `<name>.migrations`.
Apps = Mapping[str, list[str]]

# The models that Tortoise has prepared in this process → for which kind of database.
_prepared: dict[frozenset[str], str] = {}


def sqlite_path(url: str) -> str | None:
    """The file of `sqlite:///abs/path/station.db`, None for a PostgreSQL URL; ValueError for anything else."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        # Whatever the number of slashes: `//folder` would be a machine's name where SQLite is given a URI.
        return "/" + rest.lstrip("/")
    if scheme in ("postgres", "postgresql") and urlsplit(url).path.strip("/"):
        return None
    raise ValueError(
        "a database URL is sqlite:///absolute/path.db or postgres://user:password@host:port/name"
    )


class Database:
    """Opens what acts, `sql` and Tortoise's models use until it is closed."""

    def __init__(self, url: str, apps: Apps) -> None:
        self.url = url
        self.path = sqlite_path(url)
        self.apps = apps
        self._models = frozenset(module for modules in apps.values() for module in modules)
        self._kind = sqlite.CONNECTION if self.path else postgres.CONNECTION

    async def open(self) -> None:
        if engine.is_open():
            raise RuntimeError("a database is already open in this process")
        context = TortoiseContext()
        with context:  # while models are prepared; afterwards every task finds it as the global fallback
            await context.init(
                config=self._config(),
                use_tz=True,
                timezone="UTC",
                # Every filter of every model is worked out then: once a process is enough, connections come when asked for.
                init_connections=_prepared.get(self._models) != self._kind,
                _enable_global_fallback=True,
            )
            _prepared[self._models] = self._kind
        self._context = context
        try:
            self._engine = (
                postgres.PostgresEngine(self.url, context)
                if self.path is None
                else sqlite.SqliteEngine(self.path, context)
            )
            await self._engine.open()
            engine.set_open(self._engine)
        except BaseException:
            await context.close_connections()
            raise

    async def close(self) -> None:
        """Refuse new acts, finish those that were accepted, close the connections."""
        engine.set_open(None)
        await self._engine.close()
        await self._context.close_connections()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _config(self) -> dict[str, Any]:
        connection = (
            sqlite.connection_config(self.path) if self.path else postgres.connection_config(self.url)
        )
        apps = {
            area: {"models": modules, "default_connection": self._kind} for area, modules in self.apps.items()
        }
        return {"connections": {self._kind: connection}, "apps": apps}
