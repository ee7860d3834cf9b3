"""Blocks being recomputed: their listings read, their links and entries written, in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any

import orjson

from catalog.adapters.postgres_listings import names_json, queries
from catalog.domain.concepts import ConceptNames
from catalog.domain.entries import Outcome
from catalog.domain.linking import METHOD
from catalog.domain.listing import Listing
from chassis.core.clock import Clock
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import outage_as_temporary
from chassis.postgres.outbox import Outbox
from event_schemas.entry import EntryPublished, EntryRemoved
from event_schemas.ids import EntryId
from event_schemas.listing import ListingPublished

TOPIC = "hyte.catalog.entries.v1"


class PostgresBlocks:
    """The worker's side of the database."""

    def __init__(self, database: Database, outbox: Outbox, *, clock: Clock) -> None:
        self._database = database
        self._states = ChangedStates(outbox, topic=TOPIC)
        self._clock = clock

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Raises TemporaryError where the database is away or two transactions met."""
        with outage_as_temporary():
            async with self._database.transaction() as tx:
                yield tx

    async def take(self, tx: Connection, most: int) -> Mapping[str, Sequence[Listing]]:
        blocks = [row["block"] async for row in queries.take_dirty(tx, most=most)]
        listings: defaultdict[str, list[Listing]] = defaultdict(list)
        if blocks:
            async for row in queries.listings_of_blocks(tx, blocks=blocks):
                listings[row["block"]].append(_listing(row))
        return {block: listings[block] for block in blocks}

    async def names(self, tx: Connection, keys: Sequence[str]) -> ConceptNames:
        rows = queries.concept_names(tx, keys=keys)
        return {row["key"]: names_json.validate_json(row["names"]) async for row in rows}

    async def write(self, tx: Connection, outcomes: Mapping[str, Outcome]) -> int:
        """The survivor is published before the absorbed id is removed, so that a link never leads nowhere."""
        await self._write_links(tx, outcomes)
        entries = list(chain.from_iterable(one.entries for one in outcomes.values()))
        heirs = {gone: heir for one in outcomes.values() for gone, heir in one.gone.items()}
        published = await self._states.publish(tx, [(str(entry.entry_id), entry) for entry in entries])
        await self._keep_entries(tx, entries)
        await self._states.remove(tx, [str(gone) for gone in heirs], lambda key: _removed(EntryId(key), heirs))
        await queries.drop_entries(tx, ids=list(heirs))
        await queries.forget_dirty(tx, blocks=list(outcomes))
        return len(published)

    async def _write_links(self, tx: Connection, outcomes: Mapping[str, Outcome]) -> None:
        links = [(link, block) for block, one in outcomes.items() for link in one.links]
        pairs = {"ptv": [link.ptv for link, _ in links], "lahella": [link.lahella for link, _ in links]}
        await queries.drop_links(tx, blocks=list(outcomes), **pairs)
        await queries.keep_links(
            tx, **pairs, link_blocks=[block for _, block in links], method=METHOD, now=self._clock()
        )

    async def _keep_entries(self, tx: Connection, entries: Sequence[EntryPublished]) -> None:
        await queries.keep_entries(
            tx,
            ids=[entry.entry_id for entry in entries],
            aliases=[orjson.dumps(entry.aliases).decode() for entry in entries],
            listing_ids=[orjson.dumps([m.listing_id for m in entry.members]).decode() for entry in entries],
            bodies=[entry.to_json() for entry in entries],
            now=self._clock(),
        )


def _removed(gone: EntryId, heirs: Mapping[EntryId, EntryId | None]) -> EntryRemoved:
    return EntryRemoved(entry_id=gone, replaced_by=heirs[gone])


def _listing(row: Any) -> Listing:
    body = row["description"]
    return Listing(
        listing_id=row["listing_id"],
        version=row["version"],
        live=row["live"],
        described_version=row["described_version"],
        description=ListingPublished.from_json(body) if body is not None else None,
        changed_at=row["changed_at"],
    )
