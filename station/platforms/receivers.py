"""Who gets an order and where, as the platforms write it; and what of it keeps an order from being shipped."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from station import phones
from station.addresses import parse
from station.addresses.divisions import table
from station.addresses.regions import read
from station.phones import Kind, Phone
from station.platforms.header_names import Field

# The text behind the county, and province, city and county, become the town (None: none found) and what follows it.
SplitTown = Callable[[str, str | None, str | None, str | None], tuple[str | None, str]]

# The usual way to write it, read without the table: it takes a twentieth of the time.
_REGION = re.compile(
    r"([^0-9\s县镇乡]{2,8}?(?:省|自治区)|(?:北京|上海|天津|重庆)市) ?"
    r"([^0-9\s县区镇乡村路街]{1,12}?(?:自治州|地区|盟|市(?![场区])))? ?"
    r"([^0-9\s镇乡村路]{1,14}?(?:自治县|自治旗|特区|林区|新区|县|区|旗|市(?![区场]))) ?"
)
_POSTCODE = re.compile(r"[(（ ]*([0-9]{6})[)）]\s*$")
_STARS = re.compile(r"[*＊]")
_DIGIT = re.compile(r"[0-9０-９]")
_HIDDEN_TEXT = re.compile(r"[*＊]{2}")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Texts are None where the file has none, and where they are encrypted: `encrypted` says that it was so."""

    name: str | None
    phone: Phone
    province: str | None
    city: str | None
    county: str | None
    town: str | None
    detail: str | None
    postcode: str | None = None
    encrypted: bool = False

    def as_json(self, *, with_postcode: bool) -> dict[str, Any]:
        phone = self.phone
        told: dict[str, Any] = {
            "name": self.name,
            "phone": {
                "kind": phone.kind.value, "number": phone.number, "ext": phone.ext, "alt": list(phone.alt)
            },
            "province": self.province,
            "city": self.city,
            "county": self.county,
            "town": self.town,
            "detail": self.detail,
        }  # fmt: skip
        return told | {"postcode": self.postcode} if with_postcode else told

    @property
    def reason(self) -> str | None:
        """Why nothing can be shipped to them, None if it can."""
        phone = self.phone
        if self.encrypted or phone.kind is Kind.ENCRYPTED:
            return "encrypted_receiver"
        numbers = (self.name, phone.number, *phone.alt)
        hidden = any(_STARS.search(text) for text in numbers if text)
        if hidden or _HIDDEN_TEXT.search(f"{self.town or ''}{self.detail or ''}"):
            return "masked_receiver"
        placed = self.detail and (self.province or self.city or self.county)
        if not self.name or not placed or phone.kind in (Kind.MISSING, Kind.INVALID):
            return "receiver_incomplete"
        return None


def receiver(written: Mapping[Field, str], split: SplitTown) -> Receiver:
    """Out of the cells of an order. An address in one cell is split into its levels; one in columns stays as it is."""
    if (told := written.get(Field.RECEIVER)) and not written.keys() & {
        Field.NAME,
        Field.PHONE,
        Field.ADDRESS,
    }:
        return _told_at_once(told)
    name, address = written.get(Field.NAME, ""), written.get(Field.ADDRESS, "")
    encrypted = any(text.startswith(phones.ENCRYPTED_MARKS) for text in (name, address))
    province, city, county, town = (
        written.get(field) or None for field in (Field.PROVINCE, Field.CITY, Field.COUNTY, Field.TOWN)
    )
    postcode = written.get(Field.POSTCODE) or None
    if address.startswith(phones.ENCRYPTED_MARKS):
        address = ""
    if address.endswith((")", "）")) and (found := _POSTCODE.search(address)):
        address, postcode = address[: found.start()].rstrip(), postcode or found.group(1)
    if address and not (province or city or county):
        province, city, county, behind = split_address(address)
        town, address = (town, behind) if town else split(behind, province, city, county)
    else:
        address = address.removeprefix(f"{province or ''}{city or ''}{county or ''}").strip()
    phone = phones.classify(written.get(Field.PHONE, ""), name)
    shown = None if name.startswith(phones.ENCRYPTED_MARKS) else phones.split_name(name)[0] or None
    return Receiver(shown, phone, province, city, county, town, address or None, postcode, encrypted)


def _told_at_once(text: str) -> Receiver:
    """Name, phone and address out of one cell. What is not sure is left out, so that somebody asks."""
    found = parse(text)
    number = f"{found.phone}-{found.ext}" if found.phone and found.ext else found.phone or ""
    several = "several_phones" in found.doubts
    placed = not {"county_unclear", "conflict"} & set(found.doubts)
    return Receiver(
        None if "name_unsure" in found.doubts else found.name,
        Phone(Kind.INVALID, text) if several else phones.classify(number),
        found.province if placed else None,
        found.city if placed else None,
        found.county if placed else None,
        found.town if placed else None,
        (f"{found.village or ''}{found.rest}" or None) if placed else text,
    )


def split_address(text: str) -> tuple[str | None, str | None, str | None, str]:
    """Province, city, county and the rest of `省 市 区 详细` (Taobao), or of the same without spaces or endings.

    Levels are None where they cannot be told, and where there are none: 东莞 has no counties.
    """
    parts = text.split(" ", 3)
    if len(parts) == 4 and all(len(part) <= 16 and not _DIGIT.search(part) for part in parts[:3]):
        province, written_city, county, behind = parts
        # 仙桃 and 石河子 stand right under their province; the exports put a word of the statistics there.
        city = None if "直辖" in written_city else written_city
        if county.endswith(("镇", "街道")):
            return province, city, None, f"{county}{behind}"
        return province, city, county, behind
    found = _REGION.match(text)
    if found and found.group(3) in table().counties_named:
        province, city, county = found.groups()
        return province, city or _city_of(province, county), county, text[found.end() :].strip()
    return _by_the_table(text)


def _city_of(province: str, county: str) -> str | None:
    """The city that was left out, 湖南省溆浦县; None where there is none, 湖北省仙桃市, and where several may be meant."""
    known = table()
    places = {
        one for number in known.counties_named[county] if (one := known.counties[number]).province == province
    }
    return (places.pop().city or None) if len(places) == 1 else None


def _by_the_table(text: str) -> tuple[str | None, str | None, str | None, str]:
    """What all readings agree on: a county there are several of names no place, so it stays in the text."""
    readings = read(text)
    if len(readings) != 1 or readings[0].start or readings[0].county is None:
        return None, None, None, text
    one = readings[0]
    rest = text[one.end :].strip()
    return *one.place, f"{one.town or ''}{rest}"
