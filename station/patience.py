"""When a message may leave: quiet hours, and the pauses between tries."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# A modem that lost its network is often back within minutes, a phone that is switched off by the evening. After the
# last pause a person has to call: by then nearly eight hours of the day have passed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 120, 240))


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries (1, 2, …); None: enough, a person has to see to it."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def after_quiet(moment: datetime, zone: str, quiet_from: str, quiet_until: str) -> datetime:
    """`moment`, or the end of the quiet hours it falls in (local wall clock, `"21:00"`…`"07:30"`)."""
    begins, ends = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
    if begins == ends:
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    clock = local.time()
    if begins < ends:
        quiet, next_day = begins <= clock < ends, False
    else:
        quiet, next_day = clock >= begins or clock < ends, clock >= begins
    if not quiet:
        return moment
    wake = datetime.combine(local.date() + timedelta(days=next_day), ends, local.tzinfo)
    return wake.astimezone(moment.tzinfo)
