"""Records that wait in the database: for a later attempt, for a person, or behind one of their key that does."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import asyncpg
import orjson

from chassis.core.clock import Clock
from chassis.kafka.dead_letters import Failure
from chassis.kafka.records import Delivery, Record, UnknownType, decode, key_of
from chassis.postgres.database import Connection
from chassis.postgres.queries import queries
from event_schemas.codec import UnreadableRecord


class Parking:
    """The parked records of one consumer group. `blocking` (effect topics): later records of a key wait behind."""

    def __init__(self, *, group: str, blocking: bool, clock: Clock) -> None:
        self._group = group
        self._blocking = blocking
        self._clock = clock

    async def pass_or_park(self, tx: Connection, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """Those that may be handled now; the others are parked behind the failed record of their key.

        Keys with a queue are locked and looked at again: whoever releases a head at this moment takes the same lock, so
        that no record is put behind a head that is gone.
        """
        if not self._blocking or not (queued := await self._heads(tx, deliveries)):
            return list(deliveries)
        await self._lock(tx, sorted(queued))
        heads = await self._heads(tx, deliveries)
        behind = [d for d in deliveries if heads.get((d.record.topic, d.key), d.record.offset) < d.record.offset]
        if behind:
            await self._park_behind(tx, behind)
        return [d for d in deliveries if heads.get((d.record.topic, d.key), d.record.offset + 1) > d.record.offset]

    async def _lock(self, tx: Connection, slots: Sequence[tuple[str, str]]) -> None:
        topics, keys = [topic for topic, _ in slots], [key for _, key in slots]
        await queries.lock_keys(tx, group=self._group, topics=topics, keys=keys)

    async def _heads(self, tx: Connection, deliveries: Sequence[Delivery]) -> dict[tuple[str, str], int]:
        slots = sorted({(d.record.topic, d.key) for d in deliveries})
        topics, keys = [topic for topic, _ in slots], [key for _, key in slots]
        rows = queries.parked_heads(tx, group=self._group, topics=topics, keys=keys)
        return {(row["topic"], row["key"]): row["first"] async for row in rows}

    async def _park_behind(self, tx: Connection, deliveries: Sequence[Delivery]) -> None:
        records = [delivery.record for delivery in deliveries]
        await queries.park_behind(
            tx,
            group=self._group,
            topics=[record.topic for record in records],
            partitions=[record.partition for record in records],
            offsets=[record.offset for record in records],
            keys=[delivery.key for delivery in deliveries],
            headers=[_pack(record) for record in records],
            values=[record.value for record in records],
            times=[record.recorded_at for record in records],
        )

    async def park_dead(self, tx: Connection, record: Record, failure: Failure) -> bool:
        """Whether the key now waits for a person; a state topic's does not: its next version supersedes this one."""
        key = readable_key(record)
        if not self._blocking or key is None:
            return False
        await self._park_head(tx, record, key, "dead", code=failure.code, attempts=failure.attempts, due=None)
        return True

    async def park_retry(self, tx: Connection, record: Record, *, code: str, attempts: int, due: datetime) -> None:
        key = readable_key(record)
        if key is None:
            raise ValueError("only a readable record can be tried again")
        await self._park_head(tx, record, key, "retry", code=code, attempts=attempts, due=due)

    async def _park_head(
        self, tx: Connection, record: Record, key: str, state: str, *, code: str, attempts: int, due: datetime | None
    ) -> None:
        await queries.park_head(
            tx,
            group=self._group,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=key,
            blocking=self._blocking,
            state=state,
            headers=_pack(record),
            value=record.value,
            recorded_at=record.recorded_at,
            attempts=attempts,
            code=code,
            next_attempt_at=due,
        )

    async def due(self, tx: Connection) -> tuple[Record, int] | None:
        """One record whose time has come and how often it was tried; its row stays locked in the transaction."""
        row = await queries.due(tx, group=self._group, now=self._clock())
        return (_unpack(row), row["attempts"]) if row is not None else None

    async def release(self, tx: Connection, record: Record) -> None:
        """The record is done: its row goes, the one behind it becomes due."""
        place = {"group": self._group, "topic": record.topic}
        key = readable_key(record)
        if key is not None:
            await self._lock(tx, [(record.topic, key)])
        await queries.unpark(tx, **place, partition=record.partition, offset=record.offset)
        if key is not None:
            await queries.release_next(tx, **place, key=key, now=self._clock())

    async def discard(self, tx: Connection, record: Record) -> None:
        """As `release`, and the inbox remembers the event, so that a redelivery has no effect."""
        with suppress(UnreadableRecord, UnknownType):
            event = decode(record).event_id
            async for _ in queries.first_seen(tx, group=self._group, events=[event], now=self._clock()):
                pass
        await self.release(tx, record)

    async def dead(self, connection: Connection, topic: str) -> list[tuple[Record, str, int]]:
        """Records of a topic that wait for a person, with code and attempts; they outlive their dead letters."""
        rows = queries.parked_dead(connection, group=self._group, topic=topic)
        return [(_unpack(row), row["code"], row["attempts"]) async for row in rows]

    async def count(self, connection: Connection) -> int:
        return int(await queries.parked_count(connection, group=self._group))


def readable_key(record: Record) -> str | None:
    try:
        return key_of(record)
    except UnreadableRecord:
        return None


def _pack(record: Record) -> bytes:
    return orjson.dumps([(name, base64.b64encode(value or b"").decode()) for name, value in record.headers])


def _unpack(row: asyncpg.Record) -> Record:
    headers = tuple((name, base64.b64decode(value)) for name, value in orjson.loads(row["headers"]))
    return Record(
        row["topic"], row["partition"], row["offset"], row["recorded_at"], row["key"].encode(), row["value"], headers
    )
