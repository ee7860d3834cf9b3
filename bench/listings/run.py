"""`listings-to-entries`: how fast a topic of listings becomes merged, filed entries in the catalogue's database."""

from __future__ import annotations

import asyncio
import time

import asyncpg

from bench.core.meter import Meter
from bench.core.options import Options
from bench.core.producing import fill
from bench.core.program import Program
from bench.core.report import Measurement, Report
from bench.core.servers import Servers, started_servers
from bench.core.services import ServiceAt
from bench.listings.made import TOPIC, entries_of, record
from chassis.kafka.follow import assigned, caught_up
from chassis.kafka.settings import KafkaSettings
from devstack.processes import Process, StackError
from devstack.show import set_up_step

_SMALL, _LARGE = 10_000, 100_000
_TOPICS = (TOPIC, "hyte.vocabularies.v1", "hyte.catalog.entries.v1", "hyte.catalog.quality.v1")
_LONGEST_SECONDS = 900
# Without the content pack's own listings, which are in no topic.
_COUNTS = """
SELECT (SELECT count(*) FROM listing WHERE NOT starts_with(listing_id, 'content:')),
       (SELECT count(*) FROM entry WHERE NOT starts_with(listing_ids[1], 'content:'))
"""


def run(report: Report, options: Options) -> None:
    small, large = options.scaled(_SMALL, step=100), options.scaled(_LARGE, step=100)
    with started_servers() as servers:
        for listings in (small, large):
            for _ in range(options.repeats):
                _once(report, servers, listings)
            ratio = report.rate(_name("catalogue", listings)) / report.rate(_name("floor", listings))
            report.ratio(f"catalogue / floor, {listings} listings", ratio, at_least=0.6)
    growth = _seconds(report, large) / _seconds(report, small)
    report.ratio(f"time of {large} listings / time of {small}", growth, at_most=11)


def _once(report: Report, servers: Servers, listings: int) -> None:
    """Floor and subject read the same topic, each into a database of its own."""
    kafka = servers.new_topics(_TOPICS)
    with set_up_step(f"{listings} listings on their topic"):
        asyncio.run(fill(kafka.kafka, kafka.on_broker(TOPIC), (record(number) for number in range(listings))))
    bare = asyncio.run(_read_alone(kafka, listings))
    report.add(_filed(servers, kafka, listings))
    report.add(floor := _floor(servers, kafka, listings))
    report.say(f"driver: the broker gives {bare:,.0f} listings/s, {bare * floor.seconds / listings:.1f} × the floor")


def _name(subject: str, listings: int) -> str:
    return f"{subject}, {listings}"


def _seconds(report: Report, listings: int) -> float:
    return listings / report.rate(_name("catalogue", listings))


def _filed(servers: Servers, kafka: KafkaSettings, listings: int) -> Measurement:
    """From when the process is ready to its last entry: a reader that is far behind, as after a new roll-out."""
    service = ServiceAt("catalog", servers, kafka)
    with service.run("projector") as process, Meter({"catalogue": process.pid, **servers.pids}) as meter:
        began = time.perf_counter()
        asyncio.run(_all_filed(service.dsn, process, listings))
        seconds = time.perf_counter() - began
    return Measurement(_name("catalogue", listings), listings, seconds, meter.usage())


async def _all_filed(dsn: str, process: Process, listings: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        deadline = time.monotonic() + _LONGEST_SECONDS
        while not await _is_filed(connection, listings):
            if process.returncode is not None or time.monotonic() > deadline:
                raise StackError(f"the catalogue did not file {listings} listings: {process.last_words()}")
            await asyncio.sleep(0.25)
    finally:
        await connection.close()


async def _is_filed(connection: asyncpg.Connection[asyncpg.Record], listings: int) -> bool:
    """Cheap while there is much to do: whether listings wait is asked first; rows are counted when none does."""
    if await connection.fetchval(
        "SELECT EXISTS (SELECT FROM dirty_listing) OR EXISTS (SELECT FROM listing WHERE to_match)"
    ):
        return False
    counts = await connection.fetchrow(_COUNTS)
    return tuple(counts or ()) == (listings, entries_of(listings))


def _floor(servers: Servers, kafka: KafkaSettings, listings: int) -> Measurement:
    dsn = ServiceAt("catalog", servers, kafka).dsn
    asked = {"kafka": kafka.kafka, "topic": kafka.on_broker(TOPIC), "dsn": dsn, "listings": listings}
    with Program(["-m", "bench.listings.floor"], asked) as program:
        with Meter({"floor": program.pid, **servers.pids}) as meter:
            told = program.go()
        return Measurement(_name("floor", listings), listings, told["seconds"], meter.usage())


async def _read_alone(kafka: KafkaSettings, listings: int) -> float:
    """Listings per second that a client reads and throws away."""
    async with assigned(kafka, [TOPIC]) as consumer:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        began = time.perf_counter()
        while not await caught_up(consumer, ends):
            await consumer.getmany(timeout_ms=200, max_records=1000)
        return listings / (time.perf_counter() - began)
