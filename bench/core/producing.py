"""Records into a topic, as bare as the client allows: in transactions, or only fast."""

from __future__ import annotations

from asyncio import Future
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from chassis.kafka.producers import started


@dataclass(frozen=True)
class ToSend:
    """One record."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class TransactionalProducer:
    """Publishes batches, each in one transaction, with the client settings that the relay has."""

    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        self._producer = producer
        self._topic = topic

    async def publish(self, batch: Sequence[ToSend]) -> None:
        async with self._producer.transaction():
            futures = [await _enqueue(self._producer, self._topic, one) for one in batch]
            for future in futures:
                await future


@asynccontextmanager
async def transactional_producer(kafka: str, topic: str, *, linger_ms: int = 2) -> AsyncIterator[TransactionalProducer]:
    """A producer with a transactional id of its own. The relay's linger is two milliseconds."""
    producer = await started(
        AIOKafkaProducer(
            bootstrap_servers=kafka,
            transactional_id=f"bench-{uuid4().hex[:8]}",
            max_request_size=1_040_000,
            linger_ms=linger_ms,
        )
    )
    try:
        yield TransactionalProducer(producer, topic)
    finally:
        await producer.stop()


async def fill(kafka: str, topic: str, records: Iterable[ToSend]) -> None:
    """Puts records on a topic before anything is measured."""
    producer = await started(AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True, linger_ms=20))
    try:
        for one in records:
            await _enqueue(producer, topic, one)
        await producer.flush()
    finally:
        await producer.stop()


async def _enqueue(producer: AIOKafkaProducer, topic: str, one: ToSend) -> Future[Any]:
    sent: Future[Any] = await producer.send(topic, value=one.value, key=one.key, headers=one.headers)
    return sent
