"""Who does an act: the signed-in account, or the system itself."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    VOLUNTEER = "volunteer"
    KEEPER = "keeper"
    COURIER = "courier"
    COUNTY = "county"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`account_id` is None for the system; `carrier` is the code of a courier's company, else None."""

    station_id: int
    account_id: int | None
    name: str
    role: Role
    carrier: str | None = None

    @classmethod
    def system(cls, station_id: int) -> "Actor":
        return cls(station_id, None, "system", Role.SYSTEM)
