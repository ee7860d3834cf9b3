"""The catalogue's storage, matcher and worker on a database, driven step by step; and what they have to come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce

from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_entries import PostgresComponents
from catalog.adapters.postgres_listings import PostgresListings
from catalog.adapters.postgres_matching import PostgresMatching
from catalog.app.decide import decide
from catalog.app.match import Match
from catalog.app.ports import Known
from catalog.app.recompute import Recompute
from catalog.domain.entries import outcome
from catalog.domain.linking import Decision, Verdict
from catalog.domain.listing import Listing, latest
from catalog.domain.matching.components import components_of
from catalog.settings import CONTENT
from chassis.service.base import Base
from event_schemas.ids import ListingId

from .samples import TODAY

content = load_content(CONTENT, on=TODAY)
START = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class MatchingWorld:
    """`kept` and `decided` are what was put in, for the computation from scratch."""

    base: Base
    batch: int = 3
    kept: dict[str, Listing] = field(default_factory=dict)
    decided: list[Decision] = field(default_factory=list)

    def __post_init__(self) -> None:
        base = self.base
        self.matching = PostgresMatching(base.database, content.county, clock=base.clock)
        self.listings = PostgresListings(content.county)
        self.match = Match(self.matching, most=self.batch)
        components = PostgresComponents(base.database, base.outbox, clock=base.clock)
        self.recompute = Recompute(components, content, most=self.batch)

    async def keep(self, *listings: Listing) -> None:
        for one in listings:
            self.kept[one.listing_id] = reduce(latest, [one], self.kept.get(one.listing_id, one))
            async with self.base.database.transaction() as tx:
                await self.listings.keep(tx, [one], self.base.clock())

    async def decide(self, one: str, other: str, verdict: Verdict) -> None:
        """The n-th decision is made n minutes after the start, so that all have an order."""
        at = START + timedelta(minutes=len(self.decided))
        first, second = sorted((ListingId(one), ListingId(other)))
        async with self.matching.transaction() as tx:
            await decide(tx, first, second, Known(verdict, None, "kuraattori-1", at), matching=self.matching)
        self.decided.append(Decision(first, second, verdict, at))

    async def settle(self) -> None:
        """Until nothing is left to match or recompute."""
        while await self.match() or await self.recompute():
            pass

    async def step(self) -> None:
        """One turn, as a worker that is interrupted there would leave it."""
        await self.match()
        await self.recompute()

    async def stored(self) -> dict[str, bytes]:
        async with self.base.database.connection() as connection:
            rows = await connection.fetch("SELECT entry_id::text, body FROM entry")
        return {row["entry_id"]: row["body"] for row in rows}

    async def reviews(self) -> set[tuple[str, str]]:
        async with self.base.database.connection() as connection:
            rows = await connection.fetch("SELECT one_id, other_id FROM review")
        return {(row["one_id"], row["other_id"]) for row in rows}

    def expected(self) -> dict[str, bytes]:
        """The entries computed from scratch."""
        outcomes = [
            outcome(one, content, {}) for one in components_of(self.kept.values(), self.decided, content.county)
        ]
        return {str(entry.entry_id): entry.to_json() for one in outcomes for entry in one.entries}

    def expected_reviews(self) -> set[tuple[str, str]]:
        outcomes = [
            outcome(one, content, {}) for one in components_of(self.kept.values(), self.decided, content.county)
        ]
        return {(str(pair.one), str(pair.other)) for one in outcomes for pair in one.reviews}
