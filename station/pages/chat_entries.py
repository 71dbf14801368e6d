"""The lines of a pasted chat list as fields of a form: read out of the text, and as somebody has changed them."""

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request

from station import addresses, chat_orders
from station.chat_orders import Proposal
from station.db import sql
from station.errors import N_, Refusal, tell
from station.i18n import gettext as _
from station.web import LARGEST_ID

# What is read at once: a chat's list of a day is some dozens of lines.
LONGEST = 20_000
MOST = 100
MOST_ITEMS = 6
_FIELDS = 5_000
_NAMED = re.compile(r"(raw|nth|round|take|name|phone|address|listing|qty)-([0-9]{1,3})(?:-([0-9]))?")

tell(
    {
        "chat_empty": (422, N_("Paste the list from the chat first.")),
        "chat_too_long": (
            422,
            N_("This list is too long to look through at once: at most {most} lines. Paste it in parts."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One buyer of the list as fields: `items` are (listing, packs) as typed. `nth` of the same words in this list,
    `round` times they were ordered before: together they name the order, so that a repeat is harmless."""

    raw: str
    nth: int = 1
    round: int = 0
    take: bool = True
    name: str = ""
    phone: str = ""
    address: str = ""
    items: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    error: str = ""
    ordered: tuple[str, ...] = ()

    @property
    def scan_id(self) -> str:
        return f"{_key(self.raw, self.nth)}-{self.round}"


def _key(raw: str, nth: int) -> str:
    # A browser sends line ends in its own way.
    words = " ".join(raw.split())
    return f"c-{hashlib.sha256(words.encode()).hexdigest()[:20]}-{nth}"


async def read(station_id: int, text: str, offered: Mapping[str, int]) -> list[Entry]:
    """What the text seems to say; `offered` are listings by title. Raises Refusal `chat_empty`, `chat_too_long`."""
    if not text.strip():
        raise Refusal("chat_empty")
    if len(text) > LONGEST:
        raise Refusal("chat_too_long", most=MOST)
    proposals = await asyncio.to_thread(chat_orders.parse, text, list(offered))
    if len(proposals) > MOST:
        raise Refusal("chat_too_long", most=MOST)
    before = await _before(station_id, [_key(proposal.raw, 1)[:-1] for proposal in proposals])
    seen = Counter[str]()
    entries = []
    for proposal in proposals:
        seen[proposal.raw] += 1
        entry = await _entry(proposal, seen[proposal.raw], offered)
        numbers = before.get(_key(entry.raw, entry.nth), ())
        entries.append(replace(entry, ordered=numbers, round=len(numbers), take=entry.take and not numbers))
    return entries


async def _entry(proposal: Proposal, nth: int, offered: Mapping[str, int]) -> Entry:
    doubts = [_(chat_orders.DOUBTS[code]) for code in proposal.doubts]
    if proposal.address:
        found = await asyncio.to_thread(addresses.parse, proposal.address)
        whole = [code for code in found.doubts if code not in ("no_name", "no_phone", "name_unsure")]
        doubts += [_(addresses.DOUBTS[code]) for code in whole]
    if "not_an_order" not in proposal.doubts:
        unsaid = [] if proposal.phone.number else ["no_phone"]
        unsaid += [] if proposal.address else ["no_address"]
        doubts += [_(addresses.DOUBTS[doubt]) for doubt in unsaid]
    return Entry(
        proposal.raw,
        nth,
        take="not_an_order" not in proposal.doubts,
        name=proposal.name or "",
        phone="-".join(filter(None, (proposal.phone.number, proposal.phone.ext))),
        address=proposal.address or "",
        items=tuple((str(offered.get(item.product or "", "")), str(item.qty)) for item in proposal.items),
        doubts=tuple(doubts),
    )


async def _before(station_id: int, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Numbers of the orders that these words have become before, by key and place in their list."""
    if not keys:
        return {}
    found = await sql.rows(
        "SELECT number, scan_id FROM orders WHERE station_id = ? AND source = 'chat'"  # noqa: S608 (question marks alone)
        f" AND substr(scan_id, 1, {len(keys[0])}) IN ({', '.join('?' * len(keys))}) ORDER BY id",
        station_id,
        *keys,
    )
    numbers: dict[str, tuple[str, ...]] = {}
    for row in found:
        key = row["scan_id"].rpartition("-")[0]
        numbers[key] = (*numbers.get(key, ()), row["number"])
    return numbers


async def typed(request: Request) -> list[Entry]:
    """The lines as they were sent, by their numbers; whatever fits no field is left out."""
    lines: dict[int, dict[str, str]] = {}
    async with request.form(max_files=0, max_fields=_FIELDS) as sent:
        for field, value in sent.items():
            found = _NAMED.fullmatch(field)
            if found and isinstance(value, str):
                name = found[1] + (f"-{found[3]}" if found[3] else "")
                lines.setdefault(int(found[2]), {})[name] = value.replace("\0", "")[:LONGEST]
    return [_entry_of(lines[number]) for number in sorted(lines)]


def _entry_of(line: Mapping[str, str]) -> Entry:
    items = [(line.get(f"listing-{k}", ""), line.get(f"qty-{k}", "")) for k in range(MOST_ITEMS)]
    return Entry(
        line.get("raw", ""),
        number(line.get("nth", "")),
        number(line.get("round", "")),
        "take" in line,
        line.get("name", "").strip()[:60],
        line.get("phone", "").strip()[:40],
        line.get("address", "").strip()[:300],
        tuple((listing, qty) for listing, qty in items if listing or qty.strip()),
    )


def number(text: str) -> int:
    """A whole number out of a field, 0 where there is none."""
    return int(text) if text.isascii() and text.isdecimal() and int(text[:12]) <= LARGEST_ID else 0
