"""FastStream under the guard: batches of bytes go in, offsets are committed only after the guard returns.

FastStream's default acknowledges first (at most once); here nothing is acknowledged but by `_consume`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage
from opentelemetry.trace import SpanKind

from chassis.core.backoff import Backoff
from chassis.core.health import Health
from chassis.core.process import Loop, first_failure
from chassis.kafka.errors import MOVED, is_outage
from chassis.kafka.guard import Guard
from chassis.kafka.patience import Interrupted
from chassis.kafka.records import Record, record_of
from chassis.kafka.retention import lost_to_retention
from chassis.kafka.settings import GuardSettings, KafkaSettings
from chassis.kafka.topics import missing_topics
from chassis.telemetry.metrics import LOST
from chassis.telemetry.traces import span

_WATCH = timedelta(seconds=10)

log = structlog.get_logger(__name__)


async def _undecoded(_message: Any) -> None:
    """A decoder that cannot raise: decoding is the guard's work, where a failure has an end."""


class Consumer:
    """A part: one group of one process, one batch in flight."""

    def __init__(self, guard: Guard, *, kafka: KafkaSettings, settings: GuardSettings, health: Health) -> None:
        self.name = f"consumer {guard.group}"
        self._guard = guard
        self._kafka = kafka
        self._health = health
        self._broker = KafkaBroker(
            kafka.kafka,
            # Shorter than the part's own grace, which has to cover leaving the group as well.
            graceful_timeout=settings.stop_grace.total_seconds() * 0.7,
            logger=None,
            allow_auto_create_topics=False,
            # No producer and no admin client: they need rights of their own, and a failed start leaves them open.
            consumer_only=True,
        )
        self._loops = [
            Loop(f"parked {guard.group}", guard.retries.turn, health=health),
            Loop(f"watch {guard.group}", self._watch, health=health),
            Loop(f"inbox {guard.group}", guard.forget_old_events),
        ]
        self._beginning: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._handling = False
        self._subscriber = self._broker.subscriber(
            *[kafka.on_broker(topic) for topic in guard.subscription.topics],
            group_id=kafka.on_broker(guard.group),
            batch=True,
            max_records=settings.guard_batch,
            batch_timeout_ms=100,
            ack_policy=AckPolicy.MANUAL,
            parser=self._unparsed,
            decoder=_undecoded,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_interval_ms=300_000,
            session_timeout_ms=15_000,
        )
        self._subscriber(self._consume)

    async def start(self) -> None:
        """Begins at once; reading starts when the broker answers and has the topics. Until then: not ready."""
        self._health.not_ready(self.name, "starting")
        self._beginning = asyncio.create_task(self._begin(), name=self.name)

    async def _begin(self) -> None:
        attempt = 0
        while (obstacle := await self._start_reading()) is not None:
            attempt += 1
            self._health.not_ready(self.name, obstacle)
            log.warning("consumer waits", group=self._guard.group, attempt=attempt, reason=obstacle)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), Backoff().wait(attempt).total_seconds())
            if self._stopping.is_set():
                return
        for loop in self._loops:
            await loop.start()
        self._health.ready(self.name)

    async def _start_reading(self) -> str | None:
        """Starts the client; returns why that is not possible yet, with nothing left half started."""
        if (obstacle := await self._obstacle()) is not None:
            return obstacle
        try:
            await self._tell_of_losses()
            await self._broker.start()
        except (KafkaError, OSError) as exc:
            await self._broker.stop()
            return f"waiting: {type(exc).__name__}"
        return None

    async def _tell_of_losses(self) -> None:
        """Reading goes on from what is left; nobody can do more, but somebody has to know."""
        subscription = self._guard.subscription
        topics = subscription.topics if subscription.has_effects else ()
        lost = await lost_to_retention(self._kafka, subscription.group, topics) if topics else {}
        for topic, records in lost.items():
            LOST.labels(topic, subscription.group).inc(records)
            log.critical(
                "records were deleted before they were read", topic=topic, group=subscription.group, records=records
            )

    async def _watch(self) -> timedelta:
        """A consumer in a quiet topic is alive; one whose broker or topics are gone is not ready, and says why."""
        if not self._handling:
            self._guard.beat()
            obstacle = await self._obstacle()
            if obstacle is not None:
                self._health.not_ready(f"{self.name}: broker", obstacle)
            else:
                self._health.ready(f"{self.name}: broker")
        return _WATCH

    async def _obstacle(self) -> str | None:
        """Why reading cannot begin. aiokafka itself neither fails nor ends while a topic is missing."""
        try:
            missing = await missing_topics(self._kafka, self._guard.subscription.topics)
        except (KafkaError, OSError) as exc:
            return f"waiting: {type(exc).__name__}"
        return f"waiting for topic {missing[0]}" if missing else None

    async def stop(self) -> None:
        """What is in flight may finish, waits end; then the group is left, so that others take over at once."""
        self._guard.stop_soon()
        self._stopping.set()
        if self._beginning is not None:
            # Not cancelled: a client stopped in the midst of its start leaves connections open.
            await asyncio.wait([self._beginning])
        for loop in self._loops:
            await loop.stop()
        await self._broker.stop()

    async def failure(self) -> BaseException:
        if self._beginning is None:
            raise RuntimeError(f"{self.name} was not started")
        await asyncio.wait([self._beginning])
        if not self._beginning.cancelled() and (error := self._beginning.exception()) is not None:
            return error
        return await first_failure(self._loops)

    async def _unparsed(self, message: Any) -> KafkaAckableMessage:
        """A parser that cannot raise. FastStream's own decodes headers as UTF-8 before anything can catch it: a record
        with other bytes there would be passed over, and lost with the next commit."""
        consumer = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError("a record arrived before its consumer was started")
        return KafkaAckableMessage(raw_message=message, body=b"", consumer=consumer)

    async def _consume(self, message: KafkaMessage) -> None:
        raw = message.raw_message
        batch = raw if isinstance(raw, tuple) else (raw,)
        self._handling = True
        try:
            records = [record_of(one, self._kafka.logical(one.topic)) for one in batch]
            with span(
                f"process {self._guard.group}", kind=SpanKind.CONSUMER, links=_senders(records), records=len(records)
            ):
                await self._guard.handle(records)
        except Interrupted:
            await self._return(message)
        except Exception as exc:  # noqa: BLE001 - FastStream would pass over the batch, and the next commit lose it
            await self._return(message)
            await self._guard.puzzled(exc)
        else:
            await self._commit(message, records)
        finally:
            self._handling = False

    async def _commit(self, message: KafkaMessage, records: Sequence[Record]) -> None:
        ends: dict[TopicPartition, int] = {}
        for record in records:
            place = TopicPartition(self._kafka.on_broker(record.topic), record.partition)
            ends[place] = max(ends.get(place, 0), record.offset + 1)
        try:
            await message.consumer.commit(ends)  # type: ignore[call-arg]  # FastStream's protocol names no offsets
        except MOVED as exc:
            log.warning(
                "partitions moved while handling; their records come again",
                group=self._guard.group,
                error_type=type(exc).__name__,
            )
        except Exception as exc:
            if not is_outage(exc):
                raise
            log.warning(
                "offsets not committed; the records may come again",
                group=self._guard.group,
                error_type=type(exc).__name__,
            )

    async def _return(self, message: KafkaMessage) -> None:
        try:
            await message.nack()
        except MOVED:
            log.warning("partitions moved while waiting", group=self._guard.group)


def _senders(records: Sequence[Record]) -> list[str]:
    """Up to 32 senders' trace contexts: a span links to the hops that led to it."""
    found = [
        value.decode("ascii", "ignore")
        for record in records[:32]
        for name, value in record.headers
        if name == "traceparent" and value
    ]
    return list(dict.fromkeys(found))
