"""Tariffs of the station: entered, ended, and which of them a parcel is priced by."""

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from couriers import tariff_book, tariffs
from couriers.tariff_terms import BadTariff, written
from couriers.tariffs import Outgoing
from station import clock
from station.db import sql
from station.errors import Refusal
from tests.village import Village, found_village

DAY = date(2026, 11, 22)
# Evening of the 22nd in London, morning of the 23rd in the village.
LATE = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def terms(first_fen: int = 400, carrier: str = "ZTO", **more: Any) -> str:
    zone = {"name": "全国", "provinces": ["*"], "first_fen": first_fen, "further_fen": 100}
    return json.dumps({"carrier": carrier, "name": "合同价", "zones": [zone], **more}, ensure_ascii=False)


async def prices(village: Village, day: date = DAY) -> dict[str, int]:
    found = await tariff_book.quotes(village.id, Outgoing(900, "湖南省"), day)
    return {quote.carrier: quote.fen for quote in found if quote.offered}


async def lines(what: str) -> int:
    return len(await sql.rows("SELECT id FROM audit_line WHERE act = ?", what))


async def test_of_a_companys_prices_those_entered_last_that_hold_count(village: Village) -> None:
    old = await tariff_book.enter(terms(400), "2026-01-01", "", by=village.wang)
    new = await tariff_book.enter(terms(450), "2026-12-01", "", by=village.wang)
    await tariff_book.enter(terms(300, "YTO"), "2026-01-01", "2026-11-22", by=village.wang)
    assert await prices(village) == {"ZTO": 400, "YTO": 300}
    assert await prices(village, date(2026, 11, 23)) == {"ZTO": 400}
    assert await prices(village, date(2026, 12, 1)) == {"ZTO": 450}
    assert await prices(village, date(2025, 12, 31)) == {}
    with clock.at(LATE):
        listed = {row["id"]: (row["counts"], row["ended"]) for row in await tariff_book.all(village.id)}
    assert (listed[old], listed[new]) == ((True, False), (False, False))
    assert sorted(listed.values()) == [(False, False), (False, True), (True, False)]
    assert await lines("tariff_entered") == 3


@pytest.mark.parametrize(
    ("said", "typed", "kept"),
    [
        ({}, ("", ""), ("2026-11-23", "")),
        ({"valid_from": "2026-01-01", "valid_until": "2026-12-31"}, ("", ""), ("2026-01-01", "2026-12-31")),
        ({"valid_from": "2026-01-01"}, ("2026-02-01", "2026-03-01"), ("2026-02-01", "2026-03-01")),
        ({}, ("2026-02-01", "2026-02-01"), ("2026-02-01", "2026-02-01")),
    ],
)
async def test_the_days_typed_stand_above_those_of_the_terms(
    village: Village, said: dict[str, Any], typed: tuple[str, str], kept: tuple[str, str]
) -> None:
    with clock.at(LATE):
        entered = await tariff_book.enter(terms(**said), *typed, by=village.wang)
    row = await tariff_book.one(village.id, entered)
    inside = json.loads(row["terms"])
    assert (row["valid_from"], row["valid_until"]) == kept
    assert (inside["valid_from"], inside["valid_until"] or "") == kept


@pytest.mark.parametrize(
    ("said", "typed", "code"),
    [
        ({}, ("2026-02-01", "2026-01-31"), "tariff_days_reversed"),
        ({"valid_until": "2026-01-01"}, ("2026-02-01", ""), "tariff_days_reversed"),
        ({}, ("2026-02-30", ""), "tariff_day"),
        ({}, ("", "morgen"), "tariff_day"),
        ({"carrier": "飞毛腿"}, ("", ""), "tariff_carrier_unknown"),
        ({"zones": []}, ("", ""), "tariff_field_wrong"),
    ],
)
async def test_prices_that_cannot_be_used_are_refused_and_nothing_is_kept(
    village: Village, said: dict[str, Any], typed: tuple[str, str], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        await tariff_book.enter(terms(**said), *typed, by=village.wang)
    assert (await tariff_book.all(village.id), await lines("tariff_entered")) == ([], 0)


async def test_a_company_may_be_written_by_its_name(village: Village) -> None:
    await tariff_book.enter(terms(carrier="中通"), "2026-01-01", "", by=village.wang)
    assert await prices(village) == {"ZTO": 400}


async def test_of_several_prices_one_that_is_wrong_keeps_all_away(village: Village) -> None:
    with pytest.raises(BadTariff):
        await tariff_book.enter_all([terms(), terms(zones=[])], by=village.wang)
    assert await tariff_book.all(village.id) == []


async def test_after_an_end_the_prices_before_count_again(village: Village) -> None:
    await tariff_book.enter(terms(400), "2026-01-01", "", by=village.wang)
    new = await tariff_book.enter(terms(450), "2026-02-01", "", by=village.wang)
    with clock.at(LATE):
        await tariff_book.end(new, by=village.wang)
        with pytest.raises(Refusal, match="tariff_ended"):
            await tariff_book.end(new, by=village.wang)
    assert await prices(village, date(2026, 11, 23)) == {"ZTO": 400}
    assert await prices(village, date(2026, 11, 22)) == {"ZTO": 450}
    assert await lines("tariff_ended") == 1


async def test_another_stations_prices_are_not_there(village: Village) -> None:
    other = await found_village("shiping", "石坪驿站")
    theirs = await tariff_book.enter(terms(), "2026-01-01", "", by=other.wang)
    assert await prices(village) == {}
    for asked in (tariff_book.end(theirs, by=village.wang), tariff_book.one(village.id, theirs)):
        with pytest.raises(Refusal, match="not_found"):
            await asked
    assert await prices(other) == {"ZTO": 400}


async def test_a_station_begins_with_the_samples_once(village: Village) -> None:
    samples = [json.dumps(each, default=str) for each in tariffs.demo()]
    await asyncio.gather(*(tariff_book.begin(samples, by=village.wang) for _ in range(4)))
    assert len(await tariff_book.all(village.id)) == len(samples) == len(await prices(village))


def test_prices_are_read_as_json_and_as_toml_one_or_several() -> None:
    one = {"carrier": "ZTO", "name": "合同价"}
    toml = 'carrier = "ZTO"\nname = "合同价"\n'
    for text in (json.dumps(one), f"\n {json.dumps([one])}", json.dumps({"tariffs": [one]}), toml):
        assert [json.loads(terms) for terms in written(text)] == [one]
    assert [json.loads(terms) for terms in written(f"[[tariffs]]\n{toml}[[tariffs]]\n{toml}")] == [one, one]
    (dated,) = written("valid_from = 2026-01-01")
    assert json.loads(dated) == {"valid_from": "2026-01-01"}


@pytest.mark.parametrize(
    "text",
    [
        "首重 4 元，续重 1 元",
        '{"carrier": "ZTO"',
        "[" * 20_000,
        "{" * 20_000,
        "a = " + "[" * 20_000,
        '{"a":' * 5_000,
        '{"fen": ' + "9" * 5_000 + "}",
        '{"name": "\\ud800"}',
        '{"name": "\\u0000"}',
        "tariffs = []",
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_tariff_at_all_is_unreadable(text: str) -> None:
    with pytest.raises(BadTariff, match="tariff_unreadable"):
        written(text)
