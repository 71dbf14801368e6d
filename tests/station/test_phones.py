import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.phones import Kind, Phone, classify, mask, print_mask, split_name, tail


@pytest.mark.parametrize(
    ("text", "kind", "number", "ext"),
    [
        ("13800001907", "mobile", "13800001907", None),
        ("+86 199 0000 9868", "mobile", "19900009868", None),
        ("86-15000005044", "mobile", "15000005044", None),
        ("0086 138-0000-1907", "mobile", "13800001907", None),
        ("'13800006322", "mobile", "13800006322", None),
        ("18700005312.0", "mobile", "18700005312", None),
        ("１３８０００００００１", "mobile", "13800000001", None),
        ("17000002718-6417", "virtual_ext", "17000002718", "6417"),
        ("17000002579 转 4579", "virtual_ext", "17000002579", "4579"),
        ("17000002579分机12", "virtual_ext", "17000002579", "12"),
        ("17000004486，6442", "virtual_ext", "17000004486", "6442"),
        ("17000005618#3347", "virtual_ext", "17000005618", "3347"),
        ("17000005618_334712", "virtual_ext", "17000005618", "334712"),
        ("17000005618、3347", "virtual_ext", "17000005618", "3347"),
        ("17000005618（轉3347）", "virtual_ext", "17000005618", "3347"),
        ("17000005618 分机号：3347", "virtual_ext", "17000005618", "3347"),
        ("17000005618—3347", "virtual_ext", "17000005618", "3347"),
        ("1.3800000095E+10", "mobile", "13800000095", None),
        ("1.38E+10", "invalid", "1.38E+10", None),
        ("13800000095(工作)", "mobile", "13800000095", None),
        ("电话：13800000095", "mobile", "13800000095", None),
        ("瞿冬伢17000000083转1234", "virtual_ext", "17000000083", "1234"),
        ("张和平13800000083", "mobile", "13800000083", None),
        ("(86)13800000026", "mobile", "13800000026", None),
        ("139****8587", "masked", "139****8587", None),
        ("1390000＊＊＊7", "masked", "1390000***7", None),
        ("0730-5550721", "landline", "07305550721", None),
        ("（0730）5550-188", "landline", "07305550188", None),
        ("0730-5550721-12", "landline", "07305550721", "12"),
        ("5550721", "landline", "5550721", None),
        ("400-555-0123", "service", "4005550123", None),
        ("956025", "service", "956025", None),
        ("##密文##", "encrypted", None, None),
        ("$$x$$", "encrypted", None, None),
        ("~x~", "encrypted", None, None),
        ("", "missing", None, None),
        ("-", "missing", None, None),
        ("1380000", "invalid", "1380000", None),
        ("见面单", "invalid", "见面单", None),
        ("见面单20261122", "invalid", "见面单20261122", None),
        ("139000000299", "invalid", "139000000299", None),
        ("1390****1", "invalid", "1390****1", None),
    ],
)
def test_a_phone_has_a_kind(text: str, kind: str, number: str | None, ext: str | None) -> None:
    phone = classify(text)
    assert (phone.kind, phone.number, phone.ext, phone.alt) == (kind, number, ext, ())
    assert phone.warnings == (() if kind == "mobile" else (f"phone_{kind}",))
    assert phone.can_receive_sms == (kind == "mobile")


@pytest.mark.parametrize(
    ("text", "alt"),
    [
        ("13800000001/13900000002", ("13900000002",)),
        ("13800000001 13900000002", ("13900000002",)),
        ("13800000001或13900000002", ("13900000002",)),
        ("13800000001-13900000002", ("13900000002",)),
        ("13800000001，儿子13900000002", ("13900000002",)),
        ("13800000001（本人）13900000002（儿子）", ("13900000002",)),
        ("13800000001（儿子13900000002）", ("13900000002",)),
        ("13800000001,13900000002;0730-5550721", ("13900000002", "07305550721")),
        ("13800000001、17000002718-6417", ("17000002718-6417",)),
    ],
)
def test_of_several_phones_the_first_is_used(text: str, alt: tuple[str, ...]) -> None:
    assert classify(text) == Phone(Kind.MOBILE, "13800000001", alt=alt)
    assert classify(text).warnings == ("phone_multiple",)


def test_an_extension_after_the_name_belongs_to_the_phone() -> None:
    assert classify("17000002718", "张三[1234]") == Phone(Kind.VIRTUAL_EXT, "17000002718", "1234")
    assert split_name("张三[1234]") == ("张三", "1234")
    assert split_name("张三") == ("张三", None)


def test_the_screen_shows_the_last_four_digits() -> None:
    assert mask("13800001907") == "****1907"
    assert mask("139****12*7") == "****"


def test_paper_shows_the_last_four_digits() -> None:
    assert print_mask("13800001907") == "*******1907"


@given(st.text(alphabet="0123456789*", max_size=20))
def test_paper_hides_at_least_six_digits_of_any_number(number: str) -> None:
    printed = print_mask(number)
    assert len(printed) == len(number)
    assert printed.count("*") >= min(6, len(number))


def test_a_tail_is_four_known_digits() -> None:
    assert tail("13800001907") == "1907"
    assert tail("1907") == ""
    assert tail("1380000190*") == ""


@given(st.text(), st.text())
def test_classifying_never_fails(text: str, name: str) -> None:
    phone = classify(text, name)
    assert phone.number or phone.kind in (Kind.MISSING, Kind.ENCRYPTED, Kind.INVALID)
