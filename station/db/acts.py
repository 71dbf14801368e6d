"""Acts: ordinary `async def` functions that change the database, all or nothing, and durable before they answer.

An act that awaits anything but the database is refused with its name: nothing slow can hide in a transaction.
An act called by an act joins it. A caller who goes away does not tear one.
"""

import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast

from station.db import engine

P = ParamSpec("P")
T = TypeVar("T")


def act(fn: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make `fn` an act. On PostgreSQL it may run again after a conflict: it changes nothing but the database."""
    name = f"{fn.__module__}.{fn.__qualname__}"

    @functools.wraps(fn)
    async def acted(*args: P.args, **kwargs: P.kwargs) -> T:
        if engine.turn() is not None:
            return await fn(*args, **kwargs)
        return cast(T, await engine.opened().do(name, functools.partial(fn, *args, **kwargs)))

    return acted
