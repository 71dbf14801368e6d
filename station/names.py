"""People's names on screens and paper."""

import re


def masked_name(name: str | None) -> str:
    """First and last character, the rest hidden: 王小梅 → 王*梅, 周兰 → 周*; a name with a star keeps it, no name is ""."""
    if not name or len(name) < 2 or "*" in name:
        return name or ""
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")


# 3栋502, 2单元1401室, 18号3栋2室: the last number names a home.
_ROOM = re.compile(r"([0-9A-Za-z-]+)(?=(?:室|房|户)?$)|(?<=单元)[0-9A-Za-z-]+")


def masked_room(detail: str) -> str:
    """For paper: an address without the number of the home (GB/T 41833 hides unit and room); a village needs none."""
    if not re.search(r"[栋幢座楼单室房户]", detail):
        return detail
    return _ROOM.sub("**", detail.strip())
