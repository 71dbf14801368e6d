import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.money import format_fen, parse_fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("35", 3500),
        ("35.00", 3500),
        ("35.5", 3550),
        ("¥1,280.50", 128050),
        ("￥12", 1200),
        ("35元", 3500),
        ("８．５", 850),
    ],
)
def test_an_amount_is_read_in_fen(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize("text", ["", " ", "/", "-", "—", "无", "0"])
def test_blank_means_nothing_to_pay(text: str) -> None:
    assert parse_fen(text) == 0


@pytest.mark.parametrize("text", ["见面单", "1,28", "-5", "12.345", "35.5.0", "35/40", "1e3", "9" * 30])
def test_an_unreadable_amount_is_never_nothing(text: str) -> None:
    assert parse_fen(text) is None


@given(st.integers(min_value=0, max_value=10**10))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    parse_fen(text)


def test_a_refund_keeps_its_sign() -> None:
    assert format_fen(-1205) == "-12.05"
