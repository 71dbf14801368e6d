"""A parcel as the JSON answers give it: phone masked, code with and without its place."""

from typing import Any

from pydantic import BaseModel, Field

from station import phones
from station.slot_labels import with_code


class Piece(BaseModel):
    no: int
    count: int


class ParcelOut(BaseModel):
    id: int
    waybill: str
    carrier: str | None
    slot: str
    code: str | None = Field(description="the five digits; null for couriers: it is the villager's secret")
    code_shown: str | None = Field(description="the code behind shelf and layer")
    state: str
    intercepted: bool = Field(description="the courier wants it back: it must not be handed out")
    recipient: str | None
    phone: str | None = Field(description="masked")
    piece: Piece
    size: str
    flags: list[str]
    collect_fen: int | None = Field(description="null: the manifest's amount could not be read")
    cod_fen: int | None
    due_fen: int | None


def shown(parcel: dict[str, Any], *, code: bool = True) -> dict[str, Any]:
    """A row of `parcels.seen` in the shape of ParcelOut; `code=False` keeps the pickup code back."""
    return {
        "id": parcel["id"],
        "waybill": parcel["waybill"],
        "carrier": parcel["carrier"] or None,
        "slot": parcel["slot"],
        "code": parcel["code"] if code else None,
        "code_shown": with_code(parcel["slot"], parcel["code"]) if code else None,
        "state": parcel["state"],
        "intercepted": bool(parcel["intercepted"]),
        "recipient": parcel["name"] or None,
        "phone": phones.mask(parcel["phone"]) if parcel["phone"] else None,
        "piece": {"no": parcel["piece_no"], "count": parcel["piece_count"]},
        "size": parcel["size"],
        "flags": [flag for flag in parcel["flags"].split(",") if flag],
        "collect_fen": parcel["collect_fen"],
        "cod_fen": parcel["cod_fen"],
        "due_fen": due(parcel),
    }


def due(parcel: dict[str, Any]) -> int | None:
    """What is to be paid for a parcel at the counter, in fen; None when an amount could not be read."""
    collect, cod = parcel["collect_fen"], parcel["cod_fen"]
    return None if collect is None or cod is None else int(collect + cod)
