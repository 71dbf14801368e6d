"""What the desk for sending posts, and what it means: amounts, phones and the receiver, read as people type them."""

import re
import secrets
from typing import Any

from pydantic import BaseModel, Field

from couriers.acceptance import FLAGS, ConsignmentIn, Sender
from couriers.models import Payer
from station import phones
from station.errors import N_
from station.i18n import gettext
from station.money import parse_fen
from station.phones import Kind
from station.receivers import Receiver
from station.texts import plain
from station.web import Invalid
from station.weights import parse_grams

PLACES = ("province", "city", "county", "town", "village")
RECEIVER = ("name", "phone", *PLACES, "detail")
# Which field a refusal is about.
BLAMED = {
    "sender_missing": "sender_name",
    "receiver_missing": "name",
    "address_unsure": "read",
    "paste_unread": "paste",
    "goods_missing": "goods",
    "prohibited_goods": "goods",
    "restricted_goods": "condition_met",
    "id_unchecked": "id_seen",
    "not_inspected": "inspected",
    "not_a_picture": "picture",
    "too_large_picture": "picture",
    "not_weighed": "weight",
    "waybill_unclear": "waybill",
    "waybill_taken": "waybill",
    "waybill_of_another": "waybill",
}
_CALLABLE = frozenset({Kind.MOBILE, Kind.VIRTUAL_EXT, Kind.LANDLINE, Kind.SERVICE})
_SIZE = re.compile(
    r"([0-9]{1,3}(?:\.[0-9])?)[ x×*✕,/-]+([0-9]{1,3}(?:\.[0-9])?)[ x×*✕,/-]+([0-9]{1,3}(?:\.[0-9])?) ?(?:cm|厘米)?"
)


class Sending(BaseModel):
    """The form as typed: weight in kg, `size` such as 30×20×15 in cm, money in yuan. `do`: what the pressed button wants.

    `read`: the pasted text that the receiver's fields came of; `sure`: its doubts that somebody ticked. `photo`: a kept
    file. `resident_id` 0: the sender as typed. `booked`: the parcel that was called in by phone and is brought now.
    """

    do: str = Field("", max_length=10)
    scan_id: str = Field("", pattern=r"^[\w-]{0,36}$")
    booked: int = Field(0, ge=0, le=2**31 - 1)
    paste: str = Field("", max_length=2000)
    read: str = Field("", max_length=2000)
    sure: list[str] = Field(default=[], max_length=20)
    name: str = Field("", max_length=60)
    phone: str = Field("", max_length=40)
    province: str = Field("", max_length=40)
    city: str = Field("", max_length=40)
    county: str = Field("", max_length=40)
    town: str = Field("", max_length=40)
    village: str = Field("", max_length=40)
    detail: str = Field("", max_length=300)
    sender_name: str = Field("", max_length=40)
    sender_phone: str = Field("", max_length=20)
    resident_id: int = Field(0, ge=0, le=2**31 - 1)
    goods: str = Field("", max_length=200)
    weight: str = Field("", max_length=20)
    size: str = Field("", max_length=40)
    declared: str = Field("", max_length=20)
    cod: str = Field("", max_length=20)
    fresh: bool = False
    cold: bool = False
    fragile: bool = False
    valuable: bool = False
    condition_met: bool = False
    carrier: str = Field("", max_length=10)
    waybill: str = Field("", max_length=60)
    payer: str = Field("sender", pattern=r"^(sender|receiver)$")
    id_kind: str = Field("id_card", max_length=20)
    id_seen: bool = False
    inspected: bool = False
    photo: str = Field("", pattern=r"^([0-9a-f]{32}\.jpg)?$")


def lenient(invalid: Invalid, sure: list[Any]) -> Sending:
    """What was typed although it does not fit, so that it stands in the form again; `sure`: what was ticked."""
    known = {key: value for key, value in invalid.typed.items() if key in Sending.model_fields}
    good = {key: value for key, value in known.items() if key not in invalid.errors}
    texts = {
        key: value
        for key, value in known.items()
        if key in invalid.errors and key in _TEXTS and key not in ("payer", "photo")
    }
    return Sending(**good).model_copy(update={**texts, "sure": list(map(str, sure))})  # type: ignore[arg-type]


_TEXTS = frozenset(key for key, field in Sending.model_fields.items() if field.annotation is str)


def with_scan_id(sent: Sending) -> Sending:
    return sent if sent.scan_id else sent.model_copy(update={"scan_id": secrets.token_urlsafe(16)})


def faults(sent: Sending) -> dict[str, str]:
    """By field, a sentence about what is typed but cannot be read. Blank fields are no faults here."""
    grams = parse_grams(sent.weight)
    wrong = {
        "weight": bool(sent.weight.strip()) and (grams is None or not 0 < grams <= 100_000),
        "size": bool(sent.size.strip()) and size_mm(sent.size) is None,
        "declared": parse_fen(sent.declared) is None,
        "cod": parse_fen(sent.cod) is None,
        "phone": bool(sent.phone.strip()) and phones.classify(sent.phone, sent.name).kind not in _CALLABLE,
        "sender_phone": bool(sent.sender_phone.strip())
        and not sent.resident_id
        and phones.classify(sent.sender_phone).kind not in _CALLABLE,
    }
    return {name: gettext(_FAULTS[name]) for name, holds in wrong.items() if holds}


_FAULTS = {
    "weight": N_("This is no weight. Type kilograms, such as 3.62."),
    "size": N_("Type length, width and height in centimetres, such as 30×20×15."),
    "declared": N_("This is no amount. Type yuan, such as 200."),
    "cod": N_("This is no amount. Type yuan, such as 200."),
    "phone": N_("This number cannot be rung. Check its digits."),
    "sender_phone": N_("This number cannot be rung. Check its digits."),
}


def size_mm(text: str) -> tuple[int, int, int] | None:
    """`30×20×15` (cm) → (300, 200, 150); None for anything else."""
    found = _SIZE.fullmatch(plain(text).strip())
    if found is None:
        return None
    length, width, height = (round(float(part) * 10) for part in found.groups())
    return (length, width, height) if length and width and height else None


def parcel(sent: Sending, sender: Sender, unsure: tuple[str, ...] = ()) -> ConsignmentIn:
    """The parcel as the use-case wants it. What cannot be read counts as not given: see `faults` first."""
    places: dict[str, Any] = {place: getattr(sent, place).strip() for place in PLACES}
    # In the countryside the village and the name are the address.
    detail = sent.detail.strip() or sent.village.strip()
    to = Receiver(sent.name, phones.classify(sent.phone, sent.name), **places, detail=detail)
    return ConsignmentIn(
        scan_id=sent.scan_id,
        sender=sender,
        to=to,
        goods=sent.goods,
        weight_g=parse_grams(sent.weight),
        size_mm=size_mm(sent.size),
        flags=tuple(flag for flag in FLAGS if getattr(sent, flag) or (flag == "fresh" and sent.cold)),
        unsure=unsure,
        declared_fen=parse_fen(sent.declared) or 0,
        cod_fen=parse_fen(sent.cod) or 0,
        carrier=sent.carrier,
        waybill=sent.waybill,
        payer=Payer(sent.payer),
        id_kind=sent.id_kind if sent.id_seen else "",
        inspected=sent.inspected,
        condition_met=sent.condition_met,
        photo=sent.photo,
    )


def of_booked(row: dict[str, Any]) -> Sending:
    """A parcel that was called in by phone, back in the form."""
    flags: dict[str, Any] = dict.fromkeys(row["flags"].split(), True)
    size = [row["length_mm"], row["width_mm"], row["height_mm"]]
    return Sending(
        booked=row["id"],
        scan_id=secrets.token_urlsafe(16),
        **{key: row[key] for key in (*PLACES, "name", "detail", "goods", "sender_name", "carrier")},
        phone="-".join(filter(None, (row["phone"], row["phone_ext"]))),
        sender_phone=row["sender_phone"],
        resident_id=row["resident_id"] or 0,
        weight=f"{row['weight_g'] / 1000:g}" if row["weight_g"] else "",
        size="×".join(f"{side / 10:g}" for side in size) if all(size) else "",
        declared=f"{row['declared_fen'] / 100:g}" if row["declared_fen"] else "",
        cod=f"{row['cod_fen'] / 100:g}" if row["cod_fen"] else "",
        photo=row["photo"],
        **flags,
        payer="receiver" if row["payer"] == "receiver" else "sender",
    )
