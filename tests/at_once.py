"""Acts that begin in the same moment, and whether one of them had to run again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from station.db import act
from station.errors import Refusal


async def told(*beside: Awaitable[Any]) -> list[str]:
    """Run them beside each other: for each `ok` or the code of its Refusal. Whatever else they raise is raised here."""
    found = await asyncio.gather(*beside, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, Refusal):
            raise each
    return [each.code if isinstance(each, Refusal) else "ok" for each in found]


class Runs:
    """Counts how often acts were begun: more often than called means that PostgreSQL found them waiting in a circle."""

    def __init__(self) -> None:
        self.begun = 0

    async def of(self, make: Callable[[], Awaitable[Any]]) -> Any:
        """What `make` answers, run as one act."""
        return await self._counted(make)

    @act
    async def _counted(self, make: Callable[[], Awaitable[Any]]) -> Any:
        self.begun += 1
        return await make()
