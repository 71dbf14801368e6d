"""What load balancers, systemd and Prometheus ask."""

from starlette.applications import Starlette

from station import clock
from station.areas import Area, Job
from station.settings import Settings
from station.worker import Worker
from tests.station.visits import visit
from tests.village import Browser, Village


async def nothing(settings: Settings) -> None:
    """A job that has nothing to do."""


async def test_the_process_is_alive_without_a_station(web: Starlette) -> None:
    async with visit(web) as prober:
        answer = await prober.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_it_is_ready_while_a_worker_works(web: Starlette, settings: Settings) -> None:
    job = Job("pulse", 60.0, nothing)
    async with visit(web) as prober:
        silent = await prober.get("/readyz")
        assert (silent.status_code, silent.json()) == (503, {"database": "ok", "worker": "silent"})
        assert await Worker(settings, [Area("heart", (), jobs=(job,))]).run(job)
        ready = await prober.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"database": "ok", "worker": "ok"})
        with clock.later(minutes=4):
            assert (await prober.get("/readyz")).status_code == 503
        with clock.later(days=-1):  # the clock was wrong then: it says nothing about now
            assert (await prober.get("/readyz")).status_code == 503


async def test_the_metrics_name_routes_and_never_what_was_asked(
    web: Starlette, open_village: Village, browse: Browser
) -> None:
    client = await browse(open_village.chen)
    await client.get("/parcels?q=13900000152")
    await client.get("/parcels/471147114")
    metrics = (await client.get("/metrics")).text
    assert 'station_request_seconds_count{method="GET",route="/parcels",status="200"}' in metrics
    assert 'route="/parcels/{parcel_id:int}",status="404"' in metrics
    assert "13900000152" not in metrics
    assert "471147114" not in metrics
