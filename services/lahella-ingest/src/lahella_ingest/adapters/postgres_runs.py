"""Runs in the database and on their topic, within one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.postgres.database import Connection
from chassis.postgres.outbox import Outbox, Outgoing
from event_schemas.base import Event
from event_schemas.ids import RunId
from event_schemas.ingest_run import IngestRunEnded, IngestRunStarted, RunCounts, RunMode, RunOutcome
from event_schemas.listing import SourceSystem
from lahella_ingest.adapters.sql import queries
from lahella_ingest.app.ports import Run

RUNS = "hyte.ingest-runs.v1"
_KEEP_RUNS = timedelta(days=90)


class PostgresRuns:
    def __init__(self, tx: Connection, outbox: Outbox) -> None:
        self._tx = tx
        self._outbox = outbox

    async def still_open(self) -> list[Run]:
        return [_run(row) async for row in queries.open_runs(self._tx)]

    async def last(self) -> Run | None:
        row = await queries.last_run(self._tx)
        return _run(row) if row else None

    async def find(self, run_id: UUID) -> Run | None:
        row = await queries.find_run(self._tx, id=run_id)
        return _run(row) if row else None

    async def latest(self, most: int) -> list[Run]:
        return [_run(row) async for row in queries.latest_runs(self._tx, most=most)]

    async def decided(self) -> Run | None:
        """The last reading of the source that ended with a decision on what is gone: completed, or held."""
        row = await queries.decided_run(self._tx)
        return _run(row) if row else None

    async def completed_at(self) -> datetime | None:
        moment: datetime | None = await queries.completed_at(self._tx)
        return moment

    async def start(self, run: Run, *, resumed: bool = False) -> Run:
        number = await queries.start_run(self._tx, id=run.id, started_at=run.started_at, mode=run.mode)
        await self._tell(
            IngestRunStarted(
                run_id=RunId(str(run.id)),
                source=SourceSystem.LAHELLA,
                mode=run.mode,
                started_at=run.started_at,
                resumed=resumed,
            )
        )
        return replace(run, number=number)

    async def end(self, run: Run) -> None:
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
                mode=run.mode,
                started_at=run.started_at,
                ended_at=run.ended_at,
                outcome=run.outcome,
                reason=run.reason,
                counts=run.counts,
            )
        )

    async def _tell(self, event: Event) -> None:
        await self._outbox.append(self._tx, [Outgoing(RUNS, SourceSystem.LAHELLA, event)])


def _run(row: asyncpg.Record) -> Run:
    return Run(
        row["id"],
        row["started_at"],
        RunMode(row["mode"]),
        row["ended_at"],
        RunOutcome(row["outcome"]) if row["outcome"] else None,
        row["reason"],
        RunCounts.model_validate_json(row["counts"]) if row["counts"] else RunCounts(),
        row["number"],
    )
