import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couriers.waybills import Decision, StationPattern, Status, decide, normalise, recognise

SAMPLES = Path(__file__).parents[1] / "samples" / "waybills.tsv"
S10 = {None: "-", True: "valid", False: "invalid"}


def samples() -> list[dict[str, str]]:
    with SAMPLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample["raw"])
def test_every_sample_is_recognised_as_expected(sample: dict[str, str]) -> None:
    found = recognise(sample["raw"])
    assert found.status == sample["status"]
    assert found.normalized == sample["normalized"]
    assert set(found.candidates) == set(filter(None, sample["candidates"].split(",")))
    assert S10[found.s10] == sample["s10"]
    assert ("{}/{}".format(*found.piece) if found.piece else "-") == sample["piece"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "waybill_missing"),
        ("无单号", "waybill_bad_format"),
        ("ABCDEFGHIJKL", "waybill_bad_format"),
        ("RB123456786US", "waybill_checksum"),
        ("7.73006E+14", "waybill_scientific"),
    ],
)
def test_an_invalid_number_says_why(raw: str, reason: str) -> None:
    assert (recognise(raw).status, recognise(raw).reason) == (Status.INVALID, reason)


def test_scientific_text_with_all_its_digits_is_read_with_a_warning() -> None:
    found = recognise("7.73187429814468E+14")
    assert (found.normalized, found.candidates) == ("773187429814468", ("STO",))
    assert found.warnings == ("waybill_from_scientific",)


def test_a_numeric_cell_keeps_fifteen_digits() -> None:
    assert recognise("772863064707593", numeric_cell=True).normalized == "772863064707593"
    assert recognise("880000000000123400", numeric_cell=True).reason == "waybill_precision_lost"
    assert recognise("880000000000123400").candidates == ("YTO",)


@pytest.mark.parametrize("number", ["RB123456785GB", "RB123456785US"])
def test_an_s10_number_is_proved_by_its_check_digit(number: str) -> None:
    assert recognise(number).s10 is True


def test_the_stations_own_pattern_comes_before_the_weak_table() -> None:
    own = [StationPattern("3083", 12, "ANE"), StationPattern("QX", 12, "SNWL")]
    assert recognise("308311342191", extra=own).candidates == ("ANE",)
    assert recognise("QX2718798986", extra=own).candidates == ("SNWL",)
    assert recognise("QX271879898", extra=own).status is Status.UNKNOWN


def test_the_stations_own_pattern_does_not_beat_a_strong_prefix() -> None:
    assert recognise("YT2375080490134", extra=[StationPattern("YT", 15, "ZTO")]).candidates == ("YTO",)


@pytest.mark.parametrize(
    ("raw", "hint", "carrier", "warnings"),
    [
        ("YT2375080490134", None, "YTO", ()),
        ("YT2375080490134", "ZTO", "YTO", ("carrier_differs",)),
        ("RB123456785US", "EMS", "YZPY", ()),
        ("438732394666809", "STO", "STO", ()),
        ("78901916267088", None, "ZTO", ()),
        ("78901916267088", "SF", "ZTO", ("carrier_differs",)),
        ("308311342191", None, None, ("carrier_ambiguous",)),
        ("308311342191", "ZTO", None, ("carrier_ambiguous", "carrier_differs")),
        ("QX2718798986", "ZTO", "ZTO", ("carrier_unknown_format",)),
        ("QX2718798986", None, None, ("carrier_unknown_format",)),
    ],
)
def test_the_carrier_is_decided(
    raw: str, hint: str | None, carrier: str | None, warnings: tuple[str, ...]
) -> None:
    assert decide(recognise(raw), hint) == Decision(carrier, warnings)


@given(st.text() | st.from_regex(r"""['="\t ]*[0-9A-Za-z]{0,20}(\.0+)*['" ]*"""))
def test_normalising_twice_changes_nothing_more(raw: str) -> None:
    assert normalise(normalise(raw)) == normalise(raw)


@given(st.text(), st.booleans())
def test_recognising_never_fails(raw: str, numeric: bool) -> None:
    found = recognise(raw, numeric_cell=numeric)
    assert (found.status is Status.INVALID) == (found.reason is not None)
    decide(found, "YTO")
