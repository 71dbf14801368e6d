"""Headers: synonyms, two rows, senders beside recipients."""

import pytest

from couriers.manifest_files import ParsedManifest, read, read_rows

YTO = "YT4902191309648"


def parse(text: str) -> ParsedManifest:
    return read(text.encode(), "list.csv", "YTO")


@pytest.mark.parametrize(
    "header", ["运单号", "＊快递单号：", " 物流 单号 ", "mailNo", "运单号(必填)", "MAILNO"]
)
def test_a_header_is_known_however_it_is_decorated(header: str) -> None:
    assert parse(f"{header},收件人\n{YTO},瞿冬伢\n").accepted[0].waybill == YTO


def test_cash_on_delivery_and_freight_to_collect_are_two_things() -> None:
    row = parse(f"运单号,代收货款(元),到付金额\n{YTO},35,8.5\n").accepted[0]
    assert (row.cod_cents, row.collect_cents) == (3500, 850)


def test_the_unit_of_a_weight_may_stand_in_its_header() -> None:
    assert parse(f"运单号,重量(g)\n{YTO},500\n").accepted[0].weight_g == 500
    assert parse(f"运单号,重量（kg）\n{YTO},0.5\n").accepted[0].weight_g == 500


def test_a_header_of_two_rows_tells_the_recipient_from_the_sender() -> None:
    manifest = parse(
        "到件表,,,,,\n运单号,寄件人,,收件人,,\n,姓名,电话,姓名,电话,地址\n"
        f"{YTO},张三,13800000001,李四,13900000002,青禾村\n"
    )
    row = manifest.accepted[0]
    assert (row.name, row.phone.number, row.address) == ("李四", "13900000002", "青禾村")
    assert manifest.header_row == 2
    assert [(skipped.row, skipped.kind) for skipped in manifest.skipped] == [
        (1, "title"),
        (2, "header"),
        (3, "header"),
    ]


def test_a_bare_phone_column_belongs_to_the_person_on_its_left() -> None:
    row = parse(f"运单号,寄件人,电话,收件人,电话\n{YTO},张三,13800000001,李四,13900000002\n").accepted[0]
    assert row.phone.number == "13900000002"


def test_a_mobile_column_is_preferred_and_the_other_fills_its_gaps() -> None:
    manifest = parse(f"运单号,电话,手机\n{YTO},07305550721,13900000002\nYT4902191309649,07305550722,\n")
    assert [row.phone.number for row in manifest.accepted] == ["13900000002", "07305550722"]


def test_json_rows_are_named_by_our_fields_or_by_any_header() -> None:
    manifest = read_rows(
        [
            {"waybill": YTO, "name": "瞿冬伢", "cod": 35, "weight": 1.5, "carrier": None},
            {"运单号": 773187429814468, "手机": 13900000002, "快递公司": "申通"},
            {"name": "向立夏"},
        ],
        "YTO",
    )
    first, second = manifest.accepted
    assert (first.row, first.waybill, first.cod_cents, first.weight_g) == (1, YTO, 3500, 1500)
    assert (second.waybill, second.carrier, second.phone.number) == ("773187429814468", "STO", "13900000002")
    assert [row.as_dict() for row in manifest.rejected] == [{"row": 3, "reason": "waybill_missing"}]


def test_json_without_a_waybill_is_no_manifest() -> None:
    assert read_rows([{"name": "瞿冬伢"}], None).file_error == "no_waybill_column"
    assert read_rows([], None).file_error == "empty_file"


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("收件人【必填】", "瞿冬伢", "name", "瞿冬伢"),
        ("Consignee", "瞿冬伢", "name", "瞿冬伢"),
        ("收方联系人", "瞿冬伢", "name", "瞿冬伢"),
        ("收货客户", "瞿冬伢", "name", "瞿冬伢"),
        ("運費（到付）", "8", "collect_cents", 800),
        ("代收貨款", "35", "cod_cents", 3500),
        ("receiver_name", "瞿冬伢", "name", "瞿冬伢"),
        ("详细收货地址", "青禾村", "address", "青禾村"),
        ("货到付款", "35", "cod_cents", 3500),
        ("COD Amount", "35", "cod_cents", 3500),
        ("应收运费(元)", "8", "collect_cents", 800),
        ("重量/kg", "1.5", "weight_g", 1500),
        ("实收重量（g）", "800", "weight_g", 800),
        ("Weight(kg)", ".5", "weight_g", 500),
        ("件数(件)", "两件", "pieces", 2),
        ("Qty", "2", "pieces", 2),
        ("Remark", "易碎", "note", "易碎"),
        ("派件业务员姓名", "舒水生", "staff", "舒水生"),
        ("客户名称", "瞿冬伢", "name", "瞿冬伢"),
        ("收件人完整地址", "青禾村", "address", "青禾村"),
        ("詳細住址", "青禾村", "address", "青禾村"),
        ("代收货款总额", "35", "cod_cents", 3500),
        ("到付快递费（元）", "8", "collect_cents", 800),
        ("实重", "1.5", "weight_g", 1500),
        ("货物件数", "2", "pieces", 2),
        ("派送备注", "易碎", "note", "易碎"),
        ("投递人", "舒水生", "staff", "舒水生"),
    ],
)
def test_a_field_is_known_by_what_programs_call_it(header: str, cell: str, field: str, value: object) -> None:
    assert parse(f"运单号,{header}\n{YTO},{cell}\n").accepted[0].as_dict()[field] == value


@pytest.mark.parametrize(
    "header",
    [
        "快递面单号",
        "快递号",
        "Tracking No.",
        "AWB",
        "[必填]运单号",
        "运单编码",
        "编号,快递单号",
        "单号,运单号",
        "运单号/条码",
        "母单号,京东运单号",
    ],
)
def test_the_waybill_is_known_by_many_names_and_before_other_numbers(header: str) -> None:
    cells = f"1,{YTO}" if "," in header else YTO
    assert parse(f"{header},姓名\n{cells},瞿冬伢\n").accepted[0].waybill == YTO


@pytest.mark.parametrize("header", ["订单编号", "手机号", "派件员电话", "寄件人", "回单号"])
def test_what_sounds_like_a_waybill_is_none(header: str) -> None:
    assert parse(f"{header},地址\n{YTO},青禾村\n").file_error == "no_waybill_column"


def test_person_and_phone_may_share_a_column() -> None:
    row = parse(f"运单号,收件人/电话\n{YTO},瞿冬伢 17000000001-1234\n").accepted[0]
    assert (row.name, row.phone.number, row.phone.ext) == ("瞿冬伢", "17000000001", "1234")


def test_the_extension_of_a_privacy_number_may_have_a_column() -> None:
    rows = parse(f"运单号,手机号,分机号\n{YTO},17000000001,1234\nYT4902191309649,13900000001,\n").accepted
    assert [(row.phone.kind, row.phone.ext) for row in rows] == [("virtual_ext", "1234"), ("mobile", None)]


def test_one_cell_may_tell_name_phone_and_address() -> None:
    (row,) = parse(f"运单号,收件人信息\n{YTO},向小芳 17000000001-1234 桐木镇丰坡村3组\n").accepted
    assert (row.name, row.phone.number, row.phone.ext) == ("向小芳", "17000000001", "1234")
    assert (row.address or "").endswith("桐木镇丰坡村3组")


def test_a_header_printed_again_is_no_half_of_the_first_one() -> None:
    manifest = parse(
        f"付款方式,运单号,收件人,手机\n寄付,{YTO},瞿冬伢,13900000001\n付款方式,运单号,收件人,手机\n"
    )
    assert (manifest.header_row, [row.row for row in manifest.accepted]) == (1, [2])


def test_the_recipients_own_column_comes_before_a_customers() -> None:
    (row,) = parse(f"客户名称,运单号,收件人\n义乌商贸,{YTO},瞿冬伢\n").accepted
    assert row.name == "瞿冬伢"
