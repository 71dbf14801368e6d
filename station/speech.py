"""What the laptop says aloud: only what the hands need, never a name, a phone or a pickup code."""

from typing import Any

from station.i18n import gettext as _
from station.money import format_fen


def say(answer: dict[str, Any] | None, refused: bool) -> str:
    """The sentence after a scan, in the reader's language; empty when there is nothing to say."""
    if refused:
        return _("Do not take it in")
    if answer is None:
        return ""
    if answer["status"] == "already_here":
        return _("Already on the shelf")
    if answer["status"] == "needs_you":
        return _("Please choose")
    parcel = answer["parcel"]
    words = [place(parcel["slot"])]
    if parcel["due_fen"]:
        words.append(_("to pay: {yuan} yuan").format(yuan=format_fen(parcel["due_fen"]).removesuffix(".00")))
    return ", ".join(words)


def place(label: str) -> str:
    """`3-2-5` → 3架，2层，5号 or "rack 3, layer 2, slot 5"; the floor zone has a name of its own."""
    parts = label.split("-")
    if parts[0] == "0":
        return _("the floor")
    if len(parts) == 2:
        return _("rack {shelf}, layer {layer}").format(shelf=parts[0], layer=parts[1])
    return _("rack {shelf}, layer {layer}, slot {bay}").format(shelf=parts[0], layer=parts[1], bay=parts[2])
