"""The outbox and its relay under faults: nothing lost, nothing out of order per key, zombies fenced."""

import asyncio
import signal
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from chassis.core.process import running
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.kafka.relay import Relay
from chassis.kafka.topics import create_topics
from chassis.postgres.outbox import Outgoing
from chassis.postgres.queries import queries
from chassis.service.base import Base
from chassis.testing.read_model import EFFECT_TOPIC, STATE_TOPIC, name_of, published, removed
from chassis.testing.reference import Reference, request
from devstack.testing import Servers, StartWorker, eventually, topic_specs
from event_schemas.ingest_run import IngestRunStarted

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def names_in_topic(reference: Reference, key: str) -> list[str | None]:
    """The states of one key in the order of the log."""
    records = [decode(record) async for record in read_all(reference.base.kafka, STATE_TOPIC)]
    return [name_of(delivery) for delivery in records if delivery.key == key]


async def versions_in_topic(reference: Reference) -> dict[str, list[int]]:
    versions: dict[str, list[int]] = {}
    async for record in read_all(reference.base.kafka, STATE_TOPIC):
        delivery = decode(record)
        versions.setdefault(delivery.key, []).append(delivery.version)
    return versions


async def test_process_killed_between_commit_and_publish_loses_nothing(
    reference: Reference, start_worker: StartWorker
) -> None:
    writer = start_worker(reference, "dying-writer")
    assert await asyncio.to_thread(writer.wait, 20) == -signal.SIGKILL, writer.last_words()
    assert await reference.count("outbox") == 50
    start_worker(reference, "relay")
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(reference.outbox_is_empty)
        await eventually(reference.live_equals_fresh)
    assert len(await reference.model()) == 50


async def test_relay_killed_between_publish_and_delete_publishes_again_and_nothing_happens_twice(
    reference: Reference, start_worker: StartWorker
) -> None:
    await reference.write(
        *[published(f"k{n}", "tila") for n in range(20)], *[request(f"recipient-{n:08}") for n in range(20)]
    )
    crashed = start_worker(reference, "crashing-relay")
    assert await asyncio.to_thread(crashed.wait, 20) == -signal.SIGKILL, crashed.last_words()
    assert await reference.count("outbox") == 40
    parts = [*reference.base.relay(), reference.state_consumer(), reference.effect_consumer()]
    async with running(parts, grace=reference.base.guards.stop_grace):
        await eventually(reference.outbox_is_empty)
        await eventually(reference.live_equals_fresh)
        twice = await versions_in_topic(reference)
        assert all(len(versions) == 2 and len(set(versions)) == 1 for versions in twice.values())

        async def all_once() -> bool:
            return sorted(await reference.effects()) == [f"recipient-{n:08}" for n in range(20)]

        await eventually(all_once)


async def test_same_key_is_published_in_commit_order_when_transactions_cross(reference: Reference) -> None:
    """The second transaction takes its transaction id and writes in the midst of the first; the key's lock decides.

    Were `seq` drawn before the lock is held, the second's row would stand between the two of the first.
    """

    async def second() -> None:
        async with reference.base.database.transaction() as tx:
            await tx.fetchval("SELECT pg_current_xact_id()")
            await reference.base.outbox.append(tx, [published("k", "toinen")])

    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        async with reference.base.database.transaction() as tx:
            await reference.base.outbox.append(tx, [published("k", "ensimmäinen, 1")])
            crossing = asyncio.create_task(second())
            await eventually(lambda: reference.waits_for_a_lock(), what="the second waits for the key")
            await reference.base.outbox.append(tx, [published("k", "ensimmäinen, 2")])
        await crossing
        await eventually(reference.outbox_is_empty)
    assert await names_in_topic(reference, "k") == ["ensimmäinen, 1", "ensimmäinen, 2", "toinen"]
    versions = (await versions_in_topic(reference))["k"]
    assert versions == sorted(set(versions))


async def test_row_that_commits_late_is_published_and_others_do_not_wait_for_it(reference: Reference) -> None:
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        async with reference.base.database.transaction() as slow:
            await reference.base.outbox.append(slow, [published("slow", "myöhäinen")])
            await reference.write(published("quick", "nopea"))

            async def quick_is_there() -> bool:
                return "quick" in await reference.names()

            await eventually(quick_is_there)
            assert "slow" not in await reference.names()

        async def slow_is_there() -> bool:
            return "slow" in await reference.names()

        await eventually(slow_is_there)
        await eventually(reference.live_equals_fresh)


async def test_gap_left_by_a_rollback_is_harmless(reference: Reference) -> None:
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        async with reference.base.database.connection() as connection:
            taken_back = connection.transaction()
            await taken_back.start()
            await reference.base.outbox.append(connection, [published("a", "peruttu")])
            await taken_back.rollback()
        await reference.write(published("a", "voimassa"))

        async def arrived() -> bool:
            return await reference.names() == {"a": "voimassa"}

        await eventually(arrived)


async def test_transaction_held_open_in_another_database_delays_nothing(reference: Reference, servers: Servers) -> None:
    other = await asyncpg.connect(servers.postgres)
    try:
        held = other.transaction()
        await held.start()
        await other.fetchval("SELECT pg_current_xact_id()")
        async with running(
            [*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace
        ):
            await reference.write(published("a", "tila"))

            async def arrived() -> bool:
                return await reference.names() == {"a": "tila"}

            await eventually(arrived, seconds=5)
        await held.rollback()
    finally:
        await other.close()


async def test_paused_relay_is_fenced_when_it_wakes_up(reference: Reference, start_worker: StartWorker) -> None:
    first = start_worker(reference, "relay")
    await reference.write(published("k", "0"))
    await eventually(reference.outbox_is_empty)
    first.send(signal.SIGSTOP)
    second = start_worker(reference, "relay")
    for number in range(1, 11):
        await reference.write(published("k", str(number)))
    await eventually(reference.outbox_is_empty, seconds=30, what="the second relay took over")
    first.send(signal.SIGCONT)
    for number in range(11, 31):
        await reference.write(published("k", str(number)))
        await asyncio.sleep(0.02)  # spread, so that both have something to race for
    await eventually(reference.outbox_is_empty)
    assert (first.returncode, second.returncode) == (None, None)
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(reference.live_equals_fresh)
    order = [int(name) for name in await names_in_topic(reference, "k") if name is not None]
    assert order == sorted(order)
    assert set(order) == set(range(31))


class HesitantRelay(Relay):
    """Pauses between its election and its first word to the broker, as a process does that is stopped just there."""

    def __init__(self, base: Base) -> None:
        super().__init__(base.database, kafka=base.kafka, service=base.name, health=base.health)
        self.pauses = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def _connected(self) -> AIOKafkaProducer:
        self.pauses.set()
        await self.may_go_on.wait()
        return await super()._connected()


async def test_relay_paused_before_it_reaches_the_broker_sends_nothing_stale(reference: Reference) -> None:
    base = reference.base
    hesitant = HesitantRelay(base)
    async with running([hesitant], grace=base.guards.stop_grace):
        await reference.write(published("k", "1"))
        await hesitant.pauses.wait()
        async with base.database.connection() as connection:
            await connection.execute("UPDATE relay_lease SET held_until = now() - interval '1 second'")
        async with running(base.relay(), grace=base.guards.stop_grace):
            await eventually(reference.outbox_is_empty)
            await reference.write(published("k", "2"))
            await eventually(reference.outbox_is_empty)
            hesitant.may_go_on.set()
            await reference.write(published("k", "3"))
            await eventually(reference.outbox_is_empty)
    assert await names_in_topic(reference, "k") == ["1", "2", "3"]


async def test_events_of_a_missing_topic_wait_and_others_flow(reference: Reference) -> None:
    step = {"run_id": str(uuid4()), "source": "ptv", "mode": "full", "started_at": "2026-11-25T00:00:00Z"}
    lost = [Outgoing("hyte.ingest-runs.v1", f"ptv-{n}", IngestRunStarted.model_validate(step)) for n in range(30)]
    await reference.write(*lost, published("a", "tila"))
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def others_flow() -> bool:
            return await reference.names() == {"a": "tila"}

        await eventually(others_flow, seconds=10)
        assert await reference.count("outbox") == 30
        await create_topics(reference.base.kafka, topic_specs("hyte.ingest-runs.v1"))
        async with reference.base.database.transaction() as tx:
            await queries.retry_all_refused(tx)
            await queries.notify_outbox(tx)
        await eventually(reference.outbox_is_empty)


async def limit_record_size(reference: Reference, topic: str, size: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    try:
        config = {"max.message.bytes": str(size), "cleanup.policy": "compact"}
        name = reference.base.kafka.on_broker(topic)
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=config)])
    finally:
        await admin.close()


async def test_row_that_the_broker_refuses_parks_its_key_and_others_flow(reference: Reference) -> None:
    await limit_record_size(reference, STATE_TOPIC, 4_000)
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await reference.write(published("big", "a" * 8_000), published("small", "pieni"))
        await reference.write(published("big", "lyhyt"))
        await reference.write(published("other", "muu"))

        async def others_flow() -> bool:
            return await reference.names() == {"small": "pieni", "other": "muu"}

        await eventually(others_flow)
        assert await reference.count("outbox") == 2
        async with reference.base.database.connection() as connection:
            (refused,) = [row async for row in queries.refused(connection)]
        assert (refused["aggregateid"], refused["refused"]) == ("big", "MessageSizeTooLargeError")
        await limit_record_size(reference, STATE_TOPIC, 1_048_588)
        async with reference.base.database.transaction() as tx:
            await queries.retry_refused(tx, seq=refused["seq"])
            await queries.notify_outbox(tx)

        async def key_flows_again() -> bool:
            return (await reference.names()).get("big") == "lyhyt"

        await eventually(key_flows_again)
        await eventually(reference.live_equals_fresh)
    assert await names_in_topic(reference, "big") == ["a" * 8_000, "lyhyt"]


async def test_removal_is_an_event_and_then_a_real_null(reference: Reference) -> None:
    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        await reference.write(published("a", "tila"))
        await reference.write(*removed("a"))
        await eventually(reference.outbox_is_empty)
    records = [record async for record in read_all(reference.base.kafka, STATE_TOPIC)]
    assert [record.value is None for record in records] == [False, False, True]
    tombstone = decode(records[2])
    assert tombstone.event is None
    assert tombstone.envelope.type == "fi.hytevirta.concept.removed.v1"
    assert tombstone.version > decode(records[1]).version


async def test_event_that_is_not_declared_for_a_topic_is_refused_at_insert(reference: Reference) -> None:
    event = request("recipient-00000001").event
    with pytest.raises(Exception, match="event-not-of-topic"):
        await reference.write(Outgoing(STATE_TOPIC, "k", event))
    assert await reference.outbox_is_empty()


async def test_event_too_big_for_the_broker_is_refused_at_insert(reference: Reference) -> None:
    with pytest.raises(Exception, match="event-too-big"):
        await reference.write(published("k", "a" * 900_001))
    assert await reference.outbox_is_empty()


async def test_restored_backup_reuses_no_version(reference: Reference) -> None:
    """A database put back to an earlier day draws versions above those it gave out before it was lost."""
    await reference.write(published("k", "ennen"))
    async with reference.base.database.transaction() as tx:
        before = await tx.fetchval("SELECT version FROM stream_version WHERE key = 'k'")
        await tx.execute("UPDATE stream_version SET version = 1 WHERE key = 'k'")
    await reference.write(published("k", "jälkeen"))
    async with reference.base.database.connection() as connection:
        assert await connection.fetchval("SELECT version FROM stream_version WHERE key = 'k'") > before


async def test_effects_keep_the_order_of_their_key(reference: Reference) -> None:
    parts = [*reference.base.relay(), reference.effect_consumer()]
    async with running(parts, grace=reference.base.guards.stop_grace):
        for _ in range(5):
            await reference.write(*[request(f"recipient-{n:08}") for n in range(20)])

        async def all_there() -> bool:
            return len(await reference.effects()) == 100

        await eventually(all_there)
    assert {record.topic async for record in read_all(reference.base.kafka, EFFECT_TOPIC)} == {EFFECT_TOPIC}
