"""A courier's status file: bytes in, events out. No clock, no database, no web."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from couriers.manifest_columns import text
from couriers.manifest_header_names import Field, field_of, header_key
from couriers.waybills import Status, normalise, recognise
from station.tables import Unreadable, open_tables
from station.texts import fold, plain

# What couriers' programs call the states, the more telling words first: 拒收退回签收 is a return, 未签收 no delivery.
# States are named as in the consignment; in_transit says only that it is on its way.
_STATES = {
    "未签收|未妥投|未投妥|(?:签收|投递|派送|派件)失败|待签收|未找到收件人|undelivered|outfordelivery|delivering": "in_transit",
    "丢失|遗失|丢件|灭失|lost": "lost",
    "退回|退件|拒收|拒签|退签|退货|改退|退改|返回寄件人|returned|rejected": "returned",
    "签收|妥投|投妥|送达|代签|(?:已|人|门卫|前台)代收(?!货款)|(?:投递|派送|配送)(?:成功|完成)": "delivered",
    "已取(?!消)|取走|已自提|已完成|^完成$|delivered|signed": "delivered",
    "派送|派件|再派|二派|改派|在途|运输|转运|中转|转寄|转单|揽收|揽件|收寄|收件|发件|到件|发出|已发货|发往|运往|到达|离开": "in_transit",
    "装车|出库|分拣|投递|再投|待取件|待自提|待派|驿站|入柜|暂存|留仓|滞留|问题件|清关": "in_transit",
    "in_?transit|shipped|pickedup": "in_transit",
}
_SAID = tuple((re.compile(words), state) for words, state in _STATES.items())
_STATUS = (
    "状态 运单状态 物流状态 快件状态 签收状态 投递状态 最新状态 派送状态 物流信息 最新物流 最新物流信息 物流详情 物流轨迹 轨迹 最新轨迹 跟踪信息 "
    "当前状态 快递状态 配送状态 派送结果 投递结果 签收结果 签收情况 签收类型 status state"
)
_TIME = "时间 签收时间 状态时间 更新时间 操作时间 最新时间 完成时间 投递时间 扫描时间 妥投时间 送达时间 日期 签收日期 time at"
_KINDS = dict.fromkeys(_STATUS.split(), "status") | dict.fromkeys(_TIME.split(), "time")
_NEWS = "(?:运单|物流|快件|签收|投递|派送|派件|快递|配送|包裹|邮件|妥投|跟踪|订单|轨迹)"
_GRAMMAR = {
    "status": re.compile(rf"(?:最新|当前|末端)*{_NEWS}*(?:状态|结果|情况|轨迹|节点)(?:描述|名称|说明|信息)?"),
    "time": re.compile(
        rf"(?:最新|最后|当前)*(?:{_NEWS}|状态|更新|操作|送达|扫描|完成|节点)*(?:更新)?(?:时间|日期)"
    ),
}
# Of several columns these are asked last: what became of the order, and times of anything but the arrival.
_LATER = {"status": re.compile("订单"), "time": re.compile("(?!.*(?:签收|妥投|送达|完成))")}
_DAY_ALONE = re.compile(r"[0-9]{4}[-/.年]?[0-9]{1,2}[-/.月]?[0-9]{1,2}日?|[0-9]{5}")
_CLOCK_ALONE = re.compile(r"[0-9]{1,2}[:时][0-9]{2}分?(?:[:.]?[0-9]{2}秒?)?|0\.[0-9]+")
_FOOTER = re.compile(r"合计|总计|小计|本页|共计|共 ?[0-9]+|制表|打印|第 ?[0-9]+ ?页|(?:备注|说明):")
# 2026-11-22 17:03[:05], 2026/11/22 17:03, 2026年11月22日 17时03分, 20261122170305, 2026-11-22T17:03:05+08:00
_DATE = re.compile(
    r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?"
    r"(?:[T ]?([0-9]{1,2})[:时]?([0-9]{2})分?(?:[:.]?([0-9]{2})秒?)?(?:\.[0-9]+)?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# Days since this one are what spreadsheets keep for times.
_DAY_ZERO = datetime.fromisoformat("1899-12-30")
_HALF_DAY = re.compile(r" ?(?:(上午|凌晨|早上|am)|(下午|晚上|中午|pm)) ?", re.IGNORECASE)
_HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `state`: delivered, returned, lost, in_transit, or "" where `said` tells nothing we know.

    `at` is naive where the file says no offset: then it is the station's own time. None: no time in this row.
    """

    row: int
    waybill: str
    state: str
    said: str
    at: datetime | None
    when: str

    @property
    def ref(self) -> str:
        return ref(self.waybill, self.state, self.when)


@dataclass(frozen=True, slots=True)
class Statuses:
    """`error`: empty_file, no_waybill_column, no_status_column, unreadable_file; then there are no rows."""

    rows: tuple[Row, ...] = ()
    error: str = ""


def ref(waybill: str, state: str, when: str) -> str:
    """The same news by whatever way it comes has the same name, so that it is written once."""
    return hashlib.sha256(f"{waybill}\n{state}\n{when}".encode()).hexdigest()[:40]


def read(data: bytes) -> Statuses:
    """Read an uploaded file. Never raises for what is in it."""
    error = "empty_file"
    try:
        for table in open_tables(data, _known).tables:
            rows = [[text(cell) for cell in row] for row in table.rows]
            if not any(map(any, rows)):
                continue
            found, error = _columns(rows)
            if found:
                return Statuses(tuple(_rows(rows, *found)))
    except Unreadable:
        return Statuses(error="unreadable_file")
    return Statuses(error=error)


def _known(cells: Sequence[str]) -> int:
    return sum(_kind(cell) != "" for cell in cells)


def _kind(label: str) -> str:
    key = header_key(label)
    if found := _KINDS.get(key):
        return found
    if field_of(label) is Field.WAYBILL:
        return "waybill"
    return next((kind for kind, words in _GRAMMAR.items() if words.fullmatch(key)), "")


def _columns(
    rows: Sequence[Sequence[str]],
) -> tuple[tuple[int, dict[str, list[int]]] | None, str]:
    """The header's row and its columns; else what is missing."""
    error = "no_waybill_column"
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        columns: dict[str, list[int]] = {}
        for column, label in enumerate(row):
            columns.setdefault(_kind(label), []).append(column)
        if "waybill" in columns:
            for name, words in _LATER.items():
                columns.get(name, []).sort(key=lambda at, row=row, words=words: bool(words.match(row[at])))  # type: ignore[misc]
            if "status" in columns:
                return (index, columns), ""
            error = "no_status_column"
    return None, error


def _rows(rows: Sequence[Sequence[str]], header: int, columns: dict[str, list[int]]) -> Iterator[Row]:
    def cells(of: Sequence[str], name: str) -> list[str]:
        return [of[column] for column in columns.get(name, ()) if column < len(of) and of[column]]

    for index in range(header + 1, len(rows)):
        row = rows[index]
        number = next(iter(cells(row, "waybill")), "")
        if not any(row) or _kind(number) == "waybill" or _is_footer(row, number):
            continue
        said, at = _said(cells(row, "status")), _when(cells(row, "time"))
        when = at.isoformat() if at else ""
        waybill = recognise(number).normalized or normalise(number)
        yield Row(index + 1, waybill, state_of(said), said[:60], at, when)


def _is_footer(row: Sequence[str], number: str) -> bool:
    first = next(filter(None, row), "")
    return _FOOTER.match(plain(first)) is not None and recognise(number).status is Status.INVALID


def _said(words: Sequence[str]) -> str:
    """The first state that tells something: 签收类型 本人 beside 状态 已签收."""
    said = [fold(word) for word in words]
    return next((word for word in said if state_of(word)), said[0] if said else "")


def _when(written: Sequence[str]) -> datetime | None:
    """The first time of a row. Some files give the day and the hour columns of their own."""
    days = [word for word in written if _DAY_ALONE.fullmatch(plain(word))]
    hours = [word for word in written if _CLOCK_ALONE.fullmatch(plain(word))]
    whole = next((word for word in written if word not in days and word not in hours), None)
    if whole and (at := moment(whole)):
        return at
    day = moment(days[0]) if days else None
    if day and hours:
        hour = plain(hours[0])
        if hour.startswith("0."):
            return day + timedelta(seconds=round(float(hour) * 86400))
        return moment(f"{day:%Y-%m-%d} {hour}") or day
    return day


def state_of(said: str) -> str:
    """`已签收，签收人：本人` → delivered; "" for words that we do not know."""
    words = plain(said).lower().replace(" ", "")
    return next((state for known, state in _SAID if known.search(words)), "")


def moment(said: str) -> datetime | None:
    """A time as files write it, or as a spreadsheet's number of days; aware only where it says its offset."""
    words = plain(said).strip()
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", words):
        return _DAY_ZERO + timedelta(seconds=round(float(words) * 86400))
    half = _HALF_DAY.search(words)
    found = _DATE.fullmatch(_HALF_DAY.sub(" ", words).strip() if half else words)
    if found is None:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    hours = int(hour or 0)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.group(2) else 0)
    written = f"{year}-{int(month):02d}-{int(day):02d}T{hours:02d}:{minute or '00'}:{second or '00'}"
    try:
        return datetime.fromisoformat(written + (offset or ""))
    except ValueError:
        return None
