"""Pauses between tries, and the hours in which the village sleeps."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.patience import PAUSES, after_quiet, pause_after

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (local(22, 12), local(22, 12)),
        (local(22, 20, 59), local(22, 20, 59)),
        (local(22, 21), local(23, 7, 30)),
        (local(22, 22), local(23, 7, 30)),
        (local(23, 0, 5), local(23, 7, 30)),
        (local(23, 7, 29), local(23, 7, 30)),
        (local(23, 7, 30), local(23, 7, 30)),
    ],
)
def test_what_falls_due_at_night_leaves_in_the_morning(moment: datetime, leaves: datetime) -> None:
    assert after_quiet(moment, "Asia/Shanghai", "21:00", "07:30") == leaves


def test_quiet_hours_may_lie_within_one_day() -> None:
    assert after_quiet(local(22, 13), "Asia/Shanghai", "12:00", "14:30") == local(22, 14, 30)
    assert after_quiet(local(22, 15), "Asia/Shanghai", "12:00", "14:30") == local(22, 15)


def test_a_station_whose_hours_are_equal_has_no_quiet_hours() -> None:
    assert after_quiet(local(22, 23), "Asia/Shanghai", "21:00", "21:00") == local(22, 23)


@given(minutes=st.integers(0, 20 * 365 * 24 * 60))
def test_nothing_leaves_early_late_or_in_the_quiet_hours(minutes: int) -> None:
    moment = local(1, 0) + timedelta(minutes=minutes)
    leaves = after_quiet(moment, "Asia/Shanghai", "21:00", "07:30")
    assert moment <= leaves <= moment + timedelta(hours=10, minutes=30)
    assert after_quiet(leaves, "Asia/Shanghai", "21:00", "07:30") == leaves


def test_every_pause_is_longer_than_the_one_before_and_then_a_person_is_asked() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, len(PAUSES) + 2)]
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[:-1] == sorted(PAUSES)
    assert pauses[-1] is None
