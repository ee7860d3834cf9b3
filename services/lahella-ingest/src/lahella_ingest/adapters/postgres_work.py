"""One transaction's work on activities and their listings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg
import orjson

from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection
from event_schemas.base import Event
from event_schemas.ingest_run import RunOutcome
from event_schemas.listing import ListingPublished, ListingRemoved, RemovalReason
from lahella_ingest.adapters.postgres_bodies import PostgresBodies
from lahella_ingest.adapters.postgres_runs import PostgresRuns
from lahella_ingest.adapters.sql import queries
from lahella_ingest.app.ports import LastEvent, Missing, Run, Standing, Stored
from lahella_ingest.domain.listing import listing_id
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.verdict import Verdict

LISTINGS = "hyte.listings.v1"
_LATEST_RUNS = 5


class PostgresWork:
    """`form` is the one in which listings are made now."""

    def __init__(
        self, tx: Connection, *, listings: ChangedStates, runs: PostgresRuns, bodies: PostgresBodies, form: str
    ) -> None:
        self._tx = tx
        self._listings = listings
        self.runs = runs
        self.bodies = bodies
        self._form = form

    async def stored(self, keys: Sequence[str]) -> dict[str, Stored]:
        return {row["key"]: _stored(row) async for row in queries.lock_activities(self._tx, keys=keys)}

    async def due(self, now: datetime, most: int) -> list[Stored]:
        return [_stored(row) async for row in queries.due_activities(self._tx, now=now, most=most)]

    async def keep(self, activities: Sequence[tuple[Stored, Verdict]], run: Run) -> None:
        organizations = [stored.organization for stored, _ in activities]
        await queries.keep_activities(
            self._tx,
            run_id=run.id,
            number=run.number,
            form=self._form,
            keys=[stored.key for stored, _ in activities],
            raws=[orjson.dumps(stored.raw).decode() for stored, _ in activities],
            hashes=[stored.content_hash for stored, _ in activities],
            group_ids=[each.group_id if each else None for each in organizations],
            names=[each.name if each else None for each in organizations],
            business_ids=[each.business_id if each else None for each in organizations],
            shown=[verdict.listing is not None for _, verdict in activities],
            due_ats=[verdict.due_at for _, verdict in activities],
        )

    async def mark_seen(self, keys: Sequence[str], run: Run) -> None:
        await queries.mark_seen(self._tx, keys=keys, run_id=run.id, number=run.number)

    async def reschedule(self, verdicts: Sequence[Verdict]) -> None:
        await queries.reschedule(
            self._tx,
            form=self._form,
            keys=[verdict.key for verdict in verdicts],
            due_ats=[verdict.due_at for verdict in verdicts],
            shown=[None if verdict.rejected else verdict.listing is not None for verdict in verdicts],
        )

    async def keys(self, *, outdated: bool) -> list[str]:
        rows = queries.outdated_keys(self._tx, form=self._form) if outdated else queries.all_keys(self._tx)
        return [row["key"] async for row in rows]

    async def missing(self, run: Run) -> list[Missing]:
        rows = queries.missing_activities(self._tx, number=run.number)
        return [Missing(**dict(row)) async for row in rows]

    async def shown_count(self) -> int:
        return int(await queries.shown_count(self._tx))

    async def forget(self, keys: Sequence[str]) -> None:
        await queries.forget_activities(self._tx, keys=keys)

    async def publish(self, listings: Mapping[str, ListingPublished]) -> list[str]:
        states: list[tuple[str, Event]] = [(listing_id(key), listing) for key, listing in listings.items()]
        return _keys(await self._listings.publish(self._tx, states))

    async def remove(self, keys: Sequence[str], reason: RemovalReason) -> list[str]:
        def removed(listing: str) -> Event:
            return ListingRemoved(listing_id=listing_id(listing.removeprefix("lahella:")), reason=reason)

        return _keys(await self._listings.remove(self._tx, [listing_id(key) for key in keys], removed))

    async def last_event(self, key: str) -> LastEvent | None:
        row = await queries.last_event(self._tx, topic=LISTINGS, key=listing_id(key))
        return LastEvent(row["version"], row["published"]) if row else None

    async def standing(self) -> Standing:
        counts, decided = await queries.counts(self._tx, form=self._form), await self.runs.decided()
        rejected = Counter(one.reason for one in await self.bodies.rejections())
        return Standing(
            runs=await self.runs.latest(_LATEST_RUNS),
            held=decided if decided and decided.outcome is RunOutcome.HELD else None,
            completed_at=await self.runs.completed_at(),
            rejected=rejected,
            stored=counts["stored"],
            shown=counts["shown"],
            outdated=counts["outdated"],
            next_due=counts["next_due"],
        )


def _keys(listing_ids: Sequence[str]) -> list[str]:
    return [each.removeprefix("lahella:") for each in listing_ids]


def _stored(row: asyncpg.Record) -> Stored:
    organization = None
    if row["group_id"] is not None:
        organization = Organization(row["group_id"], row["organization_name"], row["business_id"])
    return Stored(row["key"], orjson.loads(row["raw"]), row["content_hash"], organization)
