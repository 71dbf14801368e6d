"""The one place that asks what time it is, so that a test can stand at any moment of a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day at the station, which is what "today" means to its people."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_start(zone: str, day: date) -> datetime:
    """The first moment of a station's calendar day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def overdue_before(zone: str, days: int) -> datetime:
    """What arrived before this moment has waited `days` days or more, counted in days of the calendar."""
    return day_start(zone, today(zone) - timedelta(days=days - 1))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` (aware) within the block and everything it awaits."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


@contextmanager
def later(**by: float) -> Iterator[None]:
    """Stand that much later (timedelta's words) than now."""
    with at(now() + timedelta(**by)):
        yield
