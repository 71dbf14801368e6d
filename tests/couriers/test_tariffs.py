"""What a parcel costs with each carrier, and why one does not take it."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from couriers import tariff_terms, tariffs
from couriers.tariff_terms import BadTariff, Tariff, read
from couriers.tariffs import Outgoing, Quote, compare, quote
from station import i18n
from station.errors import told

DAY = dt.date(2026, 11, 21)
ZONES = [
    {"name": "本省", "provinces": ["湖南"], "first_fen": 350, "further_fen": 80},
    {"name": "远", "provinces": ["*"], "first_fen": 600, "further_fen": 300, "fresh_excluded": True},
    {"name": "岛", "provinces": ["台湾省"], "excluded": True},
]
DEMO = [read(terms) for terms in tariffs.demo()]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


def terms(**more: Any) -> dict[str, Any]:
    return {"carrier": "ZTO", "name": "中通标快", "zones": ZONES, **more}


def tariff(**more: Any) -> Tariff:
    return read(terms(**more))


def parcel(weight_g: int = 1000, province: str = "湖南省", **more: Any) -> Outgoing:
    return Outgoing(weight_g, province, **more)


def prices(found: Quote) -> dict[str, int]:
    return {line.code: line.fen for line in found.lines}


def test_the_text_of_a_row_and_a_table_read_the_same() -> None:
    assert read(json.dumps(terms(valid_from="2026-01-01"))) == tariff(valid_from="2026-01-01")


@pytest.mark.parametrize(
    ("weight_g", "free_g", "fen"),
    [
        (1, 0, 350),
        (1000, 0, 350),
        (1001, 0, 430),
        (2000, 0, 430),
        (2001, 0, 510),
        (3620, 0, 590),
        (1050, 50, 350),
        (1051, 50, 430),
        (2050, 50, 430),
        (2051, 50, 510),
    ],
)
def test_weight_is_rounded_up_to_the_next_step(weight_g: int, free_g: int, fen: int) -> None:
    assert quote(tariff(free_g=free_g), parcel(weight_g), DAY).fen == fen


def test_steps_of_half_a_kilogram() -> None:
    zones = [{"name": "全国", "provinces": ["*"], "first_fen": 700, "step_g": 500, "further_fen": 200}]
    assert [quote(tariff(zones=zones), parcel(grams), DAY).fen for grams in (1500, 1501)] == [900, 1100]


def test_a_light_large_box_is_charged_by_its_size() -> None:
    """40 × 30 × 30 cm ÷ 8000 = 4.5 kg."""
    box: dict[str, Any] = {"length_mm": 400, "width_mm": 300, "height_mm": 300}
    found = quote(tariff(divisor=8000), parcel(1200, **box), DAY)
    assert (found.volumetric_g, found.chargeable_g, found.fen) == (4500, 4500, 350 + 4 * 80)
    assert quote(tariff(), parcel(1200, **box), DAY).chargeable_g == 1200
    assert quote(tariff(divisor=8000), parcel(5200, **box), DAY).chargeable_g == 5200
    assert quote(tariff(divisor=8000), parcel(1200, length_mm=400, width_mm=300), DAY).volumetric_g == 0


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("湖南", "湖南"),
        ("湖南省", "湖南"),
        ("内蒙古", "内蒙古"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("广西壮族自治区", "广西"),
        ("北京市", "北京"),
        ("黑龙江省", "黑龙江"),
        ("香港特别行政区", "香港"),
        ("湖蓝", None),
        ("", None),
    ],
)
def test_a_province_is_known_by_its_short_and_its_full_name(written: str, stem: str | None) -> None:
    assert tariff_terms.stem(written) == stem


@pytest.mark.parametrize(
    ("more", "of_parcel", "reason", "said"),
    [
        ({}, {"province": "岛上"}, "province_unknown", "The province of the address is not known yet."),
        ({}, {"weight_g": 0}, "weight_missing", "Weigh the parcel first."),
        ({"valid_until": "2026-11-20"}, {}, "not_valid", "These prices do not hold on this day."),
        ({"valid_from": "2026-11-22"}, {}, "not_valid", "These prices do not hold on this day."),
        (
            {"max_weight_g": 30000},
            {"weight_g": 30500},
            "too_heavy",
            "At most 30 kg; this parcel counts as 30.5 kg.",
        ),
        ({"zones": ZONES[:1]}, {"province": "西藏"}, "no_zone", "Has no price for 西藏."),
        ({}, {"province": "台湾"}, "excluded_zone", "Does not deliver to 台湾."),
        (
            {},
            {"province": "西藏", "flags": frozenset({"fresh"})},
            "fresh_excluded",
            "Takes nothing fresh to 西藏.",
        ),
        (
            {"refuses": ["cold", "fragile"]},
            {"flags": frozenset({"cold", "fresh"})},
            "cold_refused",
            "Takes nothing that must stay cold.",
        ),
        (
            {"refuses": ["fragile"]},
            {"flags": frozenset({"fragile"})},
            "fragile_refused",
            "Takes nothing that breaks easily.",
        ),
        (
            {"declared": {"rate_bp": 50, "max_value_fen": 500000, "max_by_flag": {"fragile": 100000}}},
            {"declared_fen": 100001, "flags": frozenset({"fragile"})},
            "declared_too_high",
            "Insures at most ¥1000.00.",
        ),
        ({}, {"declared_fen": 1}, "declared_not_offered", "Does not insure a declared value."),
        (
            {"declared": {"rate_bp": 50, "max_value_fen": 500000}},
            {"declared_fen": 500001},
            "declared_too_high",
            "Insures at most ¥5000.00.",
        ),
        ({}, {"cod_fen": 100}, "cod_not_offered", "Does not collect money for the sender."),
    ],
)
def test_who_does_not_take_it_says_why(
    more: dict[str, Any], of_parcel: dict[str, Any], reason: str, said: str
) -> None:
    found = quote(tariff(**more), parcel(**of_parcel), DAY)
    assert (found.reason, found.why_not) == (reason, said)
    assert (found.offered, found.fen, found.lines) == (False, 0, ())


def test_what_is_refused_or_limited_for_others_is_taken_still() -> None:
    strict = tariff(
        refuses=["cold", "valuable"], declared={"rate_bp": 50, "max_by_flag": {"fragile": 100000}}
    )
    assert quote(strict, parcel(declared_fen=900000, flags=frozenset({"fresh"})), DAY).offered
    assert quote(strict, parcel(declared_fen=100000, flags=frozenset({"fragile"})), DAY).offered


def test_every_refusal_has_its_sentence() -> None:
    for flag in get_args(tariff_terms.Flag):
        assert quote(tariff(refuses=[flag]), parcel(flags=frozenset({flag})), DAY).why_not.startswith(
            "Takes no"
        )


def test_prices_hold_on_their_first_and_their_last_day() -> None:
    for bounds in ({"valid_from": "2026-11-21"}, {"valid_until": "2026-11-21"}, {"valid_from": None}):
        assert quote(tariff(**bounds), parcel(), DAY).offered


def test_a_fee_is_rounded_half_up_and_has_its_least_and_its_most() -> None:
    fees = tariff(
        declared={"rate_bp": 50, "min_fen": 100, "max_value_fen": 10**6},
        cod={"rate_bp": 150, "min_fen": 300, "max_fen": 900},
    )
    for value, declared, cod in ((1000, 100, 300), (25100, 126, 377), (25099, 125, 376), (10**6, 5000, 900)):
        found = prices(quote(fees, parcel(declared_fen=value, cod_fen=value), DAY))
        assert (found["declared"], found["cod"]) == (declared, cod)


def test_fuel_is_a_part_of_the_freight_alone() -> None:
    found = quote(
        tariff(fuel_bp=1250, declared={"rate_bp": 0, "min_fen": 100}), parcel(2000, declared_fen=1), DAY
    )
    assert prices(found) == {"first": 350, "further": 80, "fuel": 54, "declared": 100}


def test_a_surcharge_comes_when_all_it_names_holds() -> None:
    when = {"provinces": ["西藏自治区"], "counties": ["墨脱县", "双湖县"], "over_g": 5000, "flags": ["cold"]}
    remote = tariff(
        surcharges=[{"name": "偏远", "fen": 1000, "when": when}], zones=[{**ZONES[0], "provinces": ["*"]}]
    )
    it: dict[str, Any] = {
        "weight_g": 6000,
        "province": "西藏",
        "county": "墨脱县",
        "flags": frozenset({"cold", "fresh"}),
    }
    assert prices(quote(remote, Outgoing(**it), DAY))["surcharge"] == 1000
    for other in (
        {"province": "青海"},
        {"county": "城关区"},
        {"weight_g": 5000},
        {"flags": frozenset({"fresh"})},
    ):
        assert "surcharge" not in prices(quote(remote, Outgoing(**{**it, **other}), DAY))


def test_the_lines_can_be_read() -> None:
    (sf,) = [one for one in DEMO if one.carrier == "SF"]
    found = quote(sf, parcel(3620, declared_fen=20000, cod_fen=20000, flags=frozenset({"cold"})), DAY)
    assert [line.words for line in found.lines] == [
        "First 1 kg",
        "3 × 1 kg more, ¥3.00 each",
        "Insured for ¥200.00",
        "Collecting ¥200.00 for the sender",
        "冷链",
    ]
    assert found.fen == 1300 + 900 + 100 + 600 + 800


def test_the_cheapest_comes_first_and_who_does_not_take_it_last() -> None:
    to_tibet = compare(DEMO, parcel(3620, "西藏自治区"), DAY)
    assert [(one.carrier, one.fen) for one in to_tibet] == [
        ("YZPY", 5100),
        ("ZTO", 5700),
        ("SF", 6500),
        ("YTO", 0),
    ]
    assert to_tibet[-1].reason == "excluded_zone"
    eggs_to_tibet = compare(DEMO, parcel(3620, "西藏自治区", flags=frozenset({"fresh"})), DAY)
    assert [one.carrier for one in eggs_to_tibet if one.offered] == ["SF"]


@pytest.mark.parametrize(
    ("written", "code", "facts"),
    [
        ("首重5元", "tariff_unreadable", {}),
        ("[]", "tariff_unreadable", {}),
        ({"carrier": "ZTO", "name": "x"}, "tariff_field_missing", {"field": "zones"}),
        (terms(divisr=6000), "tariff_field_unknown", {"field": "divisr"}),
        (terms(divisor=0), "tariff_field_wrong", {"field": "divisor", "value": "0"}),
        (terms(free_g=0.5), "tariff_field_wrong", {"field": "free_g", "value": "0.5"}),
        (terms(valid_from="明天"), "tariff_field_wrong", {"field": "valid_from", "value": '"明天"'}),
        (
            terms(zones=[{**ZONES[0], "first_fen": "350"}]),
            "tariff_field_wrong",
            {"field": "zones.1.first_fen", "value": '"350"'},
        ),
        (
            terms(refuses=["hot"]),
            "tariff_field_wrong",
            {"field": "refuses.1", "value": '"hot"'},
        ),
        (terms(zones=[]), "tariff_field_wrong", {"field": "zones", "value": "[]"}),
        (
            terms(zones=[{"name": "本省", "provinces": ["湖南"], "first_fen": 350}]),
            "tariff_field_missing",
            {"field": "本省.further_fen"},
        ),
        (terms(valid_from="2026-02-01", valid_until="2026-01-31"), "tariff_days_reversed", {}),
        (
            terms(zones=[{**ZONES[0], "provinces": ["湖蓝"]}]),
            "tariff_province_unknown",
            {"province": "湖蓝"},
        ),
        (
            terms(surcharges=[{"name": "x", "fen": 1, "when": {"provinces": ["湖蓝"]}}]),
            "tariff_province_unknown",
            {"province": "湖蓝"},
        ),
        (
            terms(zones=[ZONES[0], {**ZONES[1], "provinces": ["湖南省"]}]),
            "tariff_province_twice",
            {"province": "湖南省"},
        ),
    ],
)
def test_terms_that_cannot_be_used_say_where_they_are_wrong(
    written: str | dict[str, Any], code: str, facts: dict[str, str]
) -> None:
    with pytest.raises(BadTariff) as refused:
        read(written)
    assert (refused.value.code, refused.value.facts) == (code, facts)
    told()[code][1].format(**facts)


PARCELS = st.builds(
    Outgoing,
    weight_g=st.integers(1, 60_000) | st.sampled_from([1000, 1001, 1500, 2000, 2001]),
    province=st.sampled_from(["湖南省", "广东省", "北京市", "新疆维吾尔自治区", "台湾省"]),
    length_mm=st.integers(0, 1500),
    width_mm=st.integers(0, 800),
    height_mm=st.integers(0, 800),
    declared_fen=st.integers(0, 600_000),
    cod_fen=st.integers(0, 600_000),
    flags=st.frozensets(st.sampled_from(["fresh", "cold"])),
)


@given(st.sampled_from(DEMO), PARCELS)
def test_the_total_is_the_sum_of_its_lines(one: Tariff, outgoing: Outgoing) -> None:
    found = quote(one, outgoing, DAY)
    assert found.fen == sum(line.fen for line in found.lines)
    assert all(line.fen >= 0 and line.words for line in found.lines)
    assert found.offered == bool(found.lines) == (not found.why_not)
    assert found.chargeable_g >= max(outgoing.weight_g, found.volumetric_g)


@given(
    st.sampled_from(DEMO),
    st.integers(1, 40_000),
    st.integers(1, 40_000),
    st.sampled_from(["湖南", "北京", "西藏"]),
)
def test_a_heavier_parcel_never_costs_less(one: Tariff, lighter: int, heavier: int, province: str) -> None:
    lighter, heavier = sorted((lighter, heavier))
    cheaper, dearer = (quote(one, parcel(grams, province), DAY) for grams in (lighter, heavier))
    assert cheaper.fen <= dearer.fen or not dearer.offered


@given(st.permutations(DEMO), PARCELS)
def test_the_order_in_which_tariffs_are_read_does_not_matter(
    shuffled: list[Tariff], outgoing: Outgoing
) -> None:
    quotes = compare(shuffled, outgoing, DAY)
    assert quotes == compare(DEMO, outgoing, DAY)
    offered = [one.fen for one in quotes if one.offered]
    assert offered == sorted(offered)
    assert not any(one.offered for one in quotes[len(offered) :])


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_a_tariff_or_says_why_not(text: str) -> None:
    with pytest.raises(BadTariff):
        read(text)
