"""Components being recomputed: their listings read, their entries and reviews written, in PostgreSQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import chain

import orjson

from catalog.adapters.postgres_listings import listing_of_row, names_json, queries
from catalog.adapters.postgres_reports import reported_listings
from catalog.app.ports import Written
from catalog.domain.concepts import ConceptNames
from catalog.domain.entries import Outcome
from catalog.domain.linking import Decision, Verdict
from catalog.domain.listing import Listing
from catalog.domain.matching.components import Component
from catalog.domain.matching.score import Pair
from catalog.domain.unfiled import Count
from chassis.core.clock import Clock
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Attempts, Connection
from chassis.postgres.outbox import Outbox
from event_schemas.entry import EntryPublished, EntryRemoved
from event_schemas.ids import EntryId, ListingId
from event_schemas.quality import AssessmentWithdrawn

ENTRIES = "hyte.catalog.entries.v1"
QUALITY = "hyte.catalog.quality.v1"
_Counts = Mapping[EntryId, Sequence[Count]]


class PostgresComponents:
    """The worker's side of the database."""

    def __init__(self, database: Attempts, outbox: Outbox, *, clock: Clock) -> None:
        self._database = database
        self._entries = ChangedStates(outbox, topic=ENTRIES)
        self._quality = ChangedStates(outbox, topic=QUALITY)
        self._clock = clock

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Raises TemporaryError where the database is away or two transactions met."""
        return self._database.attempt()

    async def take(self, tx: Connection, most: int) -> list[Component]:
        marked = [row["listing_id"] async for row in queries.take_dirty(tx, most=most)]
        if not marked:
            return []
        labels = [row["label"] async for row in queries.hold_components(tx, ids=marked)]
        await queries.forget_dirty(tx, ids=marked, labels=labels)
        return await self._components(tx, labels)

    async def _components(self, tx: Connection, labels: Sequence[str]) -> list[Component]:
        """Read only once they are held: whoever relabels waits for us now, or is done."""
        listings: defaultdict[str, list[Listing]] = defaultdict(list)
        pairs: defaultdict[str, list[Pair]] = defaultdict(list)
        decisions: defaultdict[str, list[Decision]] = defaultdict(list)
        async for row in queries.listings_of_components(tx, labels=labels):
            listings[row["label"]].append(listing_of_row(row))
        async for row in queries.pairs_of_components(tx, labels=labels):
            pair = Pair(row["one_id"], row["other_id"], row["score"], tuple(row["because"]), row["by_rule"])
            pairs[row["label"]].append(pair)
        async for row in queries.decisions_of_components(tx, labels=labels):
            word = Decision(row["one_id"], row["other_id"], Verdict(row["verdict"]), row["decided_at"])
            decisions[row["label"]].append(word)
        reported = await reported_listings(tx, [one.listing_id for some in listings.values() for one in some])
        return [
            Component(tuple(some), tuple(pairs[key]), tuple(decisions[key]), reported) for key, some in listings.items()
        ]

    async def names(self, tx: Connection, keys: Sequence[str]) -> ConceptNames:
        rows = queries.concept_names(tx, keys=keys)
        return {row["key"]: names_json.validate_json(row["names"]) async for row in rows}

    async def write(self, tx: Connection, outcomes: Sequence[tuple[Component, Outcome]]) -> Written:
        """The survivor is published before the absorbed id is removed, so that a link never leads nowhere."""
        await self._write_reviews(tx, outcomes)
        results = [result for _, result in outcomes]
        entries = list(chain.from_iterable(one.entries for one in results))
        heirs = {gone: heir for one in results for gone, heir in one.gone.items()}
        counts = {key: some for one in results for key, some in one.counts.items()}
        before = await self._counted_before(tx, [*counts, *heirs])
        bodies = {str(entry.entry_id): entry.to_json() for entry in entries}
        published = await self._entries.publish(tx, [(str(one.entry_id), one) for one in entries], bodies=bodies)
        await self._keep_entries(tx, entries, bodies, counts)
        await self._entries.remove(tx, [str(gone) for gone in heirs], lambda key: _removed(EntryId(key), heirs))
        await queries.drop_entries(tx, ids=list(heirs))
        await self._write_quality(tx, results)
        gained, lost = _changes(before, counts)
        await self._add_counts(tx, gained, lost)
        return Written(len(published), gained, lost)

    async def forget(self, tx: Connection, ids: Sequence[EntryId]) -> None:
        """Takes away entries that no listing can have made, so that none leads to another."""
        await self._entries.remove(tx, ids, lambda key: EntryRemoved(entry_id=EntryId(key)))
        await queries.drop_entries(tx, ids=ids)

    async def count_again(self, tx: Connection) -> None:
        await queries.hold_counts(tx)
        await queries.forget_counts(tx)
        await queries.count_again(tx)

    async def counts(self, tx: Connection) -> dict[Count, int]:
        return {Count.read(row["counted"]): row["entries"] async for row in queries.filing_counts(tx)}

    async def unfiled(self, tx: Connection, reasons: Sequence[Count]) -> list[tuple[EntryPublished, list[Count]]]:
        rows = queries.entries_counted_under(tx, counted=list(map(str, reasons)))
        return [
            (EntryPublished.from_json(row["body"]), list(map(Count.read, row["counted_under"]))) async for row in rows
        ]

    async def _counted_before(self, tx: Connection, ids: Sequence[EntryId]) -> dict[EntryId, tuple[Count, ...]]:
        rows = queries.counted_before(tx, ids=ids)
        return {EntryId(str(row["entry_id"])): tuple(map(Count.read, row["counted_under"])) async for row in rows}

    async def _add_counts(self, tx: Connection, gained: Counter[Count], lost: Counter[Count]) -> None:
        more = {str(count): gained[count] - lost[count] for count in gained.keys() | lost.keys()}
        if more:
            await queries.add_counts(tx, counted=list(more), more=list(more.values()))

    async def _write_quality(self, tx: Connection, outcomes: Sequence[Outcome]) -> None:
        assessed = chain.from_iterable(one.assessments for one in outcomes)
        withdrawn = list(chain.from_iterable(one.withdrawn for one in outcomes))
        await self._quality.publish(tx, [(str(one.listing_id), one) for one in assessed])
        await self._quality.remove(tx, withdrawn, lambda key: AssessmentWithdrawn(listing_id=ListingId(key)))

    async def _write_reviews(self, tx: Connection, outcomes: Sequence[tuple[Component, Outcome]]) -> None:
        ids = [listing.listing_id for component, _ in outcomes for listing in component.listings]
        reviews = [pair for _, result in outcomes for pair in result.reviews]
        pairs = {"one": [pair.one for pair in reviews], "other": [pair.other for pair in reviews]}
        await queries.drop_reviews(tx, ids=ids, **pairs)
        await queries.keep_reviews(
            tx,
            **pairs,
            scores=[pair.score for pair in reviews],
            because=[orjson.dumps(pair.because).decode() for pair in reviews],
            now=self._clock(),
        )

    async def _keep_entries(
        self, tx: Connection, entries: Sequence[EntryPublished], bodies: Mapping[str, bytes], counts: _Counts
    ) -> None:
        await queries.keep_entries(
            tx,
            ids=[entry.entry_id for entry in entries],
            aliases=[orjson.dumps(entry.aliases).decode() for entry in entries],
            listing_ids=[orjson.dumps([m.listing_id for m in entry.members]).decode() for entry in entries],
            bodies=[bodies[str(entry.entry_id)] for entry in entries],
            counted_under=[orjson.dumps([str(one) for one in counts[entry.entry_id]]).decode() for entry in entries],
            now=self._clock(),
        )


def _changes(before: _Counts, after: _Counts) -> tuple[Counter[Count], Counter[Count]]:
    """How many entries each has gained, and lost."""
    gained: Counter[Count] = Counter()
    lost: Counter[Count] = Counter()
    for key in before.keys() | after.keys():
        old, new = set(before.get(key, ())), set(after.get(key, ()))
        gained.update(new - old)
        lost.update(old - new)
    return gained, lost


def _removed(gone: EntryId, heirs: Mapping[EntryId, EntryId | None]) -> EntryRemoved:
    return EntryRemoved(entry_id=gone, replaced_by=heirs[gone])
