"""`station verify` and `station check`: what was tampered with is found, and what is in order is called so."""

from pathlib import Path

import pytest

from station import areas, audit, verify
from station.db import Database, act, sql
from station.settings import Settings
from tests.village import Village

WAYBILLS = ("YT4902191309648", "YT4902191309649", "YT4902191309650")


@act
async def tamper(statement: str) -> None:
    """As somebody would who has the database and no act."""
    assert await sql.execute(statement) == 1


@pytest.fixture
async def sealed(village: Village) -> Village:
    """Three seals, the parcels' lines in the second."""
    await audit.seal(village.id)
    for waybill in WAYBILLS:
        await village.arrive(waybill)
    await audit.seal(village.id)
    await village.arrive("YT4902191309651")
    await audit.seal(village.id)
    assert await verify.everything(areas.load()) == []
    return village


MIDDLE = "(SELECT id FROM audit_line WHERE act = 'checked_in' ORDER BY id LIMIT 1)"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE audit_line SET facts = '{{}}' WHERE id = {MIDDLE}",
        f"UPDATE audit_line SET account_id = NULL WHERE id = {MIDDLE}",
        f"UPDATE audit_line SET at = '2020-01-01 00:00:00+00:00' WHERE id = {MIDDLE}",
        f"UPDATE audit_line SET subject_id = 99 WHERE id = {MIDDLE}",
    ],
)
async def test_a_changed_line_breaks_its_seal_and_no_other(sealed: Village, statement: str) -> None:
    await tamper(statement)
    faults = [fault for fault in await verify.everything([]) if "seal" in fault]
    assert len(faults) == 1
    assert "do not fit seal 2" in faults[0]


async def test_a_removed_line_is_missed(sealed: Village) -> None:
    # A line about nothing that stands in another book.
    await tamper("DELETE FROM audit_line WHERE act = 'account_added' AND subject_id = 1")
    assert "do not fit seal 1" in (await verify.everything([]))[0]


async def test_a_line_put_between_others_is_found(sealed: Village) -> None:
    await tamper("DELETE FROM audit_line WHERE act = 'account_added' AND subject_id = 1")
    await tamper(
        "INSERT INTO audit_line (id, station_id, at, act, subject, subject_id, facts)"
        " SELECT min(id) + 0, 1, min(at), 'forged', 'account', 1, '{}' FROM ("
        " SELECT a.id + 1 AS id, a.at AS at FROM audit_line a WHERE NOT EXISTS"
        " (SELECT 1 FROM audit_line b WHERE b.id = a.id + 1)) AS gaps"
    )
    assert "do not fit seal 1" in (await verify.everything([]))[0]


async def test_a_removed_seal_breaks_the_chain(sealed: Village) -> None:
    await tamper("DELETE FROM audit_seal WHERE number = 2")
    assert "do not fit seal 3" in (await verify.everything([]))[0]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE slot SET used = used + 1 WHERE label = '2-1-1'", "slot 2-1-1 says it holds other parcels"),
        ("UPDATE slot SET used = 0 WHERE used > 0 AND label <> '0-1'", "says it holds other parcels"),
        (f"UPDATE parcel SET state = 'lost' WHERE waybill = '{WAYBILLS[0]}'", "says it holds other parcels"),
    ],
)
async def test_books_that_do_not_balance_are_found(sealed: Village, statement: str, words: str) -> None:
    await tamper(statement)
    assert any(words in fault for fault in await verify.everything(areas.load()))


async def test_a_parcel_without_its_act_is_found(village: Village) -> None:
    await village.arrive(WAYBILLS[0])
    await tamper("UPDATE audit_line SET subject_id = 99 WHERE act = 'checked_in'")
    assert any("has no line in the audit" in fault for fault in await verify.everything([]))


async def test_an_installation_without_a_station_says_what_to_do(database: Database, tmp_path: Path) -> None:
    gone = tmp_path / "smsd"
    findings = await verify.installation(Settings(tmp_path, database.url, gammu_dir=gone))
    assert any("station account add" in finding for finding in findings)
    assert sum(str(gone) in finding for finding in findings) == 3  # out, sent, err


async def test_an_installation_in_order_has_no_findings(village: Village, tmp_path: Path) -> None:
    assert await verify.installation(Settings(tmp_path, "sqlite:////none")) == []
