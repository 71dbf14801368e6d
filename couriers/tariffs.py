"""What one parcel costs under a carrier's contract (`couriers/tariff_terms.py`), and the carriers compared.

Fen, grams and millimetres throughout; fees in basis points are rounded half up to the fen.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from couriers.tariff_terms import REST, Tariff, When, Zone, stem
from station.errors import N_
from station.i18n import gettext as _
from station.money import format_fen
from station.sharing import basis_points

REASONS = {
    "province_unknown": N_("The province of the address is not known yet."),
    "weight_missing": N_("Weigh the parcel first."),
    "not_valid": N_("These prices do not hold on this day."),
    "too_heavy": N_("At most {max} kg; this parcel counts as {weight} kg."),
    "no_zone": N_("Has no price for {province}."),
    "excluded_zone": N_("Does not deliver to {province}."),
    "fresh_excluded": N_("Takes nothing fresh to {province}."),
    "fresh_refused": N_("Takes nothing fresh."),
    "cold_refused": N_("Takes nothing that must stay cold."),
    "fragile_refused": N_("Takes nothing that breaks easily."),
    "valuable_refused": N_("Takes no valuables."),
    "declared_not_offered": N_("Does not insure a declared value."),
    "declared_too_high": N_("Insures at most ¥{max}."),
    "cod_not_offered": N_("Does not collect money for the sender."),
}
LINES = {
    "first": N_("First {weight} kg"),
    "further": N_("{steps} × {step} kg more, ¥{each} each"),
    "fuel": N_("Fuel surcharge {percent} %"),
    "declared": N_("Insured for ¥{value}"),
    "cod": N_("Collecting ¥{value} for the sender"),
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A parcel as far as its price goes. Measures of 0 are unknown. `flags`: of `tariff_terms.Flag`."""

    weight_g: int
    province: str
    city: str = ""
    county: str = ""
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    declared_fen: int = 0
    cod_fen: int = 0
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a price. `code` is one of LINES, whose sentence `facts` fill, or `surcharge`, with its `name`."""

    code: str
    fen: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return _(LINES[self.code]).format(**self.facts) if self.code in LINES else str(self.facts["name"])


@dataclass(frozen=True, slots=True)
class Quote:
    """`fen` is the sum of `lines`. With a `reason` (one of REASONS) the carrier does not take this parcel."""

    carrier: str
    name: str
    service: str = ""
    fen: int = 0
    lines: tuple[Line, ...] = ()
    zone: str = ""
    chargeable_g: int = 0
    volumetric_g: int = 0
    reason: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def offered(self) -> bool:
        return self.reason is None

    @property
    def why_not(self) -> str:
        return _(REASONS[self.reason]).format(**self.facts) if self.reason else ""


def demo() -> list[dict[str, Any]]:
    """Terms of four carriers for a village in Hunan: figures as such contracts commonly have them, no carrier's own."""
    table = tomllib.loads(Path(__file__).with_name("tariffs.toml").read_text(encoding="utf-8"))
    return list(table["tariffs"])


def quote(tariff: Tariff, parcel: Outgoing, day: dt.date) -> Quote:
    """The price of `parcel` handed over on `day`, or the reason why this carrier does not take it."""
    volumetric = _volumetric_g(tariff, parcel)
    weight = max(parcel.weight_g, volumetric)
    zone = _zone(tariff, parcel)
    answer: dict[str, Any] = {
        "carrier": tariff.carrier,
        "name": tariff.name,
        "service": tariff.service,
        "zone": zone.name if zone else "",
        "chargeable_g": weight,
        "volumetric_g": volumetric,
    }
    reason = _reason(tariff, zone, parcel, weight, day)
    if reason or zone is None:
        facts = {"province": stem(parcel.province) or "", "weight": _kg(weight)} | _limits(
            tariff, parcel, reason
        )
        return Quote(**answer, reason=reason, facts=facts)
    lines = (*_freight(tariff, zone, weight), *_fees(tariff, parcel), *_surcharges(tariff, parcel, weight))
    return Quote(**answer, lines=lines, fen=sum(line.fen for line in lines))


def compare(tariffs: Iterable[Tariff], parcel: Outgoing, day: dt.date) -> list[Quote]:
    """Cheapest first; those who do not take it last, with their reason."""
    quotes = [quote(tariff, parcel, day) for tariff in tariffs]
    return sorted(quotes, key=lambda one: (not one.offered, one.fen, one.carrier, one.name))


def _volumetric_g(tariff: Tariff, parcel: Outgoing) -> int:
    """L×W×H in cm³ ÷ divisor is kg: in mm³ the same quotient is grams. Rounded up."""
    if tariff.divisor is None:
        return 0
    return -(-parcel.length_mm * parcel.width_mm * parcel.height_mm // tariff.divisor)


def _zone(tariff: Tariff, parcel: Outgoing) -> Zone | None:
    province = stem(parcel.province)
    if province is None:
        return None
    named = {REST if name == REST else stem(name): zone for zone in tariff.zones for name in zone.provinces}
    return named.get(province) or named.get(REST)


def _reason(tariff: Tariff, zone: Zone | None, parcel: Outgoing, weight: int, day: dt.date) -> str | None:
    """The first of REASONS that holds, in their order."""
    declared, most = tariff.declared, _most_insured(tariff, parcel)
    refused = {
        "province_unknown": stem(parcel.province) is None,
        "weight_missing": parcel.weight_g <= 0,
        "not_valid": not (tariff.valid_from or day) <= day <= (tariff.valid_until or day),
        "too_heavy": tariff.max_weight_g is not None and weight > tariff.max_weight_g,
        "no_zone": zone is None,
        "excluded_zone": zone is not None and zone.excluded,
        "fresh_excluded": zone is not None and zone.fresh_excluded and bool(parcel.flags & {"fresh", "cold"}),
        **{f"{flag}_refused": flag in parcel.flags for flag in tariff.refuses},
        "declared_not_offered": parcel.declared_fen > 0 and declared is None,
        "declared_too_high": most is not None and parcel.declared_fen > most,
        "cod_not_offered": parcel.cod_fen > 0 and tariff.cod is None,
    }
    return next((reason for reason, holds in refused.items() if holds), None)


def _limits(tariff: Tariff, parcel: Outgoing, reason: str | None) -> dict[str, str]:
    if reason == "too_heavy":
        return {"max": _kg(tariff.max_weight_g or 0)}
    if reason == "declared_too_high":
        return {"max": format_fen(_most_insured(tariff, parcel) or 0)}
    return {}


def _most_insured(tariff: Tariff, parcel: Outgoing) -> int | None:
    """The highest value that may be declared, in fen; None: any."""
    if tariff.declared is None:
        return None
    limits = [most for flag, most in tariff.declared.max_by_flag.items() if flag in parcel.flags]
    if tariff.declared.max_value_fen is not None:
        limits.append(tariff.declared.max_value_fen)
    return min(limits, default=None)


def _freight(tariff: Tariff, zone: Zone, weight: int) -> Iterable[Line]:
    yield Line("first", zone.first_fen, {"weight": _kg(zone.first_g)})
    steps = max(0, -(-(weight - zone.first_g - tariff.free_g) // zone.step_g))
    further = steps * zone.further_fen
    if steps:
        facts = {"steps": steps, "step": _kg(zone.step_g), "each": format_fen(zone.further_fen)}
        yield Line("further", further, facts)
    if tariff.fuel_bp:
        percent = format_fen(tariff.fuel_bp)
        yield Line("fuel", basis_points(zone.first_fen + further, tariff.fuel_bp), {"percent": percent})


def _fees(tariff: Tariff, parcel: Outgoing) -> Iterable[Line]:
    if parcel.declared_fen > 0 and tariff.declared:
        fee = max(tariff.declared.min_fen, basis_points(parcel.declared_fen, tariff.declared.rate_bp))
        yield Line("declared", fee, {"value": format_fen(parcel.declared_fen)})
    if parcel.cod_fen > 0 and tariff.cod:
        fee = max(tariff.cod.min_fen, basis_points(parcel.cod_fen, tariff.cod.rate_bp))
        most = tariff.cod.max_fen
        yield Line("cod", fee if most is None else min(fee, most), {"value": format_fen(parcel.cod_fen)})


def _surcharges(tariff: Tariff, parcel: Outgoing, weight: int) -> Iterable[Line]:
    for surcharge in tariff.surcharges:
        if _applies(surcharge.when, parcel, weight):
            yield Line("surcharge", surcharge.fen, {"name": surcharge.name})


def _applies(when: When, parcel: Outgoing, weight: int) -> bool:
    return (
        (not when.provinces or stem(parcel.province) in map(stem, when.provinces))
        and (not when.counties or not {parcel.city, parcel.county}.isdisjoint(when.counties))
        and (when.over_g is None or weight > when.over_g)
        and (not when.flags or not parcel.flags.isdisjoint(when.flags))
    )


def _kg(grams: int) -> str:
    """`1500` → `1.5`."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".")
