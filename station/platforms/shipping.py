"""Tracking numbers back to the platforms: the file each of them takes for shipping many orders at once.

The headers are those of the platforms' own templates as far as they are known. [M]: commonly seen, not verified; a
platform that has renamed a column shows its template on the page where the file is uploaded.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from station import carriers
from station.platforms.header_names import Platform
from station.texts import harmless


@dataclass(frozen=True, slots=True)
class Shipped:
    """`carrier`: its code (`YTO`). `sub_nos`: the sub orders in this parcel, none if the platform has none."""

    order_no: str
    carrier: str
    waybill: str
    sub_nos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Form:
    file: str
    headers: tuple[str, str, str]
    encoding: str = "utf-8-sig"


_FORMS = {
    # [M] 抖店 → 批量发货 → 导入发货. All sub orders of an order leave with it, so its own number is enough.
    Platform.DOUYIN: _Form("douyin_shipped.csv", ("订单号", "物流公司", "运单号")),
    # [M] 有赞 → 批量发货.
    Platform.YOUZAN: _Form("youzan_shipped.csv", ("订单号", "物流公司", "物流单号")),
    # [M] 千牛 → 批量发货 → 导入; like its exports in GBK and without a mark of its encoding.
    Platform.TAOBAO: _Form("taobao_shipped.csv", ("订单编号", "物流公司", "物流单号"), "gb18030"),
    # [M] 拼多多 → 批量发货 → 导入. A number with hyphens, which no spreadsheet takes for an amount.
    Platform.PDD: _Form("pdd_shipped.csv", ("订单号", "快递公司", "快递单号")),
    Platform.OTHER: _Form("shipped.csv", ("订单号", "快递公司", "快递单号")),
}
_SPLIT_HEADERS = ("订单号", "子订单号", "物流公司", "运单号")
# A spreadsheet shows longer numbers as 3.7E+18, and writes back what it shows.
_LONGEST_SHOWN = 11


def build(platform: str, shipped: Sequence[Shipped]) -> tuple[str, bytes]:
    """File name and bytes. An order in several parcels stands in several rows; a row that would stand twice stands once.

    Only Douyin ships sub orders apart: if an order of the list goes in several parcels, the file names them.
    """
    form = _FORMS[Platform(platform)]
    apart = Platform(platform) is Platform.DOUYIN and _in_several_parcels(shipped)
    rows: dict[tuple[str, ...], None] = {}
    for one in shipped:
        goes = carriers.name(one.carrier), _number(one.waybill)
        for sub_no in one.sub_nos or ("",) if apart else ("",):
            number = (_number(one.order_no), _number(sub_no)) if apart else (_number(one.order_no),)
            rows.setdefault((*number, harmless(goes[0]), goes[1]))
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_SPLIT_HEADERS if apart else form.headers)
    writer.writerows(rows)
    return form.file, file.getvalue().encode(form.encoding)


def _in_several_parcels(shipped: Sequence[Shipped]) -> bool:
    parcels = {(one.order_no, one.waybill) for one in shipped if one.sub_nos}
    return len(parcels) > len({order_no for order_no, _ in parcels})


def _number(text: str) -> str:
    """A long number with a tab before it, as the platforms' own exports have it, so that it stays text."""
    return f"\t{text}" if text.isdecimal() and len(text) > _LONGEST_SHOWN else harmless(text)
