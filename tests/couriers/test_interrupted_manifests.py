"""Lists whose taking-in was cut short: by a power cut before, during or after their way to the disk."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from couriers import manifest_import, manifest_results, manifests, uploads
from station import audit, clock
from tests.couriers import sample_lists
from tests.village import Village

ROWS = [{"waybill": "YT4902191309648", "name": "瞿冬伢", "phone": "13900007396", "cod": 35}]


async def cut_short(village: Village, data: bytes, kind: str = "", folder: Path | None = None) -> int:
    """The power goes right after the list was announced; with `folder`, its file is on disk already."""
    digest = sha256(data).hexdigest()
    manifest_id, _, _ = await manifest_import.announce(digest, "早班", "YTO", kind, by=village.liu)
    if folder is not None:
        uploads.keep(folder, manifest_id, data)
    return manifest_id


async def result(village: Village, manifest_id: int) -> dict[str, Any]:
    manifest = await manifest_results.seen(manifest_id, by=village.liu)
    return await manifest_results.result(manifest, mask=False)


async def test_a_file_on_disk_is_taken_in_by_the_next_start(village: Village, tmp_path: Path) -> None:
    manifest_id = await cut_short(village, sample_lists.YTO.data, folder=tmp_path)
    assert await manifests.interrupted()
    await manifests.resume(tmp_path)
    assert not await manifests.interrupted()
    told = await result(village, manifest_id)
    assert (told["state"], told["accepted"]) == ("ready", sample_lists.YTO.expected["accepted"])
    assert uploads.kept(tmp_path, manifest_id) is None


async def test_rows_of_a_program_are_taken_in_by_the_next_start_too(village: Village, tmp_path: Path) -> None:
    manifest_id = await cut_short(village, json.dumps(ROWS).encode(), "json", tmp_path)
    await manifests.resume(tmp_path)
    told = await result(village, manifest_id)
    assert (told["state"], told["format"], told["accepted"][0]["cod_cents"]) == ("ready", "json", 3500)
    again = await manifests.receive_rows(ROWS, "早班", "YTO", by=village.liu, folder=tmp_path)
    assert again == manifests.Receipt(manifest_id, new=False)
    assert uploads.kept(tmp_path, manifest_id) is None


async def test_a_file_that_never_arrived_is_given_up_until_it_is_sent_again(
    village: Village, tmp_path: Path
) -> None:
    manifest_id = await cut_short(village, sample_lists.YTO.data)
    await manifests.resume(tmp_path)
    assert (await result(village, manifest_id))["state"] == "importing", "it may still be on its way"
    with clock.at(clock.now() + timedelta(hours=2)):
        await manifests.resume(tmp_path)
        told = await result(village, manifest_id)
        assert (told["state"], told["file_error"]) == ("failed", "not_arrived")
        assert not await manifests.interrupted()
        again = await manifests.receive(
            sample_lists.YTO.data, "早班.csv", "YTO", by=village.liu, folder=tmp_path
        )
    told = await result(village, again.id)
    assert (again.id, told["state"], told["file_error"]) == (manifest_id, "ready", None)
    assert told["counts"] == sample_lists.YTO.expected["counts"]


async def test_a_file_the_disk_cannot_read_keeps_no_other_waiting(village: Village, tmp_path: Path) -> None:
    broken = await cut_short(village, b"broken")
    (tmp_path / f"{broken}.upload").mkdir()
    whole = await cut_short(village, sample_lists.YTO.data, folder=tmp_path)
    await manifests.resume(tmp_path)
    assert (await result(village, broken))["state"] == "importing"
    assert (await result(village, whole))["state"] == "ready"


async def test_a_finished_list_is_never_given_up(village: Village, tmp_path: Path) -> None:
    receipt = await manifests.receive_rows(ROWS, "早班", "YTO", by=village.liu)
    await manifest_import.fail(receipt.id, "not_arrived", "", "", by=village.liu)
    assert (await result(village, receipt.id))["state"] == "ready"
    acts = [told.act for told in await audit.story(village.id, "manifest", receipt.id)]
    assert acts == ["manifest_sent", "manifest_imported"]


def test_a_half_written_file_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / "7.part").write_bytes(b"half")
    uploads.drop_all_but(tmp_path, set())
    assert list(tmp_path.iterdir()) == []
