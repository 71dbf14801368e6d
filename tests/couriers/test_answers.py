"""Questions of the check-in and their answers: which company, whose parcel."""

import pytest

from couriers import answers, checkin, takeback
from couriers.answers import AnswerIn
from couriers.checkin import Answer, ScanIn
from station import audit
from station.db import act, sql
from station.errors import Refusal
from tests.village import Village, found_village

YTO, OTHER, AMBIGUOUS = "YT4902191309648", "YT4168021422322", "123456789012"
GRANDMA, XIAOBO = "13900007396", "13800000152"


@pytest.fixture
async def asked(village: Village) -> Answer:
    """A parcel of which neither company nor person is known; its scan is `q`."""
    return await checkin.check_in(ScanIn("q", AMBIGUOUS, name="瞿冬伢"), by=village.chen)


async def answer(village: Village, **given: object) -> Answer:
    return await answers.answer("q", AnswerIn(**given), by=village.chen)  # type: ignore[arg-type]


async def messages() -> list[dict[str, object]]:
    return await sql.rows("SELECT phone, state, text FROM message ORDER BY id")


async def test_a_company_is_chosen(village: Village, asked: Answer) -> None:
    now = await answer(village, carrier="顺丰")
    assert (now["status"], now["parcel"]["carrier"]) == ("needs_you", "SF")
    assert [need["kind"] for need in now["needs"]] == ["recipient"]
    story = await audit.story(village.id, "parcel", asked["parcel"]["id"])
    assert (story[-1].act, story[-1].facts) == ("questions_answered", {"answered": ["carrier"]})


async def test_a_phone_is_typed_and_its_owner_is_told(village: Village, asked: Answer) -> None:
    now = await answer(village, phone=" １３９0000 7396 ", carrier="SF")
    assert (now["status"], now["parcel"]["phone"], now["parcel"]["recipient"]) == ("ok", "****7396", "瞿冬伢")
    assert "needs" not in now
    (message,) = await messages()
    assert (message["phone"], message["state"]) == (GRANDMA, "queued")
    assert now["parcel"]["code"] in str(message["text"])


async def test_one_of_those_offered_is_chosen(village: Village) -> None:
    await village.arrive(YTO, GRANDMA, name="瞿冬伢")
    asked = await checkin.check_in(ScanIn("q", OTHER, phone="139****7396", name="瞿*伢"), by=village.chen)
    (choice,) = asked["needs"][0]["choices"]
    now = await answer(village, recipient_id=choice["resident_id"])
    assert (now["status"], now["parcel"]["recipient"], now["parcel"]["phone"]) == ("ok", "瞿冬伢", "****7396")
    (message,) = await messages()
    assert "2件" in str(message["text"]), "one message for both of her parcels"


async def test_a_name_alone_is_kept_and_the_phone_stays_open(village: Village, asked: Answer) -> None:
    now = await answer(village, name="覃\x00小波\ud800")
    assert (now["status"], now["parcel"]["recipient"]) == ("needs_you", "覃小波")


async def test_the_same_scan_gets_the_completed_answer(village: Village, asked: Answer) -> None:
    now = await answer(village, phone=GRANDMA, carrier="SF")
    assert await checkin.check_in(ScanIn("q", AMBIGUOUS), by=village.chen) == now


async def test_a_corrected_phone_withdraws_the_message_to_the_wrong_one(
    village: Village, asked: Answer
) -> None:
    await answer(village, phone=XIAOBO, carrier="SF")
    await answer(village, phone=GRANDMA)
    wrong, right = await messages()
    assert (wrong["phone"], wrong["state"]) == (XIAOBO, "withdrawn")
    assert (right["phone"], right["state"]) == (GRANDMA, "queued")


async def test_a_corrected_phone_leaves_the_wrong_ones_other_parcels_in_its_message(
    village: Village, asked: Answer
) -> None:
    theirs = await village.arrive(YTO, XIAOBO)
    await answer(village, phone=XIAOBO, carrier="SF")
    await answer(village, phone=GRANDMA)
    message = (await messages())[0]
    assert message["state"] == "queued"
    assert theirs["parcel"]["code"] in str(message["text"])
    assert asked["parcel"]["code"] not in str(message["text"])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"phone": "1390000"}, "phone_bad"),
        ({"phone": "hello"}, "phone_bad"),
        ({"phone": "139****7396"}, "phone_bad"),
        ({"phone": "13900007396-1234"}, "phone_bad"),
        ({"carrier": "飞毛腿"}, "no_carrier"),
        ({"recipient_id": 4711}, "no_recipient"),
        ({}, "answer_empty"),
        ({"phone": "", "name": "瞿冬伢"}, "answer_empty"),
    ],
)
async def test_an_answer_that_does_not_fit_changes_nothing(
    village: Village, asked: Answer, given: dict[str, object], code: str
) -> None:
    before = await sql.rows("SELECT * FROM parcel")
    with pytest.raises(Refusal) as refused:
        await answer(village, **given)
    assert refused.value.code == code
    assert await sql.rows("SELECT * FROM parcel") == before
    assert await checkin.answered(village.id, "q") == asked


async def test_a_neighbour_stations_people_are_nobody_here(village: Village, asked: Answer) -> None:
    other = await found_village("other", "他村驿站")
    await other.arrive(YTO, GRANDMA)
    (theirs,) = await sql.rows("SELECT id FROM recipient WHERE phone = ?", GRANDMA)
    with pytest.raises(Refusal, match="no_recipient"):
        await answer(village, recipient_id=theirs["id"])
    with pytest.raises(Refusal, match="no_scan"):
        await answers.answer("q", AnswerIn(carrier="SF"), by=other.chen)


async def test_the_same_number_of_the_same_company_cannot_wait_twice(village: Village, asked: Answer) -> None:
    await village.arrive(AMBIGUOUS, GRANDMA)
    await answer(village, carrier="SF")
    await checkin.check_in(ScanIn("second", AMBIGUOUS, carrier="ANE"), by=village.chen)
    with pytest.raises(Refusal, match="twice_here"):
        await answers.answer("second", AnswerIn(carrier="SF"), by=village.chen)


async def test_a_parcel_that_was_taken_back_has_no_questions(village: Village, asked: Answer) -> None:
    await takeback.take_back("q", by=village.chen)
    with pytest.raises(Refusal, match="not_waiting"):
        await answer(village, phone=GRANDMA)


@act
async def erase() -> None:
    await sql.execute("UPDATE scan SET answer = '{}'")


async def test_an_erased_scan_is_not_known_any_more(village: Village, asked: Answer) -> None:
    await erase()
    with pytest.raises(Refusal, match="no_scan"):
        await answer(village, phone=GRANDMA)
    with pytest.raises(Refusal, match="no_scan"):
        await checkin.check_in(ScanIn("q", AMBIGUOUS), by=village.chen)
