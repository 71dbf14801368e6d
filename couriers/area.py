"""Everything exchanged with couriers: manifests and check-in."""

from couriers import commands, demo, desk, retention
from couriers.pages import checkin, checkin_api, manifests, manifests_api, patterns
from station.access import STAFF
from station.areas import Area, Figure, Job, Place
from station.errors import N_


async def figures(station_id: int) -> list[Figure]:
    """Parcels that wait for the volunteer's choice."""
    questions = await desk.open_questions(station_id)
    return [
        Figure(
            len(questions),
            N_("parcels wait for your choice"),
            N_("Which company is it, or whose phone?"),
            "/questions",
            N_("Choose"),
        )
    ]


AREA = Area(
    name="couriers",
    routes=[
        *checkin.ROUTES,
        *checkin_api.ROUTES,
        *manifests.ROUTES,
        *manifests_api.ROUTES,
        *patterns.ROUTES,
    ],
    jobs=[*manifests.JOBS, Job("erase_lines", 24 * 3600.0, retention.erase_lines)],
    nav=[Place("F2", "/checkins", N_("Check in"), STAFF), *manifests.NAV],
    more=[*manifests.MORE, *patterns.MORE],
    figures=figures,
    demo=demo.two_days,
    commands=commands.add,
)
