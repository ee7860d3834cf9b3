"""Swaps, one after another, beside everybody else who writes: nobody deadlocks, and nothing is left in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from catalog.adapters.postgres_entries import ENTRIES, PostgresComponents
from catalog.adapters.postgres_matching import PostgresMatching
from catalog.adapters.postgres_rebuild import PostgresSecondModel
from catalog.app.match import Match
from catalog.app.rebuild import Rebuild
from catalog.app.recompute import Recompute
from catalog.domain.linking import Verdict
from catalog.domain.listing import Listing
from chassis.postgres.single_run import SingleRun
from chassis.service.base import Base

from .matching_world import MatchingWorld, content
from .samples import NGO, described, live, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

SWAPS, LISTINGS = 4, 40
FRAYED = """
SELECT key FROM (SELECT entry_id::text AS key FROM entry) AS e
FULL JOIN (SELECT key FROM stream_version WHERE topic = $1 AND hash IS NOT NULL) AS p USING (key)
WHERE e IS NULL OR p IS NULL
"""
MISCOUNTED = """
SELECT counted FROM filing_count AS f
FULL JOIN (SELECT counted, count(*) FROM entry, unnest(counted_under) AS counted GROUP BY counted) AS c USING (counted)
WHERE coalesce(f.entries, 0) <> coalesce(c.count, 0)
"""


def listing(number: int, version: int) -> Listing:
    """Two by two they may be one service."""
    name = f"Ryhmä {number // 2}"
    listing_id = f"lahella:{number}" if number % 2 else ptv_id(name)
    return live(described(listing_id, name, business_id=NGO, summary={"fi": f"Kierros {version}"}), version)


@dataclass
class Everybody:
    """What projectors, consumers and curators do, over and over, until the swaps are done."""

    world: MatchingWorld
    versions: Iterator[int] = field(default_factory=lambda: count(2))
    swapped: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        base = self.base = self.world.base
        self.components = PostgresComponents(base.database, base.outbox, clock=base.clock)

    async def swap(self) -> None:
        clock, run = self.base.clock, SingleRun(self.base.database, name="catalog rebuild")
        model = PostgresSecondModel(run, self.components, clock=clock)
        match = Match(PostgresMatching(model, content.county, clock=clock), most=50)
        recompute = Recompute(PostgresComponents(model, self.base.outbox, clock=clock), content, most=50)
        rebuild = Rebuild(model, self.world.listings, match, recompute, clock=clock)
        for _ in range(SWAPS):
            async with run.hold():
                await rebuild.begin()
                await rebuild.take(list(self.world.kept.values()), [], [])
                assert [waiting async for waiting in rebuild.derive(accept_removals=False)]
                await rebuild.swap(accept_removals=False)
        self.swapped.set()

    async def repeat(self, act: Callable[[], Awaitable[object]]) -> None:
        while not self.swapped.is_set():
            await act()

    async def write(self) -> None:
        """As a consumer, a curator, and projectors that start and have another content pack."""
        version = next(self.versions)
        await self.world.keep(*(listing(number, version) for number in range(version % 7, LISTINGS, 7)))
        verdict = (Verdict.SAME, Verdict.DIFFERENT)[version % 2]
        await self.world.decide(listing(1, 1).listing_id, listing(2 + version % 9, 1).listing_id, verdict)
        async with self.base.database.transaction() as tx:
            await self.world.listings.refile_all(tx, "another", self.base.clock())
        async with self.base.database.transaction() as tx:
            await self.components.count_again(tx)


async def test_swaps_deadlock_with_nobody_and_leave_every_entry_as_it_should_be_published_and_counted(
    base: Base,
) -> None:
    world = MatchingWorld(base, batch=7)
    await world.keep(*(listing(number, 1) for number in range(LISTINGS)))
    everybody = Everybody(world)
    async with asyncio.TaskGroup() as group:
        for act in (world.match, world.recompute, world.recompute, everybody.write):
            group.create_task(everybody.repeat(act))
        group.create_task(everybody.swap())
    await world.settle()
    assert await world.stored() == world.expected()
    async with base.database.connection() as connection:
        assert await connection.fetch(FRAYED, ENTRIES) == []
        assert await connection.fetch(MISCOUNTED) == []
