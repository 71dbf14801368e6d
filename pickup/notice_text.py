"""The words of an arrival message: as much as fits into one SMS, the code first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from station.money import format_fen

# One SMS in China is 70 characters with the signature and its brackets; longer ones are cut, charged twice, and come
# in pieces on old phones (Aliyun, help document 44335).
ONE_SMS = 70


@dataclass(frozen=True, slots=True)
class Item:
    """One waiting parcel: the carrier's short name, the code as shown, what is to be paid for it (None: unreadable)."""

    carrier: str
    code: str
    due_fen: int | None = 0


def compose(signature: str, station: str, items: Sequence[Item], *, hours: str = "", phone: str = "") -> str:
    """The text after the signature; together at most 70 characters. No name, no waybill, no link.

    What does not fit is left out, least useful first: the phone, the relatives, the hours, the station's name; of many
    codes any one will do, because all parcels of the phone are handed out together.
    """
    room = ONE_SMS - sms_length(f"【{signature}】")
    text = ""
    for text in _from_full_to_short(signature, station, items, hours, phone):
        if sms_length(text) <= room:
            break
    return text


def sms_length(text: str) -> int:
    """Characters as a phone counts them: the rare ones of old place names (𡒄) count twice."""
    return len(text.encode("utf-16-le")) // 2


def _from_full_to_short(
    signature: str, station: str, items: Sequence[Item], hours: str, phone: str
) -> Iterator[str]:
    here = "" if station == signature else station
    heads = (f"您有{len(items)}件{_carrier(items)}快递到{here or '站'}，", f"您有{len(items)}件快递到站，")
    pay = _pay(items)
    opening = f"，{hours}凭码领取" if hours else ""
    ends = [f"{opening}，可请家人代取。", f"{opening}。", "。"]
    if phone:
        ends.insert(0, f"{ends[0]}电话{phone}")
    for codes in _codes(items):
        for head in heads:
            for end in ends:
                yield head + codes + pay + end


def _codes(items: Sequence[Item]) -> list[str]:
    listed = "取件码" + "、".join(item.code for item in items)
    any_one = f"凭取件码{items[0].code}可全部取走"
    return [listed] if len(items) == 1 else [listed, any_one]


def _carrier(items: Sequence[Item]) -> str:
    carriers = {item.carrier for item in items}
    return carriers.pop() if len(carriers) == 1 else ""


def _pay(items: Sequence[Item]) -> str:
    if any(item.due_fen is None for item in items):
        return "，取件时有款要付"
    fen = sum(item.due_fen or 0 for item in items)
    return f"，需付{format_fen(fen).removesuffix('.00')}元" if fen else ""
