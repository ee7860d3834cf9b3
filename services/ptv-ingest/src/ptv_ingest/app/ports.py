"""What reading PTV needs of the outside: the catalogue itself, and a memory of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from event_schemas.ingest_run import IngestRunEnded, RunMode, RunOutcome
from event_schemas.listing import RemovalReason
from event_schemas.vocabulary import ConceptPublished
from ptv_ingest.domain.objects import Kind, SourceObject
from ptv_ingest.domain.outline import Outline

Row = dict[str, Any]
"""One object as the source sent it, decoded."""

_EXAMPLES = 5
_NAMELESS = "row-"


class RowRejected(Exception):
    """An object cannot be read; the run goes on without it.

    `reason` is a code of the run event, `explanation` a sentence without any of the object's content.
    """

    def __init__(self, reason: str, explanation: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.explanation = explanation


@dataclass(frozen=True, slots=True)
class Sighting:
    """A row of the source. `digest` is of its content, without times of publishing.

    `body` is the row as JSON where the source has it at hand.
    """

    kind: Kind
    object_id: str
    digest: bytes
    row: Row
    source: str
    body: bytes | None = None

    @classmethod
    def nameless(cls, kind: Kind, digest: bytes, row: Row, source: str, body: bytes | None = None) -> Sighting:
        """A row that names no object: what it is told by is its digest."""
        return cls(kind, f"{_NAMELESS}{digest.hex()[:32]}", digest, row, source, body)

    @property
    def names_an_object(self) -> bool:
        return not self.object_id.startswith(_NAMELESS)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An object that the source lists but does not give, or a row that names none; of that the body is kept."""

    object_id: str
    reason: str
    explanation: str = ""
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of one stream, and of others that come along with it.

    `total` is the number of pages, as far as the source tells. Reading goes on after this page with `resume`.
    """

    sightings: Sequence[Sighting]
    source_time: datetime
    number: int
    total: int
    rejected: Sequence[Refusal] = ()
    resume: str | None = None


class PtvSource(Protocol):
    """One version of PTV's interface.

    Raises TemporaryError and PermanentError when the source cannot be read.
    """

    name: str

    @staticmethod
    def read(kind: Kind, row: Row, left_out: Counter[str]) -> SourceObject:
        """The object that a row tells of. Counts what it leaves out, raises RowRejected."""
        ...

    @staticmethod
    def outline(kind: Kind, row: Row) -> Outline:
        """What can be told of a row at a glance; never fails."""
        ...

    def pages(
        self, kind: Kind, *, since: datetime | None = None, services: Sequence[str] = (), resume: str | None = None
    ) -> AsyncIterator[Page]:
        """All published objects of a kind, or those published since, or the connections of at most 20 services.

        A source whose services bring their connections along has no pages of connections but those of services.
        """
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
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def reject(self, reason: str, object_id: str, count: int = 1) -> None:
        """`count` objects or parts of objects were not taken; of objects some ids are kept."""
        self.rejected[reason] += count
        examples = self.examples.setdefault(reason, [])
        if len(examples) < _EXAMPLES and object_id not in examples:
            examples.append(object_id)


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of objects as one source shows it."""

    source: str
    kind: str


@dataclass(frozen=True, slots=True)
class Run:
    """A reading round.

    `finished` are the streams an earlier process has read to their end, `resume` tells where it stopped in others,
    `began` is each source's own time as its reading began. The `first` reading of all marks no changes: everything has
    changed.
    """

    run_id: str
    mode: RunMode
    started_at: datetime
    finished: frozenset[Stream] = frozenset()
    resume: Mapping[Stream, str] = field(default_factory=dict)
    began: Mapping[str, datetime] = field(default_factory=dict)
    resumed: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What earlier runs have reached.

    `watermarks` by source; `full_at` is when the last whole reading began, `full_failed_at` when the newest one failed;
    `derived` tells whether the listings were made by this version and for the present scope.
    """

    watermarks: Mapping[str, datetime]
    full_at: datetime | None
    full_failed_at: datetime | None
    derived: bool


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

    async def accept(self, run_id: str) -> Run:
        """The held run, to go on with its removals. Raises PermanentError `not-held`."""
        ...

    async def finish_stream(self, run: Run, stream: Stream) -> None: ...

    async def note_derived(self) -> None:
        """All listings are now of this version and for the present scope."""
        ...

    async def end(
        self, run: Run, outcome: RunOutcome, tally: Tally, *, reason: str | None, watermarks: Mapping[str, datetime]
    ) -> IngestRunEnded:
        """Moves the watermarks that are given, never back."""
        ...


class Objects(Protocol):
    """PTV's objects as they were read last. Each call is one transaction."""

    async def take(self, sightings: Iterable[Sighting]) -> None:
        """Stores what is new, back, or of another digest, and marks it as changed."""
        ...

    async def take_page(self, run: Run, stream: Stream, page: Page, sightings: Sequence[Sighting]) -> None:
        """`take`, with a note of all that was met, and of where to go on; marks nothing in a first reading."""
        ...

    async def seen(self, run: Run, kind: Kind, sources: Collection[str]) -> set[str]:
        """Ids that the run has met at these sources."""
        ...

    async def held_by(self, kind: Kind, ids: Collection[str], sources: Collection[str]) -> set[str]:
        """Those of the ids that are held as published by one of these sources."""
        ...

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

    async def sources_of(self, services: Collection[str]) -> dict[str, str]:
        """Which source each of the services was read from last."""
        ...

    async def services_with_changed_reach(self) -> list[str]:
        """Services of ours whose set of connections may have changed."""
        ...

    async def reject(self, refusals: Sequence[Refusal], kind: Kind, source: str) -> None:
        """Keeps that the source does not give what it lists."""
        ...

    async def mark_rejected_changed(self) -> None:
        """Marks what could not be read, to be tried again."""
        ...

    async def forget(self, values: Sequence[str]) -> int:
        """Redacts addresses, numbers and names in all that is stored, and in whatever comes; gives how many objects."""
        ...

    async def forget_superseded(self) -> None:
        """Drops earlier versions that have been kept long enough."""
        ...


class Listings(Protocol):
    """What has been published of the stored objects. Each call is one transaction."""

    async def take_changes(self) -> UUID:
        """Takes all marks of what has changed, to forget them by the id given once their listings are derived."""
        ...

    async def changed_services(self) -> list[str]:
        """Services whose listing may differ: they or something they use has changed since it was derived."""
        ...

    async def all_services(self) -> list[str]:
        """Services that are or may be in scope, and those with a published listing."""
        ...

    async def published_services(self) -> list[str]: ...

    async def unknown_services(self) -> list[str]:
        """Services with a published listing of which nothing is stored."""
        ...

    async def derive(self, services: Sequence[str], tally: Tally) -> None:
        """Publishes the listings that differ; removes those of services that are gone or out of scope."""
        ...

    async def forget_changes(self, taker: UUID) -> None:
        """What was taken has been derived; what was marked again meanwhile stays."""
        ...

    async def publish_concepts(self, concepts: Sequence[ConceptPublished]) -> None: ...
