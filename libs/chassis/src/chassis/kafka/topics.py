"""Topics on the broker, made from their declaration."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from chassis.kafka.settings import KafkaSettings
from event_schemas.registry import TopicSpec


async def missing_topics(settings: KafkaSettings, names: Sequence[str]) -> list[str]:
    """Those of the topics that the broker does not have. Raises KafkaError while it does not answer."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka, request_timeout_ms=5_000)
    try:
        await admin.start()
        known = set(await admin.list_topics())
    finally:
        await admin.close()
    return [name for name in names if settings.on_broker(name) not in known]


async def create_topics(settings: KafkaSettings, specs: Sequence[TopicSpec], *, replicas: int = 1) -> list[str]:
    """Creates the topics that are missing; returns their names. Existing topics are left as they are.

    One replica is for one broker, a laptop's; a cluster's operator creates topics from the same declarations.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    try:
        await admin.start()
        known = set(await admin.list_topics())
        missing = [spec for spec in specs if settings.on_broker(spec.name) not in known]
        if missing:
            await _create(admin, settings, missing, replicas)
        return [spec.name for spec in missing]
    finally:
        await admin.close()


async def _create(
    admin: AIOKafkaAdminClient, settings: KafkaSettings, specs: Sequence[TopicSpec], replicas: int
) -> None:
    new = [
        NewTopic(
            settings.on_broker(spec.name),
            num_partitions=spec.partitions,
            replication_factor=replicas,
            topic_configs=dict(spec.config),
        )
        for spec in specs
    ]
    response = await admin.create_topics(new)
    for name, code, *_ in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise error(f"topic {name} could not be created")
