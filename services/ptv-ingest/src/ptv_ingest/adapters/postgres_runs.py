"""Reading rounds in PostgreSQL, told on the topic of runs."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from chassis.core.clock import Clock, NewId
from chassis.postgres.database import Connection, Database
from chassis.postgres.outbox import Outbox, Outgoing
from chassis.postgres.single_run import SingleRun
from event_schemas.base import Event
from event_schemas.ids import RunId
from event_schemas.ingest_run import IngestRunEnded, IngestRunStarted, Rejection, RunCounts, RunMode, RunOutcome
from event_schemas.listing import SourceSystem
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import Progress, Run, Tally

TOPIC = "hyte.ingest-runs.v1"
# An older half of a full read may lack too much of what has changed since; it is begun anew.
_RESUMABLE_FOR = timedelta(hours=12)
_KEEP_RUNS = timedelta(days=30)


class PostgresRuns:
    """Implements `Runs`. `form` names how objects are read and what is in scope: another one asks for a full run."""

    def __init__(
        self, database: Database, single: SingleRun, outbox: Outbox, *, form: str, clock: Clock, new_id: NewId
    ) -> None:
        self._database = database
        self._single = single
        self._outbox = outbox
        self._form = form
        self._clock = clock
        self._new_id = new_id

    def lock(self) -> AbstractAsyncContextManager[bool]:
        return self._single.hold()

    async def progress(self) -> Progress:
        async with self._database.connection() as connection:
            row = await queries.progress(connection, form=self._form)
        return Progress(watermark=row["watermark"], full_at=row["full_at"])

    async def begin(self, mode: RunMode) -> Run:
        now = self._clock()
        async with self._single.transaction() as tx:
            run = await self._resumed(tx, now) if mode == RunMode.FULL else None
            await self._end_interrupted(tx, now, but=run)
            if run is None:
                run = Run(str(self._new_id()), mode, now)
                await queries.insert_run(tx, run_id=run.run_id, mode=mode, form=self._form, now=now)
                await queries.forget_runs(tx, before=now - _KEEP_RUNS)
            if mode == RunMode.FULL:
                await queries.forget_seen(tx, run_id=run.run_id)
            await self._tell(tx, _started(run))
        return run

    async def finish_stream(self, run: Run, stream: str, source_time: datetime | None) -> None:
        async with self._single.transaction() as tx:
            await queries.finish_stream(tx, run_id=run.run_id, stream=stream, source_time=source_time)

    async def end(
        self, run: Run, outcome: RunOutcome, tally: Tally, *, reason: str | None, watermark: datetime | None
    ) -> IngestRunEnded:
        event = _ended(run, outcome, tally, reason, self._clock())
        async with self._single.transaction() as tx:
            if watermark is not None:
                await queries.move_watermark(tx, at=watermark)
            await queries.end_run(tx, run_id=run.run_id, outcome=outcome, reason=reason, now=event.ended_at)
            await self._tell(tx, event)
        return event

    async def _resumed(self, tx: Connection, now: datetime) -> Run | None:
        row = await queries.resumable(tx, form=self._form, not_before=now - _RESUMABLE_FOR)
        if row is None:
            return None
        await queries.reopen_run(tx, run_id=row["run_id"])
        finished = frozenset(row["finished_streams"])
        return Run(str(row["run_id"]), RunMode.FULL, row["started_at"], row["source_time"], finished, resumed=True)

    async def _end_interrupted(self, tx: Connection, now: datetime, *, but: Run | None) -> None:
        """A run that a dead process left open is over; its counts died with it."""
        rows = [row async for row in queries.unended(tx)]
        for row in rows:
            run = Run(str(row["run_id"]), RunMode(row["mode"]), row["started_at"])
            if but is None or run.run_id != but.run_id:
                reason = "process-ended"
                await queries.end_run(tx, run_id=run.run_id, outcome=RunOutcome.INTERRUPTED, reason=reason, now=now)
                await self._tell(tx, _ended(run, RunOutcome.INTERRUPTED, Tally(), reason, now))

    async def _tell(self, tx: Connection, event: Event) -> None:
        await self._outbox.append(tx, [Outgoing(TOPIC, SourceSystem.PTV, event)])


def _started(run: Run) -> IngestRunStarted:
    return IngestRunStarted(
        run_id=RunId(run.run_id),
        source=SourceSystem.PTV,
        mode=run.mode,
        started_at=run.started_at,
        resumed=run.resumed,
    )


def _ended(run: Run, outcome: RunOutcome, tally: Tally, reason: str | None, now: datetime) -> IngestRunEnded:
    rejected = tuple(Rejection(reason=code, count=count) for code, count in sorted(tally.rejected.items()) if count)
    return IngestRunEnded(
        run_id=RunId(run.run_id),
        source=SourceSystem.PTV,
        mode=run.mode,
        started_at=run.started_at,
        ended_at=now,
        outcome=outcome,
        reason=reason,
        counts=RunCounts(read=tally.read, changed=tally.changed, removed=tally.removed, rejected=rejected),
    )
