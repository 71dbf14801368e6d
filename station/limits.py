"""Rate limits of what a stranger can reach: a bucket of tries for each address, in this process."""

import time
from dataclasses import dataclass, field

from starlette.requests import Request

from station.errors import N_, Refusal, tell

tell({"too_many": (429, N_("Too many tries from here. Wait {seconds} seconds and try again."))})


@dataclass(slots=True)
class Limit:
    """At most `tries` at once, refilled evenly within `per` seconds."""

    tries: int
    per: float
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def spend(self, request: Request) -> None:
        """Count this request; raises Refusal `too_many` when its address has no try left."""
        address = request.client.host if request.client else ""
        now = time.monotonic()
        left, then = self._buckets.get(address, (float(self.tries), now))
        left = min(float(self.tries), left + (now - then) * self.tries / self.per)
        if left < 1:
            raise Refusal("too_many", seconds=int((1 - left) * self.per / self.tries) + 1)
        if len(self._buckets) > 10_000:
            self._buckets.clear()
        self._buckets[address] = (left - 1, now)
