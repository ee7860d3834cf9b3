"""What the use cases need of storage; every method works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from catalog.domain.concepts import Concept, ConceptNames
from catalog.domain.entries import Outcome
from catalog.domain.listing import Listing
from catalog.domain.unfiled import Count
from event_schemas.entry import EntryPublished

Tx = TypeVar("Tx")
Tx_contra = TypeVar("Tx_contra", contravariant=True)


class Listings(Protocol[Tx_contra]):
    """Listings, the names of their codes, and which blocks have to be recomputed."""

    async def keep(self, tx: Tx_contra, listings: Sequence[Listing], now: datetime) -> int:
        """Stores what is newer and marks the blocks it touches; returns how many listings changed. Ids differ."""

    async def keep_concepts(self, tx: Tx_contra, concepts: Sequence[Concept], now: datetime) -> int:
        """Stores what is newer and marks the blocks that show a changed name; returns how many names changed."""

    async def live(self, tx: Tx_contra) -> dict[str, int]:
        """Ids of the listings that are live, with their versions."""

    async def named_concepts(self, tx: Tx_contra) -> dict[str, int]:
        """Ids of the concepts that have names, with their versions."""

    async def refile(self, tx: Tx_contra, digest: str, now: datetime) -> bool:
        """Marks all blocks when the content is not the one they were last filed by; whether it did."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many entries were published, and how many each count has gained and lost."""

    published: int
    gained: Mapping[Count, int] = field(default_factory=dict)
    lost: Mapping[Count, int] = field(default_factory=dict)


class Blocks(Protocol[Tx]):
    """Blocks being recomputed."""

    def transaction(self) -> AbstractAsyncContextManager[Tx]: ...

    async def take(self, tx: Tx, most: int) -> Mapping[str, Sequence[Listing]]:
        """Up to `most` marked blocks with all their listings, held until the transaction ends."""

    async def names(self, tx: Tx, keys: Sequence[str]) -> ConceptNames: ...

    async def write(self, tx: Tx, outcomes: Mapping[str, Outcome]) -> Written:
        """Links, entries, assessments and their events, counts; unmarks the blocks."""

    async def count_again(self, tx: Tx) -> None:
        """Makes the counts what the entries say, whatever an older version has left out."""

    async def counts(self, tx: Tx) -> Mapping[Count, int]:
        """How many entries there are of each count that has any."""

    async def unfiled(self, tx: Tx, reasons: Sequence[Count]) -> Sequence[tuple[EntryPublished, Sequence[Count]]]:
        """Entries that count under any of the reasons, each with all it counts under."""
