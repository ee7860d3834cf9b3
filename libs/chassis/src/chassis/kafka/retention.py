"""Records that retention deleted before a group had read them: rare, final, and never to pass unnoticed."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from chassis.kafka.follow import assigned
from chassis.kafka.settings import KafkaSettings


async def lost_to_retention(settings: KafkaSettings, group: str, topics: Sequence[str]) -> dict[str, int]:
    """By topic, how many offsets between what the group has committed and what the topic still holds are gone.

    On a compacted topic such a gap is no loss, so ask for effect topics only. Raises KafkaError.
    """
    committed = await _committed(settings, group)
    lost: dict[str, int] = {}
    async with assigned(settings, topics) as consumer:
        for place, begins in (await consumer.beginning_offsets(list(consumer.assignment()))).items():
            missed = begins - committed.get((place.topic, place.partition), begins)
            if missed > 0:
                topic = settings.logical(place.topic)
                lost[topic] = lost.get(topic, 0) + missed
    return lost


async def _committed(settings: KafkaSettings, group: str) -> dict[tuple[str, int], int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    try:
        await admin.start()
        offsets = await admin.list_consumer_group_offsets(settings.on_broker(group))
    except GroupCoordinatorNotAvailableError:
        return {}  # a broker that has never had a group
    finally:
        await admin.close()
    return {(place.topic, place.partition): meta.offset for place, meta in offsets.items() if meta.offset >= 0}
