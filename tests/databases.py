"""Databases that tests make and take away."""

import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

NewDatabase = Callable[[str], Coroutine[Any, Any, str]]


@dataclass
class Databases:
    """Makes databases, on `server` or (None) as files in `folder`, and takes them away."""

    server: str | None
    folder: Path
    made: int = 0
    _beside: asyncpg.Connection | None = None

    async def close(self) -> None:
        if self._beside is not None:
            await self._beside.close()

    async def new(self, template: str) -> str:
        """One that nobody else has, as a copy of the one whose URL is given ("" for an empty one)."""
        self.made += 1
        name = f"station_{self.made}"
        if self.server is not None:
            like = template.rpartition("/")[2] or "template1"
            # Copying files is the quicker way for a server that never waits for its disk.
            await self._command(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY")
            return self.server + name
        path = self.folder / f"{name}.db"
        if template:
            shutil.copyfile(Path(template.removeprefix("sqlite://")), path)
        return f"sqlite://{path}"

    async def drop(self, url: str) -> None:
        if self.server is not None:
            name = url.rpartition("/")[2]
            await self._command(f"DROP DATABASE {name} WITH (FORCE)")
            return
        path = Path(url.removeprefix("sqlite://"))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()

    async def _command(self, statement: str) -> None:
        """On one connection for them all: a new one takes longer than the statement."""
        if self._beside is None:
            self._beside = await asyncpg.connect(f"{self.server}postgres")
        await self._beside.execute(statement)
