"""One transaction's work on activities, listings and runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import orjson

from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection
from chassis.postgres.outbox import Outbox, Outgoing
from chassis.postgres.queries import load_queries
from event_schemas.base import Event
from event_schemas.ids import RunId
from event_schemas.ingest_run import IngestRunEnded, IngestRunStarted, RunCounts, RunMode, RunOutcome
from event_schemas.listing import ListingPublished, ListingRemoved, RemovalReason, SourceSystem
from lahella_ingest.app.ports import Missing, Run, Stored
from lahella_ingest.domain.listing import listing_id
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.verdict import Verdict

LISTINGS = "hyte.listings.v1"
RUNS = "hyte.ingest-runs.v1"
_KEEP_RUNS = timedelta(days=90)

queries = load_queries(Path(__file__).with_name("queries.sql"))


class PostgresWork:
    def __init__(self, tx: Connection, outbox: Outbox, listings: ChangedStates) -> None:
        self._tx = tx
        self._outbox = outbox
        self._listings = listings

    async def stored(self, keys: Sequence[str]) -> dict[str, Stored]:
        return {row["key"]: _stored(row) async for row in queries.lock_activities(self._tx, keys=keys)}

    async def due(self, now: datetime, most: int) -> list[Stored]:
        return [_stored(row) async for row in queries.due_activities(self._tx, now=now, most=most)]

    async def keep(self, activities: Sequence[tuple[Stored, Verdict]], run_id: UUID) -> None:
        organizations = [stored.organization for stored, _ in activities]
        await queries.keep_activities(
            self._tx,
            run_id=run_id,
            keys=[stored.key for stored, _ in activities],
            raws=[orjson.dumps(stored.raw).decode() for stored, _ in activities],
            hashes=[stored.content_hash for stored, _ in activities],
            group_ids=[each.group_id if each else None for each in organizations],
            names=[each.name if each else None for each in organizations],
            business_ids=[each.business_id if each else None for each in organizations],
            shown=[verdict.listing is not None for _, verdict in activities],
            due_ats=[verdict.due_at for _, verdict in activities],
        )

    async def mark_seen(self, keys: Sequence[str], run_id: UUID) -> None:
        await queries.mark_seen(self._tx, keys=keys, run_id=run_id)

    async def reschedule(self, verdicts: Sequence[Verdict]) -> None:
        await queries.reschedule(
            self._tx,
            keys=[verdict.key for verdict in verdicts],
            due_ats=[verdict.due_at for verdict in verdicts],
            shown=[None if verdict.rejected else verdict.listing is not None for verdict in verdicts],
        )

    async def missing(self, run_id: UUID) -> list[Missing]:
        rows = queries.missing_activities(self._tx, run_id=run_id)
        return [Missing(row["key"], row["shown"]) async for row in rows]

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

    async def open_runs(self) -> list[Run]:
        return [_run(row) async for row in queries.open_runs(self._tx)]

    async def last_run(self) -> Run | None:
        row = await queries.last_run(self._tx)
        return _run(row) if row else None

    async def start_run(self, run: Run) -> None:
        await queries.start_run(self._tx, id=run.id, started_at=run.started_at)
        await self._tell(
            IngestRunStarted(
                run_id=RunId(str(run.id)), source=SourceSystem.LAHELLA, mode=RunMode.FULL, started_at=run.started_at
            )
        )

    async def end_run(self, run: Run) -> None:
        if run.ended_at is None or run.outcome is None:
            raise ValueError("the run has not ended")
        await queries.end_run(
            self._tx,
            id=run.id,
            ended_at=run.ended_at,
            outcome=run.outcome,
            reason=run.reason,
            counts=run.counts.model_dump_json(),
        )
        await queries.forget_runs(self._tx, before=run.ended_at - _KEEP_RUNS)
        await self._tell(
            IngestRunEnded(
                run_id=RunId(str(run.id)),
                source=SourceSystem.LAHELLA,
                mode=RunMode.FULL,
                started_at=run.started_at,
                ended_at=run.ended_at,
                outcome=run.outcome,
                reason=run.reason,
                counts=run.counts,
            )
        )

    async def _tell(self, event: Event) -> None:
        await self._outbox.append(self._tx, [Outgoing(RUNS, SourceSystem.LAHELLA, event)])


def _keys(listing_ids: Sequence[str]) -> list[str]:
    return [each.removeprefix("lahella:") for each in listing_ids]


def _stored(row: asyncpg.Record) -> Stored:
    organization = None
    if row["group_id"] is not None:
        organization = Organization(row["group_id"], row["organization_name"], row["business_id"])
    return Stored(row["key"], orjson.loads(row["raw"]), row["content_hash"], organization)


def _run(row: asyncpg.Record) -> Run:
    return Run(
        row["id"],
        row["started_at"],
        row["ended_at"],
        RunOutcome(row["outcome"]) if row["outcome"] else None,
        row["reason"],
        RunCounts.model_validate_json(row["counts"]) if row["counts"] else RunCounts(),
    )
