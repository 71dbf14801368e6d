"""Lots on screen: intake by whoever stands at the desk, the lot's story, its papers, and who is never told what."""

import re

import pytest

from station import certificates, lots, photos, qr, residents, stock, traces
from station.settings import Settings
from tests.station.produce_goods import egg_lot, eggs, order, picture, zheng
from tests.village import Browser, Village, found_village


def intake(home: int, product: int, **more: str) -> dict[str, str]:
    given = {
        "household_id": str(home),
        "product_id": str(product),
        "amount": "210",
        "weight": "11.34",
        "trace_code": traces.new_trace_code(),
    }
    return {**given, **more}


@pytest.mark.parametrize("asked", ["桂香", "zgx", "五组", "郑家", "4321"])
async def test_a_household_is_found_by_name_initials_group_or_phone(
    browse: Browser, open_village: Village, asked: str
) -> None:
    home = await zheng(by=open_village.wang)
    chen = await browse(open_village.chen)
    assert f'href="/lots/new?household={home}"' not in (await chen.get("/lots")).text
    page = (await chen.get("/lots", params={"q": asked})).text
    assert re.search(rf'href="/lots/new\?household={home}" data-key="1" data-primary', page)
    assert "13987654321" not in page


async def test_goods_come_in_with_photo_weight_and_the_usual_day(
    browse: Browser, open_village: Village, settings: Settings
) -> None:
    home, product = await zheng(by=open_village.wang), await eggs(by=open_village.wang)
    chen = await browse(open_village.chen)
    form = (await chen.get(f"/lots/new?household={home}")).text
    assert "五组郑家" in form
    code = re.search(r'name="trace_code" value="([A-Z0-9]{12})"', form)
    assert code is not None
    sent = intake(home, product, weight="11.34kg", grade="一级", trace_code=code[1])
    answers = [
        await chen.post("/lots", data=sent, files={"photo": ("蛋.png", picture(kind="PNG"))}) for _ in "12"
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].headers["location"] == answers[1].headers["location"]
    (lot,) = await lots.listed(open_village.id)
    assert (lot["amount"], lot["weight_g"], lot["grade"], lot["trace_code"]) == (210, 11_340, "一级", code[1])
    assert lot["best_before"] > lot["day"]
    assert photos.file(photos.folder(settings, open_village.id), lot["photo"]).is_file()
    page = (await chen.get(answers[0].headers["location"])).text
    assert lot["label"] in page
    assert f"/photos/{lot['photo']}" in page
    assert f'href="/lots/{lot["id"]}/label" data-key="1" data-print data-primary' in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"weight": "heavy"}, "weight"),
        ({"weight": "6000"}, "weight"),
        ({"best_before": "2020-01-01"}, "best_before"),
        ({"note": "x" * 201}, "note"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    browse: Browser, open_village: Village, typed: dict[str, str], field: str
) -> None:
    home, product = await zheng(by=open_village.wang), await eggs(by=open_village.wang)
    chen = await browse(open_village.chen)
    answer = await chen.post(
        "/lots", data=intake(home, product, grade="一级", **typed), files={"photo": ("", b"")}
    )
    assert answer.status_code == 422
    (bad,) = re.findall(r'<input [^>]*aria-invalid="true"[^>]*>', answer.text)
    assert f'name="{field}"' in bad
    assert 'value="一级"' in answer.text
    assert await lots.listed(open_village.id, "all") == []


async def test_what_is_no_picture_is_refused_and_nothing_comes_in(
    browse: Browser, open_village: Village
) -> None:
    home, product = await zheng(by=open_village.wang), await eggs(by=open_village.wang)
    chen = await browse(open_village.chen)
    answer = await chen.post(
        "/lots", data=intake(home, product), files={"photo": ("x.jpg", b"GIF89a no picture")}
    )
    assert answer.status_code == 422
    assert 'aria-describedby="f-photo-note"' in answer.text
    assert await lots.listed(open_village.id, "all") == []


async def test_only_the_keeper_learns_whom_the_village_helps(browse: Browser, open_village: Village) -> None:
    home, _, lot_id = await egg_lot(by=open_village.wang)
    wang, chen = await browse(open_village.wang), await browse(open_village.chen)
    paths = ["/lots", "/lots?q=郑", f"/lots/new?household={home}", f"/lots/{lot_id}"]
    before = {path: (await chen.get(path)).text for path in paths}
    await residents.help_household(home, True, by=open_village.wang)
    for path in paths:
        seen = (await chen.get(path)).text
        assert plain(seen) == plain(before[path]), path
        assert plain((await wang.get(path)).text).count('class="badge"') >= 1, path
    accept = {"accept": "application/json"}
    assert "helped" not in (await chen.get(f"/lots/{lot_id}", headers=accept)).text


def plain(page: str) -> str:
    """Without what is new each time."""
    return re.sub(r'name="trace_code" value="[A-Z0-9]+"', "", page)


async def test_the_story_shows_every_move_and_whose_order_it_was(
    browse: Browser, open_village: Village
) -> None:
    _, product, lot_id = await egg_lot(by=open_village.wang)
    await order(30, product, by=open_village.chen)
    chen = await browse(open_village.chen)
    broken = await chen.post(f"/lots/{lot_id}/wastes", data={"units": "2", "reason": "磕破"})
    assert broken.headers["location"] == f"/lots/{lot_id}"
    counted = await chen.post(f"/lots/{lot_id}/corrections", data={"counted": "207", "reason": "数过"})
    assert counted.status_code == 303
    page = (await chen.get(f"/lots/{lot_id}")).text
    for shown in ("+210", "-30", "-2", "-1", "1122-01", "磕破", "数过", "刘*芳", "****5678"):
        assert shown in page, shown
    assert "13612345678" not in page
    assert "刘小芳" not in page
    assert await stock.of_lot(open_village.id, lot_id) == 177


@pytest.mark.parametrize(
    ("noun", "typed", "status"),
    [
        ("wastes", {"units": "500", "reason": "磕破"}, 409),
        ("wastes", {"units": "1", "reason": ""}, 422),
        ("corrections", {"counted": "-1", "reason": "x"}, 422),
        ("recalls", {"reason": " "}, 422),
    ],
)
async def test_an_act_that_cannot_be_says_why_on_the_lots_page(
    browse: Browser, open_village: Village, noun: str, typed: dict[str, str], status: int
) -> None:
    _, _, lot_id = await egg_lot(by=open_village.wang)
    chen = await browse(open_village.chen)
    answer = await chen.post(f"/lots/{lot_id}/{noun}", data=typed)
    assert answer.status_code == status
    assert 'data-state="refuse"' in answer.text
    assert await stock.of_lot(open_village.id, lot_id) == 210


async def test_a_recall_leads_to_the_list_of_who_is_to_be_called(
    browse: Browser, open_village: Village
) -> None:
    _, product, lot_id = await egg_lot(by=open_village.wang)
    await order(30, product, by=open_village.chen)
    chen = await browse(open_village.chen)
    assert (await chen.post(f"/lots/{lot_id}/recalls", data={"reason": "鸡吃了药"})).status_code == 303
    page = (await chen.get(f"/lots/{lot_id}")).text
    assert "鸡吃了药" in page
    assert f'action="/lots/{lot_id}/wastes"' not in page
    paper = (await chen.get(f"/lots/{lot_id}/buyers")).text
    assert paper.count('class="tick"') == 1
    for shown in ("1122-01", "刘*芳", "****5678", "30 枚", "鸡吃了药"):
        assert shown in paper
    assert "13612345678" not in paper
    assert traces.is_trace_code((await lots.listed(open_village.id, "recalled"))[0]["trace_code"])
    assert await lots.listed(open_village.id, "stock") == []


async def test_the_label_and_the_slip_are_printed_with_their_code(
    browse: Browser, open_village: Village, settings: Settings
) -> None:
    home, _, lot_id = await egg_lot(by=open_village.wang, weight_g=11_340)
    lot = await lots.lot(open_village.id, lot_id)
    chen = await browse(open_village.chen)
    drawn = qr.path(f"{settings.base_url}/trace/qinghe/{lot['trace_code']}").path
    label = (await chen.get(f"/lots/{lot_id}/label?copies=3")).text
    assert label.count(drawn) == 3
    assert lot["label"] in label
    assert (await chen.get(f"/lots/{lot_id}/certificate")).status_code == 404
    (person,) = await certificates.promisers(open_village.id, home)
    page = (await chen.get(f"/lots/{lot_id}")).text
    assert person["name"] not in page
    assert (await chen.post(f"/lots/{lot_id}/certificates", data={"resident_id": "999"})).status_code == 422
    issued = await chen.post(f"/lots/{lot_id}/certificates", data={"resident_id": str(person["id"])})
    assert issued.headers["location"] == f"/lots/{lot_id}/certificate"
    slip = (await chen.get(issued.headers["location"])).text
    for shown in (
        "0001",
        "郑桂香",
        "土鸡蛋",
        "210 枚",
        "11.34 公斤",
        "云溪县河口镇青禾村",
        "0730-5550123",
        drawn,
    ):
        assert shown in slip, shown


async def test_lots_of_another_station_are_not_there(browse: Browser, open_village: Village) -> None:
    home, product, lot_id = await egg_lot(by=open_village.wang)
    stranger = await browse((await found_village("xiawan", "下湾驿站")).wang)
    for path in ("", "/label", "/certificate", "/buyers"):
        assert (await stranger.get(f"/lots/{lot_id}{path}")).status_code == 404
    for noun in ("wastes", "corrections", "recalls", "certificates"):
        sent = {"units": "1", "counted": "1", "reason": "x", "resident_id": "0"}
        assert (await stranger.post(f"/lots/{lot_id}/{noun}", data=sent)).status_code == 404
    assert (await stranger.get(f"/lots/new?household={home}")).status_code == 404
    assert (await stranger.post("/lots", data=intake(home, product))).status_code == 404
    assert await stock.of_lot(open_village.id, lot_id) == 210


async def test_the_county_officer_reads_and_changes_nothing(browse: Browser, open_village: Village) -> None:
    _, product, lot_id = await egg_lot(by=open_village.wang)
    await order(30, product, by=open_village.chen)
    zhao = await browse(open_village.zhao)
    page = await zhao.get(f"/lots/{lot_id}")
    assert page.status_code == 200
    assert '<form method="post" action="/lots' not in page.text
    assert "刘" not in page.text
    assert (await zhao.post(f"/lots/{lot_id}/recalls", data={"reason": "x"})).status_code == 403
