"""Slot labels as people use them: behind them stands the code, and by them somebody walks along the shelves."""

from station.texts import plain


def with_code(slot_label: str, code: str) -> str:
    """The code behind shelf and layer, as villagers get it: slot `3-2-5` and `48215` → `3-2-48215`."""
    return "-".join([*slot_label.split("-")[:2], code])


def walk(slot_label: str) -> tuple[int, ...]:
    """Sorts labels into the order of one walk: shelf by shelf, layer by layer, `2-1` before `10-1`."""
    return tuple(int(part) for part in slot_label.split("-") if part.isdecimal())


def read(typed: str) -> str:
    """A label as somebody types it: `３－２－５`, `3 2 5` or `3—2—5` → `3-2-5`. Anything else comes back as it is."""
    parts = plain(typed).replace("—", "-").replace("-", " ").split()
    return "-".join(str(int(part)) for part in parts) if all(map(str.isdecimal, parts)) else typed
