"""May this be shipped, and if not, why? The platforms' words for it, one row of an export at a time.

A reason never guesses in favour of shipping: words nobody knows are `status_unknown` or `refund_pending`, and a person looks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from station.errors import N_
from station.texts import plain

# Why an order is not shipped, and what to do about it.
REASONS: dict[str, str] = {
    "refunded": N_("The money was given back. Do not ship it."),
    "refund_pending": N_("The buyer asks for the money back. Answer the buyer on the platform first."),
    "closed": N_("The order was cancelled or closed. Do not ship it."),
    "unpaid": N_("The buyer has not paid yet. Export again when it is paid."),
    "waiting_for_group": N_("The group purchase is not complete yet. Export again when it is."),
    "already_shipped": N_("It has been shipped already."),
    "partly_shipped": N_(
        "Part of it has been shipped, and the file does not say which. Look it up on the platform."
    ),
    "status_unknown": N_(
        "The file does not say clearly whether it may be shipped. Look it up on the platform."
    ),
    "self_pickup": N_("The buyer comes to fetch it."),
    "local_delivery": N_("It is delivered by hand in the neighbourhood, not by express."),
    "receivers_differ": N_("The rows of this order name different receivers. Look it up on the platform."),
    "encrypted_receiver": N_(
        "Name and phone are encrypted. Print the platform's own electronic waybill for it."
    ),
    "masked_receiver": N_("Name or phone is hidden by stars. Export again with the full receiver."),
    "receiver_incomplete": N_("Name, phone or address is missing. Ask the buyer for it."),
    "items_missing": N_("The file does not say what was bought. Export again with the goods."),
    "quantity_unreadable": N_("The number of pieces cannot be read. Look it up on the platform."),
}

# What stops one row. The first of these that any row of an order has tells why an order none of whose rows can go is not
# shipped: what somebody must act on comes before what is merely over.
_ROW_ORDER = (
    "refund_pending", "partly_shipped", "status_unknown", "waiting_for_group", "unpaid", "already_shipped", "self_pickup",
    "local_delivery", "refunded", "closed",
)  # fmt: skip
# A single such row holds its whole order back; rows that are merely over are left out of it.
_HOLDING = frozenset({"refund_pending", "partly_shipped", "status_unknown", "waiting_for_group", "unpaid"})

# Words of the platforms, after NFKC. A finished quarrel is taken out first: 退款关闭 does not close the order.
_QUARREL_OVER = re.compile(
    r"无售后(?:或售后取消)?|(?:退款|售后|退货)(?:申请)?已?(?:关闭|取消|撤销|完结|撤回|失败)|(?:已|买家|用户|客户)?已?(?:撤销|取消|撤回)(?:退款|售后|申请)+"
)
_PARTLY_REFUNDED = re.compile(r"部分退款")
_REFUNDED = re.compile(
    r"(?:退款|退货|售后|仅退款)(?:退款)?(?:已)?(?:成功|完成)|已(?:全额|退货|完成)?退款|全额退款"
)
_NO_QUARREL = re.compile(r"(?:暂?无|没有|未)(?:发起|申请|进行)?过?(?:售后|退款|退货)(?:申请|单|记录|状态)?")
_AFTER_SALE = re.compile(r"退款|退货|售后|维权|纠纷|换货|补寄")
_CLOSED = re.compile(r"关闭|取消|作废|撤单|拒单|已删除|失效|(?:交易|[拼成]团|拼单)失败|TRADE_CLOSED")
_UNPAID = re.compile(
    r"(?:待|等待|未)(?:买家|用户|顾客)?(?:付款|支付|付尾款)|未付|定金|部分付款|待确认付款|WAIT_BUYER_PAY"
)
_HELD = re.compile(r"锁定|审核中|待审核|风控|冻结|暂停|挂起")
_GROUP = re.compile(r"待成团|拼团中|拼单中|未成团|待拼单")
_PARTLY_SHIPPED = re.compile(r"部分(?:已)?发货")
_WAITING = re.compile(
    r"(?:待|等待|未|可)(?:卖家|商家)?(?:发货|出库|配货|打单|拣货|打包)|备货|已付款|已支付|已收款|(?:付款|支付)(?:成功|完成)|已接单"
    r"|WAIT_SELLER_SEND_GOODS"
)
_SHIPPED = re.compile(
    r"已发货|已发出|已出库|已寄出|已投递|已送达|妥投|待收货|待签收|已?签收|已收货|已完成|交易(?:成功|完成)|运输|派送|配送中|揽收"
    r"|待评价|已评价?|待取件|确认收货|^(?:订单|发货)?完成$|WAIT_BUYER_CONFIRM_GOODS|TRADE_(?:FINISHED|SUCCESS)"
)
_BLANK = frozenset({"", "-", "--", "—", "/", "无", "正常", "暂无", "未申请", "否"})
_PICKUP = re.compile(r"自提|到店|自取|上门取|核销|提货")
_NO_PARCEL = re.compile(r"无需(?:物流|快递|发货|邮寄)|虚拟发货")
_LOCAL = re.compile(r"同城|商家配送|商家自送")


@dataclass(frozen=True, slots=True)
class RowState:
    """What a row says about itself; texts are "" where there is no such column. Amounts in fen.

    `status` is None if the table has no column for it: then only what speaks against shipping counts.
    """

    status: str | None = None
    after_sale: str = ""
    sent: str = ""
    sent_at: str = ""
    delivery: str = ""
    waybill: str = ""
    refunded_fen: int | None = None
    paid_fen: int | None = None
    held: str = ""


def row_reason(row: RowState) -> str | None:
    """Why this row is not to be shipped, None if it is.

    Money comes first: a refund tells more than the state the order ended in. Then what was never due, then what has left.
    """
    told = _told(row.status) if row.status is not None else "ready"
    if refund := _refund(row, told):
        return refund
    if told in ("closed", "unpaid", "waiting_for_group"):
        return told
    if told == "already_shipped" or row.waybill or row.sent_at or _told(row.sent) == "already_shipped":
        return "already_shipped"
    if told != "ready":
        return told
    if plain(row.held) not in _BLANK:
        return "status_unknown"
    return _no_express(row.delivery)


def order_reason(rows: Sequence[str | None]) -> str | None:
    """The reason for the order out of its rows' reasons; None if what is left of it can go.

    One item refunded, closed or sent before leaves the others to be shipped. One that is argued about holds all: what has
    left cannot be taken out of the parcel.
    """
    found = {reason for reason in rows if reason}
    if None in rows and not found & _HOLDING:
        return None
    return next(reason for reason in _ROW_ORDER if reason in found)


def is_partly_refunded(after_sale: str) -> bool:
    """Part of a row's money went back: it is still shipped, but somebody should look at how much of it."""
    return _PARTLY_REFUNDED.search(plain(after_sale)) is not None


def _refund(row: RowState, told: str) -> str | None:
    state = _after_sale(row.after_sale)
    if state == "refunded" or told == "refunded":
        return "refunded"
    if row.refunded_fen and row.paid_fen and row.refunded_fen >= row.paid_fen:
        return "refunded"
    return "refund_pending" if "refund_pending" in (state, told) else None


@lru_cache(maxsize=4096)
def _after_sale(written: str) -> str | None:
    text = plain(written).replace(" ", "")
    text = "" if _NO_QUARREL.fullmatch(text) else _QUARREL_OVER.sub("", text)
    if text in _BLANK or _PARTLY_REFUNDED.match(text):
        return None
    return "refunded" if _REFUNDED.search(text) and "中" not in text else "refund_pending"


@lru_cache(maxsize=4096)
def _told(written: str) -> str:
    text = _QUARREL_OVER.sub("", plain(written)).replace(" ", "")
    if _AFTER_SALE.search(text) and not _PARTLY_REFUNDED.search(text):
        return "refunded" if _REFUNDED.search(text) else "refund_pending"
    for words, reason in _STATES:
        if words.search(text):
            return reason
    return "status_unknown"


# 买家已付款,等待卖家发货 waits, and 卖家已发货,等待买家确认 has left: what waits for the seller is asked first.
_STATES = (
    (_CLOSED, "closed"),
    (_HELD, "status_unknown"),
    (_UNPAID, "unpaid"),
    (_GROUP, "waiting_for_group"),
    (_PARTLY_SHIPPED, "partly_shipped"),
    (_SHIPPED, "already_shipped"),
    (_PICKUP, "self_pickup"),
    (_WAITING, "ready"),
)


@lru_cache(maxsize=1024)
def _no_express(written: str) -> str | None:
    delivery = plain(written)
    if _PICKUP.search(delivery):
        return "self_pickup"
    if _NO_PARCEL.search(delivery):
        return "status_unknown"
    return "local_delivery" if _LOCAL.search(delivery) else None
