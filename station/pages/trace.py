"""The public page of a lot: where these goods come from. Nobody signs in, and nothing is told of anybody else."""

from starlette.requests import Request
from starlette.responses import Response

from station import traces
from station.access import ANYONE
from station.errors import N_, Refusal, tell
from station.limits import Limit
from station.web import page, render

tell(
    {
        "no_trace": (
            404,
            N_("There is no such trace code. Compare it with the label once more; it has 12 characters."),
        ),
    }
)
# Somebody reads the label in the kitchen; a program that walks through codes is stopped.
LOOKS = Limit(tries=30, per=60)


async def show_trace(request: Request) -> Response:
    LOOKS.spend(request)
    lot = await traces.by_trace(request.path_params["code"], request.path_params["trace_code"].upper())
    if lot is None:
        raise Refusal("no_trace")
    answer = await render(request, "station/trace.html", lot=lot, size=_size(lot["amount"]))
    answer.headers["x-robots-tag"] = "noindex, nofollow"
    return answer


def _size(amount: int) -> tuple[int, int | None]:
    """Between which numbers the amount lies: a stranger need not know how much a family brought."""
    for low, high in ((1, 50), (50, 200), (200, 500), (500, 1000)):
        if amount <= high:
            return low, high
    return 1000, None


ROUTES = [page("/trace/{code}/{trace_code}", show_trace, who=ANYONE, name="trace")]
