"""What couriers' lists and old answers know of people goes after a time; numbers and counts stay."""

from pathlib import Path

from couriers import checkin, manifests, retention, uploads
from couriers.checkin import ScanIn
from station import clock, stations
from station.db import sql
from station.settings import Settings
from tests.village import Village, found_village

YTO, OTHER, GRANDMA = "YT4902191309648", "YT4168021422322", "13900007396"


async def live_a_day(village: Village) -> None:
    rows = [{"waybill": YTO, "name": "瞿冬伢", "phone": GRANDMA, "address": "青禾村16组"}, {"waybill": "?"}]
    await manifests.receive_rows(rows, "today", "YTO", by=village.liu)
    await checkin.check_in(ScanIn("s", YTO), by=village.chen)


async def written() -> str:
    lines = await sql.rows("SELECT fields_json FROM manifest_line")
    scans = await sql.rows("SELECT answer FROM scan")
    return str(lines + scans)


async def test_old_lists_and_answers_lose_their_people(village: Village, settings: Settings) -> None:
    await live_a_day(village)
    days = (await stations.profile(village.id)).keep_days
    with clock.later(days=days - 1):
        await retention.erase_lines(settings)
    assert "瞿冬伢" in await written()
    with clock.later(days=days + 1):
        await retention.erase_lines(settings)
        again = len(await sql.rows("SELECT id FROM audit_line"))
        await retention.erase_lines(settings)
    assert await written() == str([{"fields_json": "{}"}] * 2 + [{"answer": "{}"}])
    (manifest,) = await sql.rows("SELECT accepted, rejected, scanned FROM manifest")
    assert manifest == {"accepted": 1, "rejected": 1, "scanned": 1}
    (line,) = await sql.rows("SELECT facts FROM audit_line WHERE act = 'lists_erased'")
    assert line["facts"] == '{"consignments": 0, "lines": 2, "scans": 1}'
    assert len(await sql.rows("SELECT id FROM audit_line")) == again, "nothing to erase, nothing to record"


async def test_every_station_is_erased_by_its_own_patience(village: Village, settings: Settings) -> None:
    patient = await found_village("other", "他村驿站")
    await stations.settle({"keep_days": 900}, by=patient.wang)
    for one in (village, patient):
        await live_a_day(one)
    with clock.later(days=400):
        await retention.erase_lines(settings)
    kept = await sql.rows("SELECT DISTINCT station_id FROM manifest_line WHERE fields_json <> '{}'")
    assert kept == [{"station_id": patient.id}]


async def test_more_rows_than_one_act_takes_are_all_erased(village: Village, settings: Settings) -> None:
    rows = [{"waybill": f"YT{2_000_000_000_000 + n}", "phone": GRANDMA} for n in range(retention.CHUNK + 5)]
    await manifests.receive_rows(rows, "long", "YTO", by=village.liu)
    with clock.later(days=400):
        await retention.erase_lines(settings)
    assert await sql.rows("SELECT id FROM manifest_line WHERE fields_json <> '{}'") == []


async def test_files_whose_import_is_over_are_swept_away(
    village: Village, settings: Settings, tmp_path: Path
) -> None:
    uploads.keep(tmp_path / "uploads", 4711, "瞿冬伢".encode())
    await retention.erase_lines(settings)
    assert uploads.kept(tmp_path / "uploads", 4711) is None
