"""What acts and statements ask of a database, and which one is open in this process."""

from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Dialect = Literal["sqlite", "postgres"]
Row = dict[str, Any]


class Statements(Protocol):
    """Plain SQL with `?` for each argument, on one connection or pool."""

    @property
    def dialect(self) -> Dialect: ...
    async def rows(self, query: str, args: Sequence[Any]) -> list[Row]: ...
    async def one(self, query: str, args: Sequence[Any]) -> Row | None: ...
    async def execute(self, query: str, args: Sequence[Any]) -> int: ...
    async def many(self, query: str, args_list: Sequence[Sequence[Any]]) -> None: ...


class Engine(Protocol):
    """`reader` cannot write; `do` runs a whole act, makes it durable, and answers what it returned."""

    @property
    def reader(self) -> Statements: ...
    async def do(self, name: str, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any: ...


@dataclass(slots=True)
class Turn:
    """One run of one act: its name and its connection, until it ends."""

    name: str
    statements: Statements
    over: bool = False


_turn: ContextVar[Turn | None] = ContextVar("act_turn", default=None)
_open: Engine | None = None


def begin(turn: Turn) -> None:
    """From here on, in this context, everything belongs to `turn`."""
    _turn.set(turn)


def turn() -> Turn | None:
    """The act that is running here, if any."""
    running = _turn.get()
    if running is not None and running.over:
        # It would write into whatever transaction has the connection now.
        raise RuntimeError(f"the act {running.name} is over, but a task that it started uses the database")
    return running


def opened() -> Engine:
    if _open is None:
        raise RuntimeError("no database is open")
    return _open


def is_open() -> bool:
    return _open is not None


def set_open(engine: Engine | None) -> None:
    """One database is open in a process at a time: acts are plain functions and carry no handle."""
    global _open
    _open = engine
