"""What is asked before a parcel is taken in to be sent: who sends it, to whom, what is in it, and who has looked."""

from dataclasses import dataclass

from couriers import prohibited
from couriers.models import Payer
from couriers.prohibited import Severity
from couriers.tariffs import Outgoing
from station import carriers
from station.errors import N_, Refusal, tell
from station.receivers import Receiver

tell(
    {
        "sender_missing": (422, N_("Write down who sends it, and a phone.")),
        "receiver_missing": (
            422,
            N_(
                "Name, phone and address of the receiver are needed. Paste them, then fill in what is missing."
            ),
        ),
        "address_unsure": (
            422,
            N_("Part of the receiver is doubtful. Ask the sender, then tick it or correct it."),
        ),
        "goods_missing": (422, N_("Write down what is in the parcel.")),
        "id_unchecked": (422, N_("Look at the sender's ID first. Without it nothing may be taken.")),
        "not_inspected": (
            422,
            N_("Open the parcel and look inside first. Without that nothing may be taken."),
        ),
        "prohibited_goods": (
            422,
            N_("{word} may not be sent. Take it out and correct what is in the parcel."),
        ),
        "restricted_goods": (422, N_("{word} may be sent only under a condition. Read it and confirm it.")),
        "not_weighed": (422, N_("Weigh the parcel first.")),
        "company_missing": (422, N_("Choose the company.")),
    }
)
ID_KINDS = {
    "id_card": N_("identity card"),
    "household_book": N_("household register"),
    "passport": N_("passport"),
    "residence": N_("residence permit"),
    "licence": N_("business licence"),
    # Produce that the station itself packs: the household is known, and nobody stands at the desk.
    "station": N_("packed by the station"),
}
# What may be said of a parcel. Chilled goods are fresh ones too, as carriers' prices know them.
FLAGS = ("fresh", "cold", "fragile", "valuable")


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    phone: str
    resident_id: int | None = None


@dataclass(frozen=True, slots=True)
class ConsignmentIn:
    """`scan_id`: made by the page, the same again is the same parcel. `waybill` blank: from the carrier's pool.

    `id_kind`: one of ID_KINDS, blank while nobody has looked; the number of the paper is never asked for.
    `unsure`: doubts of the pasted address that nobody has settled yet. `photo`: a kept file, of the open parcel.
    `fetch_day` (ISO) and `fetch_place`: called in by phone, to be fetched at the door; then nothing else is needed yet.
    """

    scan_id: str
    sender: Sender
    to: Receiver
    goods: str
    weight_g: int | None = None
    size_mm: tuple[int, int, int] | None = None
    flags: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    declared_fen: int = 0
    cod_fen: int = 0
    carrier: str = ""
    waybill: str = ""
    payer: Payer = Payer.SENDER
    id_kind: str = ""
    inspected: bool = False
    condition_met: bool = False
    photo: str = ""
    fetch_day: str = ""
    fetch_place: str = ""
    order_id: int | None = None

    def outgoing(self) -> Outgoing:
        length, width, height = self.size_mm or (0, 0, 0)
        return Outgoing(
            weight_g=self.weight_g or 0,
            province=self.to.province,
            city=self.to.city,
            county=self.to.county,
            length_mm=length,
            width_mm=width,
            height_mm=height,
            declared_fen=self.declared_fen,
            cod_fen=self.cod_fen,
            flags=frozenset(self.flags),
        )


def check(parcel: ConsignmentIn) -> None:
    """Everything the law and the desk ask for before a parcel is taken; raises the first Refusal that holds."""
    if not parcel.sender.name.strip() or not parcel.sender.phone.strip():
        raise Refusal("sender_missing")
    if not (
        parcel.to.name.strip() and parcel.to.phone.number and parcel.to.province and parcel.to.detail.strip()
    ):
        raise Refusal("receiver_missing")
    if parcel.unsure:
        raise Refusal("address_unsure")
    if not parcel.goods.strip():
        raise Refusal("goods_missing")
    for finding in prohibited.check(parcel.goods):
        if finding.severity is Severity.REFUSE:
            raise Refusal("prohibited_goods", word=finding.word)
        if not parcel.condition_met:
            raise Refusal("restricted_goods", word=finding.word)
    if parcel.id_kind not in ID_KINDS:
        raise Refusal("id_unchecked")
    if not parcel.inspected:
        raise Refusal("not_inspected")
    if not parcel.weight_g or parcel.weight_g <= 0:
        raise Refusal("not_weighed")
    if parcel.carrier not in carriers.CODES:
        raise Refusal("company_missing")
