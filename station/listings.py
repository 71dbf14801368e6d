"""Packs on offer: what is in one, what it costs, its story; opened and closed by the staff."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from station import audit, clock, stations, stock, traces
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import ListingState
from station.money import format_fen

tell(
    {
        "listing_closed": (409, N_("{pack} is not on sale any more. Look at what else there is.")),
        "out_of_season": (
            409,
            N_("{pack} is in season from month {first} to month {last}. Look at what else there is now."),
        ),
        "no_such_product": (422, N_("Choose what is in the pack. A new product is added under Products.")),
    }
)

_COLUMNS = (
    "l.*, p.name AS product, p.unit AS unit, p.kind AS kind FROM listing l"
    " JOIN product p ON p.station_id = l.station_id AND p.id = l.product_id WHERE l.station_id = ?"
)


@dataclass(frozen=True, slots=True)
class ListingIn:
    """A pack as the keeper describes it. `units` of the product are in one pack; months 1–12, both 0 = all year."""

    product_id: int
    title: str
    units: int
    price_fen: int
    pack_g: int | None = None
    story: str = ""
    story_en: str = ""
    title_en: str = ""
    season_from: int = 0
    season_until: int = 0


@act
async def offer(new: ListingIn, *, by: Actor) -> int:
    """Write a pack down as a draft; returns its id. Raises Refusal `no_such_product`."""
    await _product(by.station_id, new.product_id)
    listing_id = await sql.insert(
        "listing", station_id=by.station_id, **asdict(new), photo="", state="draft", created_at=clock.now()
    )
    await audit.write(
        by,
        "listing_written",
        subject="listing",
        subject_id=listing_id,
        title=new.title,
        price_fen=new.price_fen,
    )
    return listing_id


@act
async def change(listing_id: int, new: ListingIn, *, by: Actor) -> None:
    """Describe a pack anew. Orders placed keep the price and the units they were placed with."""
    await _product(by.station_id, new.product_id)
    changed = await sql.execute(
        "UPDATE listing SET product_id = ?, title = ?, units = ?, price_fen = ?, pack_g = ?, story = ?, story_en = ?,"
        " title_en = ?, season_from = ?, season_until = ? WHERE station_id = ? AND id = ?",
        *(new.product_id, new.title, new.units, new.price_fen, new.pack_g, new.story, new.story_en),
        *(new.title_en, new.season_from, new.season_until, by.station_id, listing_id),
    )
    if not changed:
        raise Refusal("not_found")
    await audit.write(
        by,
        "listing_changed",
        subject="listing",
        subject_id=listing_id,
        title=new.title,
        price_fen=new.price_fen,
    )


@act
async def show_picture(listing_id: int, photo: str, *, by: Actor) -> None:
    """`photo` is the name that `station.photos.keep` gave the picture."""
    if not await sql.execute(
        "UPDATE listing SET photo = ? WHERE station_id = ? AND id = ?", photo, by.station_id, listing_id
    ):
        raise Refusal("not_found")
    await audit.write(by, "listing_pictured", subject="listing", subject_id=listing_id, photo=photo)


@act
async def set_open(listing_id: int, open_: bool, *, by: Actor) -> None:
    """Put a pack on sale, or take it off; again is harmless. Orders placed stay as they are."""
    to = ListingState.OPEN if open_ else ListingState.CLOSED
    row = await sql.one(
        "UPDATE listing SET state = ? WHERE station_id = ? AND id = ? AND state <> ? RETURNING title",
        *(to, by.station_id, listing_id, to),
    )
    if row is None:
        await one(by.station_id, listing_id)
        return
    await audit.write(
        by,
        "listing_opened" if open_ else "listing_closed",
        subject="listing",
        subject_id=listing_id,
        title=row["title"],
    )


async def _product(station_id: int, product_id: int) -> None:
    if not await sql.one("SELECT id FROM product WHERE station_id = ? AND id = ?", station_id, product_id):
        raise Refusal("no_such_product")


async def one(station_id: int, listing_id: int) -> dict[str, Any]:
    """A pack in whatever state, with `product`, `unit` and `packs` in stock; raises Refusal `not_found`."""
    row = await sql.one(f"SELECT {_COLUMNS} AND l.id = ?", station_id, listing_id)
    if row is None:
        raise Refusal("not_found")
    return (await _counted(station_id, [row]))[0]


async def all_of(station_id: int) -> list[dict[str, Any]]:
    """Every pack ever described, those on sale first, each with `packs` in stock."""
    found = await sql.rows(
        f"SELECT {_COLUMNS} ORDER BY CASE l.state WHEN 'open' THEN 0 WHEN 'draft' THEN 1 ELSE 2 END, l.id",
        station_id,
    )
    return await _counted(station_id, found)


async def on_sale(station_id: int, month: int) -> list[dict[str, Any]]:
    """What the village's page shows: all that is open, with `packs` in stock, its product's `kind`, and whether it is
    `now_in_season` in `month` (1–12) and can be ordered; first what is in season and there."""
    found = await sql.rows(f"SELECT {_COLUMNS} AND l.state = 'open' ORDER BY l.id", station_id)
    counted = await _counted(station_id, found)
    for row in counted:
        row["now_in_season"] = in_season(row, month)
    return sorted(counted, key=lambda row: (not row["now_in_season"], not row["packs"]))


async def offered(station_id: int) -> list[dict[str, Any]]:
    """Of `on_sale` what is in season today: what can be ordered."""
    month = (await stations.today(station_id)).month
    return [row for row in await on_sale(station_id, month) if row["now_in_season"]]


async def on_sale_one(station_id: int, listing_id: int) -> dict[str, Any]:
    """One open pack, in season or not; raises Refusal `not_found` for drafts and closed ones as for none at all."""
    row = await one(station_id, listing_id)
    if row["state"] != ListingState.OPEN:
        raise Refusal("not_found")
    return row


def in_season(listing: dict[str, Any], month: int) -> bool:
    """A season may run over the new year: from 11 until 2."""
    first, last = int(listing["season_from"]), int(listing["season_until"])
    if not (first and last):
        return True
    return first <= month <= last if first <= last else month >= first or month <= last


async def shop(code: str) -> stations.Profile:
    """The station whose page for buyers this is; raises Refusal `not_found`."""
    row = await sql.one("SELECT id FROM station WHERE code = ?", code)
    if row is None:
        raise Refusal("not_found")
    return await stations.profile(row["id"])


async def lots_in_stock(station_id: int, product_id: int, today: date) -> list[dict[str, Any]]:
    """Where it comes from, for anybody to read: `family` such as 五组郑家, day, label, certificate number, trace code."""
    found = await sql.rows(
        "SELECT t.label, t.day, t.trace_code, t.certificate_no, h.name AS household, h.grp FROM lot t"
        " JOIN household h ON h.station_id = t.station_id AND h.id = t.household_id"
        " JOIN stock_move m ON m.station_id = t.station_id AND m.lot_id = t.id"
        " WHERE t.station_id = ? AND t.product_id = ? AND t.state = 'open' AND (t.best_before = '' OR t.best_before >= ?)"
        " GROUP BY t.id, t.label, t.day, t.trace_code, t.certificate_no, h.name, h.grp"
        " HAVING sum(m.amount) > 0 ORDER BY t.day, t.id",
        *(station_id, product_id, today.isoformat()),
    )
    for row in found:
        row["family"] = f"{row.pop('grp')}{traces.family(row.pop('household'))}"
    return found


async def as_line(station_id: int, listing_id: int, qty: int, seen_fen: int | None) -> dict[str, Any]:
    """`qty` packs as the columns of an order line, inside its act. `seen_fen`: the price the buyer saw, None for any.

    Raises Refusal: `not_found`, `listing_closed`, `out_of_season`, `price_changed`.
    """
    row = await sql.one(f"SELECT {_COLUMNS} AND l.id = ?", station_id, listing_id)
    if row is None:
        raise Refusal("not_found")
    if row["state"] != ListingState.OPEN:
        raise Refusal("listing_closed", pack=row["title"])
    if not in_season(row, (await stations.today(station_id)).month):
        raise Refusal("out_of_season", pack=row["title"], first=row["season_from"], last=row["season_until"])
    if seen_fen is not None and seen_fen != row["price_fen"]:
        raise Refusal("price_changed", price=format_fen(row["price_fen"]))
    return {
        "listing_id": listing_id,
        "product_id": row["product_id"],
        "name": row["title"],
        "spec": "",
        "sku": "",
        "sub_no": "",
        "qty": qty,
        "units": row["units"] * qty,
        "price_fen": row["price_fen"],
        "total_fen": row["price_fen"] * qty,
    }


async def _counted(station_id: int, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left = await stock.available(station_id)
    return [{**row, "packs": max(0, left.get(row["product_id"], 0)) // row["units"]} for row in found]
