"""What a service hands to the guard: one handler for a group's topics of one kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chassis.core.clock import Clock
from chassis.kafka.records import Delivery
from chassis.postgres.database import Connection
from chassis.postgres.queries import queries
from event_schemas.registry import topic_for

BatchHandler = Callable[[Sequence[Delivery], Connection], Awaitable[None]]
"""Applies a batch inside the given transaction; of a state topic only what is newer than stored."""

OneHandler = Callable[[Delivery, Connection], Awaitable[None]]
"""Has the effect of one event inside the given transaction; the guard has made sure that it is the first time."""


LiveKeys = Callable[[str, Connection], Awaitable[dict[str, int]]]
"""Keys of a topic that a read model holds, with their versions: what `reconcile` compares with the log."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consumer group's topics, all of one kind, and how their records are handled."""

    group: str
    topics: tuple[str, ...]
    handler: BatchHandler
    has_effects: bool
    live_keys: LiveKeys | None = None


def state_subscription(
    group: str, topics: Sequence[str], handler: BatchHandler, *, live_keys: LiveKeys | None = None
) -> Subscription:
    """For state topics: whole batches, by version."""
    _require_kind(topics, {"state"})
    return Subscription(group, tuple(topics), handler, has_effects=False, live_keys=live_keys)


def effect_subscription(group: str, topics: Sequence[str], handler: OneHandler, *, clock: Clock) -> Subscription:
    """For effect topics: each event once, its inbox row in the effect's transaction."""
    _require_kind(topics, {"effect", "log"})

    async def each_once(deliveries: Sequence[Delivery], tx: Connection) -> None:
        events = [delivery.event_id for delivery in deliveries]
        new = {row["event"] async for row in queries.first_seen(tx, group=group, events=events, now=clock())}
        for delivery in deliveries:
            if delivery.event_id in new:
                new.discard(delivery.event_id)
                await handler(delivery, tx)

    return Subscription(group, tuple(topics), each_once, has_effects=True)


def _require_kind(topics: Sequence[str], kinds: set[str]) -> None:
    for topic in topics:
        if topic_for(topic).kind not in kinds:
            raise ValueError(f"{topic} is not a topic of kind {' or '.join(sorted(kinds))}")
