"""The station's own area: the place, its goods and its people."""

from station import audit, retention, stations
from station.access import KEEPER, READERS, SIGNED_IN, STAFF
from station.areas import Area, Job, Place
from station.backups import JOBS as BACKUP_JOBS
from station.errors import N_
from station.pages import accounts, labels, messages, parcels, settings, shelves, signin, today
from station.settings import Settings


async def _seal(settings: Settings) -> None:
    for station_id in await stations.all_ids():
        while await audit.seal(station_id):
            pass


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
    ],
    jobs=[
        *messages.JOBS,
        Job("seals", 60.0, _seal),
        Job("retention", 24 * 3600.0, retention.erase_finished),
        *BACKUP_JOBS,
    ],
    nav=[
        Place("F1", "/", N_("Today"), READERS),
        Place("F7", "/shelves", N_("Shelves"), READERS),
        Place("F9", "/more", N_("More"), SIGNED_IN),
    ],
    more=[
        Place("", "/parcels", N_("Parcels"), READERS),
        Place("", "/messages", N_("Messages"), READERS),
        Place("", "/labels", N_("Labels to print"), STAFF),
        Place("", "/settings", N_("Settings"), KEEPER),
        Place("", "/accounts", N_("Accounts"), KEEPER),
        Place("", "/account", N_("My password and PIN"), SIGNED_IN),
    ],
    figures=messages.figures,
)
