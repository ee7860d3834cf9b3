"""Entries and vocabularies from their topics into a web replica's tray."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog

from catalog.app.tray import EntryChange, Tray
from catalog.entrypoints.kafka import VOCABULARIES, concept_of
from catalog.entrypoints.metrics import PASSED_OVER
from chassis.kafka.records import Delivery, Record, UnknownType, decode
from event_schemas.codec import UnreadableRecord
from event_schemas.entry import EntryPublished

log = structlog.get_logger(__name__)

ENTRIES = "hyte.catalog.entries.v1"


class TrayFollower:
    """What the follower calls with each batch."""

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    async def __call__(self, records: Sequence[Record]) -> None:
        deliveries = list(_readable(records))
        changes = [_change(one) for one in deliveries if one.record.topic == ENTRIES]
        concepts = [concept_of(one) for one in deliveries if one.record.topic == VOCABULARIES]
        await self._tray.apply(changes, concepts)


def _readable(records: Sequence[Record]) -> Iterator[Delivery]:
    """A replica has no dead letters: what it cannot read it counts and names in the log, and serves everything else."""
    for record in records:
        try:
            yield decode(record)
        except (UnreadableRecord, UnknownType) as exc:
            PASSED_OVER.labels(record.topic, type(exc).__name__).inc()
            log.error(
                "record passed over",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                error_type=type(exc).__name__,
            )


def _change(delivery: Delivery) -> EntryChange:
    event = delivery.event
    return EntryChange(delivery.key, delivery.version, event if isinstance(event, EntryPublished) else None)
