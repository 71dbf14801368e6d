"""What /metrics tells Prometheus."""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# When each series began is of no use to a village, and doubles the page.
disable_created_metrics()  # type: ignore[no-untyped-call]

REQUESTS = Histogram(
    "station_request_seconds",
    "Time to answer, by route",
    ["method", "route", "status"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2),
)
MESSAGES = Counter(
    "station_messages_total", "Messages handed to the gateway, by outcome", ["gateway", "outcome"]
)
MESSAGES_WAITING = Gauge("station_messages_waiting", "Messages that have not left yet")
JOBS = Counter("station_jobs_total", "Runs of the worker's jobs, by outcome", ["job", "outcome"])
