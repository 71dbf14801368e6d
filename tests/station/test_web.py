"""Numbers out of addresses and fields."""

import pytest
from starlette.requests import Request

from station.db import sql
from station.web import LARGEST_ID, page_number, whole


@pytest.mark.parametrize(
    ("typed", "read"),
    [("7", 7), ("007", 7), ("0", 0), (str(LARGEST_ID), LARGEST_ID)]
    + [(odd, None) for odd in (None, "", "-1", "1.5", " 1", "七", "²", "٣", str(LARGEST_ID + 1), "9" * 5000)],
)
def test_a_whole_number_is_read_or_there_is_none(typed: str | None, read: int | None) -> None:
    assert whole(typed, None) == read


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("page=3", 3), ("page=0", 1), ("page=x", 1), ("page=99999", 1)]
)
def test_the_pages_of_a_list_begin_with_one(query: str, number: int) -> None:
    assert page_number(Request({"type": "http", "query_string": query.encode()})) == number


def test_typed_text_stands_for_itself_in_a_pattern() -> None:
    assert sql.like("100%_!") == "100!%!_!!"
