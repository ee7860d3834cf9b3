"""Outages, restarts and moves of partitions: everything waits, nothing is dead-lettered, nothing is lost."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from chassis.core.process import running
from chassis.kafka.dead_letters import read_dead_letters
from chassis.kafka.records import Delivery
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics
from chassis.postgres.database import Connection
from chassis.postgres.migrate import migrate, migrations_of
from chassis.postgres.settings import PostgresSettings
from chassis.service.base import Base
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC, keep, published
from chassis.testing.reference import Reference, request
from devstack.kafka import KafkaServer
from devstack.postgres import PostgresServer
from devstack.testing import MakeDatabase, Servers, StartWorker, eventually, topic_specs

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def reference_on(dsn: str, kafka: str) -> Reference:
    settings = KafkaSettings(kafka=kafka, topic_prefix=f"t{uuid4().hex[:8]}.")
    await create_topics(settings, topic_specs(STATE_TOPIC, EFFECT_TOPIC))
    await migrate(dsn, migrations_of("catalog", MIGRATIONS))
    base = Base("catalog", postgres=PostgresSettings(database_url=SecretStr(dsn)), kafka=settings)
    await base.database.start()
    return Reference(base)


@pytest.fixture
async def with_own_postgres(own_postgres: PostgresServer, servers: Servers) -> AsyncIterator[Reference]:
    reference = await reference_on(own_postgres.dsn, servers.kafka)
    yield reference
    await reference.base.dead_letters.stop()
    await reference.base.database.stop()


def outage_attempts() -> float:
    labels = {"group": "catalog", "cause": "outage"}
    return REGISTRY.get_sample_value("messaging_process_retries_total", labels) or 0.0


@pytest.mark.timeout(240)
async def test_database_down_for_a_minute_under_load_loses_nothing_and_floods_nothing(
    with_own_postgres: Reference, own_postgres: PostgresServer, reference: Reference
) -> None:
    """The reader's database goes down; the writer's, another one, goes on publishing to the same topics."""
    reader = with_own_postgres
    writer = Reference(Base("catalog", postgres=reference.base.postgres, kafka=reader.base.kafka))
    await writer.base.database.start()
    before = outage_attempts()
    written = 0
    async with running([*writer.base.relay(), reader.state_consumer()], grace=reader.base.guards.stop_grace):
        await asyncio.to_thread(own_postgres.kill)
        down_since = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - down_since < 60:
            await writer.write(*[published(f"k{(written + n) % 500}", str(written + n)) for n in range(20)])
            written += 20
            await asyncio.sleep(0.1)  # the load: 200 events/s
        assert any(reason.startswith("waiting") for reason in reader.base.health.reasons().values())
        assert 5 <= outage_attempts() - before <= 100
        await asyncio.to_thread(own_postgres.start)
        await eventually(writer.outbox_is_empty, seconds=60)
        await eventually(reader.live_equals_fresh, seconds=60)
        assert reader.base.health.reasons() == {}
    await writer.base.database.stop()
    letters = [letter async for letter in read_dead_letters(reader.base.kafka, topic=STATE_TOPIC, group="catalog")]
    assert letters == []
    assert len(await reader.model()) == 500


@pytest.mark.timeout(240)
async def test_broker_restarted_under_load_loses_nothing(own_kafka: KafkaServer, make_database: MakeDatabase) -> None:
    reference = await reference_on(await make_database([]), own_kafka.bootstrap)
    parts = [*reference.base.relay(), reference.state_consumer(), reference.effect_consumer()]
    async with running(parts, grace=reference.base.guards.stop_grace):
        for restart in range(3):
            for number in range(50):
                await reference.write(published(f"k{number}", f"{restart}"), request(f"recipient-{number:08}"))
                if number == 25:
                    await asyncio.to_thread(own_kafka.kill if restart else own_kafka.stop)
            await asyncio.to_thread(own_kafka.start)
        await eventually(reference.outbox_is_empty, seconds=60)
        await eventually(reference.live_equals_fresh, seconds=60)

        async def each_effect_once() -> bool:
            return await reference.count("effect") == 150

        await eventually(each_effect_once, seconds=60)
    assert set((await reference.names()).values()) == {"2"}
    await reference.base.dead_letters.stop()
    await reference.base.database.stop()


async def test_consumer_started_while_the_broker_is_away_begins_when_it_is_back(
    own_kafka: KafkaServer, make_database: MakeDatabase
) -> None:
    reference = await reference_on(await make_database([]), own_kafka.bootstrap)
    await asyncio.to_thread(own_kafka.kill)
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace) as failed:

        async def says_why() -> bool:
            return "waiting: KafkaConnectionError" in reference.base.health.reasons().values()

        await eventually(says_why)
        await asyncio.to_thread(own_kafka.start)
        async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
            await reference.write(request("recipient-00000001"))

            async def handled() -> bool:
                return await reference.effects() == ["recipient-00000001"]

            await eventually(handled, seconds=60)
        assert not failed.is_set()
    await reference.base.database.stop()


async def test_rebalance_while_handling_neither_loses_nor_doubles(
    reference: Reference, start_worker: StartWorker
) -> None:
    """A second and a third member join and leave while each batch takes long."""
    workers = [start_worker(reference, "effects", "--slow", "0.02")]
    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        for _ in range(5):
            await reference.write(*[request(f"recipient-{n:08}") for n in range(60)])
            await asyncio.sleep(0.3)  # so that members join in the midst of the work
            workers.append(start_worker(reference, "effects", "--slow", "0.02"))
        workers[0].send(signal.SIGTERM)
        assert await asyncio.to_thread(workers[0].wait, 30) == 0

        async def all_done() -> bool:
            return await reference.count("effect") >= 300

        await eventually(all_done, seconds=60)
        await eventually(reference.outbox_is_empty)
        for worker in workers[1:]:
            worker.send(signal.SIGTERM)
        assert [await asyncio.to_thread(worker.wait, 30) for worker in workers[1:]] == [0] * (len(workers) - 1)
    assert len(await reference.effects()) == 300


async def test_sigterm_while_handling_finishes_commits_and_leaves_the_group(
    reference: Reference, start_worker: StartWorker
) -> None:
    first = start_worker(reference, "effects", "--slow", "0.3")
    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        await reference.write(*[request(f"recipient-{n:08}") for n in range(5)])
        await eventually(reference.in_a_handler, what="a handler is open")
        first.send(signal.SIGTERM)
        await reference.write(*[request(f"recipient-{n:08}") for n in range(5, 10)])
        assert await asyncio.to_thread(first.wait, 20) == 0
        assert await reference.count("effect") >= 5
        start_worker(reference, "effects")
        began = asyncio.get_running_loop().time()

        async def all_done() -> bool:
            return await reference.count("effect") == 10

        await eventually(all_done)
        # Had the first not left the group, its partitions would wait for the session to end (15 s).
        assert asyncio.get_running_loop().time() - began < 10
    assert sorted(await reference.effects()) == [f"recipient-{n:08}" for n in range(10)]


async def test_killed_while_handling_its_batch_is_handled_by_the_next(
    reference: Reference, start_worker: StartWorker
) -> None:
    first = start_worker(reference, "effects", "--slow", "1")
    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        await reference.write(*[request(f"recipient-{n:08}") for n in range(5)])
        await eventually(reference.in_a_handler, what="a handler is open")
        first.kill()
        assert await reference.count("effect") == 0
        start_worker(reference, "effects")

        async def all_done() -> bool:
            return await reference.count("effect") == 5

        await eventually(all_done, seconds=40)
    assert sorted(await reference.effects()) == [f"recipient-{n:08}" for n in range(5)]


async def test_process_that_is_stopped_in_an_outage_ends_within_its_grace(
    with_own_postgres: Reference, own_postgres: PostgresServer
) -> None:
    called = asyncio.Event()

    async def handler(deliveries: Sequence[Delivery], tx: Connection) -> None:
        called.set()
        await keep(deliveries, tx)

    await with_own_postgres.send_raw(STATE_TOPIC, key=b"k", value=b"junk")
    async with running([with_own_postgres.state_consumer(handler)], grace=with_own_postgres.base.guards.stop_grace):
        await asyncio.to_thread(own_postgres.kill)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 15
    assert not called.is_set()
