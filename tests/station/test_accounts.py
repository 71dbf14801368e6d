"""Accounts: who may sign in, what locks them out, and what the keeper can change."""

import asyncio

import pytest

from station import accounts, audit, clock, doors
from station.actor import Actor, Role
from station.db import sql
from station.errors import Refusal
from tests.village import PASSWORD, PIN, Village, found_village

WRONG = "three-hens-fly"


async def refused(trial: object) -> str:
    with pytest.raises(Refusal) as caught:
        await trial  # type: ignore[misc]
    return caught.value.code


def id_of(actor: Actor) -> int:
    assert actor.account_id is not None
    return actor.account_id


async def test_the_right_password_opens_a_session_of_that_account(village: Village) -> None:
    key = await accounts.sign_in(" Wang ", PASSWORD)
    assert await doors.who_holds(key, "session") == village.wang
    assert await doors.who_holds(key, "token") is None


async def test_an_unknown_name_is_refused_like_a_wrong_password(village: Village) -> None:
    assert await refused(accounts.sign_in("wang", WRONG)) == "wrong_password"
    assert await refused(accounts.sign_in("nobody", PASSWORD)) == "wrong_password"


async def test_five_wrong_passwords_lock_the_account_for_fifteen_minutes(village: Village) -> None:
    for _ in range(accounts.MAX_FAILURES):
        assert await refused(accounts.sign_in("chen", WRONG)) == "wrong_password"
    assert await refused(accounts.sign_in("chen", WRONG)) == "account_locked"
    assert await refused(accounts.sign_in("chen", PASSWORD)) == "account_locked"
    assert await refused(accounts.switch(id_of(village.chen), PIN, by=village.li)) == "account_locked"
    with clock.later(minutes=14, seconds=50):
        assert await refused(accounts.sign_in("chen", PASSWORD)) == "account_locked"
    with clock.later(minutes=15, seconds=5):
        assert await accounts.sign_in("chen", PASSWORD)
    assert await accounts.sign_in("li", PASSWORD)
    story = [line.act for line in await audit.story(village.id, "account", id_of(village.chen))]
    assert story == ["account_added"] + ["sign_in_failed"] * 5 + ["signed_in"]


async def test_many_hands_at_once_get_no_more_guesses_than_one(village: Village) -> None:
    guesses = [accounts.sign_in("chen", WRONG) for _ in range(10)] + [accounts.sign_in("chen", PASSWORD)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    last = answers[-1]
    assert isinstance(last, Refusal)
    assert last.code == "account_locked"


async def test_a_success_forgets_the_failures_before_it(village: Village) -> None:
    for _ in range(2):
        for _ in range(accounts.MAX_FAILURES - 1):
            assert await refused(accounts.sign_in("chen", WRONG)) == "wrong_password"
        assert await accounts.sign_in("chen", PASSWORD)


async def test_with_two_stations_a_shared_name_must_say_which(village: Village) -> None:
    other = await found_village("other", "邻村驿站")
    assert await refused(accounts.sign_in("wang", PASSWORD)) == "wrong_password"
    for code, keeper in (("qinghe", village.wang), ("other", other.wang)):
        assert await doors.who_holds(await accounts.sign_in(f"wang@{code}", PASSWORD), "session") == keeper


async def test_a_pin_hands_the_laptop_to_a_volunteer_of_this_station_only(village: Village) -> None:
    other = await found_village("other", "邻村驿站")
    key = await accounts.switch(id_of(village.li), PIN, by=village.chen)
    assert await doors.who_holds(key, "session") == village.li
    for stranger in (village.wang, village.zhao, other.li):
        assert await refused(accounts.switch(id_of(stranger), PIN, by=village.chen)) == "wrong_pin"
    assert await refused(accounts.switch(id_of(village.li), "0000", by=village.chen)) == "wrong_pin"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"password": "short"}, "password_short"),
        ({"password": ""}, "password_short"),
        ({"login": "CHEN"}, "login_taken"),
        ({"login": "wang@qinghe"}, "login_bad"),
        ({"login": ""}, "login_bad"),
        ({"role": Role.COURIER}, "carrier_missing"),
        ({"role": Role.COURIER, "carrier": "no such company"}, "carrier_missing"),
        ({"pin": "12"}, "pin_bad"),
        ({"pin": "１２３４"}, "pin_bad"),
    ],
)
async def test_an_account_that_could_not_be_used_is_not_made(
    village: Village, change: dict[str, object], code: str
) -> None:
    fields = {"login": "peng", "name": "彭", "role": Role.VOLUNTEER, "password": PASSWORD} | change
    before = await accounts.of_station(village.id)
    assert await refused(accounts.add(**fields, by=village.wang)) == code  # type: ignore[arg-type]
    assert await accounts.of_station(village.id) == before


async def test_a_couriers_company_is_kept_by_its_code(village: Village) -> None:
    account_id = await accounts.add("Peng", "彭师傅", Role.COURIER, PASSWORD, carrier="圆通", by=village.wang)
    row = await sql.one("SELECT login, carrier FROM account WHERE id = ?", account_id)
    assert row == {"login": "peng", "carrier": "YTO"}


async def test_a_new_password_ends_every_session_and_token(village: Village) -> None:
    chen = id_of(village.chen)
    session, token = await accounts.sign_in("chen", PASSWORD), await doors.make_token(chen, by=village.wang)
    await accounts.set_secrets(chen, password="four-hens-lay", by=village.wang)
    assert await doors.who_holds(session, "session") is None
    assert await doors.who_holds(token, "token") is None
    assert await refused(accounts.sign_in("chen", PASSWORD)) == "wrong_password"
    assert await accounts.sign_in("chen", "four-hens-lay")


async def test_a_new_pin_leaves_sessions_open_and_a_bad_one_changes_nothing(village: Village) -> None:
    chen, session = id_of(village.chen), await accounts.sign_in("chen", PASSWORD)
    with pytest.raises(Refusal):
        await accounts.set_secrets(chen, password="four-hens-lay", pin="no", by=village.wang)
    await accounts.set_secrets(chen, pin="9753", by=village.wang)
    assert await doors.who_holds(session, "session") == village.chen
    assert await accounts.switch(chen, "9753", by=village.li)
    assert await accounts.sign_in("chen", PASSWORD)


async def test_a_closed_account_is_out_at_once_and_can_be_reopened(village: Village) -> None:
    chen, session = id_of(village.chen), await accounts.sign_in("chen", PASSWORD)
    await accounts.set_active(chen, False, by=village.wang)
    assert await doors.who_holds(session, "session") is None
    assert await refused(accounts.sign_in("chen", PASSWORD)) == "wrong_password"
    assert await refused(accounts.switch(chen, PIN, by=village.li)) == "wrong_pin"
    await accounts.set_active(chen, True, by=village.wang)
    assert await doors.who_holds(session, "session") is None
    assert await accounts.sign_in("chen", PASSWORD)


async def test_the_last_keeper_cannot_be_closed(village: Village) -> None:
    wang = id_of(village.wang)
    assert await refused(accounts.set_active(wang, False, by=village.wang)) == "last_keeper"
    await accounts.add("peng", "彭", Role.KEEPER, PASSWORD, by=village.wang)
    await accounts.set_active(wang, False, by=village.wang)


async def test_another_stations_account_cannot_be_changed(village: Village) -> None:
    other = await found_village("other", "邻村驿站")
    chen = id_of(village.chen)
    assert await refused(accounts.set_active(chen, False, by=other.wang)) == "no_account"
    assert await refused(accounts.set_secrets(chen, pin="9753", by=other.wang)) == "no_account"
    assert chen not in [row["id"] for row in await accounts.of_station(other.id)]


async def test_a_session_ends_after_a_shift_and_a_token_does_not(village: Village) -> None:
    session = await accounts.sign_in("chen", PASSWORD)
    token = await doors.make_token(id_of(village.chen), by=village.wang)
    with clock.later(hours=13, minutes=59):
        assert await doors.who_holds(session, "session") == village.chen
    with clock.later(hours=14, minutes=1):
        assert await doors.who_holds(session, "session") is None
        assert await doors.who_holds(token, "token") == village.chen


async def test_signing_out_ends_this_session_alone(village: Village) -> None:
    here, there = await accounts.sign_in("chen", PASSWORD), await accounts.sign_in("chen", PASSWORD)
    await doors.close_session(here, by=village.chen)
    assert await doors.who_holds(here, "session") is None
    assert await doors.who_holds(there, "session") == village.chen


async def test_keys_are_kept_as_hashes_only(village: Village) -> None:
    keys = [
        await accounts.sign_in("chen", PASSWORD),
        await doors.make_token(id_of(village.chen), by=village.wang),
    ]
    for table, key in zip(("session", "token"), keys, strict=True):
        rows = await sql.rows(f"SELECT * FROM {table}")
        assert key.partition(".")[2] not in str(rows)


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "x",
        "1.",
        "1.short",
        "-1." + "a" * 43,
        "9" * 30 + "." + "a" * 43,
        "1." + "é" * 43,
        "1.\x00" * 20,
    ],
)
async def test_a_key_that_is_none_opens_nothing(village: Village, key: str) -> None:
    assert await doors.who_holds(key, "session") is None
    assert await doors.who_holds(key, "token") is None
