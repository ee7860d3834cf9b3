"""How long after its commit an event is visible, at a steady rate; beside a producer that needs no database."""

from __future__ import annotations

import asyncio
import time

import asyncpg

from bench.core.arrivals import Arrivals, arrivals, at_rate, most_per_second
from bench.core.numbers import Latencies
from bench.core.options import Options
from bench.core.producing import TransactionalProducer, transactional_producer
from bench.core.report import Report
from bench.core.servers import Servers
from bench.core.services import ServiceAt
from bench.listings.made import TOPIC, record
from chassis.core.clock import new_id, utc_now
from chassis.kafka.settings import KafkaSettings
from chassis.postgres.outbox import Outbox, Outgoing
from event_schemas.listing import ListingPublished

_RATE = 200
_SECONDS = 50
_CONNECTIONS = 8


def latencies(report: Report, servers: Servers, options: Options) -> None:
    count = options.scaled(_RATE * _SECONDS, step=2 * _RATE)
    kafka = servers.new_topics([TOPIC])
    service = ServiceAt("catalog", servers, kafka)
    with service.run("relay"):
        relayed, most = asyncio.run(_committed(service.dsn, kafka, count))
    sent = asyncio.run(_sent(servers.new_topics([TOPIC]), count))
    report.say(f"commit → visible through the relay at {_RATE}/s: {relayed}")
    report.say(f"sent → visible from a transactional producer alone at {_RATE}/s: {sent}")
    report.ratio(f"relay / floor, p50 at {_RATE}/s", relayed.p50 / sent.p50)
    report.say(f"driver: it commits up to {most:,.0f}/s, {most / _RATE:.1f} × the rate measured")


async def _committed(dsn: str, kafka: KafkaSettings, count: int) -> tuple[Latencies, float]:
    async with (
        asyncpg.create_pool(dsn, min_size=_CONNECTIONS, max_size=_CONNECTIONS) as pool,
        arrivals(kafka, TOPIC) as seen,
    ):
        writer = _Writer(pool)
        await at_rate(_RATE, count, writer.write)
        measured = await _between(writer.committed, seen)
        most = await most_per_second(writer.write, range(count, count + 1000), at_once=_CONNECTIONS)
    return measured, most


class _Writer:
    """Events into the outbox, one a transaction."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self.committed: dict[bytes, float] = {}
        self._pool = pool
        self._outbox = Outbox(source="urn:hytevirta:07:catalog", clock=utc_now, new_id=new_id)

    async def write(self, number: int, _due: float) -> None:
        one = record(number)
        event = Outgoing(TOPIC, one.key.decode(), ListingPublished.from_json(one.value), body=one.value)
        async with self._pool.acquire() as connection, connection.transaction():
            await self._outbox.append(connection, [event])
        self.committed[one.key] = time.perf_counter()


async def _sent(kafka: KafkaSettings, count: int) -> Latencies:
    async with (
        transactional_producer(kafka.kafka, kafka.on_broker(TOPIC), linger_ms=0) as producer,
        arrivals(kafka, TOPIC) as seen,
    ):
        sender = _Sender(producer)
        await at_rate(_RATE, count, sender.send)
        return await _between(sender.sent, seen)


class _Sender:
    """What has come while one transaction was under way goes together in the next."""

    def __init__(self, producer: TransactionalProducer) -> None:
        self.sent: dict[bytes, float] = {}
        self._producer = producer
        self._waiting: list[int] = []
        self._turn = asyncio.Lock()

    async def send(self, number: int, due: float) -> None:
        self._waiting.append(number)
        self.sent[record(number).key] = due
        async with self._turn:
            batch, self._waiting = [record(one) for one in self._waiting], []
            if batch:
                await self._producer.publish(batch)


async def _between(begun: dict[bytes, float], seen: Arrivals) -> Latencies:
    keys = list(begun)
    moments = await seen.all_of(keys)
    return Latencies.of([moment - begun[key] for key, moment in zip(keys, moments, strict=True)])
