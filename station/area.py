"""The station's own area: the place, its goods and its people."""

from station import audit, money_books, produce_demo, retention, stations
from station.access import KEEPER, READERS, SIGNED_IN, STAFF
from station.areas import Area, Figure, Job, Place
from station.backups import JOBS as BACKUP_JOBS
from station.errors import N_
from station.pages import (
    accounts,
    addresses_api,
    chats,
    labels,
    listings,
    lots,
    market,
    messages,
    money,
    order_imports,
    orders,
    orders_api,
    parcels,
    photos,
    produce,
    residents,
    settings,
    settlements,
    shelves,
    signin,
    today,
    trace,
    wishes,
)
from station.settings import Settings


async def _seal(settings: Settings) -> None:
    for station_id in await stations.all_ids():
        while await audit.seal(station_id):
            pass


async def figures(station_id: int) -> list[Figure]:
    """Messages that did not leave, and orders that wait for the station."""
    return [*await messages.figures(station_id), *await orders.figures(station_id)]


AREA = Area(
    name="station",
    routes=[
        *signin.ROUTES,
        *today.ROUTES,
        *parcels.ROUTES,
        *shelves.ROUTES,
        *labels.ROUTES,
        *messages.ROUTES,
        *settings.ROUTES,
        *accounts.ROUTES,
        *residents.ROUTES,
        *addresses_api.ROUTES,
        *photos.ROUTES,
        *produce.ROUTES,
        *lots.ROUTES,
        *trace.ROUTES,
        *listings.ROUTES,
        *market.ROUTES,
        *chats.ROUTES,
        *orders.ROUTES,
        *order_imports.ROUTES,
        *orders_api.ROUTES,
        *wishes.ROUTES,
        *money.ROUTES,
        *settlements.ROUTES,
    ],
    jobs=[
        *messages.JOBS,
        Job("seals", 60.0, _seal),
        Job("retention", 24 * 3600.0, retention.erase_finished),
        *BACKUP_JOBS,
        *orders.JOBS,
        *wishes.JOBS,
    ],
    nav=[
        Place("F1", "/", N_("Today"), READERS),
        Place("F7", "/shelves", N_("Shelves"), READERS),
        Place("F8", "/orders", N_("Sell"), READERS),
        Place("F9", "/more", N_("More"), SIGNED_IN),
    ],
    more=[
        Place("", "/parcels", N_("Parcels"), READERS),
        Place("", "/messages", N_("Messages"), READERS),
        Place("", "/labels", N_("Labels to print"), STAFF),
        *residents.MORE,
        *produce.MORE,
        *lots.MORE,
        *listings.MORE,
        *wishes.MORE,
        *money.MORE,
        *settlements.MORE,
        Place("", "/settings", N_("Settings"), KEEPER),
        Place("", "/accounts", N_("Accounts"), KEEPER),
        Place("", "/account", N_("My password and PIN"), SIGNED_IN),
    ],
    figures=figures,
    books=money_books.BOOKS,
    demo=produce_demo.market_day,
)
