"""The outbox's writing side: an event is a row in the transaction that changes the state it tells of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from chassis.core.clock import Clock, NewId, microseconds
from chassis.core.errors import PermanentError
from chassis.postgres.database import Connection
from chassis.postgres.queries import queries
from chassis.telemetry.traces import current_traceparent
from event_schemas.base import Event
from event_schemas.envelope import Envelope
from event_schemas.registry import topic_for
from event_schemas.topic import PersonalData

MOST_BYTES = 900_000
"""Broker limit is 1 MiB a record; the rest is room for headers."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event for a topic and key; `event` None is the tombstone that follows a removed event of `removed_type`."""

    topic: str
    key: str
    event: Event | None
    removed_type: str | None = None
    subject: str | None = None
    body: bytes | None = None
    """The event as JSON, where the caller has it already."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an event was given: its CloudEvents id, and its version among those of its key."""

    id: UUID
    version: int


def removal(topic: str, key: str, event: Event) -> list[Outgoing]:
    """An explicit removed event, and the tombstone that lets compaction forget the key."""
    return [Outgoing(topic, key, event), Outgoing(topic, key, None, removed_type=type(event).event_type)]


class Outbox:
    """Writes events of one service; `source` is its CloudEvents source."""

    def __init__(self, *, source: str, clock: Clock, new_id: NewId) -> None:
        self._source = source
        self._clock = clock
        self._new_id = new_id

    async def append(self, tx: Connection, events: Sequence[Outgoing]) -> list[Appended]:
        """Appends in the caller's transaction; returns each event's id and version.

        Versions are drawn first, which locks each key's row until commit, and only then the rows' `seq`: so the
        order of `seq` is the order of commits per key, whoever else writes.

        Raises:
            PermanentError: the event does not belong on the topic, or is too big.
        """
        if not events:
            return []
        payloads = [_checked_payload(event) for event in events]
        now = self._clock()
        self._check_envelopes(events, now)
        versions = await self._draw_versions(tx, events, now)
        appended = [Appended(self._id(event), version) for event, version in zip(events, versions, strict=True)]
        await self._insert(tx, events, payloads, appended, now)
        await queries.notify_outbox(tx)
        return appended

    def _check_envelopes(self, events: Sequence[Outgoing], now: datetime) -> None:
        """What the relay could not put into headers is refused here, where its writer learns of it."""
        for event in events:
            try:
                Envelope("checked", self._source, _type_of(event), now, event.subject or event.key, None)
            except ValueError as exc:
                raise PermanentError("envelope-invalid", str(exc)) from exc

    def _id(self, event: Outgoing) -> UUID:
        """UUIDv7, but on a pseudonymous topic random: an id that holds its time could be joined with another's."""
        return uuid4() if _is_pseudonymous(event.topic) else self._new_id()

    async def _draw_versions(self, tx: Connection, events: Sequence[Outgoing], now: datetime) -> list[int]:
        """One draw per key and event: a key that comes twice gets two versions, in the order given."""
        counts: defaultdict[tuple[str, str], int] = defaultdict(int)
        rounds: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        places: list[tuple[int, tuple[str, str]]] = []
        for event in events:
            slot = (event.topic, event.key)
            places.append((counts[slot], slot))
            rounds[counts[slot]].append(slot)
            counts[slot] += 1
        drawn = {number: await self._draw_round(tx, slots, now) for number, slots in sorted(rounds.items())}
        return [drawn[number][slot] for number, slot in places]

    async def _draw_round(
        self, tx: Connection, slots: Sequence[tuple[str, str]], now: datetime
    ) -> dict[tuple[str, str], int]:
        versions: dict[tuple[str, str], int] = {}
        for topic in sorted({topic for topic, _ in slots}):
            keys = sorted(key for slot_topic, key in slots if slot_topic == topic)
            now_us = 0 if _is_pseudonymous(topic) else microseconds(now)
            async for row in queries.next_versions(tx, topic=topic, keys=keys, now_us=now_us):
                versions[(topic, row["key"])] = row["version"]
        return versions

    async def _insert(
        self,
        tx: Connection,
        events: Sequence[Outgoing],
        payloads: Sequence[bytes | None],
        appended: Sequence[Appended],
        now: datetime,
    ) -> None:
        hidden = [_is_pseudonymous(event.topic) for event in events]
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        await queries.insert_outbox(
            tx,
            ids=[one.id for one in appended],
            topics=[event.topic for event in events],
            keys=[event.key for event in events],
            types=[_type_of(event) for event in events],
            payloads=payloads,
            sources=[self._source] * len(events),
            times=[today if hide else now for hide in hidden],
            subjects=[event.subject or event.key for event in events],
            dataschemas=[event.event.dataschema() if event.event is not None else None for event in events],
            versions=[one.version for one in appended],
            traceparents=[None if hide else current_traceparent() for hide in hidden],
        )


def _is_pseudonymous(topic: str) -> bool:
    """Such a topic tells nothing finer than a day: no exact time, no id or version made of it, no trace."""
    return topic_for(topic).personal_data == PersonalData.PSEUDONYMOUS


def _type_of(outgoing: Outgoing) -> str:
    if outgoing.event is not None:
        return type(outgoing.event).event_type
    if outgoing.removed_type is None:
        raise PermanentError("tombstone-without-type", "a tombstone names the removed event it follows")
    return outgoing.removed_type


def _checked_payload(outgoing: Outgoing) -> bytes | None:
    kind = _type_of(outgoing)
    if kind not in topic_for(outgoing.topic).events:
        raise PermanentError("event-not-of-topic", f"{kind} is not declared for {outgoing.topic}")
    payload = outgoing.body or (outgoing.event.to_json() if outgoing.event is not None else None)
    if payload is not None and len(payload) > MOST_BYTES:
        raise PermanentError("event-too-big", f"{kind} has {len(payload)} bytes, the limit is {MOST_BYTES}")
    return payload
