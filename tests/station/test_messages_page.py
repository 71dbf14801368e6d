"""The Messages page: what was told to whom, and what a person has to see to."""

from datetime import UTC, datetime
from typing import Any

import pytest

from station import audit, clock, i18n, outbox
from station.actor import Actor
from station.db import act, sql
from station.models import MessageError, MessageState
from station.pages import messages
from tests.village import Browser, Village

PHONE = "13900000152"
WORDS = "取件码3-2-48215。"
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # in the village


@act
async def message(station_id: int, state: str = "needs_person", error: str = "bad_number") -> int:
    message_id = await outbox.put(station_id, "arrival", PHONE, clock.now())
    await outbox.write(station_id, message_id, WORDS)
    await sql.execute("UPDATE message SET state = ?, error = ? WHERE id = ?", state, error, message_id)
    return message_id


async def state_of(message_id: int) -> str:
    row = await sql.one("SELECT state FROM message WHERE id = ?", message_id)
    assert row is not None
    return str(row["state"])


async def seen_by(browse: Browser, actor: Actor, address: str = "/messages") -> str:
    answer = await (await browse(actor)).get(address)
    assert answer.status_code == 200
    return answer.text


async def test_a_volunteer_sees_what_failed_why_and_what_to_do(
    open_village: Village, browse: Browser
) -> None:
    message_id = await message(open_village.id)
    html = await seen_by(browse, open_village.chen)
    assert WORDS in html
    assert "****<b>0152</b>" in html
    assert PHONE not in html
    with i18n.speaking("zh_CN"):
        assert (
            i18n.gettext("This number cannot get messages. Ask the family or a neighbour for another one.")
            in html
        )
    for noun in ("retries", "calls", "unmaskings"):
        assert f'action="/messages/{message_id}/{noun}' in html


async def test_the_county_officer_sees_no_codes_and_changes_nothing(
    open_village: Village, browse: Browser
) -> None:
    message_id = await message(open_village.id)
    html = await seen_by(browse, open_village.zhao)
    assert "****<b>0152</b>" in html
    assert "48215" not in html
    assert 'action="/messages/' not in html
    county = await browse(open_village.zhao)
    for noun in ("retries", "calls", "unmaskings"):
        assert (await county.post(f"/messages/{message_id}/{noun}")).status_code == 403
    assert await state_of(message_id) == "needs_person"


async def test_a_courier_sees_no_messages(open_village: Village, browse: Browser) -> None:
    assert (await (await browse(open_village.liu)).get("/messages")).status_code == 403


@pytest.mark.parametrize(
    ("show", "states"),
    [
        ("waiting", {"queued", "sending"}),
        ("needs_person", {"needs_person"}),
        ("sent", {"accepted", "delivered", "called"}),
    ],
)
async def test_each_tab_shows_its_own(
    open_village: Village, browse: Browser, show: str, states: set[str]
) -> None:
    ids = {str(state): await message(open_village.id, state) for state in messages._STATES}
    html = await seen_by(browse, open_village.chen, f"/messages?show={show}")
    assert {state for state, id_ in ids.items() if f'id="message-{id_}"' in html} == states


def test_every_state_and_error_has_its_words() -> None:
    assert set(messages._STATES) == set(MessageState)
    assert set(messages._ERRORS) == set(MessageError)


async def test_a_message_that_is_tried_again_by_itself_asks_nobody(
    open_village: Village, browse: Browser
) -> None:
    await message(open_village.id, "queued", "no_answer")
    html = await seen_by(browse, open_village.chen)
    with i18n.speaking("zh_CN"):
        assert i18n.gettext("is tried again by itself") in html
    assert "row-ask" not in html
    assert 'action="/messages/' not in html


@pytest.mark.parametrize("query", ["show=nonsense", "page=0", "page=-1", "page=x", "page=99999999999"])
async def test_a_mistyped_address_shows_the_first_page(
    open_village: Village, browse: Browser, query: str
) -> None:
    await message(open_village.id)
    assert WORDS in await seen_by(browse, open_village.chen, f"/messages?{query}")


@pytest.mark.parametrize(("noun", "state"), [("retries", "queued"), ("calls", "called")])
async def test_a_volunteer_settles_a_message_and_is_back_on_the_list(
    open_village: Village, browse: Browser, noun: str, state: str
) -> None:
    message_id, chen = await message(open_village.id), await browse(open_village.chen)
    answer = await chen.post(f"/messages/{message_id}/{noun}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/messages?show=needs_person")
    assert await state_of(message_id) == state
    assert (await chen.post(f"/messages/{message_id}/{noun}")).status_code == 409


async def test_the_whole_number_is_shown_once_to_ring_it_and_that_is_on_record(
    open_village: Village, browse: Browser
) -> None:
    message_id, chen = await message(open_village.id), await browse(open_village.chen)
    answer = await chen.post(f"/messages/{message_id}/unmaskings?show=needs_person&page=1")
    assert f'href="tel:{PHONE}"' in answer.text
    assert PHONE not in await seen_by(browse, open_village.chen)
    (told,) = await audit.story(open_village.id, "message", message_id)
    assert (told.who, told.act, told.facts) == ("陈国", "phone_shown", {})


async def test_today_counts_the_messages_that_wait_for_a_person(open_village: Village) -> None:
    figures = await messages.figures(open_village.id)
    assert [figure.number for figure in figures] == [0, 0]
    await message(open_village.id)
    failed, held_up = await messages.figures(open_village.id)
    assert (failed.number, failed.href, held_up.number) == (1, "/messages?show=needs_person", 0)


async def test_the_jobs_run_on_the_programs_own_settings(open_village: Village, web: Any) -> None:
    with clock.at(NOON):  # nothing leaves in the quiet hours
        message_id = await message(open_village.id, "queued", "")
        sending, receipts = messages.JOBS
        assert sending.due
        assert receipts.due
        assert await sending.due()
        await sending.run(web.state.settings)
        assert await state_of(message_id) == "accepted"
        assert not await sending.due()
        assert not await receipts.due()
