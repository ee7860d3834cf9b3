"""What stops a consumer, or readiness, and what it must not lose then: bugs, floods, a broker that is gone."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from prometheus_client import REGISTRY
from pydantic import SecretStr

from chassis.core.health import Health
from chassis.core.process import running
from chassis.kafka.guard import Guard
from chassis.kafka.records import Delivery, Record
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics, missing_topics
from chassis.postgres.database import Connection
from chassis.postgres.migrate import migrations_of
from chassis.postgres.settings import PostgresSettings
from chassis.service.base import Base
from chassis.testing.guarded import CONCEPT, body, committed, dead_letters
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC, published
from chassis.testing.reference import Reference, envelope_headers, request
from devstack.kafka import KafkaServer
from devstack.testing import MakeDatabase, eventually, topic_specs

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def test_bug_stops_the_consumer_and_readiness_and_loses_nothing(reference: Reference) -> None:
    calls = 0

    async def handler(_deliveries: Sequence[Delivery], _tx: Connection) -> None:
        nonlocal calls
        calls += 1
        raise KeyError("a bug")

    await reference.write(*[published(f"k{n}", "tila") for n in range(10)])
    async with running(
        [*reference.base.relay(), reference.state_consumer(handler)], grace=reference.base.guards.stop_grace
    ):

        async def stopped() -> bool:
            return any("unknown errors in a row" in reason for reason in reference.base.health.reasons().values())

        await eventually(stopped)
        seen = calls
        await asyncio.sleep(1)  # long enough for a hot loop to show itself
        assert calls == seen <= 2 + reference.base.guards.guard_bug_limit
    assert await dead_letters(reference, STATE_TOPIC, "catalog") == []
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(reference.live_equals_fresh)
    assert len(await reference.model()) == 10


async def test_missing_dead_letter_topic_stops_progress_until_it_is_there(reference: Reference) -> None:
    topic = f"{STATE_TOPIC}.catalog.dlq"
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    await admin.delete_topics([reference.base.kafka.on_broker(topic)])
    await admin.close()

    async def is_gone() -> bool:
        return bool(await missing_topics(reference.base.kafka, [topic]))

    await eventually(is_gone)
    offset = await reference.send_raw(STATE_TOPIC, key=b"k", value=b"junk", headers=())
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def waits() -> bool:
            return any(reason.startswith("waiting") for reason in reference.base.health.reasons().values())

        await eventually(waits)
        assert await committed(reference, STATE_TOPIC, "catalog", 0) <= offset
        await create_topics(reference.base.kafka, topic_specs(STATE_TOPIC))

        async def dead_and_passed() -> bool:
            letters = await dead_letters(reference, STATE_TOPIC, "catalog")
            return len(letters) == 1 and await committed(reference, STATE_TOPIC, "catalog", 0) == offset + 1

        await eventually(dead_and_passed)
        assert reference.base.health.reasons() == {}


async def test_flood_of_dead_letters_stops_the_consumer(reference: Reference) -> None:
    limits = reference.base.guards.model_copy(update={"guard_window": 10, "guard_dead_share": 0.8})
    reference.base.guards = limits
    for _ in range(30):
        await reference.send_raw(STATE_TOPIC, key=b"k", value=b"junk")
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def stopped() -> bool:
            return any("became dead letters" in reason for reason in reference.base.health.reasons().values())

        await eventually(stopped)
    assert len(await dead_letters(reference, STATE_TOPIC, "catalog")) < 30


async def test_record_that_puzzles_the_guard_itself_is_not_passed_over(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FastStream swallows what a handler raises; the batch must come again, not be lost with the next commit."""
    calls = 0

    async def broken(_self: Guard, _records: Sequence[Record]) -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError("a bug of the guard")

    headers = envelope_headers(reference.base, CONCEPT, version=3)
    await reference.send_raw(STATE_TOPIC, key=b"a", value=body("a"), headers=headers)
    with monkeypatch.context() as patched:
        patched.setattr(Guard, "handle", broken)
        async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

            async def stopped() -> bool:
                return any("unknown errors in a row" in reason for reason in reference.base.health.reasons().values())

            await eventually(stopped)
            assert calls == reference.base.guards.guard_bug_limit
    assert await committed(reference, STATE_TOPIC, "catalog", 0) == -1


async def test_quiet_consumer_is_alive_and_one_whose_broker_is_gone_is_not_ready(
    own_kafka: KafkaServer, make_database: MakeDatabase
) -> None:
    dsn = await make_database(migrations_of("catalog", MIGRATIONS))
    settings = KafkaSettings(kafka=own_kafka.bootstrap)
    await create_topics(settings, topic_specs(STATE_TOPIC))
    now = 0.0
    health = Health(stuck_after=timedelta(seconds=60), monotonic=lambda: now)
    postgres = PostgresSettings(database_url=SecretStr(dsn))
    reference = Reference(Base("catalog", postgres=postgres, kafka=settings, health=health))
    await reference.base.database.start()
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: as_true(not health.reasons()), what="ready")
        now = 59.0
        await eventually(
            lambda: as_true("watch catalog" in health._beats and health._beats["consumer catalog"] == 59.0)
        )
        now = 100.0
        assert health.stuck() == []
        await asyncio.to_thread(own_kafka.kill)
        await eventually(lambda: as_true(any(r.startswith("waiting") for r in health.reasons().values())), seconds=40)
        await asyncio.to_thread(own_kafka.start)
        await eventually(lambda: as_true(not health.reasons()), seconds=40)
    await reference.base.database.stop()


async def as_true(holds: bool) -> bool:
    return holds


async def test_records_that_retention_took_unread_are_told_of_and_the_rest_is_read(reference: Reference) -> None:
    event = request("recipient-00000001").event
    assert event is not None

    async def send() -> None:
        headers = envelope_headers(reference.base, type(event).event_type)
        await reference.send_raw(EFFECT_TOPIC, key=b"recipient-00000001", value=event.to_json(), headers=headers)

    await send()
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: read_up_to(reference, 1))
    for _ in range(4):
        await send()
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    partition = TopicPartition(reference.base.kafka.on_broker(EFFECT_TOPIC), 0)
    await admin.delete_records({partition: RecordsToDelete(before_offset=4)})
    await admin.close()
    labels = {"topic": EFFECT_TOPIC, "group": "notify"}
    before = REGISTRY.get_sample_value("messaging_records_lost_total", labels) or 0.0
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: read_up_to(reference, 5))
    assert REGISTRY.get_sample_value("messaging_records_lost_total", labels) == before + 3
    assert len(await reference.effects()) == 2


async def read_up_to(reference: Reference, offset: int) -> bool:
    return await committed(reference, EFFECT_TOPIC, "notify", 0) == offset
