"""The words of an arrival message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickup.notice_text import Item, compose, sms_length


def text(*items: Item, station: str = "青禾村驿站", **known: str) -> str:
    known = {"hours": "8:30-18:00", "phone": "0730-5550123"} | known
    return compose("青禾驿站", station, items, **known)


def test_one_parcel_fits_with_hours_relatives_and_phone() -> None:
    words = text(Item("圆通", "3-2-48215"))
    assert words == (
        "您有1件圆通快递到青禾村驿站，取件码3-2-48215，8:30-18:00凭码领取，可请家人代取。电话0730-5550123"
    )
    assert sms_length("【青禾驿站】" + words) == 70


def test_the_signature_says_where_when_it_is_the_stations_name() -> None:
    assert text(Item("圆通", "3-2-48215"), station="青禾驿站").startswith("您有1件圆通快递到站，")


def test_several_parcels_name_all_their_codes_while_they_fit() -> None:
    words = text(Item("圆通", "3-2-48215"), Item("中通", "3-2-10560"))
    assert words == "您有2件快递到青禾村驿站，取件码3-2-48215、3-2-10560，8:30-18:00凭码领取，可请家人代取。"


def test_parcels_of_one_carrier_name_it_once() -> None:
    assert text(Item("圆通", "3-2-48215"), Item("圆通", "3-2-10560")).startswith("您有2件圆通快递")


def test_of_more_codes_than_fit_any_one_collects_all() -> None:
    words = text(*(Item("圆通", f"3-2-1056{n}") for n in range(7)))
    assert words.startswith("您有7件圆通快递到青禾村驿站，凭取件码3-2-10560可全部取走，8:30-18:00凭码领取")


def test_a_parcel_without_a_known_carrier_is_just_a_parcel() -> None:
    assert text(Item("", "3-2-48215")).startswith("您有1件快递到青禾村驿站，")


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ([1200], "需付12元"),
        ([1250], "需付12.50元"),
        ([1200, 300], "需付15元"),
        ([None], "取件时有款要付"),
        ([1200, None], "取件时有款要付"),
    ],
)
def test_money_to_bring_is_said_and_an_unreadable_amount_is_never_nothing(
    due: list[int | None], said: str
) -> None:
    assert f"，{said}，" in text(*(Item("圆通", f"3-2-1056{n}", fen) for n, fen in enumerate(due)))


def test_nothing_to_pay_is_not_mentioned() -> None:
    words = text(Item("圆通", "3-2-48215", 0))
    assert "付" not in words
    assert "款" not in words


def test_rare_characters_of_old_place_names_count_twice() -> None:
    assert sms_length("𡒄上") == 3


# As long as the columns of the station's row allow.
short, long = st.text("青禾驿站村𡒄", min_size=1, max_size=10), st.text("青禾驿站村1", max_size=40)


@given(
    signature=short,
    station=long,
    hours=long,
    phone=st.text("0123456789-", max_size=20),
    codes=st.lists(st.from_regex(r"\A[1-9][0-9]?-[1-9][0-2]?-[0-9]{5}\Z"), min_size=1, max_size=30),
    due=st.one_of(st.none(), st.integers(0, 99_999_999)),
)
def test_no_message_is_ever_longer_than_one_sms_or_without_a_code(
    signature: str, station: str, hours: str, phone: str, codes: list[str], due: int | None
) -> None:
    words = compose(
        signature, station, [Item("邮政EMS", code, due) for code in codes], hours=hours, phone=phone
    )
    assert sms_length(f"【{signature}】{words}") <= 70
    assert codes[0] in words
    assert f"您有{len(codes)}件" in words
    assert ("付" in words) == (due != 0)
