"""What reading PTV needs of the outside: the catalogue itself, and a memory of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from event_schemas.ingest_run import IngestRunEnded, RunMode, RunOutcome
from event_schemas.listing import RemovalReason
from event_schemas.vocabulary import ConceptPublished
from ptv_ingest.domain.objects import Kind, SourceObject


class RowRejected(Exception):
    """One row cannot be read; the run goes on without it. `reason` is a code of the run event."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sighting:
    """A row of the source, not yet read: `digest` tells whether it has changed since it was read last.

    `read` gives the object, counts what it leaves out, and raises RowRejected.
    """

    object_id: str
    digest: bytes
    read: Callable[[Counter[str]], SourceObject]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of one stream. `total` is the number of pages, as far as the source tells."""

    sightings: Sequence[Sighting]
    source_time: datetime
    number: int
    total: int
    rejected: Counter[str] = field(default_factory=Counter)


class PtvSource(Protocol):
    """One version of PTV's interface.

    Raises TemporaryError and PermanentError when the source cannot be read.
    """

    def pages(self, kind: Kind, *, since: datetime | None = None, services: Sequence[str] = ()) -> AsyncIterator[Page]:
        """All published objects of a kind, or those published since, or the connections of at most 20 services."""
        ...

    async def archived(self, kind: Kind, since: datetime) -> frozenset[str]:
        """Ids of objects archived since; those of connections name no connection."""
        ...

    async def one(self, kind: Kind, object_id: str) -> Sighting | None:
        """The object as it is published now; None when the source says that it is not."""
        ...

    def concepts(self) -> AsyncIterator[Sequence[ConceptPublished]]:
        """All code lists."""
        ...


@dataclass
class Tally:
    """What a run has done so far: objects read, listings changed and removed, what was not taken by reason."""

    read: int = 0
    changed: int = 0
    removed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Run:
    """A reading round; `finished` are the streams an earlier process has read to their end."""

    run_id: str
    mode: RunMode
    started_at: datetime
    source_time: datetime | None = None
    finished: frozenset[str] = frozenset()
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What earlier runs have reached. `full_at` is when the last whole reading in the present form began."""

    watermark: datetime | None
    full_at: datetime | None


class Runs(Protocol):
    """Reading rounds, told on the topic as they begin and end."""

    def lock(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process may run now: one at a time, across replicas.

        A process that has lost the lock without knowing can write nothing: TemporaryError `run-lost`, also from the
        other ports.
        """
        ...

    async def progress(self) -> Progress: ...

    async def begin(self, mode: RunMode) -> Run:
        """A new run, or the last full one where it stopped, if that is not long ago."""
        ...

    async def finish_stream(self, run: Run, stream: str, source_time: datetime | None) -> None: ...

    async def end(
        self, run: Run, outcome: RunOutcome, tally: Tally, *, reason: str | None, watermark: datetime | None
    ) -> IngestRunEnded:
        """Moves the watermark where one is given, never back."""
        ...


class Objects(Protocol):
    """PTV's objects as they were read last. Each call is one transaction."""

    async def differing(self, kind: Kind, digests: Mapping[str, bytes]) -> set[str]:
        """Ids that are new, back after they were gone, or come with another digest."""
        ...

    async def keep(self, kind: Kind, read: Sequence[tuple[SourceObject, bytes]]) -> None:
        """Stores objects with their digests; those whose meaning differs are marked as changed."""
        ...

    async def note_seen(self, run: Run, kind: Kind, ids: Collection[str]) -> None: ...

    async def unseen(self, run: Run, kind: Kind) -> list[str]:
        """Ids held as published that the run has not met."""
        ...

    async def live(self, kind: Kind, ids: Collection[str]) -> set[str]:
        """Those of the ids that are held as published."""
        ...

    async def live_count(self, kind: Kind) -> int: ...

    async def archived_since(self, kind: Kind, since: datetime) -> set[str]: ...

    async def mark_gone(self, kind: Kind, ids: Collection[str], reason: RemovalReason) -> None: ...

    async def mark_orphans_gone(self, connections: Collection[str]) -> None:
        """Those of the connections whose service or channel is gone."""
        ...

    async def new_connection_archives(self, ids: Collection[str]) -> set[str]: ...

    async def note_connection_archives(self, ids: Collection[str]) -> None: ...

    async def connections_of(self, services: Collection[str]) -> set[str]: ...

    async def services_with_changed_reach(self) -> list[str]:
        """Services whose set of connections may have changed."""
        ...


class Listings(Protocol):
    """What has been published of the stored objects. Each call is one transaction."""

    async def take_changes(self) -> UUID:
        """Takes all marks of what has changed, to forget them by the id given once their listings are derived."""
        ...

    async def changed_services(self) -> list[str]:
        """Services whose listing may differ: they or something they use has changed since it was derived."""
        ...

    async def all_services(self) -> list[str]: ...

    async def published_services(self) -> list[str]: ...

    async def derive(self, services: Sequence[str], tally: Tally) -> None:
        """Publishes the listings that differ; removes those of services that are gone or out of scope."""
        ...

    async def forget_changes(self, taker: UUID) -> None:
        """What was taken has been derived; what was marked again meanwhile stays."""
        ...

    async def publish_concepts(self, concepts: Sequence[ConceptPublished]) -> None: ...
