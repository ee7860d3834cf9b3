"""The outbox's sending side: one relay per database, in commit order per key, fenced by the broker.

A batch is one Kafka transaction under the database's own transactional id; its rows are deleted after the commit.
Killed in between, the batch is published again with the same ids and versions: consumers stop repeats. A relay that was
paused and wakes up finds its transactional id taken (fenced) and stands by; the lease in the database only decides who
may take the id.
"""

from __future__ import annotations

import asyncio
import time
from asyncio import Future
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerFenced

from chassis.core.backoff import Backoff
from chassis.core.health import Health
from chassis.core.process import Loop
from chassis.kafka.errors import REFUSALS
from chassis.kafka.producers import started
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import missing_topics
from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import is_outage
from chassis.postgres.queries import queries
from chassis.telemetry.metrics import OUTBOX_BACKLOG, OUTBOX_OLDEST, OUTBOX_PARKED, OUTBOX_PUBLISHED
from event_schemas.codec import headers_of
from event_schemas.envelope import Envelope

log = structlog.get_logger(__name__)

_LEASE = timedelta(seconds=10)
_IDLE = timedelta(seconds=1)
_BATCH = 1000
# A broker that is gone in the midst of a transaction is noticed by this, well before the loop counts as stuck.
_LONGEST_TURN = timedelta(seconds=30)
_LONGEST_STOP = timedelta(seconds=5)
_MOST_REQUEST_BYTES = 1_040_000


class Relay:
    """A part: publishes the outbox of one database. `wake` is called when rows have been written."""

    def __init__(self, database: Database, *, kafka: KafkaSettings, service: str, health: Health) -> None:
        self.name = "relay"
        self._database = database
        self._kafka = kafka
        self._service = service
        self._health = health
        self._holder: UUID = uuid4()
        self._producer: AIOKafkaProducer | None = None
        self._failures = 0
        self._renew_at = 0.0
        self._batch = _BATCH
        self._topics: set[str] = set()
        self._loop = Loop(self.name, self._turn, health=health)

    def wake(self) -> None:
        self._loop.wake()

    async def start(self) -> None:
        await self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()
        await self._stand_down()

    async def failure(self) -> BaseException:
        return await self._loop.failure()

    async def _turn(self) -> timedelta | None:
        try:
            if not await self._elected():
                await self._drop_producer()
                return _IDLE
            sent = await asyncio.wait_for(self._publish_batch(), _LONGEST_TURN.total_seconds())
        except ProducerFenced:
            log.warning("fenced by another relay, standing by", service=self._service)
            await self._drop_producer()
            return _IDLE
        except Exception as exc:
            if not (isinstance(exc, KafkaError) or is_outage(exc)):
                raise
            return await self._after_failure(exc)
        self._failures = 0
        self._health.ready(self.name)
        return None if sent else _IDLE

    async def _after_failure(self, error: Exception) -> timedelta:
        self._failures += 1
        self._topics.clear()
        log.warning(
            "relay cannot publish", service=self._service, attempt=self._failures, error_type=type(error).__name__
        )
        self._health.not_ready(self.name, f"waiting: {type(error).__name__}")
        await self._drop_producer()
        return Backoff().wait(self._failures)

    async def _elected(self) -> bool:
        """Renews the lease when half of it is over; in between the broker's fence is enough."""
        return time.monotonic() < self._renew_at or await self._renew()

    async def _renew(self) -> bool:
        now = time.monotonic()
        async with self._database.connection() as connection:
            await self._measure(connection)
            seconds = _LEASE.total_seconds()
            taken = await queries.take_lease(connection, name="outbox", holder=self._holder, seconds=seconds)
        self._renew_at = now + seconds / 2 if taken else 0.0
        return bool(taken)

    async def _measure(self, connection: Connection) -> None:
        state = await queries.outbox_state(connection)
        OUTBOX_BACKLOG.labels(self._service).set(state["backlog"])
        OUTBOX_OLDEST.labels(self._service).set(state["oldest_seconds"])
        OUTBOX_PARKED.labels(self._service).set(state["refused"])

    async def _publish_batch(self) -> bool:
        """Whether there may be more to do at once.

        The producer comes first, then the lease is looked at once more, and then the rows are read: whoever takes the
        transactional id after that fences this batch, so that rows read before another's work are never sent after it.
        """
        fresh = self._producer is None
        producer = await self._connected()
        if fresh and not await self._renew():
            return False
        async with self._database.connection() as connection:
            rows = [row async for row in queries.unsent(connection, batch=self._batch)]
        if not rows or await self._refuse_missing_topics(rows):
            return bool(rows)
        try:
            await self._send(producer, rows)
        except (*REFUSALS, ValueError) as exc:
            await self._narrow_down(rows, exc)
            return True
        full = len(rows) == self._batch
        self._batch = min(self._batch * 2, _BATCH)
        return full

    async def _narrow_down(self, rows: Sequence[asyncpg.Record], error: Exception) -> None:
        """Half the batch until a row stands alone; that one is refused. The rows are read anew each time."""
        await self._drop_producer()
        if len(rows) == 1:
            await self._refuse(rows[0], error)
            self._batch = _BATCH
        else:
            self._batch = max(1, len(rows) // 2)

    async def _refuse_missing_topics(self, rows: Sequence[asyncpg.Record]) -> bool:
        """Refuses the rows of topics that are not there, without waiting for the client to give up on each."""
        unknown = sorted({row["aggregatetype"] for row in rows} - self._topics)
        missing = await missing_topics(self._kafka, unknown) if unknown else []
        self._topics |= set(unknown) - set(missing)
        for topic in missing:
            log.error("a topic is missing; its events wait", topic=topic)
            seqs = [row["seq"] for row in rows if row["aggregatetype"] == topic]
            async with self._database.connection() as connection:
                await queries.refuse_topic(connection, topic=topic, reason="the topic is missing", seqs=seqs)
        return bool(missing)

    async def _refuse(self, row: asyncpg.Record, error: Exception) -> None:
        log.error(
            "the broker refuses an event; its key waits",
            topic=row["aggregatetype"],
            seq=row["seq"],
            error_type=type(error).__name__,
        )
        async with self._database.connection() as connection:
            await queries.refuse(connection, seq=row["seq"], reason=type(error).__name__)

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> None:
        async with producer.transaction():
            futures = [await self._enqueue(producer, row) for row in rows]
            for future in futures:
                await future
        await self._delete(rows)
        for row in rows:
            OUTBOX_PUBLISHED.labels(row["aggregatetype"]).inc()

    async def _delete(self, rows: Sequence[asyncpg.Record]) -> None:
        async with self._database.connection() as connection:
            await queries.delete_sent(connection, seqs=[row["seq"] for row in rows])

    async def _enqueue(self, producer: AIOKafkaProducer, row: asyncpg.Record) -> Future[Any]:
        topic = self._kafka.on_broker(row["aggregatetype"])
        sent: Future[Any] = await producer.send(
            topic,
            value=row["payload"],
            key=row["aggregateid"].encode(),
            headers=headers_of(_envelope(row)),
            timestamp_ms=int(row["time"].timestamp() * 1000),
        )
        return sent

    async def _connected(self) -> AIOKafkaProducer:
        """The producer; its start takes the transactional id and fences whoever held it."""
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._kafka.kafka,
                transactional_id=self._kafka.on_broker(f"{self._service}-outbox"),
                transaction_timeout_ms=15_000,
                request_timeout_ms=10_000,
                max_request_size=_MOST_REQUEST_BYTES,
                linger_ms=2,
            )
            self._producer = await started(producer)
        return self._producer

    async def _drop_producer(self) -> None:
        self._renew_at = 0.0
        if self._producer is not None:
            producer, self._producer = self._producer, None
            with suppress(TimeoutError):
                await asyncio.wait_for(producer.stop(), _LONGEST_STOP.total_seconds())

    async def _stand_down(self) -> None:
        await self._drop_producer()
        try:
            async with self._database.connection() as connection:
                await queries.release_lease(connection, name="outbox", holder=self._holder)
        except Exception as exc:
            if not is_outage(exc):
                raise
            log.warning("lease not given back; it runs out by itself", service=self._service)


def _envelope(row: asyncpg.Record) -> Envelope:
    return Envelope(
        id=str(row["id"]),
        source=row["source"],
        type=row["type"],
        time=row["time"],
        subject=row["subject"],
        dataschema=row["dataschema"],
        version=row["version"],
        traceparent=row["traceparent"],
    )
