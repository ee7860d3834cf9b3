"""What the content pack has to do with in PostgreSQL: its own listings, and entries as they are filed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from catalog.adapters.postgres_listings import listing_of_row, names_json
from catalog.adapters.postgres_listings import queries as listing_queries
from catalog.domain.concepts import ConceptNames, concept_keys
from catalog.domain.listing import Listing
from chassis.postgres.database import Connection, Database
from chassis.postgres.queries import load_queries
from event_schemas.entry import EntryPublished
from event_schemas.ids import ListingId

queries = load_queries(Path(__file__).with_name("content.sql"))
_BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


class PostgresCurated:
    """Listings of the content pack."""

    async def kept(self, tx: Connection) -> dict[ListingId, Listing]:
        await queries.hold_content(tx)
        return {row["listing_id"]: listing_of_row(row) async for row in queries.content_listings(tx)}


class PostgresEntries:
    """All entries, read in batches: of each the state it had when its batch was read."""

    def __init__(self, database: Database, *, most: int) -> None:
        self._database = database
        self._most = most

    async def count(self) -> int:
        async with self._database.connection() as connection:
            return int(await queries.entry_count(connection))

    async def batches(self) -> AsyncIterator[tuple[list[EntryPublished], ConceptNames]]:
        """Entries by id, with the names of the codes they have."""
        after = _BEFORE_ALL
        while True:
            async with self._database.connection() as connection:
                rows = [row async for row in queries.entries_after(connection, after=after, most=self._most)]
                entries = [EntryPublished.from_json(row["body"]) for row in rows]
                keys = sorted({key for entry in entries for key in concept_keys(entry.classification)})
                found = listing_queries.concept_names(connection, keys=keys)
                names = {row["key"]: names_json.validate_json(row["names"]) async for row in found}
            if not rows:
                return
            yield entries, names
            after = rows[-1]["entry_id"]
