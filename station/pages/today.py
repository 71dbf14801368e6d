"""Today: what waits for somebody, most pressing first, and the counts of the day."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from station import clock, day_stats, i18n, parcels, racks, stations
from station.access import READERS, SIGNED_IN
from station.actor import Role
from station.areas import Figure
from station.errors import N_
from station.web import actor, page, render

DAYS = 14
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the little chart; heights in percent of the busiest."""

    day: int
    checked_in: int
    collected: int
    up: int
    down: int
    today: bool


async def show(request: Request) -> Response:
    me = actor(request)
    station_id = me.station_id
    station = await stations.profile(station_id)
    figures: list[Figure] = []
    for area in request.app.state.areas:
        if area.figures:
            figures += [figure for figure in await area.figures(station_id) if figure.number]
    visits = [
        visit for area in request.app.state.areas if area.visits for visit in await area.visits(station_id)
    ]
    figures.sort(key=lambda figure: not figure.urgent)
    today = clock.today(station.zone)
    days = await day_stats.of_days(station_id, today - timedelta(days=DAYS - 1), today)
    return await render(
        request,
        "station/today.html",
        figures=figures,
        waiting=await parcels.count_waiting(station_id),
        sums=days.get(today.isoformat(), dict.fromkeys(day_stats.COUNTS, 0)),
        bars=_bars(days, station.zone),
        visits=visits,
        new=me.role is Role.KEEPER and not figures and not await _has_shelves(station_id),
        weekday=i18n.gettext(_WEEKDAYS[today.weekday()]),
    )


async def _has_shelves(station_id: int) -> bool:
    """Shelf 0 is the floor, which every station has."""
    return any(shelf["number"] for shelf in await racks.of_station(station_id))


def _bars(days: dict[str, dict[str, int]], zone: str) -> list[Bar]:
    today = clock.today(zone)
    dates = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    most = max((max(day["checked_in"], day["collected"]) for day in days.values()), default=0) or 1
    empty = dict.fromkeys(day_stats.COUNTS, 0)
    return [
        Bar(
            date.day,
            (day := days.get(date.isoformat(), empty))["checked_in"],
            day["collected"],
            round(day["checked_in"] * 100 / most),
            round(day["collected"] * 100 / most),
            date == today,
        )
        for date in dates
    ]


async def more(request: Request) -> Response:
    """F9: the pages that are not needed every minute."""
    return await render(request, "station/more.html")


ROUTES = [page("/", show, who=READERS, name="today"), page("/more", more, who=SIGNED_IN)]
