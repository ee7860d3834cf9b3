"""What reading Lähellä.fi needs from outside: the source, and a store whose work is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from event_schemas.ingest_run import RunCounts, RunOutcome
from event_schemas.listing import ListingPublished, RemovalReason
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.verdict import Verdict

Raw = dict[str, Any]
"""An item as decoded from the source's JSON."""


@dataclass(frozen=True, slots=True)
class Found:
    """An item of a page; `raw` may be anything that JSON can hold."""

    raw: Any
    organization: Organization | None = None


@dataclass(frozen=True, slots=True)
class Page:
    items: Sequence[Found]
    has_more: bool


class LahellaSource(Protocol):
    """Activities of Lähellä.fi. Both raise TemporaryError or PermanentError when the source can't be read."""

    async def page(self, skip: int) -> Page:
        """Activities from the `skip`-th on, in the source's own order."""

    async def exists(self, key: str) -> bool:
        """Whether the source still has the activity, asked by its key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An activity as last accepted. `raw` is kept while the content is the same, whatever the server adds."""

    key: str
    raw: Raw
    content_hash: bytes
    organization: Organization | None


@dataclass(frozen=True, slots=True)
class Missing:
    """An activity that a run has not seen; `shown` when its listing is published."""

    key: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of the source; `outcome` and `ended_at` are None while it goes on."""

    id: UUID
    started_at: datetime
    ended_at: datetime | None = None
    outcome: RunOutcome | None = None
    reason: str | None = None
    counts: RunCounts = field(default_factory=RunCounts)


class Work(Protocol):
    """One transaction. Rows it reads to change are locked until its end."""

    async def stored(self, keys: Sequence[str]) -> dict[str, Stored]: ...

    async def due(self, now: datetime, most: int) -> list[Stored]:
        """Activities whose `due_at` has come, the oldest first; those another replica works on are left to it."""

    async def keep(self, activities: Sequence[tuple[Stored, Verdict]], run_id: UUID) -> None:
        """Stores activities with what was decided, as seen by the run."""

    async def mark_seen(self, keys: Sequence[str], run_id: UUID) -> None: ...

    async def reschedule(self, verdicts: Sequence[Verdict]) -> None: ...

    async def missing(self, run_id: UUID) -> list[Missing]: ...

    async def shown_count(self) -> int: ...

    async def forget(self, keys: Sequence[str]) -> None: ...

    async def publish(self, listings: Mapping[str, ListingPublished]) -> list[str]:
        """Publishes listings, by the activity's key, that differ from what is published; returns those keys."""

    async def remove(self, keys: Sequence[str], reason: RemovalReason) -> list[str]:
        """Takes published listings away; returns the keys of those that were published."""

    async def open_runs(self) -> list[Run]: ...

    async def last_run(self) -> Run | None: ...

    async def start_run(self, run: Run) -> None:
        """Stores the run and tells of its start."""

    async def end_run(self, run: Run) -> None:
        """Stores the run's end and tells of it."""


class Store(Protocol):
    """Raises TemporaryError `database-away` while the database can't be used."""

    def transaction(self) -> AbstractAsyncContextManager[Work]: ...

    def reader_transaction(self) -> AbstractAsyncContextManager[Work]:
        """A transaction of the only reader. Raises TemporaryError `run-lost` when another process may read by now."""

    def only_reader(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process may read now: one of all replicas may, until it leaves the context."""
