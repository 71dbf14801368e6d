import pytest
from hypothesis import given
from hypothesis import strategies as st

from couriers.scans import Kind, classify, clean
from couriers.waybills import StationPattern

YTO, SF, STO = "YT4902191309648", "SF3867724669350", "776021969404422"


@pytest.mark.parametrize(
    "raw", [YTO, f"{YTO}\r\n", f"]C1{YTO}", "ＹＴ４９０２１９１３０９６４８", "yt4902191309648", f" {YTO}\t"]
)
def test_a_waybill_is_heard_however_the_scanner_types_it(raw: str) -> None:
    scan = classify(raw)
    assert (scan.kind, scan.refused) == (Kind.WAYBILL, None)
    assert scan.waybill is not None
    assert scan.waybill.normalized == YTO


def test_a_number_nobody_knows_is_still_a_parcels() -> None:
    assert classify("QX2718798986").kind is Kind.WAYBILL
    assert classify("1234567890123456").kind is Kind.WAYBILL


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("000012", Kind.COMMAND), ("01032054", Kind.SLOT), ("02000017", Kind.RESIDENT_CARD), ("21234567", Kind.STICKER),
        ("48215", Kind.PICKUP_CODE), ("3-2-48215", Kind.PICKUP_CODE),
    ],
)  # fmt: skip
def test_the_stations_own_codes_are_known(raw: str, kind: Kind) -> None:
    assert (classify(raw).kind, classify(raw).refused) == (kind, None)


@pytest.mark.parametrize(
    ("raw", "kind", "refused"),
    [
        ("\r\n", Kind.EMPTY, "scan_empty"),
        ("7" * 300, Kind.TOO_LONG, "scan_too_long"),
        ("http://127.0.0.1/YT4902191309648", Kind.TEXT, "scan_is_text"),
        ('{"no":"YT4902191309648"}', Kind.TEXT, "scan_is_text"),
        ("取件请出示二维码", Kind.TEXT, "scan_is_text"),
        ("13800001907", Kind.PHONE, "scan_is_phone"),
        ("+8613800001907", Kind.PHONE, "scan_is_phone"),
        ("6901234567892", Kind.GOODS, "scan_is_goods"),
        ("0012345678905", Kind.GOODS, "scan_is_goods"),
        ("69012341", Kind.GOODS, "scan_is_goods"),
        ("EB524922687CN", Kind.UNREADABLE, "waybill_checksum"),
        ("JD-VA-11-22", Kind.UNREADABLE, "waybill_bad_format"),
    ],
)
def test_what_is_no_waybill_is_refused_with_its_reason(raw: str, kind: Kind, refused: str) -> None:
    assert (classify(raw).kind, classify(raw).refused) == (kind, refused)


@pytest.mark.parametrize("number", ["9782672667730", "1205772553900", "5652281708185"])
def test_a_carriers_number_is_no_goods_even_if_the_checksum_fits(number: str) -> None:
    for last in "0123456789":
        assert classify(number[:-1] + last).kind is Kind.WAYBILL


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        (YTO * 2, (YTO, YTO)),
        (YTO * 3, (YTO, YTO, YTO)),
        (f"{YTO}\r\n{SF}", (YTO, SF)),
        (STO + YTO, (STO, YTO)),
        (STO * 2, (STO, STO)),
    ],
)
def test_codes_that_ran_together_are_taken_apart_and_refused(raw: str, parts: tuple[str, ...]) -> None:
    scan = classify(raw)
    assert (scan.kind, scan.refused, scan.parts) == (Kind.GLUED, "scan_glued", parts)


def test_the_stations_own_pattern_counts() -> None:
    own = [StationPattern("20", 13, "SNWL")]
    assert classify("2000000000008").kind is Kind.GOODS
    assert classify("2000000000008", own).kind is Kind.WAYBILL


@given(st.text())
def test_classifying_never_fails(raw: str) -> None:
    assert classify(raw).text == clean(raw)[:100]


def test_stars_of_code_39_and_other_dashes_are_no_part_of_a_number() -> None:
    assert classify(f"*{YTO}*").text == YTO
    scan = classify("JDVA10000000211–1–2–")
    assert scan.waybill is not None
    assert (scan.waybill.normalized, scan.waybill.piece) == ("JDVA10000000211", (1, 2))
    assert classify("138-0000-1907").kind is Kind.PHONE
