"""People's names on screens and paper."""


def masked_name(name: str) -> str:
    """First and last character, the rest hidden: 王小梅 → 王*梅, 周兰 → 周*; a name with a star keeps it."""
    if len(name) < 2 or "*" in name:
        return name
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")
