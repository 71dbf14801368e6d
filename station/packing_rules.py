"""How the village's goods are packed and sent: the rules of each kind, as data, shown when somebody packs it.

What comes from law: who sells vegetables, fruit, tea leaves, livestock, eggs or farmed fish on line attaches a certificate
(承诺达标合格证, 农产品质量安全法 and order 4/2025 of the ministry of agriculture, in force 2026-02-01); companies and
co-operatives must issue it for each batch, farmers are encouraged to for what they grew themselves. Ordinary express takes
no live animals. The rest is usual practice, and a station changes it in `packing_rules.toml`.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from station.errors import N_


class Ship(StrEnum):
    """How it may travel: with any carrier, next-day lines only, by special service only, or not at all."""

    ORDINARY = "ordinary"
    NEXT_DAY = "next_day"
    SPECIAL = "special"
    NO = "no"


SHIP = {
    Ship.ORDINARY: N_("Any carrier."),
    Ship.NEXT_DAY: N_("Only with a carrier that delivers the next day."),
    Ship.SPECIAL: N_("Only by a special service for live fish. Ask the carrier first."),
    Ship.NO: N_("Not by express. Let it be fetched at the station."),
}
NAMES = {
    "eggs": N_("Eggs"),
    "dried": N_("Dried goods"),
    "vacuum": N_("Vacuum-packed (bacon, rice cakes)"),
    "chilled": N_("Chilled food"),
    "poultry_killed": N_("Killed poultry"),
    "live": N_("Live poultry and animals"),
    "vegetables": N_("Vegetables"),
    "fruit": N_("Fruit"),
    "tea": N_("Tea"),
    "grain": N_("Grain and beans"),
    "fish_live": N_("Live fish"),
    "pork_fresh": N_("Fresh pork"),
    "other": N_("Other goods"),
}
STEPS = {
    "egg_light": N_("Hold every egg against the light; cracked ones stay here."),
    "egg_tray": N_("Pearl-foam tray of 30, every hole filled, then a double carton."),
    "shake": N_("Close the box and shake it gently: nothing may move."),
    "this_side_up": N_("Stick on “fragile” and “this side up”."),
    "dry": N_("Feel that it is dry all through; damp goods go mouldy on the way."),
    "two_bags": N_("Two closed bags, then a carton."),
    "vacuum": N_("Vacuum bag; wait a while and see that no air came in."),
    "vacuum_carton": N_("A second bag against fat, then a carton."),
    "foam_ice": N_("Foam box with frozen ice packs below and above, lid taped all around."),
    "drain": N_("Drain it well and pack it in a closed bag, so that nothing leaks."),
    "load_late": N_("Take it out of the cold only just before the van comes."),
    "sort": N_("Sort out what is bruised, wet or rotten."),
    "air_holes": N_("Carton with air holes; paper between the layers."),
    "net": N_("Every fruit in its own foam net; heavy ones below."),
    "tin": N_("Closed foil bag or tin, away from anything that smells."),
    "woven_bag": N_("Inner bag tied, outer bag sewn or taped; at most 20 kg a piece."),
    "oxygen": N_("Double bag with a little water and oxygen, in a foam box with ice packs."),
    "no_live": N_("Do not pack it. Killed and chilled it may go the next day."),
    "stamp": N_("Look for the quarantine and inspection marks on the meat, and take a photo of them."),
    "fill": N_("Fill the gaps with paper, so that nothing moves."),
    "photo": N_("Take a photo before closing the box: it decides claims."),
}
PAPERS = {
    "quarantine_live": N_("Animal quarantine certificate"),
    "quarantine_meat": N_("Quarantine and meat inspection certificates"),
}


@dataclass(frozen=True, slots=True)
class PackingRule:
    """`steps` and `papers` are sentences. `keeps_hours`: from packing until it must be delivered (None: no haste). `tare_g`:
    the empty box, usually. `flags`: `fresh`, `cold`, as carriers' prices know them.
    """

    kind: str
    name: str
    certificate_required: bool
    ship: Ship
    keeps_hours: int | None
    tare_g: int
    steps: tuple[str, ...]
    papers: tuple[str, ...]
    flags: frozenset[str]


_TABLE = tomllib.loads(Path(__file__).with_name("packing_rules.toml").read_text(encoding="utf-8"))
RULES = {
    kind: PackingRule(
        kind=kind,
        name=name,
        certificate_required=_TABLE[kind]["certificate"],
        ship=Ship(_TABLE[kind]["ship"]),
        keeps_hours=_TABLE[kind].get("keeps_hours"),
        tare_g=_TABLE[kind]["tare_g"],
        steps=tuple(STEPS[step] for step in _TABLE[kind]["steps"]),
        papers=tuple(PAPERS[paper] for paper in _TABLE[kind].get("papers", ())),
        flags=frozenset(_TABLE[kind].get("flags", ())),
    )
    for kind, name in NAMES.items()
}


def of(kind: str) -> PackingRule:
    """The rule of a kind; what nobody wrote rules for is packed as `other`."""
    return RULES.get(kind) or RULES["other"]
