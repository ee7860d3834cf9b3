"""The reference service in a test: writes events, runs parts here or elsewhere, compares the outcome with the log."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from chassis.kafka.consumer import Consumer
from chassis.kafka.handlers import BatchHandler, OneHandler, Subscription, effect_subscription, state_subscription
from chassis.postgres.outbox import Outgoing
from chassis.service.base import Base
from chassis.testing.read_model import EFFECT_TOPIC, STATE_TOPIC, Model, effects, fresh_reader, keep, note, stored
from event_schemas.codec import headers_of
from event_schemas.envelope import Envelope
from event_schemas.notification import NotificationRequested

Headers = Sequence[tuple[str, bytes]]


class Reference:
    """A base with the reference read model's tables, on topics of its own."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.refused: set[str] = set()
        """Keys that a test's handler has refused for good."""

    def state_consumer(self, handler: BatchHandler = keep) -> Consumer:
        return self.base.consumer(state_subscription("catalog", [STATE_TOPIC], handler))

    def effect_consumer(self, handler: OneHandler = note) -> Consumer:
        return self.base.consumer(self.effect_subscription(handler))

    def effect_subscription(self, handler: OneHandler = note) -> Subscription:
        return effect_subscription("notify", [EFFECT_TOPIC], handler, clock=self.base.clock)

    async def write(self, *events: Outgoing) -> None:
        """One transaction with these events."""
        async with self.base.database.transaction() as tx:
            await self.base.outbox.append(tx, events)

    async def model(self) -> Model:
        async with self.base.database.connection() as connection:
            return await stored(connection)

    async def effects(self) -> list[str]:
        async with self.base.database.connection() as connection:
            return await effects(connection)

    async def names(self) -> dict[str, str | None]:
        return {key: name for key, (_, name) in (await self.model()).items()}

    async def live_equals_fresh(self, *, without: Collection[str] = ()) -> bool:
        """The invariant after every fault, but for keys whose last record is a dead letter."""
        live, fresh = await self.model(), await fresh_reader(self.base.kafka)
        return {k: v for k, v in live.items() if k not in without} == {
            k: v for k, v in fresh.items() if k not in without
        }

    async def count(self, table: str) -> int:
        async with self.base.database.connection() as connection:
            return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names of our own tables

    async def waits_for_a_lock(self) -> bool:
        """Whether a session of the database does."""
        return await self._some_session("wait_event_type = 'Lock'")

    async def in_a_handler(self) -> bool:
        """Whether a handler of effects has done something and is not at its end yet."""
        return await self._some_session("state = 'idle in transaction' AND query LIKE 'INSERT INTO effect%'")

    async def _some_session(self, condition: str) -> bool:
        async with self.base.database.connection() as connection:
            sessions = f"SELECT FROM pg_stat_activity WHERE datname = current_database() AND {condition}"
            return bool(await connection.fetchval(f"SELECT EXISTS ({sessions})"))

    async def outbox_is_empty(self) -> bool:
        return await self.count("outbox") == 0

    def environment(self) -> dict[str, str]:
        """For a worker process on the same database and topics."""
        return {
            **os.environ,
            "HYTE_DATABASE_URL": self.base.postgres.dsn(),
            "HYTE_KAFKA": self.base.kafka.kafka,
            "HYTE_TOPIC_PREFIX": self.base.kafka.topic_prefix,
            "PYTHONUNBUFFERED": "1",
        }

    async def send_raw(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int | None = 0
    ) -> int:
        """A record past the outbox, as a faulty or foreign producer would write it; returns its offset."""
        producer = AIOKafkaProducer(bootstrap_servers=self.base.kafka.kafka)
        await producer.start()
        try:
            name = self.base.kafka.on_broker(topic)
            sent = await producer.send_and_wait(name, value=value, key=key, headers=list(headers), partition=partition)
            return int(sent.offset)
        finally:
            await producer.stop()


def request(key: str) -> Outgoing:
    """A notification request for a recipient; what is sealed in it does not matter here."""
    event = NotificationRequested.model_validate(
        {
            "notification_id": str(uuid4()),
            "recipient_ref": key,
            "template": "new-message",
            "language": "fi",
            "expires_at": "2030-01-01T00:00:00Z",
            "sealed": {"jwe": "a.b.c.d.e", "key_id": "k"},
        }
    )
    return Outgoing(EFFECT_TOPIC, key, event)


def envelope_headers(base: Base, kind: str, *, version: int | None = None, event_id: str | None = None) -> Headers:
    """Headers of a record as our own producers write them."""
    return headers_of(
        Envelope(
            id=event_id or str(uuid4()),
            source="urn:hytevirta:07:test",
            type=kind,
            time=base.clock(),
            subject=None,
            dataschema=None,
            version=version,
        )
    )
