"""How platforms call the columns of their order exports; no platform documents them, and they change."""

import re
from enum import StrEnum


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
    RECEIVER = "receiver"  # name, phone and address in one cell
    HELD = "held"  # the platform still examines the order, or has locked it


# As `_key` leaves them, the preferred name first. Where a platform names none of its own, the general names count.
OWN: dict[Platform, dict[Field, str]] = {
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
GENERAL: dict[Field, str] = {
    Field.ORDER_NO: "订单号 订单编号 主订单编号 订单id 单号 交易编号 交易号 跟团号 接龙号 order orderno orderid ordernumber",
    Field.SUB_NO: "子订单编号 子订单号 子单号",
    Field.ITEM: "选购商品 商品名称 宝贝标题 商品标题 商品 品名 产品 产品名称 货品 货品名称 货物名称 product productname item itemname",
    Field.SPEC: "商品规格 规格 商品属性 规格名称 规格型号 款式 sku名称 spec",
    Field.QTY: "商品数量 数量 件数 购买数量 订购数量 下单数量 商品件数 份数 qty quantity",
    Field.SKU: "商家编码 规格编码 商品编码 货号 sku编码 外部系统编号",
    Field.PRICE: "商品单价 单价 商品价格 价格",
    Field.LINE_PAID: "商品实际成交金额 订单应付金额 商品金额小计 小计 金额",
    Field.ORDER_PAID: "买家实际支付金额 用户实付金额 实付金额 实付款 用户应付金额 买家应付金额 实收金额 订单金额 订单实付金额 支付金额 商家应收金额 付款金额 总金额 总价 amount total totalpaid",
    Field.FREIGHT: "运费 运费金额 邮费 快递费",
    Field.NAME: "收件人 收货人 收件人姓名 收货人姓名 姓名 收件姓名 收货姓名 客户姓名 联系人 买家姓名 收件人名称 收货人名称 name receiver receivername recipient consignee",
    Field.PHONE: "收件人手机号 收货人手机号 手机 手机号 手机号码 收件人手机 收货人手机 收件手机 联系手机 收件人电话 收货人电话 电话 电话号码 "
    "联系电话 联系方式 收件电话 收货电话 客户电话 客户手机 买家手机 联络电话 联络方式 固话 座机 固定电话 phone phonenumber mobile tel receiverphone",
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
    Field.RECEIVER: "收货信息 收件信息 收货人信息 收件人信息 收货资料 收件资料",
    Field.HELD: "是否审核中 是否锁定 是否风控 是否冻结",
}
# What the names above leave out, asked only where no column bears one of them: 成交数量, 用户应付金额, 收货详细地址. A quantity
# that is overlooked would ship one piece of two.
_WHO = "(?:收货|收件)(?:人|方|客户|联系人)*"
_GOODS = "(?:商品|宝贝|货品|产品|货物|物品|物件|sku)"
_BUYER = "(?:买家|用户|客户|顾客|团员|下单人|购买人|订购人|消费者|会员)"
_PLACE = f"(?:{_WHO})?(?:地址)?-?(?:所在)?"
GRAMMAR = {
    field: re.compile(words)
    for field, words in {
        Field.ORDER_NO: r"(?:平台|主|父|原始?|网店|店铺|线上|商户|团购|渠道|电商)*(?:订单|交易)(?:流水|单)?(?:号码?|编号|id)",
        Field.ITEM: rf"(?:团购|订购|购买|选购|内件|接龙|下单)?(?:{_GOODS}|品名|品项)(?:名称|标题|名|全称|内容|信息|明细|详情)?",
        Field.SPEC: rf"{_GOODS}?(?:规格|型号|属性|款式|颜色)(?:名称?|型号|属性|值|分类|规格)?|销售属性",
        Field.QTY: rf"(?:{_GOODS}|成交|购买|订购|下单|销售|实发|应发|订货|采购|团购|选购|总)*(?:数量|件数|份数|盒数)|(?:购买|成交|订购|下单|团购)数",
        Field.PRICE: r"(?:商品|销售|成交)?(?:单价|售价)",
        Field.SKU: rf"(?:{_GOODS}|商家|外部)*(?:编码|货号)",
        Field.ORDER_PAID: rf"(?:订单|{_BUYER}|实际)*(?:实付|应付|支付|付款|实收|成交)(?:款|金额|总额|总金额|总价)?|订单总(?:额|价|金额)",
        Field.FREIGHT: r"(?:订单|买家)?(?:应付|实付|实收)?(?:运费|邮费|快递费|配送费)(?:金额)?",
        Field.NAME: rf"{_WHO}(?:姓名|名称|名字|名)?|(?:下单|购买|订购|订货)人(?:姓名)?|客户|顾客",
        Field.PHONE: rf"(?:{_WHO}|{_BUYER}|联系人)?的?(?:(?:联系|联络)?(?:手机|电话|移动电话|固话|座机|号码)(?:号码?)?|(?:联系|联络)方式)",
        Field.ADDRESS: rf"(?:{_WHO}|{_BUYER}|配送|送货|派送|详细|完整|邮寄|寄送|联系|街道|快递|家庭)+的?(?:详细|街道|完整)?地址",
        Field.PROVINCE: rf"{_PLACE}省份?(?:直辖市)?",
        Field.CITY: rf"{_PLACE}(?:城市|地级市|市)",
        Field.COUNTY: rf"{_PLACE}(?:区县|县区|区|县)",
        Field.TOWN: rf"{_PLACE}(?:乡镇|街道|镇街|乡镇街道|街道乡镇)",
        Field.POSTCODE: rf"{_PLACE}(?:邮编|邮政编码)",
        Field.STATUS: r"(?:订单|子订单|商品|交易)?(?:当前)?状态",
        Field.DELIVERY: r"(?:取货|提货|收货|配送|发货|物流|运送|取件|履约)(?:方式|类型)",
        Field.AFTER_SALE: r"(?:商品|订单|子订单)?(?:售后|退款|退货|维权)+(?:单|处理)?(?:状态|情况|进度)|(?:商品|是否有?)?售后|是否有?退款",
        Field.REFUNDED: r"(?:商品|订单)?(?:已退款?|退款)总?金额",
        Field.SENT_AT: r"(?:订单|商品|实际)发货时间",
        Field.ORDERED_AT: r"(?:订单)?(?:提交|创建|下单|成交|拍下)时间",
        Field.WAYBILL: r"(?:快递|物流|发货)+(?:公司)?(?:运|面)?单(?:号码?|编号)|运单编号",
        Field.CARRIER: r"(?:发货)?(?:快递|物流|承运|发货)(?:公司|商|服务商|名称|品牌)(?:名称)?",
        Field.BUYER_NOTE: rf"(?:{_BUYER}|订单)?(?:留言|附言)|(?:{_BUYER}|下单)(?:订单)?备注",
        Field.SELLER_NOTE: r"(?:商家|卖家|店铺|店主|团长|客服|商户|内部)(?:订单|标记|旗帜)*备注(?:信息|内容)?",
    }.items()
}
# Names that no other platform's exports carry.
TELLING = {
    Platform.DOUYIN: "主订单编号 子订单编号 选购商品 流量来源",
    Platform.YOUZAN: "订单商品状态 收货人/提货人 收货人手机号/提货人手机号 详细收货地址/提货地址 商品实际成交金额 商品优惠后价格 "
    "商品退款状态 商品发货状态 商品发货物流公司 商品发货物流单号 商家订单备注",
    Platform.TAOBAO: "宝贝标题 宝贝总数量 宝贝种类 买家支付宝账号 买家应付货款 买家应付邮费 买家实际支付金额 店铺id 外部系统编号 套餐信息 "
    "支付单号 订单关闭原因",
    Platform.PDD: "店铺优惠折扣(元) 平台优惠折扣(元) 用户实付金额(元) 商家实收金额(元) 商品数量(件) 样式id "
    "店铺优惠折扣 平台优惠折扣 用户实付金额 商家实收金额",
}
