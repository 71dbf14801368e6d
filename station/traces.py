"""The code on a lot's label, and what it tells strangers of the goods and of the family."""

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from station.db import sql
from station.models import LotState

# Read aloud and typed off a label without doubt: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V.
TRACE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
TRACE_LENGTH = 12


def new_trace_code() -> str:
    """Twelve characters nobody guesses: 23¹² of them."""
    return "".join(secrets.choice(TRACE_ALPHABET) for _ in range(TRACE_LENGTH))


def is_trace_code(text: str) -> bool:
    return len(text) == TRACE_LENGTH and set(text) <= set(TRACE_ALPHABET)


async def by_trace(station_code: str, trace_code: str) -> dict[str, Any] | None:
    """What strangers may know of a lot, or None: see `_PUBLIC`; `family` is all that is told of the household."""
    if not is_trace_code(trace_code):
        return None
    row = await sql.one(_PUBLIC, station_code, trace_code)
    if row is None:
        return None
    row["family"] = f"{row.pop('grp')}{family(row.pop('household'))}"
    row["recalled"] = row.pop("state") == LotState.RECALLED
    at, zone = row.pop("certificate_at"), row.pop("zone")
    row["certificate_day"] = sql.moment(at).astimezone(ZoneInfo(zone)).date().isoformat() if at else ""
    return row


_PUBLIC = (
    "SELECT s.name AS station, s.place, s.phone AS station_phone, s.zone, p.name AS product, p.unit, l.day, l.amount,"
    " l.grade, l.best_before, l.origin, l.photo, l.certificate_no, l.certificate_at, l.state, l.trace_code,"
    " h.name AS household, h.grp FROM lot l JOIN station s ON s.id = l.station_id"
    " JOIN product p ON p.id = l.product_id JOIN household h ON h.id = l.household_id"
    " WHERE s.code = ? AND l.trace_code = ?"
)
# Family names of two characters that are met in villages; all others have one.
_DOUBLE = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "司徒",
    "夏侯",
    "东方",
    "慕容",
    "端木",
    "闻人",
)


def family(household: str) -> str:
    """郑家 of 郑家, 郑大山 or 郑大山家: nobody's given name."""
    name = household.removesuffix("家").lstrip("老小") or household
    return f"{name[:2] if name.startswith(_DOUBLE) else name[:1]}家"
