"""Dead letters: written before the offset passes them, read by people, never sent back to the source topic."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from chassis.kafka.follow import read_all
from chassis.kafka.producers import started
from chassis.kafka.records import Record
from chassis.kafka.settings import KafkaSettings
from chassis.telemetry.metrics import DEAD_LETTERS
from event_schemas.registry import dead_letter_topic

_PREFIX = "dlq_"
_REASON = (
    "group",
    "topic",
    "partition",
    "offset",
    "recorded_at",
    "code",
    "explanation",
    "error",
    "attempts",
    "service",
    "at",
)
# Twice what any topic allows: the original is kept whole, the reason's headers come on top.
_MOST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a record is dead: a code and a sentence, never made of its content."""

    code: str
    explanation: str
    error: str
    attempts: int
    parks: bool = True


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter as it stands in its topic, with the original record inside."""

    partition: int
    offset: int
    group: str
    original: Record
    failure: Failure
    service: str
    at: datetime


class DeadLetters:
    """A part: the writing side, one producer per process, acknowledged by all in-sync replicas."""

    name = "dead-letters"

    def __init__(self, settings: KafkaSettings, *, service: str) -> None:
        self._settings = settings
        self._service = service
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connects lazily: a broker that is still coming up must not keep the process from starting."""

    async def stop(self) -> None:
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def publish(self, group: str, record: Record, failure: Failure) -> None:
        """Returns when the broker has it; key, value and headers are the original's, byte for byte."""
        producer = await self._connected()
        topic = dead_letter_topic(record.topic, group)
        headers = [*record.headers, *_reason_headers(group, record, failure, self._service)]
        await producer.send_and_wait(
            self._settings.on_broker(topic), value=record.value, key=record.key, headers=headers
        )
        DEAD_LETTERS.labels(record.topic, group, failure.code).inc()

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._settings.kafka,
                enable_idempotence=True,
                max_request_size=_MOST_BYTES,
                request_timeout_ms=5_000,
            )
            self._producer = await started(producer)
        return self._producer


def _reason_headers(group: str, record: Record, failure: Failure, service: str) -> Sequence[tuple[str, bytes]]:
    texts = (
        group,
        record.topic,
        str(record.partition),
        str(record.offset),
        record.recorded_at.isoformat(),
        failure.code,
        failure.explanation,
        failure.error,
        str(failure.attempts),
        service,
        datetime.now(UTC).isoformat(),
    )
    return [(_PREFIX + name, text.encode()) for name, text in zip(_REASON, texts, strict=True)]


def dead_letter_place(letter: DeadLetter) -> str:
    """How people name a dead letter: where its original record stood."""
    original = letter.original
    return f"{original.topic}/{original.partition}/{original.offset}"


async def read_dead_letters(settings: KafkaSettings, *, topic: str, group: str) -> AsyncIterator[DeadLetter]:
    """All dead letters of a group on a topic, oldest first, up to the present end."""
    async for raw in read_all(settings, dead_letter_topic(topic, group)):
        yield _parse(raw)


def _parse(raw: Record) -> DeadLetter:
    """Our own headers are the last ones; what stands before them is the original's, whatever it is called."""
    own = dict(raw.headers[-len(_REASON) :])
    reason = {name: own[_PREFIX + name].decode() for name in _REASON}
    original = Record(
        topic=reason["topic"],
        partition=int(reason["partition"]),
        offset=int(reason["offset"]),
        recorded_at=datetime.fromisoformat(reason["recorded_at"]),
        key=raw.key,
        value=raw.value,
        headers=tuple(raw.headers[: -len(_REASON)]),
    )
    failure = Failure(reason["code"], reason["explanation"], reason["error"], int(reason["attempts"]))
    at = datetime.fromisoformat(reason["at"])
    return DeadLetter(raw.partition, raw.offset, reason["group"], original, failure, reason["service"], at)
