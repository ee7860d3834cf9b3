"""Reading without a group: a read model of one process that follows whole topics from offset 0."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from chassis.core.backoff import Backoff
from chassis.core.health import Health
from chassis.core.process import Loop
from chassis.kafka.records import Record, record_of
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import missing_topics

log = structlog.get_logger(__name__)

Apply = Callable[[Sequence[Record]], Awaitable[None]]


@asynccontextmanager
async def assigned(settings: KafkaSettings, topics: Sequence[str]) -> AsyncIterator[AIOKafkaConsumer]:
    """A read_committed consumer assigned to all partitions of `topics`, at their beginning. Raises KafkaError."""
    if missing := await missing_topics(settings, topics):
        raise UnknownTopicOrPartitionError(f"topic {missing[0]} does not exist")
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * 1024 * 1024,
        fetch_max_wait_ms=100,
    )
    try:
        await consumer.start()
        places: list[TopicPartition] = []
        for topic in topics:
            name = settings.on_broker(topic)
            partitions = await _partitions(consumer, name)
            places += [TopicPartition(name, partition) for partition in sorted(partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        yield consumer
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client._wait_on_metadata(topic)  # the public call knows only topics already in its metadata
    return set(consumer.partitions_for_topic(topic) or ())


async def caught_up(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    """Whether the reader's position has passed `ends`.

    Offsets of records can't tell: transaction markers and compacted tails never arrive as records.
    """
    for place, end in ends.items():
        if await consumer.position(place) < end:
            return False
    return True


async def read_all(settings: KafkaSettings, topic: str) -> AsyncIterator[Record]:
    """Every committed record of a topic from offset 0 up to its present end, partition by partition in order."""
    async with assigned(settings, [topic]) as consumer:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while not await caught_up(consumer, ends):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for raw in records:
                    yield record_of(raw, topic)


class Follower:
    """A part: applies batches of whole topics to a read model; ready once it has passed the ends it saw at start.

    `on_caught_up` is called just before that, and again after each lost broker.
    After a lost broker it goes on where it was; the read model is disposable, a restart rebuilds it.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        topics: Sequence[str],
        apply: Apply,
        *,
        health: Health,
        name: str = "follower",
        batch: int = 2000,
        on_caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self._settings = settings
        self._topics = topics
        self._apply = apply
        self._health = health
        self._batch = batch
        self._on_caught_up = on_caught_up
        self._positions: dict[TopicPartition, int] = {}
        self._attempt = 0
        self._loop = Loop(name, self._session, health=health)
        self._stopping = False
        health.not_ready(name, "reading the topics from their beginning")

    async def start(self) -> None:
        await self._loop.start()

    async def stop(self) -> None:
        self._stopping = True
        await self._loop.stop()

    async def failure(self) -> BaseException:
        return await self._loop.failure()

    async def _session(self) -> timedelta | None:
        """One connection's life; returns the wait before the next."""
        try:
            async with assigned(self._settings, self._topics) as consumer:
                for place, offset in self._positions.items():
                    consumer.seek(place, offset)
                await self._read(consumer)
        except KafkaError as exc:
            self._attempt += 1
            log.warning("topics cannot be read", part=self.name, error_type=type(exc).__name__, attempt=self._attempt)
            return Backoff().wait(self._attempt)
        return None

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        behind = True
        while not self._stopping:
            self._health.beat(self.name)
            batches = await consumer.getmany(timeout_ms=100, max_records=self._batch)
            records = [record_of(raw, self._settings.logical(raw.topic)) for some in batches.values() for raw in some]
            if records:
                await self._apply(records)
            for place in batches:
                self._positions[place] = await consumer.position(place)
            self._attempt = 0
            if behind and await caught_up(consumer, ends):
                behind = False
                self._on_caught_up()
                self._health.ready(self.name)
