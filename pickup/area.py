"""Everything between the counter and the villager."""

from pickup import notices, retention
from pickup.books import BOOKS
from pickup.pages import counter, counter_api, moves
from station import clock, parcels, stations
from station.access import STAFF
from station.areas import Area, Figure, Job, Place
from station.errors import N_
from station.i18n import ngettext


async def figures(station_id: int) -> list[Figure]:
    """Parcels that have waited too long."""
    station = await stations.profile(station_id)
    before = clock.overdue_before(station.zone, station.overdue_days)
    overdue = await parcels.count_overdue(station_id, before)
    return [
        Figure(
            overdue,
            ngettext("parcel has waited too long", "parcels have waited too long", overdue),
            N_("Ring their people, or give them back to the courier."),
            "/parcels?show=overdue",
            N_("See whose they are"),
            urgent=True,
        )
    ]


AREA = Area(
    name="pickup",
    routes=[*counter.ROUTES, *counter_api.ROUTES, *moves.ROUTES],
    jobs=[Job("erase_collectors", 24 * 3600.0, retention.erase_collectors)],
    nav=[Place("F3", "/counter", N_("Hand out"), STAFF)],
    figures=figures,
    books=BOOKS,
    also_about=notices.about,
)
