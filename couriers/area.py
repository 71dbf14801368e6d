"""Everything exchanged with couriers: their lists and parcels that come, and the parcels that go with them."""

from couriers import commands, demo, desk, retention, visits
from couriers import manifests as imports
from couriers.pages import (
    checkin,
    checkin_api,
    claims,
    consignment_labels,
    consignments,
    deliveries,
    deliveries_api,
    handovers,
    manifests,
    manifests_api,
    packing,
    patterns,
    rounds,
    send,
    tariffs,
)
from station.access import STAFF
from station.areas import Area, Figure, Job, Place, Visit
from station.errors import N_
from station.i18n import ngettext


async def figures(station_id: int) -> list[Figure]:
    """Parcels that wait for the volunteer's choice, and everything that the vans should take."""
    questions = await desk.open_questions(station_id)
    return [
        *await handovers.figures(station_id),
        *await packing.figures(station_id),
        Figure(
            len(questions),
            ngettext("parcel waits for your choice", "parcels wait for your choice", len(questions)),
            N_("Which company is it, or whose phone?"),
            "/questions",
            N_("Choose"),
        ),
    ]


async def visits_of_today(station_id: int) -> list[Visit]:
    """Lists that couriers sent today, then the vans that still leave."""
    return [Visit(*coming) for coming in await visits.of_today(station_id)]


AREA = Area(
    name="couriers",
    routes=[
        *checkin.ROUTES,
        *checkin_api.ROUTES,
        *manifests.ROUTES,
        *manifests_api.ROUTES,
        *patterns.ROUTES,
        *send.ROUTES,
        *consignments.ROUTES,
        *consignment_labels.ROUTES,
        *rounds.ROUTES,
        *packing.ROUTES,
        *handovers.ROUTES,
        *deliveries.ROUTES,
        *deliveries_api.ROUTES,
        *claims.ROUTES,
        *tariffs.ROUTES,
    ],
    jobs=[*manifests.JOBS, Job("erase_lines", 24 * 3600.0, retention.erase_lines)],
    nav=[
        Place("F2", "/checkins", N_("Check in"), STAFF),
        *manifests.NAV,
        Place("F4", "/send", N_("Send"), STAFF),
    ],
    more=[
        *manifests.MORE,
        *consignments.MORE,
        *handovers.MORE,
        *rounds.MORE,
        *packing.MORE,
        *claims.MORE,
        *tariffs.MORE,
        *patterns.MORE,
    ],
    figures=figures,
    visits=visits_of_today,
    demo=demo.days_of_work,
    commands=commands.add,
    leave=imports.leave,
)
