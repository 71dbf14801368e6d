"""The demo village: 青禾驿站 with its people, so that no page is empty."""

from station import accounts, areas, racks, stations
from station.actor import Actor, Role
from station.db import sql
from station.errors import N_, Refusal, tell
from station.racks import Layout
from station.settings import Settings

CODE = "qinghe"
# Printed at every start and in the README: the demo listens on this machine alone.
PASSWORD = "qinghe-2026"  # noqa: S105
ACCOUNTS = (
    ("wang", "王梅", Role.KEEPER, "", ""),
    ("chen", "陈国", Role.VOLUNTEER, "", "1357"),
    ("li", "李珍", Role.VOLUNTEER, "", "2468"),
    ("liu", "刘师傅", Role.COURIER, "YTO", ""),
    ("zhao", "赵干事", Role.COUNTY, "", ""),
)

tell(
    {
        "which_station": (409, N_("There are several stations here. Name one of them with --station.")),
        "not_the_demo": (
            409,
            N_("There is a station here already. Give the demo village a STATION_DATA_DIR of its own."),
        ),
    }
)


async def open_village(settings: Settings) -> bool:
    """Found the village and let two days pass in it, unless there is any station already.

    Answers whether the demo village is what stands here.
    """
    if await stations.all_ids():
        return await sql.one("SELECT id FROM station WHERE code = ?", CODE) is not None
    station_id = await stations.found(
        CODE,
        "青禾驿站",
        place="云溪县河口镇青禾村",
        phone="0730-5550123",
        hours="8:30-18:00",
        zone=settings.timezone,
    )
    by = Actor.system(station_id)
    for login, name, role, carrier, pin in ACCOUNTS:
        await accounts.add(login, name, role, PASSWORD, carrier=carrier, pin=pin, by=by)
    await racks.lay_out_floor(by=by)
    for number in (1, 2, 3):
        await racks.lay_out(Layout(number=number, layers=4, bays=6, capacity=6), by=by)
    for area in areas.load():
        if area.demo:
            await area.demo(station_id)
    return True


def who_can_sign_in() -> str:
    """What `make run` prints under the address."""
    lines = [f"Demo accounts, password {PASSWORD}:"]
    lines += [
        f"  {login:5} {role.value}{f' of {carrier}' if carrier else ''}"
        for login, _, role, carrier, _ in ACCOUNTS
    ]
    return "\n".join(lines)


async def the_station(code: str | None, zone: str) -> int:
    """The id of the station with this code, or of the only one; the first command on an empty database founds it."""
    rows = await sql.rows("SELECT id, code FROM station ORDER BY id")
    if code:
        for row in rows:
            if row["code"] == code:
                return int(row["id"])
        return await stations.found(code, code, zone=zone)
    if len(rows) > 1:
        raise Refusal("which_station")
    return int(rows[0]["id"]) if rows else await stations.found("station", "驿站", zone=zone)
