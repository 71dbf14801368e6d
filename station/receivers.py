"""Who gets what the station sends, and where: of an order, of a parcel."""

from dataclasses import dataclass
from typing import Any

from station.phones import Kind, Phone, tail
from station.platforms import receivers as exported


@dataclass(frozen=True, slots=True)
class Receiver:
    name: str
    phone: Phone
    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    village: str = ""
    detail: str = ""

    def columns(self) -> dict[str, Any]:
        """As columns of an order or a consignment, cut to their width."""
        return {
            "name": self.name.strip()[:60],
            "phone": (self.phone.number or "")[:30],
            "phone_kind": self.phone.kind,
            "phone_ext": (self.phone.ext or "")[:8],
            "tail": tail(self.phone.number or ""),
            "province": self.province[:40],
            "city": self.city[:40],
            "county": self.county[:40],
            "town": self.town[:40],
            "village": self.village[:40],
            "detail": self.detail.strip()[:300],
        }


def of_export(who: exported.Receiver) -> Receiver:
    """As a platform's export names them; of what is encrypted nothing is kept."""
    return Receiver(
        name=who.name or "",
        phone=who.phone if who.phone.kind is not Kind.ENCRYPTED else Phone(Kind.ENCRYPTED),
        province=who.province or "",
        city=who.city or "",
        county=who.county or "",
        town=who.town or "",
        detail=who.detail or "",
    )
