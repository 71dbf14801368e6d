"""Lists of the day are taken in row by row: harmless when repeated, never in the way of the desk."""

import asyncio
from pathlib import Path

import pytest

from couriers import checkin, manifest_results, manifests, uploads
from couriers.checkin import ScanIn
from station import audit
from station.db import sql
from station.errors import Refusal
from tests.couriers import sample_lists
from tests.couriers.sample_lists import Sample
from tests.village import Village

NO_TABLE = sample_lists.NO_TABLES[0]


async def receive(village: Village, sample: Sample, folder: Path) -> manifests.Receipt:
    return await manifests.receive(
        sample.data, sample.path.name, sample.carrier or None, by=village.wang, folder=folder
    )


@pytest.mark.parametrize("sample", sample_lists.ALL, ids=str)
async def test_every_sample_file_becomes_what_is_expected(
    village: Village, sample: Sample, tmp_path: Path
) -> None:
    receipt = await receive(village, sample, tmp_path)
    manifest = await manifest_results.seen(receipt.id, by=village.wang)
    told = await manifest_results.result(manifest, mask=False)
    assert {key: told[key] for key in sample.told} == sample.told
    assert uploads.kept(tmp_path, receipt.id) is None, "the file goes as soon as its rows are here"


async def test_an_import_leaves_two_lines_in_the_audit_and_the_days_count(
    village: Village, tmp_path: Path
) -> None:
    receipt = await receive(village, sample_lists.YTO, tmp_path)
    story = await audit.story(village.id, "manifest", receipt.id)
    assert [told.act for told in story] == ["manifest_sent", "manifest_imported"]
    (day,) = await sql.rows("SELECT announced FROM day_stat")
    assert day["announced"] == sample_lists.YTO.expected["counts"]["accepted"]
    again = await receive(village, sample_lists.YTO, tmp_path)
    assert again == manifests.Receipt(receipt.id, new=False)
    assert len(await audit.story(village.id, "manifest", receipt.id)) == 2
    assert await sql.rows("SELECT announced FROM day_stat") == [day]


async def test_a_failed_file_is_tried_again(village: Village, tmp_path: Path) -> None:
    first = await receive(village, NO_TABLE, tmp_path)
    again = await receive(village, NO_TABLE, tmp_path)
    assert (again.id, again.new) == (first.id, False)
    story = await audit.story(village.id, "manifest", first.id)
    assert [told.act for told in story] == ["manifest_sent", "manifest_unreadable", "manifest_unreadable"]
    with pytest.raises(Refusal, match=NO_TABLE.expected["file_error"]):
        manifests.check(await manifest_results.seen(first.id, by=village.wang))


async def test_one_file_for_two_companies_is_two_lists(village: Village, tmp_path: Path) -> None:
    data = sample_lists.long_list(2)
    ids = {
        (await manifests.receive(data, "x.csv", carrier, by=village.wang, folder=tmp_path)).id
        for carrier in ("YTO", "STO", None)
    }
    assert len(ids) == 3


async def test_the_desk_goes_on_while_a_long_list_is_taken_in(village: Village, tmp_path: Path) -> None:
    data = sample_lists.long_list(20_000)
    importing = asyncio.create_task(
        manifests.receive(data, "long.csv", "YTO", by=village.liu, folder=tmp_path)
    )
    rows_meanwhile = set()
    number = 0
    while not importing.done():
        number += 1
        scan = ScanIn(f"s{number}", f"YT{2_000_000_000_000 + number}")
        assert (await checkin.check_in(scan, by=village.chen))["parcel"]["slot"]
        (rows,) = await sql.rows("SELECT count(*) AS n FROM manifest_line")
        rows_meanwhile.add(rows["n"])
    receipt = await importing
    assert rows_meanwhile - {0, 20_001}, "scans were answered between its parts"
    (met,) = await sql.rows("SELECT count(*) AS n FROM manifest_line WHERE parcel_id IS NOT NULL")
    (manifest,) = await sql.rows("SELECT accepted, scanned FROM manifest WHERE id = ?", receipt.id)
    assert (met["n"], manifest) == (number, {"accepted": 20_000, "scanned": number}), (
        "late or in time, all met"
    )
    phoneless = await sql.rows("SELECT id FROM parcel WHERE needs_recipient")
    assert phoneless == []


async def test_an_upload_without_patience_is_finished_in_the_background(
    village: Village, tmp_path: Path
) -> None:
    data = sample_lists.long_list(5_000)
    receipt = await manifests.receive(data, "x.csv", "YTO", by=village.liu, folder=tmp_path, wait=0)
    manifest = await manifest_results.seen(receipt.id, by=village.liu)
    assert manifest["state"] == "importing"
    assert uploads.kept(tmp_path, receipt.id) == data, "on disk before it is promised"
    assert not await manifests.interrupted(), "it is under way here"
    again = await manifests.receive(data, "x.csv", "YTO", by=village.liu, folder=tmp_path)
    manifest = await manifest_results.seen(again.id, by=village.liu)
    assert (again.id, manifest["state"], manifest["accepted"]) == (receipt.id, "ready", 5_000)


def test_what_a_power_cut_left_behind_is_swept_away(tmp_path: Path) -> None:
    for manifest_id in (1, 2):
        uploads.keep(tmp_path, manifest_id, b"people")
    uploads.drop_all_but(tmp_path, {2})
    assert [path.name for path in tmp_path.iterdir()] == ["2.upload"]
    assert uploads.kept(tmp_path, 1) is None
