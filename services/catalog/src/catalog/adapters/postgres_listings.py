"""Listings, concepts and marks in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from catalog.domain.areas import County
from catalog.domain.concepts import Concept
from catalog.domain.listing import Listing, concepts_of
from catalog.domain.matching.evidence import evidence_of
from chassis.postgres.database import Connection
from chassis.postgres.queries import load_queries
from event_schemas.listing import ListingPublished
from event_schemas.text import LocalizedText

queries = load_queries(Path(__file__).with_name("queries.sql"))
names_json: TypeAdapter[LocalizedText] = TypeAdapter(LocalizedText)


class PostgresListings:
    """Set-based: a batch is a fixed number of statements, however many listings it has.

    `county` may be replaced by another between two calls.
    """

    def __init__(self, county: County) -> None:
        self.county = county

    async def keep(self, tx: Connection, listings: Sequence[Listing], now: datetime) -> int:
        await queries.share_concepts(tx)
        ids = [listing.listing_id for listing in listings]
        evidence = [evidence_of(one.description, self.county) if one.description else None for one in listings]
        await queries.hold_listings(tx, ids=ids)
        rows = queries.keep_listings(
            tx,
            ids=ids,
            versions=[listing.version for listing in listings],
            live=[listing.live for listing in listings],
            described=[listing.described_version for listing in listings],
            descriptions=[_body(listing) for listing in listings],
            changed=[listing.changed_at for listing in listings],
            concepts=[orjson.dumps(concepts_of(listing)).decode() for listing in listings],
            evidence=[one.to_json() if one else None for one in evidence],
            keys=[orjson.dumps(one.keys if one else []).decode() for one in evidence],
            source_keys=[one.source_key if one else "" for one in evidence],
            namesake_keys=[one.namesake_key if one else "" for one in evidence],
        )
        changed = {row["listing_id"]: row["to_match"] async for row in rows}
        if changed:
            # What waits to be matched is marked then: recomputed by its old pairs, it could be one with a stranger.
            await queries.mark_listings(tx, ids=[one for one, waits in changed.items() if not waits], now=now)
            await queries.notify_dirty(tx)
        return len(changed)

    async def keep_concepts(self, tx: Connection, concepts: Sequence[Concept], now: datetime) -> int:
        await queries.hold_concepts(tx)
        ids = [concept.concept_id for concept in concepts]
        before = {row["concept_id"]: (row["key"], row["names"]) async for row in queries.known_concepts(tx, ids=ids)}
        rows = queries.keep_concepts(
            tx,
            ids=ids,
            versions=[concept.version for concept in concepts],
            keys=[concept.key for concept in concepts],
            names=[names_json.dump_json(c.names) if c.names is not None else None for c in concepts],
        )
        after = {row["concept_id"]: (row["key"], row["names"]) async for row in rows}
        changed = _renamed(before, after)
        if changed:
            await queries.mark_listings_of_concepts(tx, keys=sorted(changed), now=now)
            await queries.notify_dirty(tx)
        return len(changed)

    async def live(self, tx: Connection) -> dict[str, int]:
        return {row["key"]: row["version"] async for row in queries.live_listings(tx)}

    async def named_concepts(self, tx: Connection) -> dict[str, int]:
        return {row["key"]: row["version"] async for row in queries.named_concepts(tx)}

    async def refile(self, tx: Connection, digest: str, now: datetime) -> bool:
        if await queries.filed_by(tx) == digest:
            return False
        await self.refile_all(tx, digest, now)
        return True

    async def refile_all(self, tx: Connection, digest: str, now: datetime) -> None:
        await queries.mark_all_listings(tx, now=now)
        await queries.set_filed_by(tx, digest=digest)
        await queries.notify_dirty(tx)


def listing_of_row(row: Any) -> Listing:
    """A row of `listing`."""
    body = row["description"]
    return Listing(
        listing_id=row["listing_id"],
        version=row["version"],
        live=row["live"],
        described_version=row["described_version"],
        # It was checked when it was stored: to search it again for what databases refuse would cost more than reading.
        description=ListingPublished.model_validate_json(body) if body is not None else None,
        changed_at=row["changed_at"],
    )


def _body(listing: Listing) -> bytes | None:
    return listing.description.to_json() if listing.description else None


_Named = tuple[str, bytes | None]


def _renamed(before: Mapping[str, _Named], after: Mapping[str, _Named]) -> set[str]:
    """Keys that have a name, or had one, and now have another or none."""
    pairs = [(before.get(concept_id, (new[0], None)), new) for concept_id, new in after.items()]
    return {key for old, new in pairs if old != new for key, _ in (old, new)}
