"""A settlement in words: the lines of its slip, and the same as one would say it to somebody who does not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from station.i18n import gettext as _
from station.i18n import language, ngettext
from station.money import format_fen
from station.statements import Statement

# Lines whose words already say that something is taken off.
_LESS = frozenset({"packing", "commission", "freight", "platform_fee"})


@dataclass(frozen=True, slots=True)
class SlipLine:
    words: str
    fen: int


def lines(statement: Statement) -> list[SlipLine]:
    """What is printed, amounts without a sign where the words say that they are taken off."""
    found = [SlipLine(*_line(line.kind, line.words, line.fen)) for line in statement.lines]
    if statement.carry_in_fen:
        found.append(SlipLine(_("Less what was left open last time"), -statement.carry_in_fen))
    return found


def _line(kind: str, words: str, fen: int) -> tuple[str, int]:
    if kind in _LESS:
        return words, -fen
    return (_("Less: {what}").format(what=words), -fen) if fen < 0 else (words, fen)


def goods(statement: Statement, units: Mapping[str, str]) -> list[str]:
    """Of each kind of goods, how many orders and how much: 土鸡蛋 14 单 420 枚."""
    return [
        ngettext(
            "{label}: {orders} order, {quantity} {unit}",
            "{label}: {orders} orders, {quantity} {unit}",
            line.orders,
        ).format(label=line.label, orders=line.orders, quantity=line.quantity, unit=units.get(line.label, ""))
        for line in statement.lines
        if line.kind == "sale"
    ]


def day(iso: str) -> str:
    """11 月 22 日, or 22 Nov."""
    found = date.fromisoformat(iso)
    return f"{found.month} 月 {found.day} 日" if language() == "zh_CN" else f"{found.day} {found:%b}"


def period(first: str, last: str) -> str:
    """11 月 1 日到 21 日, or 1 Nov to 21 Nov."""
    if first == last:
        return day(first)
    if language() == "zh_CN" and first[:7] == last[:7]:
        return f"{day(first)}到 {date.fromisoformat(last).day} 日"
    return _("{first} to {last}").format(first=day(first), last=day(last))


def spoken(household: str, between: str, statement: Statement, units: Mapping[str, str]) -> list[str]:
    """Sentences to be read aloud."""
    said = [_("{household}, {period}.").format(household=household, period=between)]
    said += [_("{goods}.").format(goods=each) for each in goods(statement, units)]
    said += [
        _("{words}, {amount}.").format(words=_said(line.words), amount=amount(line.fen))
        for line in lines(statement)
    ]
    said.append(_("For you: {amount}.").format(amount=amount(statement.pay_fen)))
    if statement.carry_out_fen:
        said.append(
            _("{amount} are still open and will be taken off next time.").format(
                amount=amount(-statement.carry_out_fen)
            )
        )
    return said


def amount(fen: int) -> str:
    """603 元 4 角 as one says it, or 603.40 yuan."""
    if language() != "zh_CN":
        return f"{format_fen(fen)} yuan"
    yuan, rest = divmod(abs(fen), 100)
    jiao, single = divmod(rest, 10)
    parts = [f"{yuan} 元"] if yuan or not rest else []
    parts += [f"{jiao} 角"] if jiao else []
    parts += [f"{single} 分"] if single else []
    return ("负 " if fen < 0 else "") + " ".join(parts)


def _said(words: str) -> str:
    return words.replace(" × ", _(" times "))
