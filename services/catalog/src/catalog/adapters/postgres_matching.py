"""Evidence, pairs, components and decisions in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import orjson

from catalog.adapters.postgres_listings import queries as listing_queries
from catalog.app.ports import Known, Labels, Review
from catalog.domain.areas import County
from catalog.domain.linking import Verdict
from catalog.domain.matching.components import Edge
from catalog.domain.matching.evidence import FORM, Evidence, evidence_of
from catalog.domain.matching.score import Pair
from chassis.core.clock import Clock
from chassis.postgres.database import Attempts, Connection
from chassis.postgres.queries import load_queries
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

queries = load_queries(Path(__file__).with_name("matching.sql"))


class PostgresMatching:
    """Set-based: a turn is a fixed number of statements, however many listings it has.

    `county` may be replaced by another between two calls.
    """

    def __init__(self, database: Attempts, county: County, *, clock: Clock) -> None:
        self._database = database
        self.county = county
        self._clock = clock

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Raises TemporaryError where the database is away or two transactions met."""
        return self._database.attempt()

    async def begin(self, tx: Connection) -> None:
        if await queries.matched_by(tx) != self._form():
            await self.begin_again(tx)
        await queries.match_stale(tx)

    async def begin_again(self, tx: Connection) -> None:
        # What is being stored meanwhile has its evidence by the former county.
        await listing_queries.hold_concepts(tx)
        await queries.match_all(tx)
        await queries.set_matched_by(tx, form=self._form())

    def _form(self) -> str:
        return f"{FORM} {self.county.digest}"

    async def take(self, tx: Connection, most: int) -> dict[ListingId, Evidence | None] | None:
        if not await queries.try_to_match(tx):
            return None
        rows = [row async for row in queries.listings_to_match(tx, most=most)]
        taken = {ListingId(row["listing_id"]): self._evidence(row) for row in rows}
        stale = {row["listing_id"] for row in rows if row["stale"] is not None}
        await queries.take_off(tx, ids=[one for one in taken if one not in stale])
        await self._keep_evidence(tx, [one for one in taken.values() if one and one.listing_id in stale])
        return taken

    def _evidence(self, row: Any) -> Evidence | None:
        """The evidence stored, or the description's where what is stored is of another one or of an older form."""
        if row["stale"] is not None:
            return evidence_of(ListingPublished.model_validate_json(row["stale"]), self.county)
        return Evidence.from_json(row["evidence"], row["match_keys"]) if row["evidence"] is not None else None

    async def candidates(self, tx: Connection, taken: Collection[Evidence]) -> list[Evidence]:
        rows = queries.candidates(
            tx,
            ids=[evidence.listing_id for evidence in taken],
            source_keys=[evidence.source_key for evidence in taken],
            namesake_keys=[evidence.namesake_key for evidence in taken],
            keys=[_json(evidence.keys) for evidence in taken],
            # What has the same whole name under one organisation is found along with the other systems.
            wanted=sorted({key for evidence in taken for key in (*evidence.wanted, *evidence.name_keys)}),
        )
        return [evidence async for row in rows if (evidence := self._evidence(row))]

    async def replace_pairs(self, tx: Connection, ids: Collection[ListingId], pairs: Sequence[Pair]) -> set[ListingId]:
        dropped = [(row["one_id"], row["other_id"]) async for row in queries.drop_pairs(tx, ids=list(ids))]
        await queries.keep_pairs(
            tx,
            one=[pair.one for pair in pairs],
            other=[pair.other for pair in pairs],
            scores=[pair.score for pair in pairs],
            because=[_json(pair.because) for pair in pairs],
            by_rule=[pair.rule for pair in pairs],
        )
        return {one for two in (*dropped, *((pair.one, pair.other) for pair in pairs)) for one in two}

    async def neighbours(self, tx: Connection, ids: Collection[ListingId]) -> dict[ListingId, ListingId]:
        return {row["listing_id"]: row["label"] async for row in queries.neighbours(tx, ids=list(ids))}

    async def edges(self, tx: Connection, ids: Collection[ListingId]) -> list[Edge]:
        return [(row["one_id"], row["other_id"]) async for row in queries.edges_among(tx, ids=list(ids))]

    async def relabel(self, tx: Connection, before: Labels, after: Labels) -> None:
        changed = {listing: label for listing, label in after.items() if before.get(listing) != label}
        await queries.hold_labels(tx, labels=sorted({*before.values(), *after.values()}))
        await queries.keep_labels(tx, ids=list(changed), labels=list(changed.values()))
        await listing_queries.mark_listings(tx, ids=sorted(after), now=self._clock())
        await listing_queries.notify_dirty(tx)

    async def _keep_evidence(self, tx: Connection, taken: Sequence[Evidence]) -> None:
        if taken:
            await queries.set_evidence(
                tx,
                ids=[evidence.listing_id for evidence in taken],
                evidence=[evidence.to_json() for evidence in taken],
                keys=[_json(evidence.keys) for evidence in taken],
                source_keys=[evidence.source_key for evidence in taken],
                namesake_keys=[evidence.namesake_key for evidence in taken],
            )

    async def known(self, tx: Connection, ids: Collection[ListingId]) -> set[ListingId]:
        return {row["listing_id"] async for row in queries.known_listings(tx, ids=list(ids))}

    async def decide(self, tx: Connection, one: ListingId, other: ListingId, word: Known) -> None:
        await queries.add_decision(
            tx,
            one=one,
            other=other,
            verdict=word.verdict,
            reason=word.reason,
            decided_by=word.decided_by,
            now=word.decided_at,
        )
        await queries.match_these(tx, ids=[one, other])
        await listing_queries.notify_dirty(tx)

    async def decisions_on(self, tx: Connection, one: ListingId, other: ListingId) -> list[Known]:
        rows = queries.decisions_on(tx, one=one, other=other)
        return [
            Known(Verdict(row["verdict"]), row["reason"], row["decided_by"], row["decided_at"]) async for row in rows
        ]

    async def reviews(self, tx: Connection, most: int) -> list[Review]:
        rows = queries.open_reviews(tx, most=most)
        return [
            Review(
                Pair(row["one_id"], row["other_id"], row["score"], tuple(row["because"]), rule=False),
                row["since"],
                ListingPublished.from_json(row["one"]),
                ListingPublished.from_json(row["other"]),
            )
            async for row in rows
        ]

    async def review_count(self, tx: Connection) -> int:
        return int(await queries.review_count(tx))


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()
