"""`ptv-read`: a country's PTV to the topic of listings, cold, unchanged, and with one object of a hundred changed."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import asyncpg
import orjson

from bench.core.meter import Meter
from bench.core.options import Options
from bench.core.program import Program
from bench.core.report import Measurement, Report
from bench.core.servers import Servers, started_servers
from bench.core.services import ServiceAt
from bench.ptv_read.dlt_environment import dlt_python
from bench.ptv_read.pages import PageServer, page_server
from devstack.processes import StackError
from devstack.simulators.ptv.national import Country, Sizes
from devstack.simulators.ptv.national_places import COUNTIES, ELSEWHERE, KANTA_HAME, REGIONS

_AT_ONCE = 4
"""Requests in flight, the service's own default."""
_TOPICS = ("hyte.listings.v1", "hyte.vocabularies.v1", "hyte.ingest-runs.v1")
_LONGEST_SECONDS = 3600
_DLT = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}
FLOOR = "httpx + orjson loop"
COLD, SAME, SAME_FULL, CHANGED = (
    f"ptv-ingest, {phase}" for phase in ("cold", "unchanged", "unchanged, full read", "1 % changed")
)
DLT_COLD, DLT_SAME, DLT_CHANGED = (f"dlt, {phase}" for phase in ("cold", "unchanged", "1 % changed"))


def run(report: Report, options: Options) -> None:
    python = dlt_python()
    country = Country(Sizes.scaled(options.size))
    with started_servers() as servers, page_server(country, servers) as pages:
        race = _Race(report, servers, pages, country.sizes.services, options)
        for _ in range(options.repeats):
            race.floor()
            race.ours()
            race.dlt(python)
        _compare(report)
        _prove_the_driver(report, pages, country.sizes.services)


class _Race:
    """The subjects over the same pages, broker and database server; each has a database of its own."""

    def __init__(self, report: Report, servers: Servers, pages: PageServer, services: int, options: Options) -> None:
        self._report = report
        self._servers = servers
        self._pages = pages
        self._services = services
        self._options = options
        self._pids = {**servers.pids, "pages": pages.pid}

    def floor(self) -> None:
        self._pages.switch(changed=False)
        with Program(["-m", "bench.ptv_read.floor"], {"url": self._pages.url, "at_once": _AT_ONCE}) as program:
            with Meter({"loop": program.pid, **self._pids}) as meter:
                told = program.go()
            self._report.add(Measurement(FLOOR, self._services, told["seconds"], meter.usage()))

    def ours(self) -> None:
        settings = {"HYTE_PTV_URL": self._pages.url, "HYTE_PTV_API_KEY": "local", "HYTE_PTV_IN_FLIGHT": str(_AT_ONCE)}
        scope = _whole_country() if self._options.whole_country else {}
        service = ServiceAt("ptv_ingest", self._servers, self._servers.new_topics(_TOPICS), {**settings, **scope})
        self._pages.switch(changed=False)
        began = time.perf_counter()
        service.command("--help")
        self._report.say(
            f"of each of ptv-ingest's runs, {time.perf_counter() - began:.2f} s are the start of its process"
        )
        with service.run("relay") as relay:
            self._synced(service, relay.pid, COLD, "--full")
            self._synced(service, relay.pid, SAME)
            self._synced(service, relay.pid, SAME_FULL, "--full")
            self._pages.switch(changed=True)
            self._synced(service, relay.pid, CHANGED)

    def _synced(self, service: ServiceAt, relay: int, phase: str, *words: str) -> None:
        """From the start of the command until nothing waits for the relay."""
        began = time.perf_counter()
        sync = service.spawn("sync", *words)
        with Meter({"sync": sync.pid, "relay": relay, **self._pids}) as meter:
            if sync.wait(_LONGEST_SECONDS) != 0:
                raise StackError(f"{phase}: sync ended with code {sync.returncode}: {sync.last_words()}")
            asyncio.run(_all_published(service.dsn))
            seconds = time.perf_counter() - began
        self._report.add(Measurement(phase, self._services, seconds, meter.usage()))
        self._report.say(f"{phase}: {sync.last_words(1)}")

    def dlt(self, python: str) -> None:
        dsn, folder = self._servers.new_database(), str(self._servers.scratch / "dlt" / uuid4().hex)
        for phase, changed in ((DLT_COLD, False), (DLT_SAME, False), (DLT_CHANGED, True)):
            self._pages.switch(changed=changed)
            asked = {"url": self._pages.url, "dsn": dsn, "folder": folder}
            settings = {**_DLT, "DLT_DATA_DIR": folder}
            with (
                Program(["bench/ptv_read/dlt_peer.py"], asked, python=python, settings=settings) as program,
                Meter({"dlt": program.pid, **self._pids}) as meter,
            ):
                told = program.go()
            if told["services"] != self._services:
                raise StackError(f"{phase}: dlt has {told['services']} services, not {self._services}")
            self._report.add(Measurement(phase, self._services, told["seconds"], meter.usage()))


def _whole_country() -> dict[str, str]:
    lists = {
        "HYTE_PTV_MUNICIPALITIES": [*KANTA_HAME, *ELSEWHERE],
        "HYTE_PTV_REGIONS": ["05", *REGIONS],
        "HYTE_PTV_COUNTIES": ["07", *COUNTIES],
    }
    return {name: orjson.dumps(sorted(set(codes))).decode() for name, codes in lists.items()}


async def _all_published(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        while await connection.fetchval("SELECT max(seq) FROM outbox") is not None:  # noqa: ASYNC110 - the relay's work
            await asyncio.sleep(0.02)
    finally:
        await connection.close()


def _compare(report: Report) -> None:
    rate = report.rate
    report.ratio("cold / loop", rate(COLD) / rate(FLOOR), at_least=0.6)
    report.ratio("cold / dlt cold", rate(COLD) / rate(DLT_COLD), at_least=5)
    report.ratio("unchanged / dlt unchanged", rate(SAME) / rate(DLT_SAME), at_least=50)
    report.ratio("unchanged with a full read / dlt unchanged", rate(SAME_FULL) / rate(DLT_SAME))
    report.ratio("1 % changed / dlt 1 % changed", rate(CHANGED) / rate(DLT_CHANGED))
    peak = max(run.usage["sync"].peak_bytes for phase in (COLD, SAME_FULL) for run in report.measurements[phase])
    report.say(f"peak memory of the reading process: {peak / 1e6:.0f} MB (aim < 600 MB)")


def _prove_the_driver(report: Report, pages: PageServer, services: int) -> None:
    pages.switch(changed=False)
    drained = services / pages.drained_in(readers=_AT_ONCE)
    report.say(
        f"driver: the page server gives {drained:,.0f} services/s, {drained / report.rate(FLOOR):.1f} × the loop"
    )
