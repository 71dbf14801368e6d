"""The accounts page of the keeper, and everybody's own."""

from station import accounts, guard
from tests.village import PASSWORD, Browser, Village

NEW = {"login": "Peng", "name": "彭师傅", "role": "courier", "carrier": "YTO", "password": "five-hens-lay"}


async def test_the_keeper_makes_an_account_that_can_sign_in(open_village: Village, browse: Browser) -> None:
    keeper = await browse(open_village.wang)
    answer = await keeper.post("/accounts", data=NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/accounts")
    assert "peng" in (await keeper.get("/accounts")).text
    assert await accounts.sign_in("peng", "five-hens-lay")


async def test_a_refused_account_keeps_what_was_typed_but_no_password(
    open_village: Village, browse: Browser
) -> None:
    keeper = await browse(open_village.wang)
    for change, status in (
        ({"login": "chen"}, 409),
        ({"carrier": ""}, 422),
        ({"password": "short"}, 422),
        ({"pin": "12"}, 422),
        ({"login": "a b"}, 422),
        ({"role": "system"}, 422),
        ({"name": ""}, 422),
    ):
        answer = await keeper.post("/accounts", data=NEW | change)
        assert answer.status_code == status, change
        assert "five-hens-lay" not in answer.text
        if "name" not in change:
            assert "彭师傅" in answer.text
    assert len(await accounts.of_station(open_village.id)) == 5


async def test_a_pin_that_does_not_fit_leaves_the_password_as_it_was(
    open_village: Village, browse: Browser
) -> None:
    keeper, chen = await browse(open_village.wang), open_village.chen.account_id
    answer = await keeper.post(f"/accounts/{chen}/secrets", data={"password": "five-hens-lay", "pin": "x"})
    assert answer.status_code == 422
    assert await accounts.sign_in("chen", PASSWORD)
    assert (
        await keeper.post(f"/accounts/{chen}/secrets", data={"password": "five-hens-lay"})
    ).status_code == 303
    assert await accounts.sign_in("chen", "five-hens-lay")


async def test_the_last_keeper_cannot_close_the_own_account(open_village: Village, browse: Browser) -> None:
    keeper = await browse(open_village.wang)
    answer = await keeper.post(
        f"/accounts/{open_village.wang.account_id}/closings", headers={"accept-language": "en"}
    )
    assert answer.status_code == 409
    assert "only keeper" in answer.text
    assert (await keeper.get("/accounts")).status_code == 200


async def test_the_old_password_guards_the_own_secrets(open_village: Village, browse: Browser) -> None:
    chen = await browse(open_village.chen)
    wrong = await chen.post("/account", data={"old_password": "three-hens-fly", "password": "five-hens-lay"})
    assert wrong.status_code == 401
    pin = await chen.post("/account", data={"old_password": PASSWORD, "pin": "9753"})
    assert (pin.status_code, pin.headers["location"]) == (303, "/account?saved")
    assert (await chen.get("/account?saved")).status_code == 200
    new = await chen.post("/account", data={"old_password": PASSWORD, "password": "five-hens-lay"})
    assert new.status_code == 303
    guard.forget()
    assert (await chen.get("/account")).status_code == 303
    assert await accounts.sign_in("chen", "five-hens-lay")
