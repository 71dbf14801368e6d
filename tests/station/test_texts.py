from hypothesis import given
from hypothesis import strategies as st

from station.texts import fold, plain, unwrap


def test_folding_joins_white_space_and_drops_what_cannot_be_seen() -> None:
    assert fold(" 青禾村\u3000 3组\xa0\n\u200b8号\ufeff\x00 ") == "青禾村 3组 8号"


def test_folding_keeps_full_width_signs_as_they_were_written() -> None:
    assert fold("（一票三件）") == "（一票三件）"


def test_plain_text_is_half_width() -> None:
    assert plain("ＹＴ４２７：") == "YT427:"


def test_unwrapping_takes_off_what_spreadsheets_put_around_a_number() -> None:
    for wrapped in ('="773"', "'773", "\t773", "773.0", '"773.00"', " ７７３ "):
        assert unwrap(wrapped) == "773"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_folded_text_can_always_be_stored(text: str) -> None:
    assert "\x00" not in fold(text)
    fold(text).encode()
