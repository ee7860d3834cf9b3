"""What reading Lähellä.fi needs from outside: the source, and a store whose work is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from event_schemas.ingest_run import RunCounts, RunMode, RunOutcome
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
    """`total` is how many activities the list has, where the source tells."""

    items: Sequence[Found]
    has_more: bool
    total: int | None = None


class LahellaSource(Protocol):
    """Activities of Lähellä.fi. Both raise TemporaryError or PermanentError when the source can't be read."""

    async def page(self, skip: int) -> Page:
        """Activities from the `skip`-th on, in the source's own order."""

    async def one(self, key: str) -> Found | None:
        """The activity, asked by its key; None when the source says that it has none."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An activity as last accepted. `raw` is kept while the content is the same, whatever the server adds."""

    key: str
    raw: Raw
    content_hash: bytes
    organization: Organization | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that could not be taken. `id` is its key, or of its body where it has none that can be used.

    `reason` is a code, `explanation` one sentence without any content.
    """

    id: str
    item: Found
    reason: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an item is not taken, since when, and when it was last met."""

    id: str
    reason: str
    explanation: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LastEvent:
    """The last event of a listing; its version is the time in microseconds, or a little more."""

    version: int
    published: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an activity, by the hash of its content."""

    content_hash: bytes
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """An activity that a run has not seen.

    `shown` when its listing is published, `awaited` when time alone may publish it or take it away.
    """

    key: str
    shown: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of the source, or of what is stored of it; `outcome` and `ended_at` are None while it goes on.

    `number` tells in which order runs began; the store gives it.
    """

    id: UUID
    started_at: datetime
    mode: RunMode = RunMode.FULL
    ended_at: datetime | None = None
    outcome: RunOutcome | None = None
    reason: str | None = None
    counts: RunCounts = field(default_factory=RunCounts)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where things stand between runs.

    `held` is the reading that waits for an operator, when it was the last to end with a decision; `completed_at` is
    when one last completed; `rejected` counts items that are not taken, by reason.
    """

    runs: Sequence[Run]
    held: Run | None
    completed_at: datetime | None
    rejected: Mapping[str, int]
    stored: int
    shown: int
    outdated: int
    next_due: datetime | None


class RunRecords(Protocol):
    """Runs as stored and told, within one transaction."""

    async def still_open(self) -> list[Run]: ...

    async def last(self) -> Run | None:
        """The last reading of the source that began."""

    async def find(self, run_id: UUID) -> Run | None: ...

    async def start(self, run: Run, *, resumed: bool = False) -> Run:
        """Stores the run and tells of its start; gives it with its number."""

    async def end(self, run: Run) -> None:
        """Stores the run's end and tells of it."""


class Bodies(Protocol):
    """What the source sent, as it was received, within one transaction."""

    async def redacted(self, items: Sequence[Found]) -> list[Found]:
        """The items without what persons have asked us to forget."""

    async def keep(self, activities: Sequence[Stored]) -> None:
        """Keeps these versions of activities beside the earlier ones."""

    async def versions(self, key: str) -> list[Version]:
        """The versions kept of an activity, the newest first."""

    async def reject(self, items: Sequence[Rejected]) -> None:
        """Keeps what could not be taken, to be listed and tried again."""

    async def accept(self, ids: Sequence[str]) -> None:
        """What was rejected of these before is settled."""

    async def rejected(self) -> list[Rejected]: ...

    async def rejections(self) -> list[Rejection]:
        """What is rejected now, by reason and id."""

    async def forget_rejected(self, before: datetime) -> None:
        """Those that no run has met since."""

    async def forget(self, values: Sequence[str]) -> int:
        """Redacts e-mail addresses, phone numbers and names in all bodies, now and from now on; returns how many."""

    async def forget_superseded(self) -> None:
        """Drops earlier versions that have been kept long enough."""


class Work(Protocol):
    """One transaction. Rows it reads to change are locked until its end."""

    @property
    def runs(self) -> RunRecords: ...

    @property
    def bodies(self) -> Bodies: ...

    async def stored(self, keys: Sequence[str]) -> dict[str, Stored]: ...

    async def due(self, now: datetime, most: int) -> list[Stored]:
        """Activities whose `due_at` has come, the oldest first; those another replica works on are left to it."""

    async def keep(self, activities: Sequence[tuple[Stored, Verdict]], run: Run) -> None:
        """Stores activities with what was decided, as seen by the run."""

    async def mark_seen(self, keys: Sequence[str], run: Run) -> None: ...

    async def reschedule(self, verdicts: Sequence[Verdict]) -> None:
        """Stores what was decided anew of activities that have not been read again."""

    async def keys(self, *, outdated: bool) -> list[str]:
        """Keys of stored activities, sorted; of those only whose listing was made in another form than the present."""

    async def missing(self, run: Run) -> list[Missing]:
        """Activities that neither the run nor a later one has seen."""

    async def shown_count(self) -> int: ...

    async def forget(self, keys: Sequence[str]) -> None: ...

    async def publish(self, listings: Mapping[str, ListingPublished]) -> list[str]:
        """Publishes listings, by the activity's key, that differ from what is published; returns those keys."""

    async def remove(self, keys: Sequence[str], reason: RemovalReason) -> list[str]:
        """Takes published listings away; returns the keys of those that were published."""

    async def last_event(self, key: str) -> LastEvent | None: ...

    async def standing(self) -> Standing: ...


class Store(Protocol):
    """Raises TemporaryError `database-away` while the database can't be used."""

    def transaction(self) -> AbstractAsyncContextManager[Work]: ...

    def reader_transaction(self) -> AbstractAsyncContextManager[Work]:
        """A transaction of the only reader. Raises TemporaryError `run-lost` when another process may read by now."""

    def only_reader(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process may read now: one of all replicas may, until it leaves the context."""
