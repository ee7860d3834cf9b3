"""How fast the tray answers with a national amount of entries, beside PostgreSQL and tantivy as they come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import asyncpg
import httpx

from bench.core.lean_client import LeanClient
from bench.core.meter import Meter
from bench.core.options import Options
from bench.core.producing import fill, transactional_producer
from bench.core.report import Report
from bench.core.servers import Servers
from bench.core.services import ServiceAt
from bench.search.asking import Asked, Kind, asked, typed
from bench.search.demo import DAY, demo
from bench.search.loop import Ask, Timed, driver_limit, over_http, timed
from bench.search.made import TOPIC, Made, record
from bench.search.systems import BareTantivy, PostgresSearch
from bench.search.texts import Texts, texts
from catalog.adapters.content_files import load_content
from catalog.settings import CONTENT
from chassis.kafka.settings import KafkaSettings
from devstack.processes import StackError, free_port
from devstack.show import set_up_step

_ENTRIES = 100_000
_CLIENTS = 16
_QUESTIONS = 3000
_NEWS = 20
_MOST = 10
_READY_SECONDS = 900
_FOUND_SECONDS = 30
_TOPICS = (TOPIC, "hyte.listings.v1", "hyte.vocabularies.v1", "hyte.catalog.quality.v1")
_TRAY = "tray over HTTP"
_WORDS_ALONE = (Kind.ONE, Kind.TWO, Kind.BEGINNING)
"""What every system is asked; filters are the tray's alone."""


@dataclass(frozen=True)
class Pace:
    clients: int
    per_second: float

    def __str__(self) -> str:
        return f"{self.clients} client{'s' if self.clients > 1 else ''} at {self.per_second:g}/s"


_ALONE, _HALF, _BUSY = Pace(1, 6.25), Pace(_CLIENTS, 50), Pace(_CLIENTS, 100)


@dataclass(frozen=True)
class Load:
    """Each pace is kept for as long as the busiest needs for all questions."""

    made: Made
    entries: int
    questions: Sequence[Asked]

    @classmethod
    def of(cls, options: Options) -> Load:
        made, entries = Made(demo()), options.scaled(_ENTRIES, step=100)
        return cls(made, entries, asked(made, entries, max(160, options.scaled(_QUESTIONS))))

    def texts(self) -> list[Texts]:
        names, content = self.made.demo.names, load_content(CONTENT, on=DAY)
        return [texts(str(one.entry_id), one, names, content) for one in self.made.entries(self.entries)]


def measure(report: Report, options: Options, servers: Servers) -> None:
    load = Load.of(options)
    report.say(f"speed: {load.entries} entries, {len(load.questions)} questions in turn; from when each was due")
    ours = _tray(report, servers, load)
    with set_up_step(f"the words of {load.entries} entries for the other two"):
        documents = load.texts()
    _bare(report, load, documents)
    theirs = asyncio.run(_postgres(report, servers.new_database(), load, documents))
    for pace in ours:
        one, other = ours[pace].of(*_WORDS_ALONE), theirs[pace].of(*_WORDS_ALONE)
        report.ratio(f"PostgreSQL / tray, p95, {pace}", other.p95 / one.p95, at_least=20)
    report.say(f"driver: it asks an empty server up to {asyncio.run(driver_limit(_CLIENTS)):,.0f} questions/s")


_Timings = dict[Pace, Timed]


async def _at_every_pace(report: Report, name: str, load: Load, ask: Ask) -> _Timings:
    found = {}
    for pace in (_ALONE, _HALF, _BUSY):
        questions = load.questions[: round(len(load.questions) * pace.per_second / _BUSY.per_second)]
        found[pace] = await timed(ask, questions, per_second=pace.per_second, clients=pace.clients)
        aim = " (aim p99 < 20 ms)" if name == _TRAY and pace is _BUSY else ""
        report.say(f"{name}, {pace}: {found[pace].of()}{aim}")
    return found


def _tray(report: Report, servers: Servers, load: Load) -> _Timings:
    """The web role as it is deployed: a process that follows the topic into its index, asked over HTTP."""
    kafka = servers.new_topics(_TOPICS)
    with set_up_step(f"{load.entries} entries on their topic"):
        asyncio.run(fill(kafka.kafka, kafka.on_broker(TOPIC), load.made.records(load.entries)))
    service = ServiceAt("catalog", servers, kafka, {"HYTE_READ_RATE": "1000000/second"})
    port = free_port()
    began = time.perf_counter()
    with (
        service.run("web", ready_within=_READY_SECONDS, HYTE_HTTP_PORT=str(port)) as process,
        Meter({"web": process.pid}) as meter,
    ):
        report.say(f"tray: ready {time.perf_counter() - began:.1f} s after its process was started")
        timings = asyncio.run(_asked_tray(report, kafka, port, load))
    used = meter.usage()["web"]
    report.say(
        f"tray: {used.peak_bytes / 1e6:.0f} MB resident at most, {used.cpu_seconds:.0f} CPU-s while it was asked"
    )
    return timings


async def _asked_tray(report: Report, kafka: KafkaSettings, port: int, load: Load) -> _Timings:
    async with LeanClient(port) as client:
        ask = over_http(client)
        await timed(ask, load.questions[:100], per_second=20, clients=_CLIENTS)
        timings = await _at_every_pace(report, _TRAY, load, ask)
        for kind in Kind:
            report.say(f"{_TRAY}, {_HALF}, {kind}: {timings[_HALF].of(kind)}")
        await _suggested(report, client, load)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as patient:
        await _news(report, kafka, patient, load)
    return timings


async def _suggested(report: Report, client: LeanClient, load: Load) -> None:
    beginnings = [Asked(Kind.BEGINNING, text) for text in typed(load.questions, len(load.questions))]
    found = await timed(over_http(client, "/v1/suggest"), beginnings, per_second=_BUSY.per_second, clients=_CLIENTS)
    report.say(f"suggestions over HTTP, {_BUSY}: {found.of()} (aim p95 < 10 ms)")


async def _news(report: Report, kafka: KafkaSettings, client: httpx.AsyncClient, load: Load) -> None:
    """From before an entry is published until a question finds it by a word that only it has."""
    took = []
    async with transactional_producer(kafka.kafka, kafka.on_broker(TOPIC)) as producer:
        for number in range(_NEWS):
            word = f"uutuus{'aeiou'[number % 5]}{'klmnprst'[number // 5]}x"
            body = load.made.body(number)
            body["name"] = {"fi": {"text": word, "origin": "source"}}
            began = time.perf_counter()
            await producer.publish([record(body, version=2)])
            await _until_found(client, word)
            took.append(time.perf_counter() - began)
    report.say(f"event → found: median {1000 * median(took):.0f} ms, longest {1000 * max(took):.0f} ms of {_NEWS}")


async def _until_found(client: httpx.AsyncClient, word: str) -> None:
    deadline = time.monotonic() + _FOUND_SECONDS
    while (await client.get("/v1/entries", params={"q": word, "limit": "1"})).json()["match"] != "all":
        if time.monotonic() > deadline:
            raise StackError(f"an entry was not found {_FOUND_SECONDS} s after it was published")


def _bare(report: Report, load: Load, documents: Sequence[Texts]) -> None:
    began = time.perf_counter()
    index = BareTantivy(documents)
    report.say(f"bare tantivy: index built in {time.perf_counter() - began:.1f} s")

    async def ask(question: Asked) -> Sequence[str]:
        if question.kind is Kind.BEGINNING:
            return index.beginning(question.text, _MOST)
        return index.found(question.text, _MOST)

    asyncio.run(_at_every_pace(report, "bare tantivy in the driver's process", load, ask))


async def _postgres(report: Report, dsn: str, load: Load, documents: Sequence[Texts]) -> _Timings:
    async with asyncpg.create_pool(dsn, min_size=_CLIENTS, max_size=_CLIENTS) as pool:
        search = PostgresSearch(pool)
        began = time.perf_counter()
        await search.fill(documents)
        size = await search.bytes_used()
        report.say(f"PostgreSQL: index built in {time.perf_counter() - began:.1f} s, {size / 1e6:.0f} MB")

        async def ask(question: Asked) -> Sequence[str]:
            if question.kind is Kind.BEGINNING:
                return await search.beginning(question.text, _MOST)
            return await search.found(question.text, _MOST)

        return await _at_every_pace(report, "PostgreSQL without HTTP", load, ask)
