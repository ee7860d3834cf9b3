"""Reading whole topics without a group: when a follower is ready, and where a full read ends."""

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaProducer

from chassis.core.health import Health
from chassis.core.process import running
from chassis.kafka.follow import Follower, read_all
from chassis.kafka.records import Record
from chassis.kafka.settings import KafkaSettings
from chassis.testing.read_model import STATE_TOPIC
from devstack.testing import MakeTopics, eventually

pytestmark = pytest.mark.kafka

FOLLOWER = "follower"


class Model:
    """Keeps the values it is given, and whether it had been called ready before each batch."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []
        self.was_ready: list[bool] = []
        self.health = Health()

    def follower(self, settings: KafkaSettings, *, batch: int = 2000) -> Follower:
        return Follower(settings, [STATE_TOPIC], self.apply, health=self.health, name=FOLLOWER, batch=batch)

    async def apply(self, records: Sequence[Record]) -> None:
        self.was_ready.append(await self.ready())
        self.values.extend(record.value for record in records)

    async def ready(self) -> bool:
        return self.health.reasons() == {}


@pytest.fixture
async def settings(kafka_settings: KafkaSettings, make_topics: MakeTopics) -> KafkaSettings:
    """The broker with one empty topic of three partitions."""
    await make_topics(STATE_TOPIC, dead_letters=False)
    return kafka_settings


async def transaction(settings: KafkaSettings, *values: bytes, abort: bool = False) -> None:
    """One Kafka transaction, which leaves a marker behind its records in each partition it wrote to."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.kafka, transactional_id=settings.on_broker("test"), request_timeout_ms=10_000
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        for number, value in enumerate(values):
            topic = settings.on_broker(STATE_TOPIC)
            await producer.send_and_wait(topic, value=value, key=b"k", partition=number % 3)
        await (producer.abort_transaction() if abort else producer.commit_transaction())
    finally:
        await producer.stop()


async def test_follower_of_an_empty_topic_is_ready_without_a_record(settings: KafkaSettings) -> None:
    model = Model()
    follower = model.follower(settings)
    assert model.health.reasons() == {FOLLOWER: "reading the topics from their beginning"}
    async with running([follower], grace=model.health.stuck_after):
        await eventually(model.ready)
    assert model.values == []


async def test_follower_is_ready_only_when_it_has_applied_what_was_there_at_its_start(settings: KafkaSettings) -> None:
    await transaction(settings, b"1", b"2", b"3")
    model = Model()
    async with running([model.follower(settings, batch=1)], grace=model.health.stuck_after):
        await eventually(model.ready)
        assert sorted(value or b"" for value in model.values) == [b"1", b"2", b"3"]
    assert model.was_ready == [False, False, False]


async def test_tail_of_an_aborted_transaction_keeps_nobody_waiting(settings: KafkaSettings) -> None:
    """Its records and its marker take offsets, and none of them ever arrives."""
    await transaction(settings, b"1")
    await transaction(settings, b"aborted", b"aborted", b"aborted", abort=True)
    model = Model()
    async with running([model.follower(settings)], grace=model.health.stuck_after):
        await eventually(model.ready)
        assert model.values == [b"1"]
        await transaction(settings, b"2")

        async def second_applied() -> bool:
            return model.values == [b"1", b"2"]

        await eventually(second_applied)
    assert [record.value async for record in read_all(settings, STATE_TOPIC)] == [b"1", b"2"]


async def test_full_read_of_an_empty_topic_ends_with_nothing(settings: KafkaSettings) -> None:
    assert [record async for record in read_all(settings, STATE_TOPIC)] == []


async def test_error_of_the_read_model_is_a_failure_of_the_process(settings: KafkaSettings) -> None:
    await transaction(settings, b"1")

    async def fail(_: Sequence[Record]) -> None:
        raise KeyError("a bug")

    follower = Follower(settings, [STATE_TOPIC], fail, health=Health())
    async with running([follower], grace=Health().stuck_after) as failed:
        await asyncio.wait_for(failed.wait(), 10)


async def test_follower_of_a_topic_that_is_not_there_yet_waits_for_it(
    kafka_settings: KafkaSettings, make_topics: MakeTopics
) -> None:
    model = Model()
    async with running([model.follower(kafka_settings)], grace=model.health.stuck_after):
        await make_topics(STATE_TOPIC, dead_letters=False)
        await eventually(model.ready)
