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
        """The phone by which the register knows the household, and that is one of its own while nobody is registered.

        Empty: unknown.
        """
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
        pinyin.search_text(person.name)[:120],
        clock.now(),
    )
    assert row is not None
    return int(row["id"])


async def alike(station_id: int, person: Person) -> list[dict[str, str | int]]:
    """Up to nine known people whom a label may mean that hides the phone, the name or both, the newest first.

    `resident_id` is the word of the API for the choice of a person, to be sent back as it is. It is the id of a
    recipient: whom a label meant may live elsewhere and be in no register.
    """
    tail = phones.tail(person.number) if person.kind == phones.Kind.MASKED else ""
    known: list[dict[str, str | int]] = []
    if tail:
        known = await sql.rows(f"{_KNOWN} AND tail = ? ORDER BY id DESC LIMIT 99", station_id, tail)
    elif person.name and not _hidden(person.name):
        known = await sql.rows(f"{_KNOWN} AND name = ? ORDER BY id DESC LIMIT 9", station_id, person.name)
    meant = [
        row
        for row in known
        if _fits(person.name, str(row["name"])) and (not tail or _fits(person.number, str(row["phone"])))
    ]
    return [
        {"resident_id": row["id"], "name": row["name"], "phone": phones.mask(str(row["phone"]))}
        for row in meant[:9]
    ]


_KNOWN = "SELECT id, name, phone FROM recipient WHERE station_id = ? AND phone_kind = 'mobile'"


def _hidden(name: str) -> bool:
    return "*" in name


def _fits(printed: str, known: str) -> bool:
    """Whether what is printed, with its stars, can be this. Nothing printed fits everybody."""
    same_length = len(printed) == len(known)
    return not printed or (same_length and all(a in ("*", b) for a, b in zip(printed, known, strict=True)))
