"""What an operator is shown of the ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from event_schemas.ingest_run import RunCounts
from ptv_ingest.app.ports import Row
from ptv_ingest.app.sync import Sync

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PastRun:
    """`outcome` None while it goes on, or since its process died."""

    run_id: str
    mode: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    reason: str | None
    counts: RunCounts


@dataclass(frozen=True, slots=True)
class Rejected:
    """An object that could not be taken, since when, and when it was last met."""

    kind: str
    object_id: str
    source: str
    reason: str
    explanation: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where things stand between runs; `held` is the run that waits for an operator."""

    runs: Sequence[PastRun]
    held: str | None
    watermarks: Mapping[str, datetime]
    completed_at: datetime | None
    live: Mapping[str, int]
    published: int
    rejected: Sequence[Rejected]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was received."""

    kind: str
    object_id: str
    source: str
    digest: bytes
    row: Row
    published_at: datetime | None
    gone_at: datetime | None
    gone_reason: str | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that a listing is made of. `event` and `scope` say in words what was told last, and where it belongs."""

    objects: Sequence[StoredObject]
    event: str
    scope: str
    rejected: Sequence[Rejected]


class Overview(Protocol):
    """What is stored, read only."""

    async def standing(self) -> Standing: ...

    async def rejected(self) -> list[Rejected]: ...

    async def inspect(self, service_id: str) -> Inspection | None:
        """None when nothing is known of the service."""
        ...


@dataclass(frozen=True, slots=True)
class Ingest:
    """What a command of an operator may do; what `rehearsal` does is undone when it is left."""

    sync: Sync
    overview: Overview
    rehearsal: AbstractAsyncContextManager[Sync]


def last_event_in_words(version: int | None, published: bool) -> str:
    """A version is a time in microseconds, or a little more."""
    if version is None:
        return "none, it was never published"
    moment = _EPOCH + timedelta(microseconds=version)
    return f"{'published' if published else 'removed'}, version {version} ({moment:%Y-%m-%d %H:%M:%S} UTC)"
