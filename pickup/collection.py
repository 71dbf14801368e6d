"""Collection: parcels handed out to their person or a proxy, and taken back when it was a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tortoise.exceptions import IntegrityError

from pickup import collected, notices
from pickup.collected import named
from pickup.models import Collector
from pickup.parcel_json import due
from station import audit, clock, day_stats, parcels, stations
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import ParcelState

# Offered at the counter; anything else may be typed. They are kept in English and shown in the reader's language.
RELATIONS = (N_("spouse"), N_("child"), N_("grandchild"), N_("parent"), N_("relative"), N_("neighbour"))

tell(
    {
        "nothing_ticked": (422, N_("No parcel is ticked. Tick what you hand out.")),
        "proxy_needs_name": (422, N_("Somebody else collects: write down their name.")),
        "intercepted": (
            409,
            N_(
                "{parcel} must not be handed out: the courier wants it back. Put it aside and call the courier."
            ),
        ),
        "money_unknown": (
            422,
            N_(
                "What {parcel} costs could not be read. Look at its label and type the amount, 0 for nothing."
            ),
        ),
        "gone_meanwhile": (409, N_("{parcel} is not on the shelf any more. Look it up under Parcels.")),
    }
)


@dataclass(frozen=True, slots=True)
class HandOut:
    """What the counter sends. `scan_id` is made by the page; the same one again is the same collection.

    `amounts`: fen taken for parcels whose amount could not be read (0: the label says nothing is to be paid).
    """

    scan_id: str
    parcel_ids: tuple[int, ...]
    collector: Collector = Collector.SELF
    name: str = ""
    relation: str = ""
    amounts: Mapping[int, int] = field(default_factory=dict)


async def collect(hand: HandOut, *, by: Actor) -> int:
    """Hand parcels out, all or none; returns the collection's id.

    Raises Refusal: `nothing_ticked`, `proxy_needs_name`, `no_parcel`, `already_collected`, `gone_meanwhile`, `intercepted`,
    `money_unknown`.
    """
    if not hand.parcel_ids:
        raise Refusal("nothing_ticked")
    if hand.collector is Collector.PROXY and not hand.name.strip():
        raise Refusal("proxy_needs_name")
    try:
        return await _collect(hand, by=by)
    except (IntegrityError, Refusal):
        # The same page sent twice at once, through two processes: what refused this one is the other one's success.
        done = await collected.of_scan(by.station_id, hand.scan_id)
        if done is None:
            raise
        return done


@act
async def _collect(hand: HandOut, *, by: Actor) -> int:
    if known := await collected.of_scan(by.station_id, hand.scan_id):
        return known
    left = await parcels.leave(by.station_id, hand.parcel_ids, ParcelState.COLLECTED)
    taken = [
        await _taken(by.station_id, id_, left.get(id_), hand.amounts) for id_ in sorted(set(hand.parcel_ids))
    ]
    collection_id = await _record(hand, taken, by)
    ids = [parcel["id"] for parcel in taken]
    # Messages first, then the day's counts, as check-in does: on PostgreSQL they would wait for each other in a circle.
    await notices.refresh(by.station_id, ids)
    await _count(by.station_id, len(taken))
    await audit.write(
        by,
        "collected",
        subject="collection",
        subject_id=collection_id,
        also=[("parcel", id_) for id_ in ids],
        collector=hand.collector.value,
        parcels=len(ids),
        money_fen=sum(parcel["collect_fen"] + parcel["cod_fen"] for parcel in taken),
    )
    return collection_id


async def _taken(
    station_id: int, parcel_id: int, parcel: dict[str, Any] | None, amounts: Mapping[int, int]
) -> dict[str, Any]:
    """One parcel that was let go (None: it could not be), with the money taken for it in place of what was not readable."""
    if parcel is None:
        raise await _gone(station_id, parcel_id)
    if parcel["intercepted"]:
        raise Refusal("intercepted", parcel=named(parcel))
    if due(parcel) is None:
        if parcel_id not in amounts:
            raise Refusal("money_unknown", parcel=named(parcel))
        unread = "collect_fen" if parcel["collect_fen"] is None else "cod_fen"
        parcel[unread] = amounts[parcel_id]
    return {**parcel, "collect_fen": parcel["collect_fen"] or 0, "cod_fen": parcel["cod_fen"] or 0}


async def _record(hand: HandOut, taken: list[dict[str, Any]], by: Actor) -> int:
    proxy = hand.collector is Collector.PROXY
    collection_id = await sql.insert(
        "collection",
        station_id=by.station_id,
        scan_id=hand.scan_id,
        collector=hand.collector,
        collector_name=hand.name.strip()[:40] if proxy else "",
        relation=hand.relation.strip()[:20] if proxy else "",
        money_fen=sum(parcel["collect_fen"] + parcel["cod_fen"] for parcel in taken),
        by_id=by.account_id,
        at=clock.now(),
    )
    await sql.many(
        "INSERT INTO collected_parcel (station_id, collection_id, parcel_id, collect_fen, cod_fen)"
        " VALUES (?, ?, ?, ?, ?)",
        [(by.station_id, collection_id, p["id"], p["collect_fen"], p["cod_fen"]) for p in taken],
    )
    return collection_id


async def _count(station_id: int, parcels_: int) -> None:
    station = await stations.profile(station_id)
    await day_stats.count(station_id, clock.now(), station.zone, "collected", parcels_)


async def _gone(station_id: int, parcel_id: int) -> Refusal:
    """Why a parcel is not there to be taken: mostly another counter was quicker."""
    parcel = await parcels.seen(station_id, parcel_id)
    taken = await collected.last_of(station_id, parcel_id)
    return (
        await collected.refusal(station_id, taken)
        if taken
        else Refusal("gone_meanwhile", parcel=named(parcel))
    )
