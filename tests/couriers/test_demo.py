"""Beside the demo village's own parcels, the sample files are taken and scanned as on a first day."""

from pathlib import Path

import pytest

from couriers import checkin, manifests
from couriers.checkin import ScanIn
from couriers.waybills import Status, recognise
from station import accounts, demo
from station.actor import Actor
from station.db import Database, sql
from station.settings import Settings
from tests.couriers import sample_lists


@pytest.fixture
async def keeper(database: Database, settings: Settings) -> Actor:
    await demo.open_village(settings)
    wang = await accounts.find("wang")
    assert wang is not None
    return Actor.system(wang["station_id"])


async def test_no_demo_parcel_stands_in_a_sample_file(keeper: Actor) -> None:
    samples = {row["waybill"] for sample in sample_lists.TABLES for row in sample.expected["accepted"]}
    ours = {row["waybill"] for row in await sql.rows("SELECT waybill FROM parcel")}
    ours |= {row["waybill"] for row in await sql.rows("SELECT waybill FROM manifest_line")}
    assert ours & samples == set()
    assert all(recognise(waybill).status is not Status.INVALID for waybill in ours)


async def test_a_sample_file_is_handed_in_and_scanned_afresh(keeper: Actor, tmp_path: Path) -> None:
    sample = sample_lists.YTO
    receipt = await manifests.receive(sample.data, sample.path.name, "YTO", by=keeper, folder=tmp_path)
    assert receipt.new
    for row in sample.expected["accepted"]:
        answer = await checkin.check_in(ScanIn(row["waybill"], row["waybill"]), by=keeper)
        assert (answer["status"], answer["parcel"]["announced"]) != ("already_here", False)
        assert answer["parcel"]["slot"]
    (manifest,) = await sql.rows("SELECT accepted, scanned FROM manifest WHERE id = ?", receipt.id)
    assert manifest["accepted"] == manifest["scanned"] == 24
