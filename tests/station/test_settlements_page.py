"""The keeper's pages about money: ledger, payments, payouts, settlements and their slip."""

import re

import pytest

from station import i18n, sales, slip_words
from station.db import sql
from station.models import OrderSource
from tests.station.till import Till, open_till
from tests.village import Browser, Village

PERIOD = {"first": "2020-01-01", "last": "2099-12-31"}
PAGES = ("/ledger", "/payouts", "/settlements", "/settlements/1", "/settlements/list")


@pytest.fixture
async def till(open_village: Village) -> Till:
    till = await open_till(open_village.wang)
    await till.lot(till.zheng, 420, best_before="2099-01-01")
    await till.lot(till.xiang, 60, best_before="2099-02-01")
    return till


async def sell(till: Till, times: int = 1) -> int:
    order = 0
    for _ in range(times):
        order = await till.order()
        await sales.book(order, by=till.by)
    return order


def scan_id(page: str) -> str:
    found = re.search(r'name="scan_id" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


async def test_fourteen_packs_of_eggs_are_settled_printed_and_paid(
    browse: Browser, open_village: Village, till: Till
) -> None:
    await sell(till, 14)
    wang = await browse(open_village.wang)
    before = await wang.get("/settlements", params=PERIOD)
    assert "603.40" in before.text
    slip = await wang.post("/settlements", data={**PERIOD, "household": till.zheng}, follow_redirects=True)
    assert (slip.status_code, slip.url.path) == (200, "/settlements/1")
    for shown in ("672.00", "35.00", "33.60", "603.40", "陆佰零叁元肆角整", "14", "420", "JS-"):
        assert shown in slip.text
    assert "data-finish" in slip.text
    paid = await wang.post("/settlements/1/payments", data={"how": "cash"}, follow_redirects=True)
    assert "data-finish" not in paid.text
    again = await wang.post("/settlements/1/payments", data={"how": "cash"}, follow_redirects=True)
    assert again.status_code == 200
    assert await till.balance("cash") == -60340
    refused = await wang.post("/settlements/1/payments", data={"how": "bank"})
    assert (refused.status_code, 'data-state="refuse"' in refused.text) == (409, True)
    assert await till.faults() == []


async def test_all_are_settled_at_once_and_stand_on_the_list_until_paid(
    browse: Browser, open_village: Village, till: Till
) -> None:
    await sell(till, 16)
    wang = await browse(open_village.wang)
    await wang.post("/settlements", data=PERIOD)
    page = await wang.get("/settlements/list")
    assert (page.text.count('<th scope="row">'), "郑家" in page.text, "向家" in page.text) == (2, True, True)
    assert "699.40" in page.text  # 603.40 + 96.00
    await wang.post("/settlements/1/payments", data={"how": "bank"})
    assert (await wang.get("/settlements/list")).text.count('<th scope="row">') == 1
    opened = await wang.post("/settlements/1/reopenings", data={"reason": "wrong"}, follow_redirects=True)
    assert 'data-state="refuse"' in opened.text
    assert await till.balance("bank") == 0
    assert (await wang.post("/settlements/1/reopenings", data={"reason": "because"})).status_code == 422
    assert await till.faults() == []


async def test_a_debt_is_told_and_carried_over(browse: Browser, open_village: Village, till: Till) -> None:
    order = await sell(till)
    wang = await browse(open_village.wang)
    await wang.post("/settlements", data=PERIOD)
    await wang.post("/settlements/1/payments", data={"how": "cash"})
    await sales.unbook(order, "退回", by=till.by)
    slip = await wang.post("/settlements", data={**PERIOD, "household": till.zheng}, follow_redirects=True)
    assert "零元整" in slip.text
    assert "43.10" in slip.text
    assert "data-finish" not in slip.text


@pytest.mark.parametrize(
    "sent", [{}, {"first": "2026-11-02", "last": "2026-11-01"}, {**PERIOD, "household": "郑"}], ids=str
)
async def test_a_period_that_is_none_stays_on_the_page(
    browse: Browser, open_village: Village, till: Till, sent: dict[str, str]
) -> None:
    await sell(till)
    page = await (await browse(open_village.wang)).post("/settlements", data=sent)
    assert (page.status_code, 'data-state="refuse"' in page.text) == (422, True)
    assert await sql.rows("SELECT * FROM settlement") == []


async def test_a_payment_is_written_down_once_and_taken_back_by_an_entry(
    browse: Browser, open_village: Village, till: Till
) -> None:
    order = await sell(till)
    number = await sql.one("SELECT number FROM orders WHERE id = ?", order)
    assert number is not None
    wang = await browse(open_village.wang)
    ledger = await wang.get("/ledger")
    payment = {"order": number["number"], "amount": "48.00", "how": "cash", "scan_id": scan_id(ledger.text)}
    for _ in range(2):
        assert (await wang.post("/payments", data=payment)).status_code == 303
    assert (await till.balance("cash"), await till.balance("buyer")) == (4800, 0)
    entry = await sql.one("SELECT id FROM ledger_entry WHERE kind = 'payment'")
    assert entry is not None
    for status in (303, 409):
        answer = await wang.post(f"/ledger/{entry['id']}/reversals", data={"reason": "记错了"})
        assert answer.status_code == status
    assert (await till.balance("cash"), await till.balance("buyer")) == (0, -4800)
    assert await till.faults() == []


@pytest.mark.parametrize(
    "wrong",
    [{"order": "9999-99"}, {"amount": "四十八"}, {"amount": "0"}, {"amount": ""}, {"how": "stone"}],
    ids=str,
)
async def test_a_payment_that_cannot_be_keeps_what_was_typed(
    browse: Browser, open_village: Village, till: Till, wrong: dict[str, str]
) -> None:
    order = await sell(till)
    number = await sql.one("SELECT number FROM orders WHERE id = ?", order)
    assert number is not None
    sent = {"order": number["number"], "amount": "48", "how": "cash", "scan_id": "0123456789", **wrong}
    page = await (await browse(open_village.wang)).post("/payments", data=sent)
    assert (page.status_code, 'data-state="refuse"' in page.text) == (422, True)
    assert f'value="{sent["order"]}"' in page.text
    assert await till.balance("cash") == 0


async def test_goods_of_nobody_are_given_to_a_household(
    browse: Browser, open_village: Village, till: Till
) -> None:
    order = await till.order(known=False)
    await sales.book(order, by=till.by)
    wang = await browse(open_village.wang)
    line = re.search(r"/ledger/lines/(\d+)/assignments", (await wang.get("/ledger")).text)
    assert line
    assert (await wang.post(line[0], data={"household": till.xiang})).status_code == 303
    assert await till.balance("household", till.xiang) == 4800
    assert "/assignments" not in (await wang.get("/ledger")).text
    assert (await wang.post(line[0], data={"household": till.zheng})).status_code == 409


async def test_a_platforms_list_is_handed_in_and_its_difference_taken(
    browse: Browser, open_village: Village, till: Till
) -> None:
    order = await till.order(source=OrderSource.DOUYIN, external_no="6950001")
    await sales.book(order, by=till.by)
    wang = await browse(open_village.wang)
    data = (
        "订单号,结算金额,结算时间\n6950001,45.00,2026-11-20\n6950009,1.00,2026-11-20\n合计,46.00,\n".encode()
    )
    page = await wang.post("/payouts", files={"file": ("动账.csv", data)}, follow_redirects=True)
    assert (page.status_code, page.url.path) == (200, "/payouts/1")
    assert ("6950009" in page.text, "-¥3.00" in page.text) == (True, True)
    again = await wang.post("/payouts", files={"file": ("动账.csv", data)}, follow_redirects=True)
    assert (again.url.query, await till.balance("bank")) == (b"again", 4500)
    assert (await wang.post(f"/ledger/orders/{order}/fee-differences")).status_code == 303
    assert (await wang.post(f"/ledger/orders/{order}/fee-differences")).status_code == 409
    # What the station had by its agreement was 4.90 yuan.
    assert (await till.balance("platform"), await till.balance("station")) == (0, 490 - 300)
    for file in (("", b""), ("x.pdf", b"%PDF-1.7")):
        assert (await wang.post("/payouts", files={"file": file})).status_code == 422


@pytest.mark.parametrize("login", ["chen", "liu", "zhao", ""])
async def test_only_the_keeper_sees_what_households_get(
    browse: Browser, open_village: Village, till: Till, login: str
) -> None:
    await sell(till)
    await (await browse(open_village.wang)).post("/settlements", data=PERIOD)
    other = await browse(getattr(open_village, login) if login else None)
    for path in PAGES:
        page = await other.get(path)
        assert page.status_code in ((403,) if login else (303, 401))
        assert "43.10" not in page.text
    for path in (
        "/settlements",
        "/settlements/1/payments",
        "/settlements/1/reopenings",
        "/payments",
        "/payouts",
    ):
        assert (await other.post(path, data={**PERIOD, "how": "cash"})).status_code in (303, 401, 403)
    assert await till.balance("cash") == 0


async def test_another_stations_settlement_is_not_found(
    browse: Browser, open_village: Village, till: Till
) -> None:
    wang = await browse(open_village.wang)
    for path in ("/settlements/77", "/payouts/77"):
        assert (await wang.get(path)).status_code == 404
    assert (await wang.post("/settlements/77/payments", data={"how": "cash"})).status_code == 404


@pytest.mark.parametrize(
    ("fen", "said"),
    [(60340, "603 元 4 角"), (0, "0 元"), (5, "5 分"), (10005, "100 元 5 分"), (-700, "负 7 元")],
)
def test_amounts_are_said_as_people_say_them(fen: int, said: str) -> None:
    with i18n.speaking("zh_CN"):
        assert slip_words.amount(fen) == said
