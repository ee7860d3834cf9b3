"""What the use cases need of storage; every method works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from catalog.domain.concepts import Concept, ConceptNames
from catalog.domain.entries import Outcome
from catalog.domain.linking import Verdict
from catalog.domain.listing import Listing
from catalog.domain.matching.components import Component, Edge
from catalog.domain.matching.evidence import Evidence
from catalog.domain.matching.score import Pair
from catalog.domain.unfiled import Count
from event_schemas.entry import EntryPublished
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

Labels = Mapping[ListingId, ListingId]
"""Listing → its component's label."""

Tx = TypeVar("Tx")
Tx_contra = TypeVar("Tx_contra", contravariant=True)


class Listings(Protocol[Tx_contra]):
    """Listings, the names of their codes, and which of them have to be matched or recomputed."""

    async def keep(self, tx: Tx_contra, listings: Sequence[Listing], now: datetime) -> int:
        """Stores what is newer and marks it; returns how many listings changed. Ids differ."""

    async def keep_concepts(self, tx: Tx_contra, concepts: Sequence[Concept], now: datetime) -> int:
        """Stores what is newer and marks the listings that show a changed name; returns how many names changed."""

    async def live(self, tx: Tx_contra) -> dict[str, int]:
        """Ids of the listings that are live, with their versions."""

    async def named_concepts(self, tx: Tx_contra) -> dict[str, int]:
        """Ids of the concepts that have names, with their versions."""

    async def refile(self, tx: Tx_contra, digest: str, now: datetime) -> bool:
        """Marks all listings when the content is not the one they were last filed by; whether it did."""

    async def refile_all(self, tx: Tx_contra, digest: str, now: datetime) -> None:
        """Marks all listings, whatever they were last filed by."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person's word on a pair as it is kept."""

    verdict: Verdict
    reason: str | None
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A pair that waits for a person, with both descriptions."""

    pair: Pair
    since: datetime
    one: ListingPublished
    other: ListingPublished


class CuratedListings(Protocol[Tx_contra]):
    """The content pack's own listings as they are stored."""

    async def kept(self, tx: Tx_contra) -> Mapping[ListingId, Listing]:
        """All there have ever been, held until the transaction ends."""


class Matching(Protocol[Tx]):
    """Evidence, pairs, components and decisions."""

    def transaction(self) -> AbstractAsyncContextManager[Tx]: ...

    async def begin(self, tx: Tx) -> None:
        """Has everything matched again whose evidence is missing or of another form."""

    async def begin_again(self, tx: Tx) -> None:
        """Has everything matched again, each with its evidence taken anew."""

    async def take(self, tx: Tx, most: int) -> dict[ListingId, Evidence | None] | None:
        """Takes up to `most` listings off the list of those to match; without evidence where not described.

        Held until the transaction ends. None while another matcher works.
        """

    async def candidates(self, tx: Tx, taken: Collection[Evidence]) -> list[Evidence]:
        """Others that may be comparable with one of those taken.

        Those that wait for their own turn find the ones taken then, so of them only what is in a pair already is given:
        no pair that holds is gone in between.
        """

    async def replace_pairs(self, tx: Tx, ids: Collection[ListingId], pairs: Sequence[Pair]) -> set[ListingId]:
        """Stores these as all pairs of the listings; returns every listing that is or was in a pair with them."""

    async def neighbours(self, tx: Tx, ids: Collection[ListingId]) -> dict[ListingId, ListingId]:
        """Listings of all components that these are in, or whom people have decided about with them, with labels."""

    async def edges(self, tx: Tx, ids: Collection[ListingId]) -> list[Edge]:
        """Pairs and decisions among these."""

    async def relabel(self, tx: Tx, before: Labels, after: Labels) -> None:
        """Waits for whoever recomputes one of the components, stores the new labels, and marks all these listings."""

    async def known(self, tx: Tx, ids: Collection[ListingId]) -> set[ListingId]:
        """Which of these listings have ever been heard of; they are held until the transaction ends."""

    async def decide(self, tx: Tx, one: ListingId, other: ListingId, word: Known) -> None:
        """Keeps a decision and has both listings matched again."""

    async def decisions_on(self, tx: Tx, one: ListingId, other: ListingId) -> list[Known]:
        """Everything decided on a pair, the newest first."""

    async def reviews(self, tx: Tx, most: int) -> list[Review]:
        """Open pairs, the most likely first."""

    async def review_count(self, tx: Tx) -> int: ...


@dataclass(frozen=True, slots=True)
class Written:
    """How many entries were published, and how many each count has gained and lost."""

    published: int
    gained: Mapping[Count, int] = field(default_factory=dict)
    lost: Mapping[Count, int] = field(default_factory=dict)


class Components(Protocol[Tx]):
    """Components being recomputed."""

    def transaction(self) -> AbstractAsyncContextManager[Tx]: ...

    async def take(self, tx: Tx, most: int) -> Sequence[Component]:
        """The components of up to `most` marked listings, held until the transaction ends."""

    async def names(self, tx: Tx, keys: Sequence[str]) -> ConceptNames: ...

    async def write(self, tx: Tx, outcomes: Sequence[tuple[Component, Outcome]]) -> Written:
        """Reviews, entries, assessments and their events, counts."""

    async def count_again(self, tx: Tx) -> None:
        """Makes the counts what the entries say, whatever an older version has left out."""

    async def counts(self, tx: Tx) -> Mapping[Count, int]:
        """How many entries there are of each count that has any."""

    async def unfiled(self, tx: Tx, reasons: Sequence[Count]) -> Sequence[tuple[EntryPublished, Sequence[Count]]]:
        """Entries that count under any of the reasons, each with all it counts under."""
