"""Programs come with bearer tokens: of an account, revocable, and no way around its role."""

from starlette.applications import Starlette

from station import accounts, doors, guard
from station.actor import Actor
from tests.station.visits import visit
from tests.village import Village

SEARCH = "/api/v1/parcels?q=1234"


async def token_of(village: Village, person: Actor) -> str:
    return await doors.make_token(person.account_id or 0, by=village.wang)


async def test_a_token_opens_what_its_account_may(web: Starlette, open_village: Village) -> None:
    async with visit(
        web, authorization=f"Bearer {await token_of(open_village, open_village.liu)}"
    ) as program:
        assert (await program.post("/api/v1/waybills", json={"raw": ["x"]})).status_code == 200
        refused = await program.post("/api/v1/checkins", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_for_you")


async def test_a_token_ends_with_its_account_or_password(web: Starlette, open_village: Village) -> None:
    for person, end in ((open_village.chen, "close"), (open_village.li, "password")):
        async with visit(web, authorization=f"Bearer {await token_of(open_village, person)}") as program:
            assert (await program.get(SEARCH)).status_code == 200
            assert person.account_id is not None
            if end == "close":
                await accounts.set_active(person.account_id, False, by=open_village.wang)
            else:
                await accounts.set_secrets(person.account_id, password="five-hens-lay", by=open_village.wang)
            guard.forget()
            answer = await program.get(SEARCH)
            assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")


async def test_what_is_no_token_is_refused_as_one(web: Starlette, open_village: Village) -> None:
    session = await doors.open_session(open_village.chen.account_id or 0, by=open_village.chen)
    for header in (
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Bearer {session}",
        "Bearer 1." + "a" * 43,
        "Basic eDp5",
    ):
        async with visit(web, authorization=header) as program:
            answer = await program.get(SEARCH)
            assert (answer.status_code, answer.json()["code"]) == (401, "bad_token"), header


async def test_a_wrong_token_is_not_helped_by_a_cookie(web: Starlette, open_village: Village) -> None:
    session = await doors.open_session(open_village.chen.account_id or 0, by=open_village.chen)
    async with visit(web, authorization="Bearer wrong", cookie=f"station_session={session}") as program:
        assert (await program.get(SEARCH)).status_code == 401
