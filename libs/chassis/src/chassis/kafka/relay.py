"""The outbox's sending side: one relay per database, in commit order per key, fenced by the broker.

A batch is one Kafka transaction under the database's own transactional id; its rows are deleted after the commit.
Killed in between, the batch is published again with the same ids and versions: consumers stop repeats. A relay that was
paused and wakes up finds its transactional id taken (fenced) and stands by; the lease in the database only decides who
may take the id.
"""

from __future__ import annotations

import time
from asyncio import Future
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerFenced,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from chassis.core.backoff import Backoff
from chassis.core.health import Health
from chassis.core.process import Loop
from chassis.kafka.settings import KafkaSettings
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
_REFUSALS = (
    MessageSizeTooLargeError,
    RecordTooLargeError,
    RecordListTooLargeError,
    InvalidTopicError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
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
            sent = await self._publish_batch()
        except ProducerFenced:
            log.warning("fenced by another relay, standing by", service=self._service)
            await self._drop_producer()
            return _LEASE
        except Exception as exc:
            if not (isinstance(exc, KafkaError) or is_outage(exc)):
                raise
            return await self._after_failure(exc)
        self._failures = 0
        self._health.ready(self.name)
        return None if sent == _BATCH else _IDLE

    async def _after_failure(self, error: Exception) -> timedelta:
        self._failures += 1
        log.warning(
            "relay cannot publish", service=self._service, attempt=self._failures, error_type=type(error).__name__
        )
        self._health.not_ready(self.name, f"waiting: {type(error).__name__}")
        await self._drop_producer()
        return Backoff().wait(self._failures)

    async def _elected(self) -> bool:
        """Renews the lease when half of it is over; in between the broker's fence is enough."""
        now = time.monotonic()
        if now < self._renew_at:
            return True
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

    async def _publish_batch(self) -> int:
        async with self._database.connection() as connection:
            rows = [row async for row in queries.unsent(connection, batch=_BATCH)]
        if not rows:
            return 0
        try:
            await self._send(rows)
        except _REFUSALS:
            await self._send_singly(rows)
        return len(rows)

    async def _send_singly(self, rows: Sequence[asyncpg.Record]) -> None:
        """Finds the row that the broker refuses: its key waits with a reason, the others flow."""
        refused: set[tuple[str, str]] = set()
        for row in rows:
            slot = (row["aggregatetype"], row["aggregateid"])
            if slot in refused:
                continue
            try:
                await self._send([row])
            except _REFUSALS as exc:
                refused.add(slot)
                await self._refuse(row, exc)

    async def _refuse(self, row: asyncpg.Record, error: KafkaError) -> None:
        log.error(
            "the broker refuses an event; its key waits",
            topic=row["aggregatetype"],
            seq=row["seq"],
            error_type=type(error).__name__,
        )
        async with self._database.connection() as connection:
            await queries.refuse(connection, seq=row["seq"], reason=type(error).__name__)

    async def _send(self, rows: Sequence[asyncpg.Record]) -> None:
        producer = await self._connected()
        try:
            async with producer.transaction():
                futures = [await self._enqueue(producer, row) for row in rows]
                for future in futures:
                    await future
        except _REFUSALS:
            await self._drop_producer()
            raise
        await self._delete(rows)
        for row in rows:
            OUTBOX_PUBLISHED.labels(row["aggregatetype"]).inc()

    async def _delete(self, rows: Sequence[asyncpg.Record]) -> None:
        async with self._database.connection() as connection:
            await queries.delete_sent(connection, seqs=[row["seq"] for row in rows])

    async def _enqueue(self, producer: AIOKafkaProducer, row: asyncpg.Record) -> Future[Any]:
        topic = self._kafka.on_broker(row["aggregatetype"])
        sent: Future[Any] = await producer.send(
            topic, value=row["payload"], key=row["aggregateid"].encode(), headers=headers_of(_envelope(row))
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
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        self._renew_at = 0.0
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.stop()

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
