"""Finding at the counter: one box, and everything that waits for the household behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from pickup import collected
from pickup.codes import is_sound, read_code
from pickup.parcel_json import due
from pickup.typed import LONGEST, Typed, may_be, understand
from station import parcels
from station.db import sql
from station.errors import N_, Refusal, tell
from station.labels import STICKERS
from station.recipients import Person
from station.slot_labels import walk, with_code
from station.texts import plain

# A screen holds no more, and whoever types two letters shall type a third.
MOST_HOUSEHOLDS = 20
_MOST_MATCHES = 200

tell(
    {
        "code_check_digit": (
            422,
            N_("One digit of {typed} is wrong. Let them read it again, or ask for the phone's last digits."),
        ),
        "nobody_waits": (
            404,
            N_("Nobody waits with {typed}. Let them read it again, or ask for the phone's last digits."),
        ),
        "several_pieces": (
            409,
            N_("{count} parcels wait with {waybill}. Hand them out one by one, by their codes."),
        ),
        "asked_too_long": (422, N_("This is far too long. Type a code, four digits or a name.")),
        "asked_too_little": (422, N_("This is too little to look for. Type four digits, or a name.")),
    }
)

Row = dict[str, Any]


class Way(IntEnum):
    """How a parcel was found, the surest first."""

    CODE = 1
    NUMBER = 2
    PHONE = 3
    PHONE_TAIL = 4
    NAME = 5
    WAYBILL_TAIL = 6

    @property
    def sure(self) -> bool:
        """Whether it means one household and no other."""
        return self <= Way.PHONE


@dataclass(frozen=True, slots=True)
class Household:
    """What waits behind one phone, in walking order. Parcels have `code_shown` and `due_fen` besides their columns."""

    way: Way
    parcels: tuple[Row, ...]
    matched: frozenset[int]

    @property
    def first(self) -> Row:
        """The parcel that was asked for: its person stands at the counter."""
        return next(parcel for parcel in self.parcels if parcel["id"] in self.matched)

    def holds(self, parcel_id: int | None) -> bool:
        return any(parcel["id"] == parcel_id for parcel in self.parcels)


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: further people match, and are not shown."""

    households: tuple[Household, ...] = ()
    more: bool = False


async def find(station_id: int, text: str, *, carrier: str | None = None) -> Found:
    """Who waits for what was typed; nobody is an empty answer, but a code or waybill says why. `carrier`: its parcels only.

    Raises Refusal: `code_check_digit`, `nobody_waits`, `already_collected`, `asked_too_long`, `asked_too_little`.
    """
    typed = understand(text)
    if len(typed.text) > LONGEST:
        raise Refusal("asked_too_long")
    if not typed.says_something:
        raise Refusal("asked_too_little")
    if typed.code and not is_sound(typed.code):
        raise Refusal("code_check_digit", typed=typed.text)
    matches = await _matches(station_id, typed, carrier)
    if not matches:
        await _explain(station_id, typed, carrier)
        return Found()
    surest = min(way for way, _ in matches)
    ways = {row["id"]: way for way, row in matches if way == surest or not surest.sure}
    keys = list(dict.fromkeys(_household(row) for _, row in matches if row["id"] in ways))
    shown = keys[:MOST_HOUSEHOLDS]
    rows = [row for _, row in matches if row["id"] in ways and _household(row) in shown]
    rows += await _others(station_id, rows, carrier)
    return Found(_grouped(rows, ways), len(keys) > len(shown))


async def the_one(station_id: int, *, code: str = "", waybill: str = "") -> int:
    """The id of the parcel that waits with this code, or else with this whole waybill.

    Raises Refusal: `code_check_digit`, `nobody_waits`, `already_collected`, `several_pieces`.
    """
    number = plain(waybill).upper()
    typed = Typed(plain(code), code=read_code(code) or "") if code else Typed(number, waybill=number)
    if code and not (typed.code and is_sound(typed.code)):
        raise Refusal("code_check_digit", typed=typed.text)
    column, value = ("p.code", typed.code) if code else ("p.waybill", typed.waybill)
    rows = await _waiting(station_id, f"{column} = ?", [value], None)
    if not rows:
        await _explain(station_id, typed, None)
        raise Refusal("nobody_waits", typed=typed.text)
    if len(rows) > 1:
        raise Refusal("several_pieces", count=len(rows), waybill=number)
    return int(rows[0]["id"])


async def _matches(station_id: int, typed: Typed, carrier: str | None) -> list[tuple[Way, Row]]:
    condition, args = _condition(typed)
    rows = await _waiting(station_id, f"({condition})", args, carrier)
    if typed.name:
        rows = [row for row in rows if may_be(row["name"], typed.name)]
    return sorted(((_way(row, typed), row) for row in rows), key=lambda match: match[0])


async def _waiting(station_id: int, condition: str, args: Iterable[Any], carrier: str | None) -> list[Row]:
    own = " AND p.carrier = ?" if carrier else ""
    where = f"p.state = 'waiting' AND {condition}{own} ORDER BY p.arrived_at DESC LIMIT {_MOST_MATCHES}"
    return await parcels.seen_many(station_id, where, *args, *([carrier] if carrier else []))


def _condition(typed: Typed) -> tuple[str, list[Any]]:
    """All ways of looking at once, over the waiting parcels of one station."""
    if typed.code:
        return "p.code = ?", [typed.code]
    if typed.initials:
        # Every reading of a name stands in the row, separated by spaces.
        return "(r.initials LIKE ? OR r.initials LIKE ?)", [f"{typed.initials}%", f"% {typed.initials}%"]
    if typed.name:
        return (
            "(r.name LIKE ? ESCAPE '!' OR r.name LIKE ? ESCAPE '!')",
            [f"%{_masked(typed.name)}%", f"{_masked(typed.name[0])}%*%"],
        )
    conditions = ["p.waybill LIKE ? ESCAPE '!'"]
    args: list[Any] = [f"%{sql.like(typed.waybill)}"]
    for column, value in (
        (f"p.id % {STICKERS}", typed.sticker),
        ("r.phone", typed.phone),
        ("r.tail", typed.phone_tail),
    ):
        if value not in ("", None):
            conditions.append(f"{column} = ?")
            args.append(value)
    return " OR ".join(conditions), args


def _masked(name: str) -> str:
    """The stars of a masked name stand for whatever they hide."""
    return sql.like(name).replace("*", "%")


def _way(row: Row, typed: Typed) -> Way:
    if typed.code:
        return Way.CODE
    if row["id"] % STICKERS == typed.sticker or row["waybill"] == typed.waybill:
        return Way.NUMBER
    if typed.phone and row["phone"] == typed.phone:
        return Way.PHONE
    if typed.phone_tail and row["tail"] == typed.phone_tail:
        return Way.PHONE_TAIL
    return Way.WAYBILL_TAIL if typed.waybill else Way.NAME


def _household(row: Row) -> tuple[str, str | int]:
    """One phone is one household. Without one that is whole, a person is kept apart from everybody of the same name."""
    person = Person(row["name"], row["phone"], row["phone_kind"], row["phone_ext"])
    if person.household:
        return "phone", person.household
    return ("person", row["recipient_id"]) if row["phone"] else ("parcel", row["id"])


async def _others(station_id: int, rows: list[Row], carrier: str | None) -> list[Row]:
    """What else waits behind the phones of these parcels."""
    known = {row["id"] for row in rows}
    phones = sorted({str(key) for kind, key in map(_household, rows) if kind == "phone"})
    if not phones:
        return []
    marks = ", ".join("?" * len(phones))
    condition = f"r.station_id = ? AND r.phone_ext = '' AND r.phone IN ({marks})"
    waiting = await _waiting(station_id, condition, [station_id, *phones], carrier)
    return [row for row in waiting if row["id"] not in known]


def _grouped(rows: list[Row], ways: dict[int, Way]) -> tuple[Household, ...]:
    groups: dict[tuple[str, str | int], list[Row]] = {}
    for row in rows:
        row.update(code_shown=with_code(row["slot"], row["code"]), due_fen=due(row))
        groups.setdefault(_household(row), []).append(row)
    found = []
    for group in groups.values():
        group.sort(key=lambda row: (walk(row["slot"]), row["id"]))
        matched = frozenset(row["id"] for row in group if row["id"] in ways)
        found.append(Household(min(ways[id_] for id_ in matched), tuple(group), matched))
    return tuple(sorted(found, key=lambda household: household.way))


async def _explain(station_id: int, typed: Typed, carrier: str | None) -> None:
    """Nothing waits with this code or number: say who took it, instead of "nothing"."""
    taken = await collected.last_with(station_id, typed.code, typed.waybill)
    if taken and carrier in (None, taken["carrier"]):
        raise await collected.refusal(station_id, taken)
    if typed.code:
        raise Refusal("nobody_waits", typed=typed.text)
