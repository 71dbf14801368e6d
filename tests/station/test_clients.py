"""What careless and hostile clients send: each gets an answer that says what is wrong, none breaks a page."""

import json
from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.types import Message

from tests.village import Browser, Village

WAYBILL = "YT4902191309648"


async def test_half_an_emoji_in_a_cut_name_spoils_no_list(open_village: Village, browse: Browser) -> None:
    client = await browse(open_village.chen)
    # As JavaScript writes a name that was cut after so many characters: `"\\ud83d"`.
    row = {"waybill": WAYBILL, "name": "瞿冬伢\ud83d", "phone": "13900000152"}
    cut = json.dumps({"raw": ["\ud83d"], "rows": [row]})
    known = await client.post("/api/v1/waybills", content=cut)
    assert (known.status_code, known.json()["waybills"][0]["status"]) == (200, "invalid")
    taken = await client.post("/api/v1/manifests", content=cut, headers={"content-type": "application/json"})
    assert (taken.status_code, taken.json()["accepted"][0]["waybill"]) == (201, WAYBILL)


async def test_an_agreement_of_millions_is_asked_for_again(open_village: Village, browse: Browser) -> None:
    client = await browse(open_village.wang)
    sent = {"household_id": "1", "valid_from": "2026-11-22", "price": "100000.01", "packing": "21474836.48"}
    assert (await client.post("/agreements", data=sent)).status_code == 422


async def test_the_document_knows_what_is_answered_to_a_repeat_and_to_a_number_cut_short(
    open_village: Village, browse: Browser
) -> None:
    client = await browse(open_village.chen)
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    rows = {"rows": [{"waybill": WAYBILL, "phone": "13900000152"}]}
    for status in (201, 200):
        answer = await client.post("/api/v1/manifests", json=rows)
        assert answer.status_code == status
        assert str(status) in paths["/api/v1/manifests"]["post"]["responses"]
    cut = await client.post("/api/v1/checkins", json={"scan_id": "s-1", "scanned": "4.90219E+12"})
    told = paths["/api/v1/checkins"]["post"]["responses"][str(cut.status_code)]["description"]
    assert f"{cut.json()['code']}: " in told
    (number,) = paths["/api/v1/manifests/{manifest_id}"]["get"]["parameters"]
    assert number["schema"] == {"type": "integer"}


async def test_a_sender_who_hangs_up_in_the_middle_is_no_fault_of_ours(web: Starlette) -> None:
    answers: list[Message] = []
    head = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"100")]
    scope = {"type": "http", "method": "POST", "path": "/sign-in", "query_string": b"", "headers": head}
    parts: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"login=", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(parts)

    async def send(message: Message) -> None:
        answers.append(message)

    await web(scope, receive, send)
    assert answers[0]["status"] == 400
