"""What a household is paid: drawn from the ledger, whatever happened in whatever order."""

from dataclasses import replace
from itertools import count
from random import Random
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station import i18n
from station.sharing import HOUSEHOLD, Entry, Party, Sale, Terms, divide, received
from station.statements import Line, Posted, Statement, draw

EGGS = Terms(commission_bp=500, packing_fen=250)
PARTIES: tuple[Party, ...] = get_args(Party)


def posted(entries: list[Entry], ids: "count[int]", **facts: str) -> list[Posted]:
    """The household's side of `entries`, as the ledger keeps it."""
    return [
        Posted(
            next(ids),
            entry.kind,
            entry.fen,
            "2026-11-03",
            quantity=entry.quantity,
            **facts,
            each_fen=entry.each_fen,
            rate_bp=entry.rate_bp,
        )
        for entry in entries
        if entry.party == HOUSEHOLD
    ]


def reversed_by(entry: Posted, new_id: int) -> Posted:
    return replace(entry, id=new_id, fen=-entry.fen, quantity=-entry.quantity, day="2026-11-20")


def words(slip: Statement) -> list[str]:
    with i18n.speaking("en"):
        return [line.words for line in slip.lines]


def three_weeks_eggs() -> list[Posted]:
    ids = count(1)
    orders = [divide(Sale(4800, 30, 1), EGGS) for _ in range(14)]
    return [
        entry
        for number, entries in enumerate(orders)
        for entry in posted(entries, ids, order=f"D-{number}", label="土鸡蛋")
    ]


def test_the_slip_of_three_weeks_eggs() -> None:
    slip = draw(three_weeks_eggs())
    assert (slip.gross_fen, slip.packing_fen, slip.commission_fen, slip.freight_fen) == (
        67200,
        -3500,
        -3360,
        0,
    )
    assert (slip.total_fen, slip.pay_fen, slip.carry_out_fen) == (60340, 60340, 0)
    assert slip.lines == (
        Line("sale", "土鸡蛋", 67200, 14, 420, None, None),
        Line("packing", "土鸡蛋", -3500, 14, 14, 250, None),
        Line("commission", "土鸡蛋", -3360, 14, 0, None, 500),
    )
    assert words(slip) == [
        "Sold: 土鸡蛋",
        "Less packing 14 × 2.50",
        "Less the station's service, 5 %",
    ]


def test_a_month_without_sales_pays_nothing() -> None:
    slip = draw([])
    assert (slip.lines, slip.pay_fen, slip.carry_out_fen, slip.first_day) == ((), 0, 0, "")


def test_a_debt_is_carried_over_and_taken_from_the_next_period() -> None:
    november = draw([Posted(1, "claim", -5000, "2026-11-30", order="D-9")], carry_in_fen=-100)
    assert (november.pay_fen, november.carry_out_fen) == (0, -5100)
    december = draw(three_weeks_eggs(), november.carry_out_fen)
    assert (december.pay_fen, december.carry_out_fen) == (60340 - 5100, 0)


def test_an_order_taken_back_leaves_no_trace_on_the_slip() -> None:
    kept = three_weeks_eggs()
    one_more = [replace(entry, id=entry.id + 500, order="D-99") for entry in kept[:3]]
    taken_back = [reversed_by(entry, entry.id + 500) for entry in one_more]
    assert replace(draw([*kept, *one_more, *taken_back]), last_day="2026-11-03") == draw(kept)
    pears = [replace(entry, label="梨") for entry in [*one_more, *taken_back]]
    assert draw(pears).lines == ()


def test_half_an_order_taken_back_still_counts_as_an_order() -> None:
    sold = Posted(1, "sale", 4800, "2026-11-03", "D-1", "土鸡蛋", 30)
    broken = Posted(2, "sale", -1600, "2026-11-04", "D-1", "土鸡蛋", -10)
    assert draw([sold, broken]).lines == (Line("sale", "土鸡蛋", 3200, 1, 20, None, None),)


def test_a_kind_nobody_knows_is_paid_all_the_same() -> None:
    slip = draw([Posted(1, "prize", 800, "2026-11-03")])
    assert (slip.other_fen, slip.pay_fen, words(slip)) == (800, 800, ["Other"])


def test_an_entry_read_twice_counts_once_and_two_under_one_id_are_an_error() -> None:
    entry = Posted(1, "sale", 4800, "2026-11-03")
    assert draw([entry, entry]).pay_fen == 4800
    with pytest.raises(ValueError, match="id 1"):
        draw([entry, replace(entry, fen=4801)])


def test_no_price_and_a_price_of_nothing_are_two_lines_in_one_order() -> None:
    by_weight = Posted(1, "sale", 500, "2026-11-03", "D-1", "梨")
    for_free = Posted(2, "sale", 0, "2026-11-03", "D-2", "梨", 3, each_fen=0)
    assert draw([by_weight, for_free]) == draw([for_free, by_weight])


EXAMPLES = 1_000
PER_EXAMPLE = 100
tried = count(1)


def any_terms(random: Random) -> Terms:
    parties = random.sample(PARTIES, random.choice((0, 0, 1, 2, 2, 3)))
    return Terms(
        price_fen=random.choice((None, None, random.randrange(500))),
        commission_bp=random.choice((0, 500, random.randrange(3000))),
        packing_fen=random.choice((0, 250, random.randrange(900))),
        freight=random.choice(("buyer", "household", "station")),
        platform_fee_bp=random.choice((0, 60, random.randrange(600))),
        shares=tuple((party, random.randint(1, 9)) for party in parties),
    )


def any_sale(random: Random) -> Sale:
    freight = random.randrange(3000)
    paid = random.choice((0, freight))
    return Sale(random.randrange(200_000), random.randrange(1, 60), random.randrange(4), paid, freight)


def history(random: Random, terms: Terms) -> tuple[list[Posted], int]:
    """A household's ledger of a period, and what it must come to. Every fen of every sale is looked for on the way."""
    ids, entries, due = count(1), [], 0
    for number in range(1 + (random.random() < 0.2)):
        sale = any_sale(random)
        landed = divide(sale, terms)
        assert sum(entry.fen for entry in landed) == sale.gross_fen
        if terms.shares and HOUSEHOLD not in dict(terms.shares):
            assert received(landed, HOUSEHOLD) == 0  # not one fen is left between the shares
        ours = posted(landed, ids, order=str(number), label=random.choice("蛋梨茶"))
        if random.random() < 0.2:
            ours += [reversed_by(entry, next(ids)) for entry in ours]
        else:
            due += received(landed, HOUSEHOLD)
        entries += ours
    for kind in ("refund", "claim"):
        if random.random() < 0.3:
            fen = random.randrange(-200_000, 20_000)
            entries.append(Posted(next(ids), kind, fen, "2026-11-09", order="0"))
            due += fen
    return entries, due


def settle(random: Random, terms: Terms) -> None:
    entries, due = history(random, terms)
    carry_in = random.choice((0, -random.randrange(5000)))
    slip = draw(entries, carry_in)
    assert slip.total_fen == carry_in + due == slip.pay_fen + slip.carry_out_fen
    assert slip.pay_fen >= 0 >= slip.carry_out_fen
    assert sum(line.fen for line in slip.lines) == due
    figures = (slip.gross_fen, slip.freight_fen, slip.packing_fen, slip.commission_fen, slip.platform_fee_fen)
    assert sum(figures) + slip.refunds_fen + slip.claims_fen + slip.shares_fen + slip.other_fen == due
    # Shuffled, and some of it read twice: the ledger replayed gives the same slip.
    again = [*entries, *entries[: random.randrange(3)]]
    random.shuffle(again)
    assert draw(again, carry_in) == slip
    next(tried)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.integers(0, 2**64 - 1))
def settle_a_hundred(seed: int) -> None:
    random, terms = Random(seed), Terms()
    for number in range(PER_EXAMPLE):
        # An agreement lasts for some settlements.
        terms = terms if number % 5 else any_terms(random)
        settle(random, terms)


def test_in_a_hundred_thousand_settlements_every_fen_lands_once() -> None:
    settle_a_hundred()
    assert next(tried) > EXAMPLES * PER_EXAMPLE


@given(st.integers(0, 2**32), st.integers(2, 5))
def test_periods_paid_one_by_one_come_to_the_same_as_one_long_period(seed: int, periods: int) -> None:
    entries, due = history(Random(seed), any_terms(Random(seed)))
    paid = carried = 0
    for period in range(periods):
        slip = draw(entries[period::periods], carried)
        paid, carried = paid + slip.pay_fen, slip.carry_out_fen
    assert paid + carried == due
