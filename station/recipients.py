"""The people parcels are addressed to, as their labels and manifests name them."""

from dataclasses import dataclass

from station import clock, phones, pinyin
from station.db import sql


@dataclass(frozen=True, slots=True)
class Person:
    """A name and phone as printed. `number` is empty when there is none or it cannot be used."""

    name: str = ""
    number: str = ""
    kind: str = "missing"
    ext: str = ""

    @classmethod
    def printed(cls, name: str | None, phone: phones.Phone) -> "Person":
        return cls((name or "")[:60], (phone.number or "")[:30], phone.kind, (phone.ext or "")[:8])

    @property
    def reachable(self) -> bool:
        """Whether an SMS can be sent: only to a plain mobile number."""
        return self.kind == phones.Kind.MOBILE

    @property
    def household(self) -> str:
        """What keeps a household together until residents are registered: the phone. Empty: unknown."""
        return self.number if self.kind in (phones.Kind.MOBILE, phones.Kind.LANDLINE) else ""


async def keep(station_id: int, person: Person) -> int:
    """The id of the person's row, made if it is new. Inside an act."""
    known = await sql.one(
        "SELECT id FROM recipient WHERE station_id = ? AND phone = ? AND phone_ext = ? AND name = ?",
        station_id,
        person.number,
        person.ext,
        person.name,
    )
    if known:
        return int(known["id"])
    # The update that changes nothing makes RETURNING answer when another process was quicker.
    row = await sql.one(
        "INSERT INTO recipient (station_id, name, phone, phone_kind, phone_ext, tail, initials, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (station_id, phone, phone_ext, name) DO UPDATE SET name = excluded.name RETURNING id",
        station_id,
        person.name,
        person.number,
        person.kind,
        person.ext,
        phones.tail(person.number),
        pinyin.search_text(person.name),
        clock.now(),
    )
    assert row is not None
    return int(row["id"])


async def alike(station_id: int, person: Person) -> list[dict[str, str | int]]:
    """Up to nine known people whom a label with a hidden or missing phone may mean: same name, and same tail if any."""
    if not person.name or "*" in person.name:
        return []
    tail = phones.tail(person.number) if person.kind == phones.Kind.MASKED else ""
    rows = await sql.rows(
        "SELECT id, name, phone FROM recipient WHERE station_id = ? AND name = ? AND phone_kind = 'mobile'"
        " AND (CAST(? AS VARCHAR(4)) = '' OR tail = ?) ORDER BY id DESC LIMIT 9",
        station_id,
        person.name,
        tail,
        tail,
    )
    return [
        {"resident_id": row["id"], "name": row["name"], "phone": phones.mask(row["phone"])} for row in rows
    ]
