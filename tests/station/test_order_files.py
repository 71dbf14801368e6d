"""Exports of orders: the samples exactly, and what else such files do to their readers."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.platforms.orders import ParsedOrders, UnreadableOrders, parse
from tests.station.order_exports import BY_PLATFORM, SAMPLES, Sample, csv_file, pdd, sheet, workbook

GENERIC = {
    "订单号": "A-17", "姓名": "贺翠娥", "电话": "13800000001", "地址": "湖南怀化中方县桐木镇采薇路62号", "商品": "土鸡蛋", "数量": "2",
}  # fmt: skip


def orders(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parse(data, "x").as_json()["orders"]
    return found


def reason(row: dict[str, str]) -> str | None:
    return parse(sheet(row), "x").orders[0].reason


def changed(sample: Sample, row: int, **cells: str) -> list[list[str]]:
    header, *rows = sample.rows
    for title, cell in cells.items():
        rows[row][header.index(title)] = cell
    return [header, *rows]


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_every_sample_is_read_as_expected(sample: Sample) -> None:
    assert parse(sample.data, sample.path.name).as_json() == sample.expected


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_the_order_of_columns_and_foreign_columns_change_nothing(sample: Sample, seed: int) -> None:
    dice = random.Random(seed)
    header, *rows = sample.rows
    columns = [*range(len(header)), *[-1] * dice.randrange(4)]
    dice.shuffle(columns)
    junk = f"自定义{seed % 97}"
    shuffled = [[junk if at < 0 else header[at] for at in columns]]
    shuffled += [[dice.choice(["", "-", "7", "是"]) if at < 0 else row[at] for at in columns] for row in rows]
    assert orders(csv_file(shuffled)) == sample.expected["orders"]


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_rows_may_stand_anywhere(sample: Sample, seed: int) -> None:
    header, *rows = sample.rows
    number = header.index(header[0])
    numbers = [row[number] for row in rows]
    places = random.Random(seed).sample(range(len(rows)), len(rows))
    # Rows of different orders mix; those of one order keep their turn.
    turns = {key: iter([row for row in rows if row[number] == key]) for key in set(numbers)}
    mixed = [next(turns[numbers[place]]) for place in places]
    found = {order["order_no"]: order for order in orders(csv_file([header, *mixed]))}
    assert found == {order["order_no"]: order for order in sample.expected["orders"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_titles_blank_rows_sums_and_any_encoding_are_survived(sample: Sample, encoding: str) -> None:
    header, *rows = sample.rows
    blank = [""] * len(header)
    file = [
        ["青禾农场 订单导出"],
        blank,
        header,
        *rows[:3],
        blank,
        header,
        *rows[3:],
        ["合计", "", str(len(rows))],
        ["导出时间：今天"],
    ]
    parsed = parse(csv_file(file, encoding), "x")
    assert (parsed.header_row, parsed.data_rows, parsed.rejected) == (3, len(rows), ())
    assert parsed.as_json()["orders"] == sample.expected["orders"]


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_workbook_says_the_same(sample: Sample) -> None:
    parsed = parse(workbook(sample.rows), "x.xlsx").as_json()
    assert parsed["orders"] == sample.expected["orders"]
    assert parsed["encoding"] is None


def test_what_is_merged_over_the_rows_of_an_order_is_each_rows_and_paid_once() -> None:
    rows: list[list[object]] = [
        ["订单号", "收货人", "手机", "收货地址", "商品", "数量", "实付金额"],
        ["A1", "贺翠娥", "13800000001", "湖南省怀化市中方县桐木镇采薇路62号", "土鸡蛋", 1, 60],
        ["", "", "", "", "糍粑", 2, ""],
        ["A2", "龙旺财", "13800000002", "湖南省怀化市中方县桐木镇采薇路63号", "腊肉", 1, 30],
    ]
    merged = [(1, 2, column, rows[1][column]) for column in (0, 1, 2, 3, 6)]
    parsed = parse(workbook(rows, merged), "x.xlsx")
    assert [(order.order_no, len(order.items), order.paid_fen, order.reason) for order in parsed.orders] == [
        ("A1", 2, 6000, None), ("A2", 1, 3000, None),
    ]  # fmt: skip
    # Saved as text, a merge leaves blank cells: the row goes on with the order above.
    assert parse(csv_file(rows), "x.csv").as_json()["orders"] == parsed.as_json()["orders"]


def test_an_amount_merged_over_rows_is_no_amount_of_each_of_them() -> None:
    rows: list[list[object]] = [[*GENERIC, "金额"], [*GENERIC.values(), 60], [*GENERIC.values(), ""]]
    rows[2][4] = "糍粑"
    order = parse(workbook(rows, [(1, 2, 6, 60)]), "x.xlsx").orders[0]
    assert (len(order.items), order.paid_fen) == (2, 6000)


def test_what_was_to_be_paid_is_not_taken_for_what_was_paid() -> None:
    header, *rows = BY_PLATFORM["taobao"].rows
    paid = header.index("买家实际支付金额")
    parsed = parse(csv_file([[*row[:paid], *row[paid + 1 :]] for row in [header, *rows]]), "x")
    assert {order.paid_fen for order in parsed.orders} == {None}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (3716202183220023878, "order_no_precision_lost"),
        ("3.7162E+18", "order_no_scientific"),
        ("", "order_no_missing"),
        ("见备注", "order_no_bad_format"),
    ],
)
def test_an_order_whose_number_is_not_whole_is_rejected_with_its_reason(number: object, told: str) -> None:
    titles, cells = list(GENERIC), list(GENERIC.values())
    parsed = parse(workbook([titles, [number, *cells[1:]], cells]), "x.xlsx")
    assert [order.order_no for order in parsed.orders] == ["A-17"]
    assert [(row.row, row.reason) for row in parsed.rejected] == [(2, told)]
    assert parsed.as_json()["counts"] == {"data_rows": 2, "orders": 1, "shippable": 1}
    assert parsed.as_json()["rejected"][0]["reason"] == told


def test_a_short_number_in_a_numeric_cell_is_whole() -> None:
    cells: list[object] = [100200300400500, "贺翠娥", 13800000001, GENERIC["地址"], "土鸡蛋", 2]
    order = parse(workbook([list(GENERIC), cells]), "x.xlsx").orders[0]
    assert (order.order_no, order.receiver.phone.number, order.items[0].qty) == (
        "100200300400500",
        "13800000001",
        2,
    )


def test_a_sheet_of_ones_own_needs_no_states_and_no_columns_for_the_levels_of_an_address() -> None:
    parsed = parse(sheet(GENERIC), "x")
    told = parsed.as_json()
    assert (told["platform"], told["counts"]["shippable"]) == ("other", 1)
    person = told["orders"][0]["receiver"]
    assert "postcode" not in person
    assert [person[level] for level in ("province", "city", "county", "town", "detail")] == [
        "湖南省", "怀化市", "中方县", "桐木镇", "采薇路62号",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "levels"),
    [
        (
            "浙江省 杭州市 余杭区 五常街道 文一西路 969号(311100)",
            ["浙江省", "杭州市", "余杭区", "五常街道", "文一西路 969号", "311100"],
        ),
        (
            "广东省 东莞市 虎门镇 长安路1号(523000)",
            ["广东省", "东莞市", None, "虎门镇", "长安路1号", "523000"],
        ),
        ("湖北省 省直辖县级行政区划 仙桃市 沙湖镇1号", ["湖北省", None, "仙桃市", "沙湖镇", "1号", None]),
    ],
)
def test_an_address_of_taobao_becomes_its_levels(address: str, levels: list[str | None]) -> None:
    person = orders(csv_file(changed(BY_PLATFORM["taobao"], 0, **{"收货地址 ": address})))[0]["receiver"]
    assert [person[level] for level in ("province", "city", "county", "town", "detail", "postcode")] == levels


def test_what_pinduoduo_exports_is_read() -> None:
    told = parse(sheet(pdd()), "x").as_json()
    assert (told["platform"], told["counts"]) == ("pdd", {"data_rows": 1, "orders": 1, "shippable": 1})
    order = told["orders"][0]
    assert order["items"] == [{"name": "土鸡蛋", "spec": "30枚", "qty": 1}]
    assert (order["order_no"], order["paid_cents"]) == ("260715-123456789012345", 4880)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, None),
        ({"订单状态": "待付款"}, "unpaid"),
        ({"订单状态": "待成团"}, "waiting_for_group"),
        ({"订单状态": "已取消"}, "closed"),
        ({"订单状态": "已发货，待签收", "快递单号": "YT1"}, "already_shipped"),
        ({"订单状态": "已收货"}, "already_shipped"),
        ({"快递单号": "YT8598393207299"}, "already_shipped"),
        ({"订单状态": "未发货，退款成功"}, "refunded"),
        ({"订单状态": "退款中"}, "refund_pending"),
        ({"售后状态": "售后处理中"}, "refund_pending"),
        ({"售后状态": "没听说过"}, "refund_pending"),
        ({"售后状态": "退款关闭"}, None),
        ({"售后状态": "售后已取消"}, None),
        ({"售后状态": "用户取消售后"}, None),
        ({"售后状态": "部分退款成功"}, None),
        ({"售后状态": "暂无售后"}, None),
        ({"售后状态": "退款失败"}, None),
        ({"订单状态": "已退货退款"}, "refunded"),
        ({"订单状态": "付款成功"}, None),
        ({"订单状态": "待付尾款"}, "unpaid"),
        ({"订单状态": "已出库"}, "already_shipped"),
        ({"订单状态": "待提货"}, "self_pickup"),
        ({"订单状态": "已关闭", "售后状态": "退款成功"}, "refunded"),
        ({"订单状态": "已发货", "售后状态": "退款成功"}, "refunded"),
        ({"订单状态": "已发货", "售后状态": "待商家处理"}, "refund_pending"),
        ({"订单状态": "风控审核"}, "status_unknown"),
        ({"订单状态": "(锁定)等待出库"}, "status_unknown"),
        ({"是否审核中": "是"}, "status_unknown"),
        ({"是否审核中": "否"}, None),
        ({"发货方式": "无需物流"}, "status_unknown"),
        ({"订单状态": ""}, "status_unknown"),
        ({"收货人": "##密文==##", "手机": "$$密文$$"}, "encrypted_receiver"),
        ({"详细地址": "~密文~"}, "encrypted_receiver"),
        ({"手机": "150****6593"}, "masked_receiver"),
        ({"收货人": "覃*香"}, "masked_receiver"),
        ({"手机": ""}, "receiver_incomplete"),
        ({"详细地址": ""}, "receiver_incomplete"),
        ({"商品数量(件)": "两"}, "quantity_unreadable"),
        ({"商品": "", "商品规格": ""}, "items_missing"),
        ({"订单状态": "待付款", "手机": "150****6593"}, "unpaid"),
    ],
)
def test_what_may_not_be_shipped_says_why(cells: dict[str, str], expected: str | None) -> None:
    assert reason(pdd(**cells)) == expected


def _two_rows(state: str, after_sale: str = "-") -> ParsedOrders:
    """The second order of Douyin's sample has two rows; its second one is changed."""
    return parse(csv_file(changed(BY_PLATFORM["douyin"], 2, 订单状态=state, 售后状态=after_sale)), "x")


@pytest.mark.parametrize(
    ("state", "after_sale"),
    [("已关闭", "退款成功"), ("待发货", "退款成功"), ("已发货", "-"), ("已关闭", "-")],
)
def test_an_item_that_is_over_leaves_the_others_of_its_order_to_be_shipped(
    state: str, after_sale: str
) -> None:
    order = _two_rows(state, after_sale).orders[1]
    assert (order.reason, [item.name for item in order.items]) == (None, ["土鸡蛋"])
    # It was paid, whatever is given back later.
    assert (order.paid_fen, len(order.lines)) == (42000, 2)


def test_an_item_argued_about_holds_its_whole_order() -> None:
    order = _two_rows("待发货", "退款中").orders[1]
    assert (order.reason, len(order.items)) == ("refund_pending", 2)


def test_two_receivers_under_one_number_are_nobodys_parcel() -> None:
    parsed = parse(sheet(GENERIC, GENERIC | {"姓名": "龙旺财", "商品": "腊肉"}), "x")
    assert parsed.orders[0].reason == "receivers_differ"


def test_a_row_that_stands_there_twice_counts_once() -> None:
    order = parse(sheet(pdd(), pdd()), "x").orders[0]
    assert (len(order.items), order.paid_fen, order.warnings) == (1, 4880, ("duplicate_row",))


def test_money_seller_keys_and_sub_orders_are_kept_for_the_books() -> None:
    line = parse(BY_PLATFORM["douyin"].data, "x").orders[1].lines[1]
    assert (line.sub_no, line.sku, line.paid_fen) == ("5698002523260187331", "NC004", 23600)
    order = parse(BY_PLATFORM["taobao"].data, "x").orders[0]
    assert (order.freight_fen, order.ordered_at) == (800, "2026-07-15 09:00")
    assert parse(BY_PLATFORM["youzan"].data, "x").orders[0].lines[0].price_fen == 4980


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_columns_that_may_be_missing_are_missed_by_nobody(sample: Sample) -> None:
    header, *rows = sample.rows
    optional = {
        "运费",
        "商家备注",
        "买家留言",
        "取消原因",
        "商品留言",
        "买家备注",
        "商家订单备注",
        "订单备注",
        "店铺Id",
        "外部订单号",
    }
    kept = [at for at, title in enumerate(header) if title.strip() not in optional]
    found = orders(csv_file([[row[at] for at in kept] for row in [header, *rows]]))
    assert [(order["items"], order["reason"], order["paid_cents"]) for order in found] == [
        (order["items"], order["reason"], order["paid_cents"]) for order in sample.expected["orders"]
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n,,\n", "empty_file"),
        ("姓名,电话\n贺翠娥,13800000001\n".encode(), "no_order_column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, "unreadable_file"),
        (b"PK\x03\x04broken", "unreadable_file"),
    ],
)
def test_a_file_without_orders_is_refused_with_its_code(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableOrders) as refused:
        parse(data, "x")
    assert refused.value.code == code


def code(data: bytes) -> str | None:
    try:
        parse(data, "x").as_json()
    except UnreadableOrders as refused:
        return refused.code
    return None


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    codes = {code(data), code("主订单编号,选购商品,收件人\n".encode() + data)}
    assert codes <= {None, "empty_file", "no_order_column", "unreadable_file"}


@pytest.mark.parametrize(
    ("cells", "line"),
    [({"数量": "x2"}, (2, None)), ({"数量": "两盒"}, (2, None)), ({"快递单号": "No:null"}, (2, None))],
)
def test_a_number_is_read_as_it_is_said(cells: dict[str, str], line: tuple[int, str | None]) -> None:
    (order,) = parse(sheet(GENERIC | cells), "x").orders
    assert (order.lines[0].qty, order.reason) == line


def test_a_sheet_with_english_headers_is_read() -> None:
    header = ["Order No.", "Name", "Phone", "Address", "Product", "Quantity", "Amount"]
    row = ["A-17", "贺翠娥", "13800000001", "湖南怀化中方县桐木镇采薇路62号", "土鸡蛋", "2", "¥1,234.50"]
    (order,) = parse(csv_file([header, row]), "x").orders
    assert (order.reason, order.paid_fen, order.items[0].qty) == (None, 123450, 2)


@pytest.mark.parametrize(
    "titles",
    [
        {"数量": "成交数量", "姓名": "收货人姓名", "电话": "收货人联系电话", "地址": "收货详细地址"},
        {"数量": "SKU件数", "商品": "货品标题", "姓名": "收件方姓名", "地址": "客户详细地址"},
        {"订单号": "訂單號", "姓名": "收貨人", "电话": "聯絡電話", "商品": "商品名稱", "数量": "數量"},
        {"数量": "购买件数", "商品": "团购商品", "姓名": "下单人", "电话": "收件人号码"},
    ],
)
def test_columns_are_known_by_how_their_names_are_made(titles: dict[str, str]) -> None:
    row = {titles.get(title, title): cell for title, cell in GENERIC.items()}
    (order,) = parse(sheet(row), "x").orders
    (line,) = order.items
    assert (line.name, line.qty, order.receiver.name, order.shippable) == ("土鸡蛋", 2, "贺翠娥", True)


@pytest.mark.parametrize(
    ("address", "city", "county"),
    [
        ("湖南省溆浦县桥江镇新田村5组", "怀化市", "溆浦县"),
        ("湖北省仙桃市彭场镇何场村5组", None, "仙桃市"),
        ("重庆市彭水苗族土家族自治县鞍子镇罗家坨", "重庆市", "彭水苗族土家族自治县"),
    ],
)
def test_a_city_left_out_is_found_and_never_the_province(address: str, city: str | None, county: str) -> None:
    told = parse(sheet(GENERIC | {"地址": address}), "x").orders[0].receiver
    assert (told.city, told.county) == (city, county)


@pytest.mark.parametrize(
    ("told", "name", "expected"),
    [
        ("张三 13800000001 湖南怀化中方县桐木镇采薇路62号", "张三", None),
        ("张三 13800000001 13900000002 湖南怀化中方县桐木镇采薇路62号", "张三", "receiver_incomplete"),
        ("张三 13800000001 新田村5组", "张三", "receiver_incomplete"),
    ],
)
def test_a_receiver_in_one_cell_is_taken_apart_or_asked_about(
    told: str, name: str, expected: str | None
) -> None:
    (order,) = parse(sheet({"订单号": "A-17", "收货信息": told, "商品": "土鸡蛋"}), "x").orders
    assert (order.receiver.name, order.reason) == (name, expected)


def test_without_a_column_the_number_of_pieces_may_stand_behind_the_item() -> None:
    rows = [{**GENERIC, "商品": item} for item in ("土鸡蛋x2", "土鸡蛋x2+糍粑x1", "咸蛋 30枚x50g")]
    for row, qty in zip(rows, (2, None, 1), strict=True):
        del row["数量"]
        assert [line.qty for line in parse(sheet(row), "x").orders[0].items] == [qty]


@pytest.mark.parametrize("number", ["平台订单号", "主订单号", "跟团号"])
def test_names_put_together_as_such_names_are_known(number: str) -> None:
    """快团团, 小红书, 视频号小店 and the like; a refund that is overlooked would be sent all the same."""
    header = [
        number,
        "下单商品",
        "销售属性",
        "SKU件数",
        "订单总金额",
        "联系人",
        "手机/电话",
        "家庭地址",
        "退款/售后状态",
        "履约方式",
    ]
    row = [
        "77",
        "土鸡蛋",
        "30枚",
        "2",
        "99.60",
        "贺翠娥",
        "13800000001",
        "湖南怀化中方县桐木镇采薇路62号",
        "",
        "快递",
    ]
    going, refunded, fetched = parse(
        csv_file([header, row, ["78", *row[1:-2], "退款成功", "快递"], ["79", *row[1:-1], "自提"]]), "x"
    ).orders
    assert (going.reason, refunded.reason, fetched.reason) == (None, "refunded", "self_pickup")
    assert (going.items[0].as_json(), going.paid_fen, going.receiver.phone.number) == (
        {"name": "土鸡蛋", "spec": "30枚", "qty": 2}, 9960, "13800000001",
    )  # fmt: skip


def test_orders_under_a_header_of_their_own_are_read_by_it_and_none_above_is_lost() -> None:
    blank = [""] * 7
    rows = [
        [*GENERIC, ""],
        [*GENERIC.values(), ""],
        blank,
        ["数量", "商品", *list(GENERIC)[1:4], "订单号", "规格"],
        ["3", "糍粑", *list(GENERIC.values())[1:4], "A-18", "2斤装"],
    ]
    parsed = parse(csv_file(rows), "x")
    assert [(order.order_no, order.items[0].as_json()) for order in parsed.orders] == [
        ("A-17", {"name": "土鸡蛋", "spec": None, "qty": 2}),
        ("A-18", {"name": "糍粑", "spec": "2斤装", "qty": 3}),
    ]
    assert (parsed.header_row, parsed.rejected) == (1, ())
