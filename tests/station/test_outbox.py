"""The outbox: claimed by one, sent outside any act, its outcome on record whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from station import audit, clock, outbox, stations
from station.actor import Actor, Role
from station.db import Database, act, sql
from station.errors import Refusal
from station.gateways import GatewayDown, Outcome, Outgoing, Receipt
from station.models import MessageError
from station.outbox import followup, sending
from station.patience import PAUSES

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 12:00 in the village
NIGHT = datetime(2026, 11, 22, 14, tzinfo=UTC)  # 22:00
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 07:30 of the next day

Answer = Callable[[Outgoing], Awaitable[Receipt]]


async def accept(message: Outgoing) -> Receipt:
    return Receipt(message.reference, Outcome.ACCEPTED)


def failing(error: MessageError) -> Answer:
    async def fail(message: Outgoing) -> Receipt:
        return Receipt(message.reference, Outcome.FAILED, error)

    return fail


async def refuse_all(message: Outgoing) -> Receipt:
    raise GatewayDown("no modem")


async def break_down(message: Outgoing) -> Receipt:
    raise RuntimeError("this one only")


async def never_answer(message: Outgoing) -> Receipt:
    await asyncio.Event().wait()
    raise AssertionError


@dataclass
class Recording:
    """A gateway that keeps what it is given and answers as it is told. It calls itself the one that gives receipts."""

    answer: Answer = accept
    name: str = "gammu"
    sent: list[Outgoing] = field(default_factory=list)
    news: list[Receipt] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message)
        return await self.answer(message)

    async def receipts(self, references: Sequence[str]) -> list[Receipt]:
        return [receipt for receipt in self.news if receipt.reference in references]

    async def forget(self, references: Sequence[str]) -> None:
        self.forgotten += references


@pytest.fixture
async def station(database: Database) -> AsyncIterator[int]:
    with clock.at(NOON):
        yield await stations.found("qinghe", "青禾驿站", zone="Asia/Shanghai")


@act
async def queue(station_id: int, phone: str = "13900000152", text: str = "取件码3-2-48215。") -> int:
    message_id = await outbox.put(station_id, "arrival", phone, clock.now())
    await outbox.write(station_id, message_id, text)
    return message_id


@act
async def _write_and_withdraw(station_id: int, message_id: int) -> None:
    await outbox.write(station_id, message_id, "其他")
    await outbox.withdraw(station_id, message_id)


async def state_of(message_id: int) -> tuple[str, int, str]:
    row = await sql.one("SELECT state, attempts, error FROM message WHERE id = ?", message_id)
    assert row is not None
    return row["state"], row["attempts"], row["error"]


async def acts_on(station_id: int, message_id: int) -> list[str]:
    return [told.act for told in await audit.story(station_id, "message", message_id)]


async def counts(station_id: int) -> tuple[int, int]:
    row = await sql.one(
        "SELECT messages_sent, messages_failed FROM day_stat WHERE station_id = ?", station_id
    )
    return (row["messages_sent"], row["messages_failed"]) if row else (0, 0)


def chen(station_id: int) -> Actor:
    return Actor(station_id, None, "陈国", Role.VOLUNTEER)


async def given_up(station_id: int) -> int:
    message_id = await queue(station_id)
    await sending.send_through(Recording(failing(MessageError.BAD_NUMBER)))
    return message_id


# ---- sending ----


async def test_a_due_message_is_handed_over_once_and_recorded(station: int) -> None:
    message_id, gateway = await queue(station), Recording()
    assert await sending.any_due()
    assert await sending.send_through(gateway) == 1
    assert await sending.send_through(gateway) == 0
    assert not await sending.any_due()
    assert gateway.sent == [
        Outgoing(f"20261122-040000-{message_id}", "13900000152", "青禾驿站", "取件码3-2-48215。")
    ]
    assert await state_of(message_id) == ("accepted", 1, "")
    assert await acts_on(station, message_id) == ["message_accepted"]
    assert await counts(station) == (1, 0)


async def test_the_audit_of_a_message_holds_no_number(station: int) -> None:
    message_id = await queue(station)
    await sending.send_through(Recording())
    (told,) = await audit.story(station, "message", message_id)
    assert told.facts == {"gateway": "gammu", "attempts": 1}


async def test_a_message_that_is_not_due_yet_stays(station: int) -> None:
    with clock.later(minutes=3):
        message_id = await queue(station)
    assert not await sending.any_due()
    assert await sending.send_through(Recording()) == 0
    assert await state_of(message_id) == ("queued", 0, "")


async def test_the_words_of_a_message_that_has_left_stay(station: int) -> None:
    message_id = await queue(station)
    await sending.send_through(Recording())
    await _write_and_withdraw(station, message_id)
    assert await sql.rows("SELECT text, state FROM message") == [
        {"text": "取件码3-2-48215。", "state": "accepted"}
    ]


async def test_two_workers_never_send_the_same_message(station: int) -> None:
    for _ in range(25):
        await queue(station)
    one, other = Recording(), Recording()
    while await sending.any_due():
        await asyncio.gather(sending.send_through(one), sending.send_through(other))
    references = [message.reference for message in one.sent + other.sent]
    assert len(references) == len(set(references)) == 25
    assert await counts(station) == (25, 0)


async def test_nothing_leaves_in_the_quiet_hours_even_if_it_was_due_before(station: int) -> None:
    message_id = await queue(station)
    with clock.at(NIGHT):
        assert await sending.send_through(Recording()) == 0
        assert not await sending.any_due()
    assert await state_of(message_id) == ("queued", 0, "")
    with clock.at(MORNING):
        assert await sending.send_through(Recording()) == 1


# ---- failures ----


async def test_a_failed_message_is_tried_again_after_longer_and_longer_pauses_then_left_to_a_person(
    station: int,
) -> None:
    await _without_quiet_hours(station)
    message_id, gateway = await queue(station), Recording(failing(MessageError.NO_ANSWER))
    at = NOON
    for tries, pause in enumerate(PAUSES, start=1):
        with clock.at(at):
            assert await sending.send_through(gateway) == 1
            assert await state_of(message_id) == ("queued", tries, "no_answer")
        at += pause
        with clock.at(at - timedelta(seconds=1)):
            assert not await sending.any_due()
    with clock.at(at):
        await sending.send_through(gateway)
        assert await state_of(message_id) == ("needs_person", 7, "no_answer")
    assert len(gateway.sent) == 7
    assert len({message.reference for message in gateway.sent}) == 1
    assert await acts_on(station, message_id) == ["message_queued"] * 6 + ["message_needs_person"]


async def test_a_retry_waits_for_the_morning(station: int) -> None:
    await queue(station)
    with clock.at(NIGHT - timedelta(hours=1, seconds=1)):
        await sending.send_through(Recording(failing(MessageError.NO_ANSWER)))
        row = await sql.one("SELECT due_at FROM message")
    assert row is not None
    assert sql.moment(row["due_at"]) == MORNING


@pytest.mark.parametrize("error", [MessageError.BAD_NUMBER, MessageError.BLOCKED])
async def test_what_cannot_get_through_is_left_to_a_person_at_once(station: int, error: MessageError) -> None:
    message_id = await queue(station)
    await sending.send_through(Recording(failing(error)))
    assert await state_of(message_id) == ("needs_person", 1, error)
    assert await counts(station) == (0, 1)
    assert await followup.unsent(station) == 1


async def test_a_fault_with_one_message_does_not_strand_the_others(station: int) -> None:
    bad, good = await queue(station, text="坏"), await queue(station, text="好")

    async def answer(message: Outgoing) -> Receipt:
        return await (break_down if message.text == "坏" else accept)(message)

    assert await sending.send_through(Recording(answer)) == 2
    assert await state_of(bad) == ("queued", 1, "no_answer")
    assert await state_of(good) == ("accepted", 1, "")


async def test_a_channel_that_is_down_burns_no_tries_and_is_left_alone_for_a_minute(station: int) -> None:
    ids = [await queue(station) for _ in range(12)]
    gateway = Recording(refuse_all)
    with pytest.raises(GatewayDown):
        await sending.send_through(gateway)
    assert len(gateway.sent) == 10
    assert {await state_of(message_id) for message_id in ids} == {("queued", 0, "")}
    assert not await sending.any_due()
    with clock.later(minutes=1):
        assert await sending.send_through(Recording()) == 10
        assert await sending.send_through(Recording()) == 2
    assert await counts(station) == (12, 0)


# ---- a worker that dies ----


async def _killed_while_sending() -> Recording:
    gateway = Recording(never_answer)
    worker = asyncio.create_task(sending.send_through(gateway))
    while not gateway.sent:  # noqa: ASYNC110  a gateway tells no event
        await asyncio.sleep(0.005)
    worker.cancel()
    await asyncio.wait([worker])
    assert worker.cancelled()
    return gateway


async def test_a_message_whose_worker_died_is_sent_once_more_under_the_same_reference(station: int) -> None:
    message_id, second = await queue(station), Recording()
    first = await _killed_while_sending()
    assert await state_of(message_id) == ("sending", 1, "")
    with clock.later(minutes=4):
        assert not await sending.any_due()
        assert await sending.send_through(second) == 0
    with clock.later(minutes=6):
        assert await sending.any_due()
        await sending.send_through(second)
        assert await state_of(message_id) == ("queued", 1, "unclear")
    with clock.later(minutes=8):
        await sending.send_through(second)
    assert second.sent == first.sent
    assert await state_of(message_id) == ("accepted", 2, "")


async def test_a_message_lost_a_second_time_is_left_to_a_person(station: int) -> None:
    message_id = await queue(station)
    await _killed_while_sending()
    with clock.later(minutes=6):
        await sending.send_through(Recording())
    with clock.later(minutes=8):
        await _killed_while_sending()
    with clock.later(minutes=14):
        assert await sending.send_through(Recording()) == 0
    assert await state_of(message_id) == ("needs_person", 2, "unclear")


async def test_the_late_answer_of_a_worker_that_was_given_up_changes_nothing(station: int) -> None:
    message_id = await queue(station)

    async def answer_late(message: Outgoing) -> Receipt:
        with clock.later(minutes=6):
            await sending.send_through(Recording())
        return Receipt(message.reference, Outcome.FAILED, MessageError.BAD_NUMBER)

    await sending.send_through(Recording(answer_late))
    assert await state_of(message_id) == ("queued", 1, "unclear")
    assert await acts_on(station, message_id) == ["message_queued"]


# ---- receipts ----


async def test_a_receipt_says_that_the_message_has_gone_out(station: int) -> None:
    message_id, gateway = await queue(station), Recording()
    await sending.send_through(gateway)
    assert await sending.awaiting_receipts()
    assert await sending.collect_from(gateway) == 0
    gateway.news = [Receipt(gateway.sent[0].reference, Outcome.DELIVERED)]
    assert await sending.collect_from(gateway) == 1
    assert await state_of(message_id) == ("delivered", 1, "")
    assert gateway.forgotten == [gateway.sent[0].reference]
    assert not await sending.awaiting_receipts()
    assert await counts(station) == (1, 0)


async def test_a_message_that_failed_after_it_was_accepted_is_tried_again(station: int) -> None:
    message_id, gateway = await queue(station), Recording()
    await sending.send_through(gateway)
    gateway.news = [Receipt(gateway.sent[0].reference, Outcome.FAILED, MessageError.NOT_SENT)]
    await sending.collect_from(gateway)
    assert await state_of(message_id) == ("queued", 1, "not_sent")


async def test_the_console_is_never_asked_for_receipts(station: int) -> None:
    await queue(station)
    await sending.send_through(Recording(name="console"))
    assert not await sending.awaiting_receipts()


# ---- people ----


async def test_a_volunteer_sends_a_message_again(station: int) -> None:
    message_id, gateway = await given_up(station), Recording()
    await followup.send_again(message_id, by=chen(station))
    assert await state_of(message_id) == ("queued", 0, "")
    await sending.send_through(gateway)
    assert await state_of(message_id) == ("accepted", 1, "")
    assert await acts_on(station, message_id) == [
        "message_needs_person",
        "message_sent_again",
        "message_accepted",
    ]


async def test_a_volunteer_rings_instead(station: int) -> None:
    message_id = await given_up(station)
    await followup.told_by_phone(message_id, by=chen(station))
    assert await state_of(message_id) == ("called", 1, "bad_number")
    assert await followup.unsent(station) == 0


@pytest.mark.parametrize("settle", [followup.send_again, followup.told_by_phone])
async def test_only_one_volunteer_settles_a_message(
    station: int, settle: Callable[..., Awaitable[None]]
) -> None:
    message_id = await given_up(station)
    await followup.told_by_phone(message_id, by=chen(station))
    with pytest.raises(Refusal, match="message_settled"):
        await settle(message_id, by=chen(station))


async def test_a_message_of_another_station_is_not_there(station: int) -> None:
    message_id = await given_up(station)
    stranger = chen(await stations.found("other", "别处驿站", zone="Asia/Shanghai"))
    for touch in (followup.send_again, followup.told_by_phone, followup.unmask):
        with pytest.raises(Refusal, match="no_message"):
            await touch(message_id, by=stranger)
    assert await state_of(message_id) == ("needs_person", 1, "bad_number")


async def test_looking_at_a_number_is_on_record(station: int) -> None:
    message_id = await queue(station)
    await followup.unmask(message_id, by=chen(station))
    assert await acts_on(station, message_id) == ["phone_shown"]


async def test_the_list_shows_what_was_asked_for_newest_first(station: int) -> None:
    failed = await given_up(station)
    sent = await queue(station)
    await sending.send_through(Recording())
    waiting = await queue(station)
    shown = {}
    for show in ("all", *followup.SHOWN):
        rows, has_more = await followup.listing(station, show)
        shown[show] = [row["id"] for row in rows]
        assert not has_more
    assert shown == {
        "all": [waiting, sent, failed],
        "waiting": [waiting],
        "needs_person": [failed],
        "sent": [sent],
    }


async def test_a_long_list_comes_in_pages(station: int) -> None:
    ids = [await queue(station) for _ in range(followup.PAGE_SIZE + 2)]
    first, more = await followup.listing(station, "waiting", 1)
    second, no_more = await followup.listing(station, "waiting", 2)
    assert [row["id"] for row in first + second] == ids[::-1]
    assert (more, no_more) == (True, False)


async def test_messages_that_a_dead_channel_holds_up_are_counted(station: int) -> None:
    await queue(station)
    assert await followup.held_up(station) == 0
    await _job_ended_with("GatewayDown")
    assert await followup.held_up(station) == 1
    await _job_ended_with("")
    await sending.send_through(Recording())
    assert await followup.held_up(station) == 0
    with clock.later(hours=2):
        assert await followup.held_up(station) == 1


@act
async def _job_ended_with(error: str) -> None:
    await sql.execute(
        "INSERT INTO job_run (name, owner, error) VALUES (?, '', ?)"
        " ON CONFLICT (name) DO UPDATE SET error = excluded.error",
        sending.JOB,
        error,
    )


@act
async def _without_quiet_hours(station_id: int) -> None:
    await sql.execute(
        "UPDATE station SET quiet_from = '00:00', quiet_until = '00:00' WHERE id = ?", station_id
    )
