"""`relay`: events per second from outbox to topic, beside the same batches from memory."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg

from bench.core.meter import Meter
from bench.core.options import Options
from bench.core.producing import ToSend
from bench.core.program import Program
from bench.core.report import Measurement, Report
from bench.core.servers import Servers, started_servers
from bench.core.services import ServiceAt
from bench.listings.made import TOPIC, record
from bench.relay.latency import latencies
from event_schemas.listing import ListingPublished

_EVENTS = 100_000
_BATCH = 1000
_COLUMNS = (
    "id",
    "aggregatetype",
    "aggregateid",
    "type",
    "payload",
    "source",
    "time",
    "subject",
    "dataschema",
    "version",
)
_AT = datetime(2026, 11, 1, tzinfo=UTC)
RELAY, FLOOR = "outbox relay", "bare transactional producer"


def run(report: Report, options: Options) -> None:
    events = options.scaled(_EVENTS, step=_BATCH)
    with started_servers() as servers:
        for _ in range(options.repeats):
            report.add(_relayed(servers, events))
            report.add(_produced(servers, events))
        report.ratio("relay / floor, events per second", report.rate(RELAY) / report.rate(FLOOR), at_least=0.5)
        report.say("The relay's rows are committed at once before the clock runs: no driver works beside it.")
        latencies(report, servers, options)


def _relayed(servers: Servers, events: int) -> Measurement:
    kafka = servers.new_topics([TOPIC])
    service = ServiceAt("catalog", servers, kafka)
    with service.run("relay") as process, Meter({"relay": process.pid, **servers.pids}) as meter:
        seconds = asyncio.run(_write_and_wait(service.dsn, events))
    return Measurement(RELAY, events, seconds, meter.usage())


async def _write_and_wait(dsn: str, events: int) -> float:
    """Seconds from the commit of all rows to the deletion of the last."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            rows = [_row(record(number)) for number in range(events)]
            await connection.copy_records_to_table("outbox", records=rows, columns=_COLUMNS)
            await connection.execute("SELECT pg_notify('outbox', '')")
        began = time.perf_counter()
        # The highest number goes last, and looking for it costs the database next to nothing.
        while await connection.fetchval("SELECT max(seq) FROM outbox") is not None:  # noqa: ASYNC110 - another process's work
            await asyncio.sleep(0.02)
        return time.perf_counter() - began
    finally:
        await connection.close()


def _row(event: ToSend) -> tuple[object, ...]:
    key = event.key.decode()
    kind, schema = ListingPublished.event_type, ListingPublished.dataschema()
    return (uuid4(), TOPIC, key, kind, event.value, "urn:hytevirta:07:catalog", _AT, key, schema, 1)


def _produced(servers: Servers, events: int) -> Measurement:
    kafka = servers.new_topics([TOPIC])
    asked = {"kafka": kafka.kafka, "topic": kafka.on_broker(TOPIC), "events": events, "batch": _BATCH}
    with Program(["-m", "bench.relay.floor"], asked) as program:
        with Meter({"producer": program.pid, **servers.pids}) as meter:
            told = program.go()
        return Measurement(FLOOR, events, told["seconds"], meter.usage())
