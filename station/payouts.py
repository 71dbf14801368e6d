"""What platforms paid out: their files matched to orders, each row's money in the ledger once.

A row of a known order becomes: what its buyer paid to the platform (once an order), and what the platform handed on. What
the platform then still owes for an order that is booked is the difference of its fee; the keeper takes it as it is.
"""

import asyncio
import json
from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from station import audit, clock, ledger, order_book, tables
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.ledger import Entry
from station.models.money import Party
from station.payout_book import differences, one
from station.platforms import payouts as payout_files
from station.platforms.payouts import Payout, Read
from station.texts import fold

PAYOUT = "payout"
FEE_DIFFERENCE = "fee_difference"

tell(
    {
        "payout_unreadable": (
            422,
            N_(
                "This file is no table, or it is damaged or locked. Export it as xlsx or csv and send it again."
            ),
        ),
        "payout_no_columns": (
            422,
            N_(
                "No columns 订单号 and 结算金额 were found in this file. Name its columns so and send it again."
            ),
        ),
        "no_difference": (409, N_("There is no difference left for this order. Nothing was changed.")),
    }
)


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a row: `booked`, `already` (an earlier file had it) or `unknown` (no order has this number)."""

    row: int
    order_no: str
    amount_fen: int
    fee_fen: int
    day: str
    what: str
    order_id: int | None = None


async def take_in(data: bytes, filename: str, *, by: Actor) -> tuple[int, bool]:
    """Take a platform's file in; the file's id, and whether it is new. Raises `payout_unreadable`, `payout_no_columns`."""
    digest = await asyncio.to_thread(lambda: sha256(data).hexdigest())
    try:
        read = await asyncio.to_thread(payout_files.read, data)
    except tables.Unreadable as error:
        raise Refusal("payout_unreadable") from error
    except payout_files.NoColumns as error:
        raise Refusal("payout_no_columns") from error
    return await _post(digest, fold(filename)[-120:], read, by=by)


@act
async def _post(digest: str, filename: str, read: Read, *, by: Actor) -> tuple[int, bool]:
    file = await sql.one(
        "INSERT INTO payout_file (station_id, sha256, filename, platform, result, created_at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station_id, sha256) DO NOTHING RETURNING id",
        *(by.station_id, digest, filename, "", "", clock.now(), by.account_id),
    )
    if file is None:
        return await _again(digest, by), False
    await _match(file["id"], read.payouts, [], read.unread, by)
    return file["id"], True


async def _again(digest: str, by: Actor) -> int:
    """A file that is known: the orders that it named may have been handed in since."""
    known = await sql.one(
        "SELECT id FROM payout_file WHERE station_id = ? AND sha256 = ?", by.station_id, digest
    )
    assert known is not None
    # Held, so that two who hand it in at once do not write over each other's result.
    await sql.execute(
        "UPDATE payout_file SET id = id WHERE station_id = ? AND id = ?", by.station_id, known["id"]
    )
    file = await one(by.station_id, known["id"])
    unknown = [row for row in file["rows"] if row["what"] == "unknown"]
    if unknown:
        payouts = [
            Payout(**{key: value for key, value in row.items() if key not in ("what", "order_id")})
            for row in unknown
        ]
        rest = [Matched(**row) for row in file["rows"] if row["what"] != "unknown"]
        await _match(file["id"], payouts, rest, file["unread"], by)
    return int(known["id"])


async def _match(
    file_id: int, payouts: list[Payout], known: list[Matched], unread: list[int], by: Actor
) -> None:
    """Book these payouts and keep what became of them, beside what is `known`."""
    orders = await _orders(by.station_id)
    rows, alike = list(known), Counter[str]()
    # In the order of the orders' ids: two files at once then never wait for each other in a circle.
    for payout in sorted(payouts, key=lambda payout: orders.get(payout.order_no, {}).get("id", 0)):
        order = orders.get(payout.order_no)
        ref = _ref(payout, order["id"]) if order else ""
        rows.append(await _book(payout, order, f"{ref}:{alike[ref]}" if alike[ref] else ref, by))
        alike[ref] += 1
    rows.sort(key=lambda row: row.row)
    result = {"rows": [asdict(row) for row in rows], "unread": unread}
    await sql.execute(
        "UPDATE payout_file SET result = ?, platform = ? WHERE station_id = ? AND id = ?",
        json.dumps(result, ensure_ascii=False),
        next((orders[row.order_no]["source"] for row in rows if row.order_no in orders), ""),
        *(by.station_id, file_id),
    )
    booked = sum(row.what == "booked" for row in rows) - sum(row.what == "booked" for row in known)
    await audit.write(by, "payout_taken_in", subject="payout_file", subject_id=file_id, booked=booked)


async def _orders(station_id: int) -> dict[str, dict[str, Any]]:
    """Platforms' orders by their number, and by the number of each part."""
    rows = await sql.rows(
        "SELECT o.id, o.external_no, o.source, o.goods_fen + o.freight_fen AS gross_fen, l.sub_no FROM orders o"
        " JOIN order_line l ON l.station_id = o.station_id AND l.order_id = o.id"
        " WHERE o.station_id = ? AND o.external_no <> ''",
        station_id,
    )
    by_part = {row["sub_no"]: row for row in rows if row["sub_no"]}
    return by_part | {row["external_no"]: row for row in rows}


async def _book(payout: Payout, order: dict[str, Any] | None, ref: str, by: Actor) -> Matched:
    def became(what: str) -> Matched:
        order_id = order["id"] if order else None
        return Matched(**asdict(payout), what=what, order_id=order_id)

    if order is None:
        return became("unknown")
    entries = [
        Entry(party, PAYOUT, payout.amount_fen, order_id=order["id"])
        for party in (Party.BANK, Party.PLATFORM)
    ]
    if not await ledger.enter(entries, ref=ref, by=by):
        return became("already")
    if order["gross_fen"]:
        await ledger.pay(order["id"], order["gross_fen"], Party.PLATFORM, f"platform:{order['id']}", by=by)
    return became("booked")


def _ref(payout: Payout, order_id: int) -> str:
    """Of a row: platforms list the parts of an order one by one, and the next file may begin with the last one's rows."""
    return f"payout:{order_id}:{payout.day}:{payout.amount_fen}"


@act
async def accept(order_id: int, *, by: Actor) -> int:
    """Take what a platform kept beyond (or below) its agreed fee as its fee, at the station's cost; returns it in fen.

    Raises Refusal `no_difference`.
    """
    await order_book.held(order_id, by)
    row = next((row for row in await differences(by.station_id) if row["order_id"] == order_id), None)
    if row is None:
        raise Refusal("no_difference")
    fen = int(row["fen"])
    entries = [
        Entry(Party.PLATFORM, FEE_DIFFERENCE, -fen, order_id=order_id),
        Entry(Party.STATION, FEE_DIFFERENCE, fen, order_id=order_id),
    ]
    known = await ledger.of_order(by.station_id, order_id)
    accepted = sum(row["kind"] == FEE_DIFFERENCE for row in known)
    await ledger.enter(entries, ref=f"fee:{order_id}:{accepted}", by=by)
    await audit.write(by, "fee_difference_taken", subject="order", subject_id=order_id, fen=fen)
    return fen
