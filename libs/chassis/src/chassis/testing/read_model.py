"""A read model of the vocabularies, and a log of effects of notification requests: the least that has every promise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chassis.kafka.follow import read_all
from chassis.kafka.records import Delivery, UnknownType, decode
from chassis.kafka.settings import KafkaSettings
from chassis.postgres.database import Connection
from chassis.postgres.outbox import Outgoing, removal
from event_schemas.codec import UnreadableRecord
from event_schemas.text import text_in
from event_schemas.vocabulary import ConceptPublished, ConceptRemoved

MIGRATIONS = Path(__file__).with_name("migrations")
STATE_TOPIC = "hyte.vocabularies.v1"
EFFECT_TOPIC = "hyte.notifications.requested.v1"

Model = dict[str, tuple[int, str | None]]
"""Key → version and name; the name is None once the concept is removed."""

_UPSERT = """
INSERT INTO concept AS c (key, version, name)
SELECT DISTINCT ON (k) k, v, n FROM unnest($1::text[], $2::bigint[], $3::text[]) AS u (k, v, n) ORDER BY k, v DESC
ON CONFLICT (key) DO UPDATE SET version = excluded.version, name = excluded.name WHERE c.version < excluded.version"""


def concept(key: str, name: str) -> ConceptPublished:
    return ConceptPublished.model_validate(
        {"concept_id": key, "scheme": "ontology", "name": {"fi": {"text": name, "origin": "source"}}}
    )


def published(key: str, name: str) -> Outgoing:
    return Outgoing(STATE_TOPIC, key, concept(key, name))


def removed(key: str) -> list[Outgoing]:
    return removal(STATE_TOPIC, key, ConceptRemoved.model_validate({"concept_id": key, "scheme": "ontology"}))


async def keep(deliveries: Sequence[Delivery], tx: Connection) -> None:
    """Stores each key's state; the higher version wins, whatever comes when."""
    keys = [delivery.key for delivery in deliveries]
    versions = [delivery.version for delivery in deliveries]
    await tx.execute(_UPSERT, keys, versions, [name_of(delivery) for delivery in deliveries])


async def live_keys(_topic: str, tx: Connection) -> dict[str, int]:
    rows = await tx.fetch("SELECT key, version FROM concept WHERE name IS NOT NULL")
    return {row["key"]: row["version"] for row in rows}


async def note(delivery: Delivery, tx: Connection) -> None:
    """The effect of one event: a row that would be doubled if the event were handled twice."""
    await tx.execute("INSERT INTO effect (event, key) VALUES ($1, $2)", delivery.event_id, delivery.key)


def name_of(delivery: Delivery) -> str | None:
    event = delivery.event
    return text_in(event.name, "fi") if isinstance(event, ConceptPublished) else None


async def stored(connection: Connection) -> Model:
    rows = await connection.fetch("SELECT key, version, name FROM concept")
    return {row["key"]: (row["version"], row["name"]) for row in rows}


async def effects(connection: Connection) -> list[str]:
    """Keys in the order of their effects."""
    return [row["key"] for row in await connection.fetch("SELECT key FROM effect ORDER BY number")]


async def fresh_reader(settings: KafkaSettings) -> Model:
    """What a reader that begins at offset 0 ends with."""
    model: Model = {}
    async for record in read_all(settings, STATE_TOPIC):
        try:
            delivery = decode(record)
        except (UnreadableRecord, UnknownType):
            continue  # dead letters, and types of the future: neither changes a model
        if delivery.version > model.get(delivery.key, (-1, None))[0]:
            model[delivery.key] = (delivery.version, name_of(delivery))
    return model
