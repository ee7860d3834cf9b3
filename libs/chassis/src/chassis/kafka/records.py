"""A record as the guard sees it, free of any client library, and what a handler gets of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from event_schemas.base import Event
from event_schemas.codec import UnreadableRecord, read_record
from event_schemas.envelope import Envelope
from event_schemas.registry import model_for, topic_for

LONGEST_KEY = 512
"""Bytes. Our own keys are ids of at most 200; what is longer would not fit an index."""

Headers = Sequence[tuple[str, bytes]]


class ClientRecord(Protocol):
    """What aiokafka gives."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic, named as contracts name it (without the environment's prefix)."""

    topic: str
    partition: int
    offset: int
    recorded_at: datetime
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def place(self) -> tuple[str, int, int]:
        return (self.topic, self.partition, self.offset)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A readable record: `event` is None for a tombstone."""

    record: Record
    key: str
    envelope: Envelope
    event: Event | None

    @property
    def version(self) -> int:
        """The version of a state topic's record; state topics are read only with one (see `decode`)."""
        return self.envelope.version or 0

    @property
    def event_id(self) -> str:
        """What makes the event one and the same however often it is delivered (CloudEvents: source + id)."""
        return f"{self.envelope.source}#{self.envelope.id}"


class UnknownType(Exception):
    """The event's type is not known here yet."""


def record_of(raw: ClientRecord, logical_topic: str) -> Record:
    """Copies what counts out of the client's record."""
    at = _moment(raw.timestamp)
    return Record(logical_topic, raw.partition, raw.offset, at, raw.key, raw.value, tuple(raw.headers))


def _moment(milliseconds: int) -> datetime:
    """A producer may write any number as a record's time; one that is no date is kept as 1970."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def decode(record: Record) -> Delivery:
    """The record as an event.

    Raises:
        UnreadableRecord: bytes, key or body that no retry can make readable.
        UnknownType: a type that this version of the contracts does not know.
    """
    key = key_of(record)
    envelope, data = read_record(record.headers, record.value)
    topic = topic_for(record.topic)
    if topic.kind == "state" and envelope.version is None:
        raise UnreadableRecord("a state topic's record without version")
    if envelope.type not in topic.events:
        raise UnknownType(envelope.type)
    event = model_for(envelope.type).from_json(data) if data is not None else None
    return Delivery(record, key, envelope, event)


def key_of(record: Record) -> str:
    """The key as text; raises UnreadableRecord where it has none that a database can hold."""
    raw = record.key
    if not raw:
        raise UnreadableRecord("the record has no key")
    if len(raw) > LONGEST_KEY:
        raise UnreadableRecord(f"the key is longer than {LONGEST_KEY} bytes")
    if b"\x00" in raw:  # PostgreSQL stores no NUL in text: every statement about the key would fail, for ever
        raise UnreadableRecord("the key holds a NUL character")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UnreadableRecord("the key is not UTF-8") from None
