import pytest

from station import carriers


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("圆通", "YTO"), ("圆通速递", "YTO"), ("yto", "YTO"), ("J&T", "JTSD"), ("Ｊ＆Ｔ", "JTSD"), ("百世快递", "JTSD"),
        ("HTKY", "JTSD"), ("汇通", "JTSD"), ("YD", "YUNDA"), ("CNSD", "DANNIAO"), ("丹鸟", "DANNIAO"), ("KYE", "KYSY"),
        ("邮政", "YZPY"), ("中国邮政", "YZPY"), ("邮政包裹", "YZPY"), ("邮政 EMS", "EMS"), ("ems", "EMS"), ("顺丰", "SF"),
        ("SF Express", "SF"), ("韵达快运", "YUNDA"), ("圆通速递（YTO）", "YTO"), ("申通速递有限公司", "STO"),
    ],
)  # fmt: skip
def test_a_carrier_is_known_by_the_names_couriers_write(written: str, code: str) -> None:
    assert carriers.by_alias(written) == code


def test_an_unknown_name_counts_as_blank() -> None:
    assert carriers.by_alias("飞毛腿快递") is None
    assert carriers.by_alias("") is None


def test_a_carrier_has_a_name_for_people() -> None:
    assert (carriers.name("YTO"), carriers.short("YTO")) == ("圆通速递", "圆通")


def test_a_code_of_the_stations_own_is_its_own_name() -> None:
    assert (carriers.name("VAN7"), carriers.short("VAN7")) == ("VAN7", "VAN7")


def test_no_two_carriers_share_a_code() -> None:
    codes = [carrier.code for carrier in carriers.CARRIERS]
    assert len(codes) == len(set(codes))
