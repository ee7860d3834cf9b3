"""The read model as it lies in the database, what was said of it, and the `rebuild` command run as a process."""

from __future__ import annotations

import asyncio
import sys

from catalog.app.store_listings import store_concepts, store_listings
from catalog.bootstrap import MIGRATIONS
from catalog.domain.identity import entry_id
from catalog.entrypoints.follow import ENTRIES
from catalog.entrypoints.kafka import LISTINGS, VOCABULARIES, concept_of, listing_of
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.service.base import Base
from devstack.testing import MakeBase, eventually
from event_schemas.ids import EntryId, ListingId
from event_schemas.listing import ListingPublished

from .conftest import Entries, entries_in, environment
from .matching_world import MatchingWorld

MODEL = {
    "listing": "SELECT listing_id, version, live, described_version, description, concepts, evidence FROM listing",
    "concept": "SELECT concept_id, version, key, names FROM concept",
    "pair": "SELECT one_id, other_id, score, because FROM pair",
    "component": "SELECT listing_id, label FROM component",
    "entry": "SELECT entry_id, aliases, listing_ids, body, counted_under FROM entry",
    "review": "SELECT one_id, other_id, score, because FROM review",
    "filing_count": "SELECT counted, entries FROM filing_count WHERE entries > 0",
    "published": "SELECT topic, key, hash FROM stream_version WHERE hash IS NOT NULL AND topic LIKE 'hyte.catalog.%'",
}


def id_of(listing: ListingPublished) -> EntryId:
    return entry_id(ListingId(listing.listing_id))


async def model(base: Base) -> dict[str, set[tuple[object, ...]]]:
    async with base.database.connection() as connection:
        rows = {table: await connection.fetch(sql) for table, sql in MODEL.items()}
    return {table: {tuple(map(_hashable, row)) for row in some} for table, some in rows.items()}


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


async def is_quiet(base: Base) -> bool:
    async with base.database.connection() as connection:
        waiting: int = await connection.fetchval(
            "SELECT (SELECT count(*) FROM dirty_listing) + (SELECT count(*) FROM outbox)"
            " + (SELECT count(*) FROM listing WHERE to_match)"
        )
    return waiting == 0


async def settle(base: Base, *ids: EntryId, seconds: float = 20) -> None:
    """Exactly these entries, with names of their classes, and nothing left to do."""

    async def settled() -> bool:
        if not await is_quiet(base):
            return False
        entries = await entries_in(base)
        reasons = [reason for one in entries.values() if one for p in one.placements for reason in p.reasons]
        return entries.keys() == set(ids) and all(one.name for one in reasons)

    await eventually(settled, seconds=seconds, what="entries settled")


async def started(base: Base, *words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    arguments = ("-m", "catalog", "rebuild", *words)
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment(base), stdout=pipe, stderr=pipe
    )


async def rebuild(base: Base, *words: str) -> tuple[int | None, str]:
    """The command run to its end: its code, and what it said."""
    child = await started(base, *words)
    said, complaints = await child.communicate()
    return child.returncode, (said + complaints).decode()


async def histories(base: Base) -> dict[str, int]:
    """How many records there are of each entry."""
    counts: dict[str, int] = {}
    async for record in read_all(base.kafka, ENTRIES):
        key = (record.key or b"").decode()
        counts[key] = counts.get(key, 0) + 1
    return counts


async def from_the_log(base: Base, make_base: MakeBase) -> Entries:
    """What a database comes to that reads the topics from offset 0, undisturbed."""
    fresh = await make_base("catalog", MIGRATIONS)
    world = MatchingWorld(fresh, batch=100)
    concepts = [concept_of(decode(record)) async for record in read_all(base.kafka, VOCABULARIES)]
    listings = [listing_of(decode(record)) async for record in read_all(base.kafka, LISTINGS)]
    async with fresh.database.transaction() as tx:
        await store_concepts(tx, concepts, listings=world.listings, clock=fresh.clock)
        await store_listings(tx, listings, listings=world.listings, clock=fresh.clock)
    await world.settle()
    return await entries_in(fresh)
