"""What tests of the guard ask of the broker, and handlers that fail as told."""

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from chassis.kafka.dead_letters import DeadLetter, read_dead_letters
from chassis.kafka.follow import read_all
from chassis.kafka.handlers import BatchHandler
from chassis.kafka.records import Delivery
from chassis.postgres.database import Connection
from chassis.testing.read_model import EFFECT_TOPIC, concept, keep
from chassis.testing.reference import Reference

CONCEPT = "fi.hytevirta.concept.published.v1"
REMOVED = "fi.hytevirta.concept.removed.v1"


async def dead_letters(reference: Reference, topic: str, group: str) -> list[DeadLetter]:
    return [letter async for letter in read_dead_letters(reference.base.kafka, topic=topic, group=group)]


async def committed(reference: Reference, topic: str, group: str, partition: int) -> int:
    """The group's committed offset, -1 while there is none."""
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(reference.base.kafka.on_broker(group))
    except GroupCoordinatorNotAvailableError:
        return -1  # a broker that has never had a group
    finally:
        await admin.close()
    named = {(place.topic, place.partition): meta.offset for place, meta in offsets.items()}
    return int(named.get((reference.base.kafka.on_broker(topic), partition), -1))


async def same_partition(reference: Reference, topic: str, key: str) -> int:
    partitions = {r.partition async for r in read_all(reference.base.kafka, topic) if r.key == key.encode()}
    return partitions.pop()


def body(key: str) -> bytes:
    """An event's body that the reference model takes."""
    return concept(key, "tila").to_json()


def failing_on(key: str, error: Exception) -> BatchHandler:
    async def handler(deliveries: Sequence[Delivery], tx: Connection) -> None:
        if any(delivery.key == key for delivery in deliveries):
            raise error
        await keep(deliveries, tx)

    return handler


async def has_dead_letters(reference: Reference, count: int) -> bool:
    return len(await dead_letters(reference, EFFECT_TOPIC, "notify")) == count
