"""Who gets which part of the money: splitting so that no fen is lost and none is made.

Fen everywhere. Every rule here is symmetric: the money of a refund is divided exactly as the sale was, with the sign turned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from station.errors import N_, Refusal, tell

tell(
    {
        "terms_unreadable": (
            422,
            N_("The agreement cannot be read at {field}. Please write it down once more."),
        )
    }
)

# Printed under a settlement, so that both sides know where the odd fen went.
REMAINDER_RULE = N_(
    "Fen that do not divide go where the largest part was cut off; if equal, to the one named first."
)

HOUSEHOLD = "household"
STATION = "station"
CARRIER = "carrier"
PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Sale:
    """One line of an order; for a refund every number is negative.

    `goods_fen` is what the buyer paid for the goods, `freight_paid_fen` what he paid for freight beside it, `freight_fen`
    what the carrier charges.
    """

    goods_fen: int
    quantity: int
    packs: int = 0
    freight_paid_fen: int = 0
    freight_fen: int = 0

    @property
    def gross_fen(self) -> int:
        return self.goods_fen + self.freight_paid_fen


Party = Literal["household", "station", "collective", "company"]
MOST_FEN = 10_000_000
_Fen = Annotated[int, Field(ge=0, le=MOST_FEN)]
_Points = Annotated[int, Field(ge=0, le=10_000)]


class Terms(BaseModel):
    """An agreement with a household; `model_dump_json()` writes what `read_terms` reads.

    `price_fen` per unit, if the household has a fixed one: then the rest of the sale, and the platform's fee, are the
    station's. `freight` is who bears it: `buyer` (the station keeps or adds the difference to what he paid), `household`
    or `station`. `shares` divide what is left for the household in the end, such as household 9, station 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    price_fen: _Fen | None = None
    commission_bp: _Points = 0
    packing_fen: _Fen = 0
    freight: Literal["buyer", "household", "station"] = "buyer"
    platform_fee_bp: _Points = 0
    shares: tuple[tuple[Party, Annotated[int, Field(gt=0, le=10_000)]], ...] = ()

    @model_validator(mode="after")
    def _once_each(self) -> "Terms":
        if len({party for party, _ in self.shares}) < len(self.shares):
            raise ValueError("a party has two shares")
        return self


@dataclass(frozen=True, slots=True)
class Entry:
    """What one party gets (or, negative, gives). `quantity` × `each_fen` or `rate_bp` say how it came about."""

    party: str
    kind: str
    fen: int
    quantity: int = 0
    each_fen: int | None = None
    rate_bp: int | None = None


def split(fen: int, weights: Sequence[int]) -> list[int]:
    """`fen` in parts as `weights` (0 or more, not all 0), summing to it exactly: the largest-remainder rule.

    Each part is cut to whole fen; the fen left over go one each to the parts that lost most, on a tie to the first named.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be 0 or more, and not all 0")
    if fen < 0:
        return [-part for part in split(-fen, weights)]
    parts = [fen * weight // whole for weight in weights]
    by_loss = sorted(range(len(weights)), key=lambda index: -(fen * weights[index] % whole))
    for index in by_loss[: fen - sum(parts)]:
        parts[index] += 1
    return parts


def basis_points(fen: int, bp: int) -> int:
    """`bp` hundredths of a percent of `fen`, rounded half up to the fen; a negative amount gives the same, negative."""
    part = (abs(fen) * bp + 5_000) // 10_000
    return part if fen >= 0 else -part


def read_terms(text: str) -> Terms:
    """The agreement written as JSON; raises Refusal("terms_unreadable")."""
    try:
        return Terms.model_validate_json(text)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise Refusal("terms_unreadable", field=place or "?") from error


def divide(sale: Sale, terms: Terms) -> list[Entry]:
    """The money of one order line as entries of all parties: they sum to `sale.gross_fen` exactly."""
    entries = list(_before_shares(sale, terms))
    if not terms.shares:
        return entries
    left = received(entries, HOUSEHOLD)
    weights = [weight for _, weight in terms.shares]
    for (party, _), part in zip(terms.shares, split(left, weights), strict=True):
        if party != HOUSEHOLD:
            entries += _passed(HOUSEHOLD, party, "share", part)
    return entries


def received(entries: Sequence[Entry], party: str) -> int:
    """What `party` has in the end."""
    return sum(entry.fen for entry in entries if entry.party == party)


def _before_shares(sale: Sale, terms: Terms) -> Iterator[Entry]:
    price, bp, fee_bp = terms.price_fen, terms.commission_bp, terms.platform_fee_bp
    earned = sale.goods_fen if price is None else price * sale.quantity
    yield Entry(HOUSEHOLD, "sale", earned, sale.quantity, price)
    if earned != sale.goods_fen:
        yield Entry(STATION, "margin", sale.goods_fen - earned)
    packing = terms.packing_fen * sale.packs
    yield from _passed(HOUSEHOLD, STATION, "packing", packing, (sale.packs, terms.packing_fen, None))
    yield from _passed(HOUSEHOLD, STATION, "commission", basis_points(earned, bp), (0, None, bp))
    bearer = HOUSEHOLD if terms.freight == HOUSEHOLD else STATION
    if sale.freight_paid_fen:
        yield Entry(bearer, "freight_paid", sale.freight_paid_fen)
    yield from _passed(bearer, CARRIER, "freight", sale.freight_fen)
    payer = HOUSEHOLD if price is None else STATION
    yield from _passed(
        payer, PLATFORM, "platform_fee", basis_points(sale.gross_fen, fee_bp), (0, None, fee_bp)
    )


_How = tuple[int, int | None, int | None]


def _passed(giver: str, taker: str, kind: str, fen: int, how: _How = (0, None, None)) -> Iterator[Entry]:
    """Both sides of money that goes from one party to another; `how` is the rest of an Entry."""
    if fen:
        yield Entry(giver, kind, -fen, *how)
        yield Entry(taker, kind, fen, *how)
