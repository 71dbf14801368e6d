"""The template environment: what every page knows (language, station, signboard) and how things are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from station import assets, clock, i18n, stations
from station.actor import Actor
from station.areas import Area
from station.db import sql
from station.money import format_fen
from station.names import masked_name
from station.phones import mask, print_mask

_COUNTS = (
    "SELECT (SELECT count(*) FROM message WHERE station_id = ? AND state = 'needs_person') AS unsent,"
    " (SELECT count(*) FROM parcel WHERE station_id = ? AND state = 'waiting' AND arrived_at < ?) AS overdue"
)


@dataclass(frozen=True, slots=True)
class NavItem:
    key: str
    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    label: str
    href: str
    level: str


class Screens:
    """Renders pages. One for each app; `areas` give the signboard its places."""

    def __init__(self, areas: Sequence[Area], templates: str) -> None:
        self.places = sorted((place for area in areas for place in area.nav), key=lambda place: place.key)
        self.more = [place for area in areas for place in area.more]
        self.env = _environment(templates)

    async def respond(
        self, request: Request, template: str, status: int, context: dict[str, Any]
    ) -> Response:
        known = await self.context(request)
        html = self.env.get_template(template).render({**known, **context})
        headers = {"vary": "HX-Request, Cookie, Accept-Language", "content-language": known["lang"]}
        return HTMLResponse(html, status, headers)

    async def context(self, request: Request) -> dict[str, Any]:
        """What base.html needs, whoever asks."""
        me: Actor | None = getattr(request.state, "actor", None)
        station = await stations.profile(me.station_id) if me else None
        path = request.url.path
        return {
            "me": me,
            "station": station,
            "zone": ZoneInfo(station.zone if station else "Asia/Shanghai"),
            "nav": self._nav(me, path),
            "more": [place for place in self.more if me and me.role in place.who],
            "counts": await self._counts(station) if station else [],
            "lang": i18n.language().replace("_", "-"),
            "large": request.cookies.get("large") == "1",
            "path": path,
            "now": clock.now(),
        }

    def _nav(self, me: Actor | None, path: str) -> list[NavItem]:
        seen = [place for place in self.places if me and me.role in place.who]
        current = max((place.href for place in seen if _under(path, place.href)), key=len, default=None)
        return [
            NavItem(place.key, place.href, i18n.gettext(place.label), place.href == current) for place in seen
        ]

    async def _counts(self, station: stations.Profile) -> list[Count]:
        old = clock.overdue_before(station.zone, station.overdue_days)
        row = await sql.one(_COUNTS, station.id, station.id, old)
        assert row is not None
        _ = i18n.gettext
        return [
            Count(row["unsent"], _("SMS not sent"), "/messages?show=needs_person", _level(row["unsent"])),
            Count(row["overdue"], _("overdue"), "/parcels?show=overdue", _level(row["overdue"])),
        ]


@cache
def _environment(templates: str) -> jinja2.Environment:
    """One for all apps of this process: a template is compiled once."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
    )
    env.globals.update(_=i18n.gettext, gettext=i18n.gettext, ngettext=i18n.ngettext, asset=assets.url)
    env.filters.update(
        fen=format_fen,
        tail=mask,
        print_tail=print_mask,
        masked=masked_name,
        clock=show_clock,
        day=show_day,
    )
    return env


def _under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def _level(number: int) -> str:
    return "ask" if number else "calm"


@jinja2.pass_context
def show_clock(context: jinja2.runtime.Context, moment: datetime | str) -> str:
    """10:34 by the station's clock."""
    return sql.moment(moment).astimezone(context["zone"]).strftime("%H:%M")


@jinja2.pass_context
def show_day(context: jinja2.runtime.Context, moment: datetime | str, year: bool = False) -> str:
    """11 月 22 日, or 22 Nov. With `year`, for papers that are kept: 2026年11月22日, or 22 Nov 2026."""
    local = sql.moment(moment).astimezone(context["zone"])
    if context["lang"] != "zh-CN":
        return f"{local.day} {local:%b %Y}" if year else f"{local.day} {local:%b}"
    return f"{local.year}年{local.month}月{local.day}日" if year else f"{local.month} 月 {local.day} 日"
