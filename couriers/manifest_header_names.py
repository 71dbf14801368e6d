"""What couriers' programs call their columns, however it is spelt."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

from station.addresses import simplified
from station.carriers import CARRIERS
from station.texts import plain
from station.weights import GRAMS


class Field(StrEnum):
    WAYBILL = "waybill"
    CARRIER = "carrier"
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    COD = "cod"
    COLLECT = "collect"
    WEIGHT = "weight"
    PIECES = "pieces"
    NOTE = "note"
    STAFF = "staff"
    EXTENSION = "extension"
    RECEIVER = "receiver"  # name, phone and address in one cell
    DUE = "due"  # money to take, without saying for what


# Seen in exports, written as `_key` leaves them. A field's own name is a header too: the JSON API uses those.
_HEADERS = {
    Field.WAYBILL: "运单号 运单号码 运单编号 运单 快递单号 快递运单号 物流单号 物流运单号 物流编号 邮件号 邮件号码 单号 面单号 "
    "快件单号 快件号 条码 条形码 快递编号 包裹单号 包裹号 mailno trackingnumber trackingno tracking waybillno waybillnumber awb awbno "
    "expressno expressnumber barcode",
    Field.NAME: "收件人 收件人姓名 收件人名称 收货人 收货人姓名 收方姓名 收件客户 收件客户姓名 姓名 客户姓名 收件姓名 收货姓名 "
    "收件人名 收方 收件方 收件方姓名 收件人信息姓名 收件信息姓名 联系人 联系人姓名 取件人 receiver receivername consignee "
    "consigneename recipient recipientname",
    Field.PHONE: "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 联系手机 收件人电话 收件电话 收件人手机 收件手机 收件手机号 "
    "收件人手机号 收件人手机号码 收件人电话号码 收件人联系电话 收件人联系方式 收货电话 收货手机 收货人电话 收货人手机 "
    "收货人手机号 收货人手机号码 收货人联系电话 收货人联系方式 收方手机 收方电话 收方联系电话 收方联系方式 收件方电话 收件方手机 "
    "收件客户电话 客户电话 客户手机 电话/手机 手机/电话 固话 座机 固定电话 mobile mobileno mobilephone phoneno phonenumber tel telephone "
    "receiverphone receivermobile receivertel consigneephone consigneemobile recipientphone contactphone contactno",
    Field.ADDRESS: "地址 收件地址 收件人地址 收件人详细地址 收件详细地址 收货地址 收货人地址 收货详细地址 收货人详细地址 详细收货地址 详细收件地址 详细地址 目的地 收方地址 "
    "收方详细地址 收件方地址 派送地址 派件地址 配送地址 送货地址 投递地址 客户地址 receiveraddress consigneeaddress recipientaddress "
    "deliveryaddress",
    Field.COD: "代收货款 代收货款金额 代收金额 代收款 代收 货款 货到付款 货到付款金额 应收货款 代收款金额 cod cod金额 codamount",
    Field.COLLECT: "到付金额 到付 到付款 到付运费 到付运费金额 到付费用 到付费 到付邮费 运费到付 应收运费 应收到付 freightcollect",
    Field.WEIGHT: "重量 计费重量 实际重量 结算重量 包裹重量 货物重量 称重 称重重量 件重 毛重 grossweight",
    Field.PIECES: "件数 数量 包裹数 包裹数量 包裹件数 总件数 qty quantity pcs piece",
    Field.NOTE: "备注 备注信息 备注说明 快递备注 派件备注 留言 客户留言 买家留言 客户备注 remark remarks notes comment comments",
    Field.STAFF: "派件员 派送员 配送员 快递员 业务员 派件业务员 小件员 投递员 收派员 派件人 派送人 派件人员 派送人员 "
    "配送人员 快递小哥",
    Field.CARRIER: "快递公司 快递公司名称 物流公司 承运商 承运公司 快递 快递品牌 快递名称 物流商 快递商 品牌 carriername",
    Field.RECEIVER: "收件信息 收货信息 收件人信息 收货人信息 收方信息",
    Field.EXTENSION: "分机 分机号 分机号码 虚拟分机号 隐私分机号 ext",
}
_FIELDS = {header: field for field, headers in _HEADERS.items() for header in (field.value, *headers.split())}
_FIELDS |= dict.fromkeys(_HEADERS[Field.NAME].split(), Field.NAME)  # a column Receiver holds names
# What the lists above leave out: 快递面单号, 收货人电话/手机, 实收重量, 派件业务员姓名. 订单号 and 派件员电话 are other things.
_SHORT_NAMES = "|".join(sorted({re.escape(carrier.short) for carrier in CARRIERS}))
_GRAMMAR = {
    Field.NAME: re.compile(
        r"(?:收件|收货|收方|取件)(?:人|方|客户|联系人)*(?:(?:信息)?(?:姓名|名称|名字|名))?|(?:客户|买家|用户|村民|居民|顾客)(?:姓名|名称|名字)"
    ),
    Field.ADDRESS: re.compile(
        r"(?:收件|收货|收方|派送|派件|配送|送货|送件|送达|投递|取件|目的|客户|买家|用户|村民|顾客|家庭)?(?:人|方|客户)?的?"
        r"(?:完整|详细|街道|具体)*(?:地址|住址)"
    ),
    Field.DUE: re.compile(
        r"(?:合计|总计|总)?(?:应收|待收|需收|收款|代收[/+、和或及]?到付|到付[/+、和或及]?代收)(?:款|金额|费用|费|总额|合计)?"
    ),
    Field.COLLECT: re.compile(
        r"(?:运费|邮费|快递费|费用|金额)\(到付\)|到付(?:款|运费|费用?|邮费|邮资|快递费)?(?:应收)?(?:总?金额|总额|应收)?"
    ),
    Field.COD: re.compile(
        r"(?:货款|金额)\(代收\)|(?:代收|应收)货款(?:总?金额|总额|额)?|代收(?:款项?)?(?:总?金额|总额|额)?"
    ),
    Field.WAYBILL: re.compile(
        r"(?:电子|快递|物流|运单|面单|包裹|快件|邮件|邮包|货运|派件)+(?:运单|面单|单)?(?:号|号码|编号|条码|条形码)"
        rf"|(?:快递|物流)?(?:运|面)单编码|(?:{_SHORT_NAMES})(?:快递)?(?:运单|面单|单)号码?|(?:到件|承运)单号|[主母](?:运单|单)号"
    ),
    Field.PHONE: re.compile(
        r"(?:收件|收货|收方|客户|联系|买家|取件|用户|村民)?(?:人|方|客户)?的?(?:联系|联络)?(?:手机|电话|移动电话|方式)(?:号码?)?"
        r"(?:[/,、或](?:手机|电话|固话|座机)(?:号码?)?)?"
        r"|(?:收件|收货|收方|取件)(?:人|方|客户)号码|(?:收件|收货|收方)(?:人|方)?(?:固话|座机|固定电话)"
    ),
    Field.WEIGHT: re.compile(r"(?:计费|实际|实收|结算|包裹|货物|快件|物品|称重|总)重量?|毛重|[实计]重"),
    Field.PIECES: re.compile(r"(?:快件|货物|包裹|物品|总)*(?:件数|个数|箱数)|总?件"),
    Field.NOTE: re.compile(
        r"(?:订单|快递|派送|派件|收件|用户|客户|买家|卖家|商家)?(?:备注|留言|附言)(?:信息|说明|内容)?[1-3]?|memo"
    ),
    Field.STAFF: re.compile(
        r"(?:末端)?(?:派件|派送|配送|投递|收派|揽投)?(?:业务|快递|派件|派送|配送|投递|揽投)(?:人员|员|人|小哥)(?:姓名|名称)?"
    ),
    Field.CARRIER: re.compile(
        r"(?:快递|物流|承运|运输|配送|派送)(?:公司|企业|商|服务商|单位)(?:名称|名|编码|代码)?|承运方|(?:快递|物流)(?:渠道|类型)"
    ),
}
# 收件人/电话: one cell for the person and the number.
_PERSON_AND_PHONE = re.compile(
    r"(?:收件|收货|联系|客户)?(?:人|方)?(?:姓名)?[/、,和及与+]+(?:收件人|联系)?(?:电话|手机|手机号|方式)(?:号码)?"
)
# Where a table has a better one, these number something else: its rows, or goods.
_VAGUE_WAYBILLS = frozenset({"单号", "条码", "条形码", "barcode", "主单号", "母单号", "主运单号", "母运单号"})
_BRACKETED = re.compile(r"(.+)\(([^()]*)\)")
_BRACKETED_FIRST = re.compile(r"\([^()]*\)(.+)")
# 手机1 and 手机2; 重量/kg and 重量kg; Tracking No. and tracking_no.
_DECORATION = re.compile(r"[._#\-]+|(?<=[机话式])[1-3一二三]$")
_UNIT_BEHIND = re.compile(rf"(.+?)[/_]?({'|'.join(sorted(GRAMS, key=len, reverse=True))}|[元¥])")
_BRACKETS = str.maketrans("[]{}【】〔〕〈〉<>", "()()()()()()")
_LONGEST_HEADER = 40


def known_headers(cells: Sequence[str]) -> int:
    """How many of the cells name a field: the measure for guessing a text file's separator."""
    return sum(field_of(cell) is not None for cell in cells)


def field_of(label: str) -> Field | None:
    """The field that a header names; None for any other text."""
    return _field(label) if len(label) <= _LONGEST_HEADER else None


@lru_cache(maxsize=4096)
def _field(label: str) -> Field | None:
    key = header_key(label).translate(_BRACKETS)
    return next((field for one in _spellings(key) if (field := _named(one))), None)


def _spellings(key: str) -> Iterator[str]:
    """A header's key, then without what is in brackets, without dots and numbers, without a unit."""
    yield key
    while bracketed := _BRACKETED.fullmatch(key) or _BRACKETED_FIRST.fullmatch(key):
        key = bracketed.group(1)
        yield key
    yield (key := _DECORATION.sub("", key))
    if with_unit := _UNIT_BEHIND.fullmatch(key):
        yield with_unit.group(1)


def _named(key: str) -> Field | None:
    if found := _FIELDS.get(key):
        return found
    # 运单号/条码, 手机/电话: two names for one thing.
    if "/" in key and len(named := {_named(part) for part in key.split("/")}) == 1:
        return named.pop()
    return next((field for field, words in _GRAMMAR.items() if words.fullmatch(key)), None)


def header_key(label: str) -> str:
    """A header as it is compared: half width, lower case, simplified, without spaces, `*` and `:`."""
    return simplified(plain(label)).lower().translate({ord(sign): None for sign in " *:"})


def is_person_and_phone(label: str) -> bool:
    """Whether it names a column that holds both: 收件人/电话."""
    return len(label) <= _LONGEST_HEADER and _PERSON_AND_PHONE.fullmatch(header_key(label)) is not None


def is_vague(label: str) -> bool:
    """Whether it names the waybill only where nothing better does."""
    return header_key(label) in _VAGUE_WAYBILLS


def unit_of(title: str) -> str:
    """The unit that a weight's header names; kg if it names none."""
    key = header_key(title).translate(_BRACKETS)
    bracketed = _BRACKETED.fullmatch(key) or _UNIT_BEHIND.fullmatch(key)
    return bracketed.group(2) if bracketed and bracketed.group(2) in GRAMS else "kg"
