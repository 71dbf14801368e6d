"""People's names on screens and paper."""


def masked_name(name: str | None) -> str:
    """First and last character, the rest hidden: 王小梅 → 王*梅, 周兰 → 周*; a name with a star keeps it, no name is ""."""
    if not name or len(name) < 2 or "*" in name:
        return name or ""
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")
