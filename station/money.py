"""Money is counted in integer fen (1/100 yuan)."""

import re

from station.texts import plain

_AMOUNT = re.compile(r"¥? ?([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2})0*)? ?元?")
_NOTHING = {"", "/", "-", "—", "无"}


def parse_fen(text: str) -> int | None:
    """The amount in fen; blank (also `/`, `-`, `—`, `无`) is 0.

    None means that something stands there which is not an amount. It must never become 0: the station would hand out a
    parcel without taking the cash.
    """
    amount = plain(text).strip("'\"= ")
    if amount in _NOTHING:
        return 0
    found = _AMOUNT.fullmatch(amount)
    if found is None:
        return None
    yuan, decimals = found.groups()
    return int(yuan.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))


def format_fen(fen: int) -> str:
    """`1200` → `12.00`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
