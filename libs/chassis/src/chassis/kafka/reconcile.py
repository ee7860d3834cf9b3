"""Making a read model equal to its log again: what it lacks is applied, what the log no longer holds is swept.

A reader that was away for longer than tombstones are kept, or whose database was restored, has keys that no record will
ever remove. It runs beside the live consumer: versions decide, so neither undoes the other's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.core.clock import Clock
from chassis.core.errors import PermanentError
from chassis.kafka.follow import read_all
from chassis.kafka.handlers import Subscription
from chassis.kafka.records import Delivery, Record, UnknownType, decode
from chassis.kafka.settings import KafkaSettings
from chassis.postgres.database import Database
from event_schemas.codec import UnreadableRecord
from event_schemas.envelope import Envelope

_BATCH = 1000
_MOST_SHARE = 0.05
_ALWAYS_ALLOWED = 3


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one topic's reconciliation found: records read, unreadable ones passed over, keys swept."""

    topic: str
    read: int = 0
    unreadable: int = 0
    swept: int = 0


async def reconcile(
    subscription: Subscription,
    topic: str,
    *,
    kafka: KafkaSettings,
    database: Database,
    clock: Clock,
    accept_removals: bool = False,
) -> Reconciled:
    """Applies the whole log of a state topic to the live model, then removes what only the model has.

    Only keys are swept that the model had before the log was read, and has still at the same version: what it has, it
    has from the log, so a key of then that the log does not show is one that the log no longer holds.

    Raises:
        PermanentError: `many-removals`, since a topic that has lost its data looks the same; nothing is swept then.
    """
    known = await _live_keys(subscription, topic, database)
    result = Reconciled(topic)
    seen: set[str] = set()
    batch: list[Delivery] = []
    async for record in read_all(kafka, topic):
        result = replace(result, read=result.read + 1)
        seen.add((record.key or b"").decode(errors="replace"))
        delivery = _readable(record)
        if delivery is None:
            result = replace(result, unreadable=result.unreadable + 1)
            continue
        batch.append(delivery)
        if len(batch) == _BATCH:
            await _apply(subscription, database, batch)
            batch.clear()
    await _apply(subscription, database, batch)
    strays = await _strays(subscription, topic, database, known, seen)
    if too_many(len(strays), len(known)) and not accept_removals:
        explanation = f"{len(strays)} of {len(known)} keys of {topic} are not in the topic; is the topic whole?"
        raise PermanentError("many-removals", explanation)
    await _apply(subscription, database, [_tombstone(topic, *stray, clock) for stray in sorted(strays.items())])
    return replace(result, swept=len(strays))


def too_many(gone: int, known: int) -> bool:
    """Whether so many of the keys of a model are missing from its log that a person should look at the log first."""
    return gone > max(_ALWAYS_ALLOWED, _MOST_SHARE * known)


def _readable(record: Record) -> Delivery | None:
    """None for what the guard has dead-lettered, and for types of a later version."""
    try:
        return decode(record)
    except (UnreadableRecord, UnknownType):
        return None


async def _apply(subscription: Subscription, database: Database, batch: Sequence[Delivery]) -> None:
    if batch:
        async with database.transaction() as tx:
            await subscription.handler(batch, tx)


async def _live_keys(subscription: Subscription, topic: str, database: Database) -> dict[str, int]:
    if subscription.live_keys is None:
        return {}
    async with database.transaction() as tx:
        return await subscription.live_keys(topic, tx)


async def _strays(
    subscription: Subscription, topic: str, database: Database, known: dict[str, int], seen: set[str]
) -> dict[str, int]:
    now = await _live_keys(subscription, topic, database)
    return {key: version for key, version in known.items() if key not in seen and now.get(key) == version}


def _tombstone(topic: str, key: str, version: int, clock: Clock) -> Delivery:
    """What the log would say of the key, one version above what the model has."""
    now = clock()
    kind = "fi.hytevirta.swept.v1"
    envelope = Envelope("swept", "urn:hytevirta:reconcile", kind, now, None, None, version=version + 1)
    return Delivery(Record(topic, 0, 0, now, key.encode(), None, ()), key, envelope, None)
