"""What a carrier's contract says, as data.

Contracts differ in zones, steps, rounding and fees, so nothing of them is program: a tariff is JSON text in a row, and the
keeper changes it when the contract changes. Fen, grams and millimetres throughout; every percentage is in basis points
(1/100 of a percent).
"""

import datetime as dt
import json
import re
import tomllib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from station.errors import N_, Refusal, tell

tell(
    {
        "tariff_unreadable": (
            422,
            N_("This is no tariff: it cannot be read. Compare it with the example."),
        ),
        "tariff_field_missing": (422, N_("The tariff says nothing for {field}. Please add it.")),
        "tariff_field_unknown": (
            422,
            N_("A tariff has no {field}. Perhaps it is misspelt; compare it with the example."),
        ),
        "tariff_field_wrong": (
            422,
            N_(
                "{field} of the tariff cannot be {value}. Money is in fen, weight in grams, days like 2026-11-21."
            ),
        ),
        "tariff_days_reversed": (422, N_("The tariff ends before it begins. Please check both days.")),
        "tariff_province_unknown": (422, N_("{province} is no province. Please check its spelling.")),
        "tariff_province_twice": (422, N_("{province} stands in two zones. Leave it in one of them.")),
    }
)

REST = "*"
PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽",
    "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西",
    "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
)  # fmt: skip
_LONGEST_STEM = max(map(len, PROVINCES))
# In TOML `[[` begins a table.
_JSON = re.compile(r"\s*(\{|\[\s*\{)")
_UNKEPT = re.compile("[\ud800-\udfff]|\\\\u0000")


class BadTariff(Refusal):
    """The terms of a tariff cannot be used; the sentence tells the keeper which place of them, and what to do."""


_Fen = Annotated[int, Field(ge=0, le=10_000_000)]
_Grams = Annotated[int, Field(gt=0, le=10_000_000)]
_Points = Annotated[int, Field(ge=0, le=10_000)]
_Name = Annotated[str, Field(min_length=1, max_length=40)]
Flag = Literal["fresh", "cold", "fragile", "valuable"]


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Zone(_Terms):
    """Prices for some provinces; `*` among them stands for all that no other zone names."""

    name: _Name
    provinces: tuple[str, ...] = Field(min_length=1)
    first_g: _Grams = 1000
    first_fen: _Fen = 0
    step_g: _Grams = 1000
    further_fen: _Fen = 0
    excluded: bool = False
    fresh_excluded: bool = False

    @model_validator(mode="after")
    def _priced_or_excluded(self) -> "Zone":
        """A zone whose price was forgotten must not become a free one."""
        unsaid = [name for name in ("first_fen", "further_fen") if name not in self.model_fields_set]
        if unsaid and not self.excluded:
            raise BadTariff("tariff_field_missing", field=f"{self.name}.{unsaid[0]}")
        return self


class When(_Terms):
    """All that is said must hold; of a list, one of its entries. `over_g` looks at the weight that is charged for."""

    provinces: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    over_g: _Grams | None = None
    flags: tuple[str, ...] = ()


class Surcharge(_Terms):
    name: _Name
    fen: _Fen
    when: When = When()


class Declared(_Terms):
    """The fee for a declared value (保价), and the highest value taken; of fragile or valuable goods often a lower one."""

    rate_bp: _Points
    min_fen: _Fen = 0
    max_value_fen: _Fen | None = None
    max_by_flag: dict[Flag, _Fen] = {}


class Cod(_Terms):
    """The fee for collecting the price from the receiver: at least `min_fen`, at most `max_fen`."""

    rate_bp: _Points
    min_fen: _Fen = 0
    max_fen: _Fen | None = None


class Tariff(_Terms):
    """`divisor` in cm³ per kg (None: bulk is not charged). `free_g`: so much above a step does not begin the next one.

    `refuses`: what is never taken, wherever it goes.
    """

    carrier: Annotated[str, Field(min_length=1, max_length=10)]
    name: _Name
    zones: tuple[Zone, ...] = Field(min_length=1)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    divisor: Annotated[int, Field(gt=0, le=100_000)] | None = None
    max_weight_g: _Grams | None = None
    free_g: Annotated[int, Field(ge=0, le=1000)] = 0
    service: Annotated[str, Field(max_length=200)] = ""
    declared: Declared | None = None
    cod: Cod | None = None
    surcharges: tuple[Surcharge, ...] = ()
    fuel_bp: _Points = 0
    refuses: tuple[Flag, ...] = ()


def stem(province: str) -> str | None:
    """`湖南省` → `湖南`, `内蒙古自治区` → `内蒙古`; None for what is no province."""
    name = province.strip()
    return next((name[:size] for size in range(_LONGEST_STEM, 1, -1) if name[:size] in PROVINCES), None)


def read(terms: str | dict[str, Any]) -> Tariff:
    """The tariff written in `terms`; raises BadTariff."""
    text = terms if isinstance(terms, str) else json.dumps(terms, ensure_ascii=False)
    try:
        tariff = Tariff.model_validate_json(text)
    except ValidationError as error:
        raise _bad(error) from error
    if tariff.valid_from and tariff.valid_until and tariff.valid_until < tariff.valid_from:
        raise BadTariff("tariff_days_reversed")
    _check_provinces(tariff)
    return tariff


def written(text: str) -> list[str]:
    """The tariffs that the keeper wrote, one or several, as JSON or TOML (`[[tariffs]]`), each as JSON of its own.

    Raises BadTariff `tariff_unreadable`; whether the terms are right is for `read` to say.
    """
    try:
        found = json.loads(text) if _JSON.match(text) else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadTariff("tariff_unreadable") from error
    if isinstance(found, dict) and isinstance(found.get("tariffs"), list):
        found = found["tariffs"]
    tariffs = found if isinstance(found, list) else [found]
    terms = [json.dumps(one, ensure_ascii=False, default=str) for one in tariffs]
    # Half a character and NUL can be written as escapes, and no database keeps them.
    if not terms or any(_UNKEPT.search(one) for one in terms):
        raise BadTariff("tariff_unreadable")
    return terms


def _bad(error: ValidationError) -> BadTariff:
    fault = error.errors()[0]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    if fault["type"] == "json_invalid" or not place:
        return BadTariff("tariff_unreadable")
    if fault["type"] == "missing":
        return BadTariff("tariff_field_missing", field=place)
    if fault["type"] == "extra_forbidden":
        return BadTariff("tariff_field_unknown", field=place)
    return BadTariff(
        "tariff_field_wrong", field=place, value=json.dumps(fault["input"], ensure_ascii=False)[:40]
    )


def _check_provinces(tariff: Tariff) -> None:
    seen: set[str] = set()
    for province in (name for zone in tariff.zones for name in zone.provinces):
        known = province if province == REST else stem(province)
        if known is None:
            raise BadTariff("tariff_province_unknown", province=province)
        if known in seen:
            raise BadTariff("tariff_province_twice", province=province)
        seen.add(known)
    for province in (name for surcharge in tariff.surcharges for name in surcharge.when.provinces):
        if stem(province) is None:
            raise BadTariff("tariff_province_unknown", province=province)
