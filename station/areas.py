"""What an area of the house offers, and the only place that loads areas by name."""

import importlib
from argparse import _SubParsersAction
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.routing import BaseRoute

from station.actor import Role
from station.settings import Settings

AREAS = ("station", "pickup", "couriers")


@dataclass(frozen=True, slots=True)
class Job:
    """Work of the worker: `run` is called every `every` seconds, by one process of all at a time.

    With `due` (which only reads) it runs just when there is something to do, so that an idle laptop's disk can rest.
    """

    name: str
    every: float
    run: Callable[[Settings], Awaitable[object]]
    due: Callable[[], Awaitable[bool]] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the signboard: its F-key, the English label (a msgid), and who sees it."""

    key: str
    href: str
    label: str
    who: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the Today page: so many things wait for somebody. `sentence` and `action` are msgids."""

    number: int
    sentence: str
    detail: str
    href: str
    action: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of Today's list of couriers: `announced` pieces, how many of them were `scanned` (None: a van that takes
    them along later)."""

    at: datetime
    who: str
    announced: int
    scanned: int | None
    href: str


# A sentence with `{}` for what is wrong, and the query that lists such rows of a station as `what`; none when all is well.
Book = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Area:
    """One package's share of the program. `figures`, `visits` and `demo` take a station's id.

    `also_about` names further subjects, such as messages, whose audit lines belong to the story of a parcel (its
    station's id, its own). `leave` ends what goes on behind the pages, before the database is closed.
    """

    name: str
    routes: Sequence[BaseRoute]
    jobs: Sequence[Job] = ()
    nav: Sequence[Place] = ()
    more: Sequence[Place] = ()
    figures: Callable[[int], Awaitable[list[Figure]]] | None = None
    visits: Callable[[int], Awaitable[list[Visit]]] | None = None
    demo: Callable[[int], Awaitable[None]] | None = None
    books: Sequence[Book] = ()
    also_about: Callable[[int, int], Awaitable[list[tuple[str, int]]]] | None = None
    commands: Callable[["_SubParsersAction[Any]"], None] | None = None
    leave: Callable[[], Awaitable[None]] | None = None


def load() -> list[Area]:
    """The areas in the order of AREAS, from each package's `area` module."""
    return [importlib.import_module(f"{name}.area").AREA for name in AREAS]


def apps() -> dict[str, list[str]]:
    """The Tortoise apps: one for each area, so that each has migrations of its own."""
    return {name: [f"{name}.models"] for name in AREAS}
