"""Money is divided so that every fen lands once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import Refusal
from station.sharing import (
    CARRIER,
    HOUSEHOLD,
    PLATFORM,
    STATION,
    Entry,
    Sale,
    Terms,
    basis_points,
    divide,
    read_terms,
    received,
    split,
)

EGGS = Sale(goods_fen=67200, quantity=420, packs=14)
FEN = st.integers(-(10**7), 10**7)


@pytest.mark.parametrize(
    ("fen", "weights", "parts"),
    [
        (100, [9, 1], [90, 10]),
        (101, [9, 1], [91, 10]),  # 90.9 and 10.1: the first lost more
        (105, [9, 1], [95, 10]),  # 94.5 and 10.5: equal, so the first named
        (106, [9, 1], [95, 11]),
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (1, [1, 9], [0, 1]),
        (0, [9, 1], [0, 0]),
        (7, [0, 1], [0, 7]),
        (-105, [9, 1], [-95, -10]),
    ],
)
def test_what_does_not_divide_goes_where_most_was_cut_off(
    fen: int, weights: list[int], parts: list[int]
) -> None:
    assert split(fen, weights) == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_nobody_can_share_by_no_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(FEN, st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any))
def test_parts_sum_exactly_and_lie_within_a_fen_of_their_due(fen: int, weights: list[int]) -> None:
    parts = split(fen, weights)
    assert sum(parts) == fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - fen * weight) < sum(weights)
    assert split(-fen, weights) == [-part for part in parts]


@pytest.mark.parametrize(
    ("fen", "bp", "part"),
    [(67200, 500, 3360), (10, 500, 1), (9, 500, 0), (-10, 500, -1), (333, 10_000, 333), (333, 0, 0)],
)
def test_a_percentage_is_rounded_half_up(fen: int, bp: int, part: int) -> None:
    assert basis_points(fen, bp) == part


def test_the_slip_of_three_weeks_eggs() -> None:
    entries = divide(EGGS, Terms(commission_bp=500, packing_fen=250))
    assert entries == [
        Entry(HOUSEHOLD, "sale", 67200, 420),
        Entry(HOUSEHOLD, "packing", -3500, 14, 250),
        Entry(STATION, "packing", 3500, 14, 250),
        Entry(HOUSEHOLD, "commission", -3360, rate_bp=500),
        Entry(STATION, "commission", 3360, rate_bp=500),
    ]
    assert received(entries, HOUSEHOLD) == 60340


@pytest.mark.parametrize(
    ("freight", "household", "station"), [("buyer", 67200, 100), ("household", 67300, 0)]
)
def test_freight_is_borne_as_agreed(freight: str, household: int, station: int) -> None:
    sale = Sale(67200, 420, freight_paid_fen=1000, freight_fen=900)
    entries = divide(sale, Terms.model_validate({"freight": freight}))
    assert received(entries, HOUSEHOLD) == household
    assert received(entries, STATION) == station
    assert received(entries, CARRIER) == 900


def test_a_fixed_price_leaves_the_rest_and_the_platforms_fee_to_the_station() -> None:
    entries = divide(EGGS, Terms(price_fen=140, platform_fee_bp=60))
    assert received(entries, HOUSEHOLD) == 420 * 140
    assert received(entries, PLATFORM) == 403
    assert received(entries, STATION) == 67200 - 420 * 140 - 403
    assert received(divide(EGGS, Terms(platform_fee_bp=60)), HOUSEHOLD) == 67200 - 403


def test_nine_to_one_divides_what_is_left() -> None:
    machine = divide(Sale(10005, 1), Terms(shares=(("collective", 9), ("company", 1))))
    assert [received(machine, party) for party in ("collective", "company", HOUSEHOLD)] == [9005, 1000, 0]
    terms = Terms(commission_bp=500, packing_fen=250, shares=(("household", 9), ("station", 1)))
    entries = divide(EGGS, terms)
    assert received(entries, HOUSEHOLD) == 54306
    assert received(entries, STATION) == 3500 + 3360 + 6034


def test_an_agreement_is_written_down_and_read_again() -> None:
    terms = Terms(price_fen=140, commission_bp=500, shares=(("household", 9), ("station", 1)))
    assert read_terms(terms.model_dump_json()) == terms
    assert read_terms("{}") == Terms()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("9:1", "?"),
        ('{"comission_bp": 500}', "comission_bp"),
        ('{"commission_bp": 5.5}', "commission_bp"),
        ('{"commission_bp": 10001}', "commission_bp"),
        ('{"freight": "god"}', "freight"),
        ('{"shares": [["household", 9], ["household", 1]]}', "?"),
        ('{"shares": [["stranger", 1]]}', "shares.0.0"),
        ('{"shares": [["household", 0]]}', "shares.0.1"),
    ],
)
def test_an_agreement_that_cannot_be_read_is_refused(text: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_terms(text)
    assert (refused.value.code, refused.value.facts) == ("terms_unreadable", {"field": field})


TERMS = st.builds(
    Terms,
    price_fen=st.none() | st.integers(0, 5000),
    commission_bp=st.integers(0, 10_000),
    packing_fen=st.integers(0, 2000),
    freight=st.sampled_from(["buyer", "household", "station"]),
    platform_fee_bp=st.integers(0, 2000),
    shares=st.lists(
        st.tuples(st.sampled_from(["household", "station", "collective", "company"]), st.integers(1, 20)),
        unique_by=lambda share: share[0],
    ).map(tuple),
)
SALES = st.builds(
    Sale,
    goods_fen=st.integers(0, 10**6),
    quantity=st.integers(0, 500),
    packs=st.integers(0, 20),
    freight_paid_fen=st.integers(0, 5000),
    freight_fen=st.integers(0, 5000),
)


@given(SALES, TERMS)
def test_all_parties_together_have_what_the_buyer_paid(sale: Sale, terms: Terms) -> None:
    entries = divide(sale, terms)
    assert sum(entry.fen for entry in entries) == sale.gross_fen
    if terms.shares and HOUSEHOLD not in dict(terms.shares):
        assert received(entries, HOUSEHOLD) == 0


@given(SALES, TERMS)
def test_a_refund_of_all_of_it_takes_back_exactly_what_everybody_got(sale: Sale, terms: Terms) -> None:
    refund = Sale(-sale.goods_fen, -sale.quantity, -sale.packs, -sale.freight_paid_fen, -sale.freight_fen)
    pairs = zip(divide(sale, terms), divide(refund, terms), strict=True)
    for entry, back in pairs:
        assert (back.party, back.kind, back.fen) == (entry.party, entry.kind, -entry.fen)
