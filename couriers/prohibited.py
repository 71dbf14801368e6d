"""What may not go by express: the goods a sender names, checked against the words of `prohibited.toml`.

The 19 classes are those of 禁止寄递物品指导目录, which belongs to 禁止寄递物品管理规定; the catalogue's own examples and the
everyday words for them are in the table. Live animals, fresh batteries, knives of the kitchen and the like are not in the
catalogue word for word: there the table says what carriers usually accept, and the carrier decides. This check helps the
volunteer to ask; looking into the box (收寄验视) stays with her.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from station.errors import N_
from station.texts import plain


class Severity(StrEnum):
    """refuse: never. restricted: only when the volunteer has seen to the condition that `instead` names."""

    REFUSE = "refuse"
    RESTRICTED = "restricted"


CLASSES = {
    1: N_("Guns and ammunition"),
    2: N_("Controlled knives and weapons"),
    3: N_("Explosives, fireworks"),
    4: N_("Compressed and liquefied gases"),
    5: N_("Flammable liquids"),
    6: N_("Flammable solids"),
    7: N_("Oxidising substances"),
    8: N_("Poisons"),
    9: N_("Infectious and biological matter"),
    10: N_("Radioactive matter"),
    11: N_("Corrosive substances"),
    12: N_("Drugs"),
    13: N_("Illegal publications"),
    14: N_("Spying devices"),
    15: N_("Forged things"),
    16: N_("Fake and shoddy goods"),
    17: N_("Protected wild animals"),
    18: N_("What may not cross the border"),
    19: N_("Other things that may not be sent"),
}
# Why, and what to do instead.
ADVICE = {
    "weapon": (
        N_("Weapons and what looks like them may not be sent."),
        N_("Do not take it. Ring the police."),
    ),
    "knife": (N_("Controlled knives and weapons may not be sent."), N_("Do not take it.")),
    "kitchen_blade": (
        N_("A blade can cut through the box."),
        N_("Wrap the edge in thick card and ask the carrier first."),
    ),
    "explosive": (
        N_("It explodes when it is knocked or gets hot."),
        N_("Take it out. Fireworks are bought where they are let off."),
    ),
    "gas": (N_("Gas under pressure bursts in a hot van."), N_("Take it out. It can be bought anywhere.")),
    "liquid": (N_("It burns, and its vapour catches fire."), N_("Take it out. Buy it where it is needed.")),
    "spirits": (
        N_("Strong spirits burn, and loose bottles leak."),
        N_("Only sealed bottles from a shop, not over 50°, in foam. Loose spirits stay here."),
    ),
    "a_little_alcohol": (
        N_("There is alcohol or solvent in it."),
        N_("Only small ones, unopened, and if the carrier takes them by road."),
    ),
    "once_held_fuel": (
        N_("Fuel left in it can catch fire."),
        N_("Only if it is new or quite empty and dry: open it and smell."),
    ),
    "solid": (N_("It catches fire by rubbing, damp or heat."), N_("Take it out. It can be bought anywhere.")),
    "heats_itself": (
        N_("Its heating pack grows hot when it gets wet."),
        N_("Take the heating pack out; the food alone may go."),
    ),
    "oxidiser": (
        N_("It makes other things burn or explode."),
        N_("Take it out. Fertiliser and bleach are bought on the spot."),
    ),
    "poison": (
        N_("It is poisonous and can leak onto food."),
        N_("Take it out. Let it be bought at a farm shop there."),
    ),
    "mercury": (N_("There is mercury in it, and glass breaks."), N_("Send an electronic one instead.")),
    "infectious": (N_("It can carry disease."), N_("Do not take it. Samples are sent by the hospital.")),
    "raw_skin": (N_("Raw skins and bones carry disease."), N_("Only when tanned or boiled clean.")),
    "radiation": (N_("It radiates."), N_("Do not take it. Keep away and ring the police.")),
    "acid": (N_("It eats through boxes and skin."), N_("Take it out. Buy it where it is needed.")),
    "car_battery": (
        N_("There is acid and lead in it."),
        N_("Take it out. Old ones are traded in at the shop that sells new ones."),
    ),
    "battery": (
        N_("Batteries catch fire when they are pressed or wet."),
        N_("Only new ones in their package, or fixed inside a device that is off. No power bank by air."),
    ),
    "drug": (
        N_("Drugs, and what they are made from, may not be sent."),
        N_("Do not take it. Ring the police."),
    ),
    "print": (N_("Forbidden print and pictures may not be sent."), N_("Do not take it. Report it.")),
    "spying": (
        N_("Devices for secret listening and filming may not be sent."),
        N_("Do not take it. Report it."),
    ),
    "forged": (N_("Forged money, papers and seals may not be sent."), N_("Do not take it. Ring the police.")),
    "fake": (N_("Fake goods may not be sent."), N_("Do not take it.")),
    "wildlife": (
        N_("Protected animals and what is made of them may not be sent."),
        N_("Do not take it. Report it."),
    ),
    "game": (
        N_("Wild animals may not be hunted or sent."),
        N_("Do not take it. Bred ones need the permit of the breeder."),
    ),
    "relic": (
        N_("Relics may not leave the country."),
        N_("Only within the country, with a valuation, insured."),
    ),
    "live_animal": (
        N_("Ordinary express takes no live animals: they die on the way."),
        N_("Killed and chilled it may go the next day; or let it be fetched."),
    ),
    "live_fish": (
        N_("Ordinary express takes no live fish."),
        N_("Only by a special service, in an oxygen bag. Ask the carrier."),
    ),
    "seed": (
        N_("Seeds and seedlings can carry plant disease."),
        N_("Only with the plant quarantine paper, or as food; never abroad."),
    ),
    "tobacco": (
        N_("How much tobacco may be sent is limited."),
        N_("At most two cartons, real, with the shop's receipt."),
    ),
    "money": (
        N_("Money and cards get lost, and nobody replaces them."),
        N_("Let them be transferred at the bank."),
    ),
    "medicine": (
        N_("Medicine may need a prescription."),
        N_("Only packed medicine for one's own use, with the prescription."),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A word of the goods that is on the list; `class_name`, `why` and `instead` are sentences."""

    word: str
    class_no: int
    class_name: str
    severity: Severity
    why: str
    instead: str


def _listed(class_no: int, severity: Severity, advice: str, word: str) -> Finding:
    why, instead = ADVICE[advice]
    return Finding(word, class_no, CLASSES[class_no], severity, why, instead)


_TABLE = tomllib.loads(Path(__file__).with_name("prohibited.toml").read_text(encoding="utf-8"))
_LISTED = {
    word: _listed(row["class"], Severity(row["severity"]), row["advice"], word)
    for row in _TABLE["listed"]
    for word in row["words"].split()
}
_HARMLESS = frozenset(_TABLE["harmless"]["words"].split())
# The longest word that begins at a place is the one meant: 酒精灯 is no 酒精. But 白酒瓶装 is 白酒, and no empty 白酒瓶.
_WORD = re.compile(
    "|".join(
        re.escape(word) + ("(?!装)" if word in _HARMLESS else "")
        for word in sorted(_LISTED.keys() | _HARMLESS, key=lambda word: (-len(word), word))
    )
)
_FREE_OF = tuple(_TABLE["harmless"]["before"].split())
_ABOUT_IT = tuple(_TABLE["harmless"]["after"].split())


def check(goods: str) -> list[Finding]:
    """What stands in `goods` (several things, separated as people do) that may not go, each once, in the order named."""
    text = plain(goods).casefold()
    found: dict[str, Finding] = {}
    for match in _WORD.finditer(text):
        finding = _LISTED.get(match[0])
        if (
            finding
            and not text[: match.start()].endswith(_FREE_OF)
            and not text.startswith(_ABOUT_IT, match.end())
        ):
            found.setdefault(finding.word, finding)
    return list(found.values())
