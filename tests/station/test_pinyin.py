import pytest

from station.pinyin import initials, search_text


@pytest.mark.parametrize(
    ("name", "typed"), [("曾小禾", "zxh"), ("仇英", "qy"), ("查良", "zl"), ("单雄", "sx"), ("解缙", "xj")]
)
def test_a_surname_is_found_by_its_own_reading(name: str, typed: str) -> None:
    assert typed in initials(name)


def test_a_masked_name_is_found_by_what_is_left_of_it() -> None:
    assert "th" in initials("田*禾")


def test_nothing_to_read_has_no_initials() -> None:
    assert initials(" ** ") == frozenset()


def test_all_initials_and_whole_readings_are_stored_beside_the_name() -> None:
    assert search_text("曾小禾") == "cxh zxh cengxiaohe zengxiaohe"
    assert search_text("吕布A") == "lba lvbua"
