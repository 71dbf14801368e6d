"""Pickup codes: no two alike within ten thousand, none guessable from the last, no slip of the finger unnoticed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickup.codes import COUNT, is_sound, make_code, read_code

KEY = bytes(range(16))
sequences = st.integers(0, 10**9)


def test_ten_thousand_codes_are_all_different_and_then_begin_again() -> None:
    start = 123_456
    codes = [make_code(KEY, start + n) for n in range(COUNT)]
    assert len(set(codes)) == COUNT
    assert {code[:4] for code in codes} == {f"{n:04d}" for n in range(COUNT)}
    assert make_code(KEY, start + COUNT) == codes[0]


@given(sequences)
def test_every_code_is_sound(sequence: int) -> None:
    assert is_sound(make_code(KEY, sequence))


@given(sequences, st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(sequence: int, place: int, shift: int) -> None:
    code = make_code(KEY, sequence)
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    assert not is_sound(wrong)


@given(sequences, st.integers(0, 3))
def test_two_swapped_neighbours_are_noticed(sequence: int, place: int) -> None:
    code = make_code(KEY, sequence)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not is_sound(swapped)


def test_the_next_code_does_not_follow_from_the_last() -> None:
    numbers = [int(make_code(KEY, n)[:4]) for n in range(1000)]
    steps = [(b - a) % COUNT for a, b in pairwise(numbers)]
    assert max(map(steps.count, set(steps))) < 10


def test_another_stations_order_is_another() -> None:
    other = bytes(16)
    assert sum(make_code(KEY, n) == make_code(other, n) for n in range(1000)) < 10


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("48215", "48215"),
        ("3-2-48215", "48215"),
        ("３－２－４８２１５", "48215"),
        (" 3-2—48215\n", "48215"),
        ("4 82 15", "48215"),
        ("4821", None),
        ("482155", None),
        ("YT48215", None),
        ("a-48215", None),
        ("٤٨٢١٥", None),
        ("", None),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str, code: str | None) -> None:
    assert read_code(typed) == code
