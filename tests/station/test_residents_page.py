"""The register on screen."""

from station import resident_import, residents
from station.db import sql
from tests.village import Browser, Village


async def test_the_desk_writes_somebody_in_and_finds_her(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    sent = await chen.post(
        "/residents",
        data={"name": "郑秀英", "phones": "13900000152，0730-5550188", "group": "五组", "needs": "elderly"},
    )
    assert sent.status_code == 303
    page = (await chen.get("/residents?q=zxy")).text
    assert "郑*英" in page
    assert "0152" in page
    assert "13900000152" not in page


async def test_a_half_phone_is_refused_with_what_was_typed(browse: Browser, open_village: Village) -> None:
    chen = await browse(open_village.chen)
    sent = await chen.post("/residents", data={"name": "郑秀英", "phones": "139"})
    assert sent.status_code == 422
    assert 'value="139"' in sent.text
    assert 'value="郑秀英"' in sent.text
    assert await sql.rows("SELECT id FROM resident") == []


async def test_what_is_searched_for_has_a_second_page(browse: Browser, open_village: Village) -> None:
    rows = "".join(f"郑{sign}英,五组\n" for sign in map(chr, range(0x4E00, 0x4E00 + residents.PAGE + 1)))
    await resident_import.take(resident_import.read(f"姓名,组\n{rows}".encode()), by=open_village.wang)
    wang = await browse(open_village.wang)
    first, second = [(await wang.get(f"/residents?q=郑&page={number}")).text for number in (1, 2)]
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (residents.PAGE, 1)
    added = await wang.post("/residents", data={"name": "A&B"})
    assert added.headers["location"] == "/residents?q=A%26B"


async def test_the_keeper_takes_a_list_in(browse: Browser, open_village: Village) -> None:
    wang = await browse(open_village.wang)
    sent = await wang.post(
        "/residents/imports", files={"file": ("册.csv", "姓名,电话\n郑秀英,13900000152\n何秀,12\n".encode())}
    )
    assert sent.status_code == 200
    assert "12" in sent.text
    assert len(await residents.find(open_village.id, "郑秀英")) == 1
    bad = await wang.post("/residents/imports", files={"file": ("册.pdf", b"%PDF-1.7")})
    assert bad.status_code == 422


async def test_only_the_keeper_sees_who_is_helped(browse: Browser, open_village: Village) -> None:
    person = await residents.keep(residents.ResidentIn("郑秀英"), by=open_village.wang)
    house = (await residents.one(open_village.id, person))["household_id"]
    wang, chen = await browse(open_village.wang), await browse(open_village.chen)
    assert (await wang.post(f"/households/{house}/help", data={"helped": "true"})).status_code == 303
    assert f"/households/{house}/help" in (await wang.get(f"/residents/{person}")).text
    assert "/help" not in (await chen.get(f"/residents/{person}")).text
    assert (await chen.post(f"/households/{house}/help", data={"helped": "false"})).status_code == 403
