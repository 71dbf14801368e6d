"""The counter for programs, over HTTP."""

import pytest

from station.actor import Actor
from station.db import act, sql
from tests.village import Browser, Village, found_village

MEI = "13912341907"
JSON = {"scan_id": "s1"}


@pytest.fixture
async def parcel(open_village: Village) -> dict[str, str]:
    answer = await open_village.arrive("YT1000000000001", MEI, name="王小梅")
    return dict(answer["parcel"])


@act
async def unreadable() -> None:
    await sql.execute("UPDATE parcel SET cod_fen = NULL")


async def test_parcels_are_found_with_their_phone_masked(
    browse: Browser, open_village: Village, parcel: dict[str, str]
) -> None:
    await open_village.arrive("YT1000000000002", MEI, name="王小梅")
    answer = await (await browse(open_village.chen)).get("/api/v1/parcels", params={"q": parcel["code"]})
    assert answer.status_code == 200
    assert [found["waybill"] for found in answer.json()["parcels"]] == ["YT1000000000001", "YT1000000000002"]
    assert answer.json()["parcels"][0]["phone"] == "****1907"
    assert MEI not in answer.text


async def test_a_wrong_code_is_a_problem_with_a_sentence(
    browse: Browser, open_village: Village, parcel: dict[str, str]
) -> None:
    code = parcel["code"]
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    answer = await (await browse(open_village.chen)).get("/api/v1/parcels", params={"q": wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "code_check_digit")
    assert answer.headers["content-type"] == "application/problem+json"
    assert wrong in answer.json()["detail"]
    assert "parcels" not in answer.json()


async def test_a_courier_sees_no_code_and_nothing_of_other_companies(
    browse: Browser, open_village: Village, parcel: dict[str, str]
) -> None:
    await open_village.arrive("773012345678901", MEI, name="王小梅", carrier="STO")
    answer = await (await browse(open_village.liu)).get("/api/v1/parcels", params={"q": "1907"})
    (found,) = answer.json()["parcels"]
    assert (found["carrier"], found["code"], found["code_shown"]) == ("YTO", None, None)
    assert parcel["code"] not in answer.text


@pytest.mark.parametrize("by", ["code", "waybill"])
async def test_a_parcel_is_handed_out_and_taken_back(
    browse: Browser, open_village: Village, parcel: dict[str, str], by: str
) -> None:
    chen = await browse(open_village.chen)
    collector = {"kind": "proxy", "name": "覃小波", "relation": "孙子"}
    sent = {**JSON, by: parcel[by], "collector": collector}
    first = await chen.post("/api/v1/collections", json=sent)
    assert first.status_code == 201
    done = first.json()
    assert done["parcel"]["state"] == "collected"
    assert done["collection"]["collector"] == collector
    assert (done["collection"]["money_fen"], done["collection"]["undone"]) == (0, None)
    again = await chen.post("/api/v1/collections", json=sent)
    assert (again.status_code, again.json()) == (201, done), "the same scan_id, the same answer"
    other = await chen.post("/api/v1/collections", json={**sent, "scan_id": "s2"})
    assert (other.status_code, other.json()["code"]) == (409, "already_collected")
    assert other.json()["collector"] == "孙子 覃*波"
    assert other.json()["collected_at"].startswith("20")
    undo = f"/api/v1/collections/{done['collection']['id']}/undo"
    undone = await chen.post(undo, json={"reason": "wrong parcel"})
    assert undone.status_code == 201
    assert undone.json()["parcel"]["state"] == "waiting"
    assert undone.json()["parcel"]["code"] == parcel["code"]
    assert undone.json()["collection"]["undone"] == "wrong parcel"
    twice = await chen.post(undo, json={"reason": "wrong parcel"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_undone")


async def test_an_unreadable_amount_is_asked_for(
    browse: Browser, open_village: Village, parcel: dict[str, str]
) -> None:
    await unreadable()
    chen = await browse(open_village.chen)
    sent = {**JSON, "code": parcel["code"]}
    asked = await chen.post("/api/v1/collections", json=sent)
    assert (asked.status_code, asked.json()["code"]) == (422, "money_unknown")
    paid = await chen.post("/api/v1/collections", json={**sent, "amount_fen": 1250})
    assert (paid.status_code, paid.json()["collection"]["money_fen"]) == (201, 1250)


async def test_the_cartons_of_one_waybill_go_by_their_codes(browse: Browser, open_village: Village) -> None:
    for piece in ("1-2-", "2-2-"):
        await open_village.arrive(f"JDVA00123456789-{piece}", MEI)
    chen = await browse(open_village.chen)
    answer = await chen.post("/api/v1/collections", json={**JSON, "waybill": "JDVA00123456789"})
    assert (answer.status_code, answer.json()["code"]) == (409, "several_pieces")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "invalid"),
        (JSON, 422, "invalid"),
        ({**JSON, "code": "48215", "waybill": "YT1"}, 422, "invalid"),
        ({**JSON, "code": "hello"}, 422, "code_check_digit"),
        ({**JSON, "waybill": "YT9999999999999"}, 404, "nobody_waits"),
        ({**JSON, "waybill": "YT9", "amount_fen": -5}, 422, "invalid"),
        ({**JSON, "waybill": "YT9", "collector": {"kind": "thief"}}, 422, "invalid"),
        ({"scan_id": "x" * 41, "waybill": "YT9"}, 422, "invalid"),
    ],
)
async def test_what_does_not_fit_is_refused_by_name(
    browse: Browser, open_village: Village, sent: dict[str, object], status: int, code: str
) -> None:
    answer = await (await browse(open_village.chen)).post("/api/v1/collections", json=sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_stations_collection_is_not_there(
    browse: Browser, open_village: Village, parcel: dict[str, str]
) -> None:
    chen = await browse(open_village.chen)
    done = await chen.post("/api/v1/collections", json={**JSON, "code": parcel["code"]})
    stranger: Actor = (await found_village("other", "他村驿站")).chen
    for collection_id in (done.json()["collection"]["id"], 2**40):
        answer = await (await browse(stranger)).post(
            f"/api/v1/collections/{collection_id}/undo", json={"reason": "mine"}
        )
        assert answer.status_code == 404
