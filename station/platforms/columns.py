"""Which column is which in an order export, and which platform wrote it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from station.tables import Cell
from station.texts import fold, plain


class Platform(StrEnum):
    DOUYIN = "douyin"
    YOUZAN = "youzan"
    TAOBAO = "taobao"
    PDD = "pdd"
    OTHER = "other"


class Field(StrEnum):
    ORDER_NO = "order_no"
    SUB_NO = "sub_no"
    ITEM = "item"
    SPEC = "spec"
    QTY = "qty"
    SKU = "sku"
    KINDS = "kinds"  # how many different products one row stands for (Taobao)
    PRICE = "price"
    LINE_PAID = "line_paid"  # of this row; an order is the sum of its rows
    ORDER_PAID = "order_paid"  # of the whole order, whichever row it stands in
    FREIGHT = "freight"
    NAME = "name"
    PHONE = "phone"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    ADDRESS = "address"
    POSTCODE = "postcode"
    STATUS = "status"
    AFTER_SALE = "after_sale"
    REFUNDED = "refunded"
    SENT = "sent"
    SENT_AT = "sent_at"
    DELIVERY = "delivery"
    WAYBILL = "waybill"
    CARRIER = "carrier"
    BUYER_NOTE = "buyer_note"
    SELLER_NOTE = "seller_note"
    ORDERED_AT = "ordered_at"


# As `_key` leaves them, the preferred name first. Where a platform names none of its own, the general names count.
_OWN: dict[Platform, dict[Field, str]] = {
    Platform.DOUYIN: {
        Field.ORDER_NO: "主订单编号 主订单号",
        Field.SUB_NO: "子订单编号 子订单号",
        Field.ITEM: "选购商品",
        Field.LINE_PAID: "订单应付金额",
    },
    Platform.YOUZAN: {
        Field.ORDER_NO: "订单号",
        Field.SUB_NO: "外部订单号",
        Field.PRICE: "商品单价",
        Field.LINE_PAID: "商品实际成交金额",
        Field.NAME: "收货人/提货人",
        Field.PHONE: "收货人手机号/提货人手机号",
        Field.ADDRESS: "详细收货地址/提货地址",
        Field.STATUS: "订单商品状态",
        Field.BUYER_NOTE: "买家备注 商品留言",
        Field.SELLER_NOTE: "商家订单备注",
    },
    Platform.TAOBAO: {
        Field.ITEM: "宝贝标题 商品标题 标题",
        Field.QTY: "宝贝总数量 购买数量",
        Field.KINDS: "宝贝种类",
        Field.ORDER_PAID: "买家实际支付金额",
        Field.FREIGHT: "买家应付邮费",
        # The buyer may have changed where it goes after ordering.
        Field.ADDRESS: "修改后的收货地址 收货地址",
        Field.PHONE: "联系手机 联系电话",
        Field.SELLER_NOTE: "订单备注",
    },
    Platform.PDD: {
        Field.ITEM: "商品 商品名称",
        Field.QTY: "商品数量(件) 商品数量",
        Field.ORDER_PAID: "用户实付金额(元) 用户实付金额",
        Field.SKU: "商家编码-规格维度 商家编码-商品维度 商家编码 样式id",
    },
}
_GENERAL: dict[Field, str] = {
    Field.ORDER_NO: "订单号 订单编号 主订单编号 订单id 单号 交易编号 交易号 order orderno orderid ordernumber",
    Field.SUB_NO: "子订单编号 子订单号 子单号",
    Field.ITEM: "选购商品 商品名称 宝贝标题 商品标题 商品 品名 产品 产品名称 货品 货品名称 货物名称 product productname item itemname",
    Field.SPEC: "商品规格 规格 商品属性 规格名称 规格型号 款式 sku名称 spec",
    Field.QTY: "商品数量 数量 件数 购买数量 订购数量 下单数量 商品件数 份数 qty quantity",
    Field.SKU: "商家编码 规格编码 商品编码 货号 sku编码 外部系统编号",
    Field.PRICE: "商品单价 单价 商品价格 价格",
    Field.LINE_PAID: "商品实际成交金额 订单应付金额 商品金额小计 小计 金额",
    Field.ORDER_PAID: "买家实际支付金额 用户实付金额 实付金额 实付款 实收金额 订单金额 订单实付金额 支付金额 商家应收金额 付款金额 总金额 总价 amount total totalpaid",
    Field.FREIGHT: "运费 运费金额 邮费 快递费",
    Field.NAME: "收件人 收货人 收件人姓名 收货人姓名 姓名 收件姓名 收货姓名 客户姓名 联系人 买家姓名 收件人名称 收货人名称 name receiver receivername recipient consignee",
    Field.PHONE: "收件人手机号 收货人手机号 手机 手机号 手机号码 收件人手机 收货人手机 收件手机 联系手机 收件人电话 收货人电话 电话 电话号码 "
    "联系电话 联系方式 收件电话 收货电话 客户电话 客户手机 买家手机 phone phonenumber mobile tel receiverphone",
    Field.PROVINCE: "省 省份 收货人省份 收件省 收件人省 收件人省份 收货省份 收货省 所在省",
    Field.CITY: "市 城市 收货人城市 收件市 收件人市 收件人城市 收货城市 收货市 所在市",
    Field.COUNTY: "区 区县 县 区/县 县区 县/区 收货人地区 收货人区县 地区 收件区 收件人区 收件人区县 收货地区 收货区县 收货区",
    Field.TOWN: "街道 乡镇 镇 街道/镇 镇/街道 街道/乡镇 乡镇/街道 收货街道 收件街道 收件人街道",
    Field.ADDRESS: "详细地址 收货地址 收件地址 收件人地址 收货人地址 详细收货地址 收件人详细地址 收货人详细地址 完整地址 客户地址 配送地址 买家地址 送货地址 地址 address receiveraddress",
    Field.POSTCODE: "邮编 邮政编码",
    Field.STATUS: "订单状态 订单商品状态 交易状态 状态 status orderstatus",
    Field.AFTER_SALE: "售后状态 商品退款状态 退款状态",
    Field.REFUNDED: "商品已退款金额 已退款金额 退款金额",
    Field.SENT: "商品发货状态 发货状态",
    Field.SENT_AT: "发货时间 商品发货时间",
    Field.DELIVERY: "商品发货方式 运送方式 配送方式 发货方式 物流方式",
    Field.WAYBILL: "快递单号 运单号 物流单号 商品发货物流单号 运单号码",
    Field.CARRIER: "快递公司 物流公司 商品发货物流公司 快递",
    Field.BUYER_NOTE: "买家留言 买家备注 客户留言 留言",
    Field.SELLER_NOTE: "商家备注 商家订单备注 卖家备注 订单备注 备注",
    Field.ORDERED_AT: "订单提交时间 订单创建时间 下单时间 订单成交时间 创建时间",
}
# Names that no other platform's exports carry.
_TELLING = {
    Platform.DOUYIN: "主订单编号 子订单编号 选购商品 达人id 达人昵称 流量来源",
    Platform.YOUZAN: "订单商品状态 收货人/提货人 收货人手机号/提货人手机号 详细收货地址/提货地址 商品实际成交金额 商品优惠后价格 "
    "商品退款状态 商品发货状态 商品发货物流公司 商品发货物流单号 商家订单备注",
    Platform.TAOBAO: "宝贝标题 宝贝总数量 宝贝种类 买家会员名 买家支付宝账号 买家应付货款 买家应付邮费 买家实际支付金额 店铺id",
    Platform.PDD: "商品总价(元) 店铺优惠折扣(元) 平台优惠折扣(元) 用户实付金额(元) 商家实收金额(元) 商品数量(件) 样式id 商品总价 "
    "店铺优惠折扣 平台优惠折扣 用户实付金额 商家实收金额",
}
_TELLING_SETS = {platform: frozenset(names.split()) for platform, names in _TELLING.items()}


def _names(platform: Platform, field: Field) -> tuple[str, ...]:
    own, general = _OWN.get(platform, {}).get(field, ""), _GENERAL.get(field, "")
    # What a platform calls paid is known exactly: another amount of its export is not that.
    is_paid = field in (Field.LINE_PAID, Field.ORDER_PAID)
    return tuple(own.split() if is_paid and platform in _OWN else f"{own} {general}".split())


_NAMES = {platform: {field: _names(platform, field) for field in Field} for platform in Platform}
_KNOWN = frozenset(name for fields in _NAMES.values() for names in fields.values() for name in names)
_BRACKETED = re.compile(r"(.+)\([^()]*\)")
_HEADER_WITHIN = 60
_LONGEST_HEADER = 40


@dataclass(frozen=True, slots=True)
class Header:
    """`row` is 0-based; the columns of each field, the preferred one first."""

    row: int
    platform: Platform
    columns: dict[Field, tuple[int, ...]]


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The row with most known columns among the first ones, one of them the order number; the uppermost of equals."""
    best: Header | None = None
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        header = header_of([text(cell) for cell in row], index)
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def header_of(labels: Sequence[str], row: int = 0) -> Header | None:
    """None if no label is the order number's, or if it stands alone, as in a sentence about it."""
    keys = [_key(label) for label in labels]
    platform = _platform(keys)
    columns = {field: found for field in Field if (found := _columns(keys, _NAMES[platform][field]))}
    return Header(row, platform, columns) if Field.ORDER_NO in columns and len(columns) > 1 else None


def known_headers(cells: Sequence[Cell]) -> int:
    """How many of the cells are headers of any platform: the measure for guessing a text file's separator."""
    return sum(is_header(cell) for cell in cells if isinstance(cell, str))


def is_header(label: str) -> bool:
    key = _key(label)
    return key in _KNOWN or _bare(key) in _KNOWN


def text(cell: Cell) -> str:
    """A cell as the text a person would have seen; floats carry 15 digits, the rest is noise."""
    if isinstance(cell, str):
        return fold(cell)
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"


def _columns(keys: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    """Columns by the rank of their names; a name with its unit behind it, `数量(件)`, counts as well."""
    ranked = [(rank, column) for column, key in enumerate(keys) if (rank := _rank(key, names)) is not None]
    return tuple(column for _, column in sorted(ranked))


def _rank(key: str, names: Sequence[str]) -> int | None:
    for name in (key, _bare(key)):
        if name and name in names:
            return names.index(name)
    return None


def _platform(keys: Sequence[str]) -> Platform:
    found = {platform: len(telling.intersection(keys)) for platform, telling in _TELLING_SETS.items()}
    best = max(found, key=lambda platform: found[platform])
    return best if found[best] else Platform.OTHER


def _bare(key: str) -> str:
    return bracketed.group(1) if (bracketed := _BRACKETED.fullmatch(key)) else ""


@lru_cache(maxsize=4096)
def _key(label: str) -> str:
    """A header as it is compared: half width, lower case, without spaces, `*` and `:`."""
    if len(label) > _LONGEST_HEADER:
        return ""
    return plain(label).lower().translate({ord(sign): None for sign in " *:'\"._"})
