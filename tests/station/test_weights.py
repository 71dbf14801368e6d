import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.weights import parse_grams


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("1.5", 1500),
        ("1.5kg", 1500),
        ("2KG", 2000),
        ("3斤", 1500),
        ("800g", 800),
        ("800 克", 800),
        ("2公斤", 2000),
        ("0.35", 350),
    ],
)
def test_a_weight_is_read_in_grams(text: str, grams: int) -> None:
    assert parse_grams(text) == grams


def test_a_bare_number_is_in_the_unit_of_its_column() -> None:
    assert parse_grams("500", "g") == 500
    assert parse_grams("2斤", "g") == 1000


@pytest.mark.parametrize("text", ["", "轻", "-1", "1.5.2", "1 2"])
def test_what_is_no_weight_stays_unknown(text: str) -> None:
    assert parse_grams(text) is None


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    parse_grams(text)
