"""Floor of a referral: one committed row, and one record in a transaction to a read_committed consumer."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg

from bench.core.arrivals import arrivals, at_rate
from bench.core.numbers import Latencies
from bench.core.producing import ToSend, TransactionalProducer, transactional_producer
from bench.referral.driver import REFERRALS
from chassis.kafka.settings import KafkaSettings

_BODY = b"x" * 3000
"""About the size of a sealed referral."""


class _Sender:
    """Writes the row of each referral; what is written while a transaction is under way goes together in the next."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], producer: TransactionalProducer) -> None:
        self.due: dict[bytes, float] = {}
        self._pool = pool
        self._producer = producer
        self._waiting: list[ToSend] = []
        self._turn = asyncio.Lock()

    async def send(self, _number: int, due: float) -> None:
        key = uuid4().hex
        await self._pool.execute("INSERT INTO referral (id, body) VALUES ($1, $2)", key, _BODY)
        self.due[key.encode()] = due
        self._waiting.append(ToSend(key.encode(), _BODY, []))
        async with self._turn:
            batch, self._waiting = self._waiting, []
            if batch:
                await self._producer.publish(batch)


async def written_and_sent(dsn: str, kafka: KafkaSettings, rate: int, count: int) -> Latencies:
    """From when each was due to when the consumer has it."""
    async with (
        asyncpg.create_pool(dsn, min_size=4, max_size=8) as pool,
        transactional_producer(kafka.kafka, kafka.on_broker(REFERRALS), linger_ms=0) as producer,
        arrivals(kafka, REFERRALS) as seen,
    ):
        await pool.execute("CREATE TABLE referral (id text PRIMARY KEY, body bytea NOT NULL)")
        warm_up = _Sender(pool, producer)
        await at_rate(5, 5, warm_up.send)
        await seen.all_of(list(warm_up.due))
        sender = _Sender(pool, producer)
        await at_rate(rate, count, sender.send)
        keys = list(sender.due)
        moments = await seen.all_of(keys)
    return Latencies.of([moment - sender.due[key] for key, moment in zip(keys, moments, strict=True)])
