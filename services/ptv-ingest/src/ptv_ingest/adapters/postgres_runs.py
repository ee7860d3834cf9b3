"""Reading rounds in PostgreSQL, told on the topic of runs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError
from chassis.postgres.database import Connection, Database
from chassis.postgres.outbox import Outbox, Outgoing
from chassis.postgres.single_run import SingleRun
from event_schemas.base import Event
from event_schemas.ids import RunId
from event_schemas.ingest_run import IngestRunEnded, IngestRunStarted, Rejection, RunCounts, RunMode, RunOutcome
from event_schemas.listing import SourceSystem
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import Progress, Run, Stream, Tally

TOPIC = "hyte.ingest-runs.v1"
# An older half of a full read may lack too much of what has changed since; it is begun anew.
_RESUMABLE_FOR = timedelta(hours=12)
_KEEP_RUNS = timedelta(days=90)


class PostgresRuns:
    """Implements `Runs`. `form` names how listings are made and what is in scope."""

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
            watermarks = {row["source"]: row["at"] async for row in queries.watermarks(connection)}
            full_at = await queries.full_at(connection)
            full_failed_at = await queries.full_failed_at(connection)
            derived = await queries.derived_form(connection) == self._form
        return Progress(watermarks, full_at, full_failed_at, derived)

    async def begin(self, mode: RunMode) -> Run:
        now = self._clock()
        async with self._single.transaction() as tx:
            run = await self._resumed(tx, now) if mode == RunMode.FULL else None
            await self._end_interrupted(tx, now, but=run)
            if run is None:
                run = Run(str(self._new_id()), mode, now, first=await _is_first(tx))
                await queries.insert_run(tx, run_id=run.run_id, mode=mode, form=self._form, now=now)
                await queries.forget_runs(tx, before=now - _KEEP_RUNS)
            if mode == RunMode.FULL:
                await queries.forget_pages(tx, run_id=run.run_id)
                await queries.forget_streams(tx, run_id=run.run_id)
            await self._tell(tx, _started(run))
        return run

    async def accept(self, run_id: str) -> Run:
        async with self._single.transaction() as tx:
            await self._end_interrupted(tx, self._clock(), but=None)
            row = await queries.held(tx, run_id=_uuid(run_id))
            if row is None:
                raise PermanentError("not-held", "this run is not the one that is held: `status` names it")
            run = await _reopened(tx, row)
            await self._tell(tx, _started(run))
        return run

    async def finish_stream(self, run: Run, stream: Stream) -> None:
        async with self._single.transaction() as tx:
            await queries.finish_stream(tx, run_id=run.run_id, source=stream.source, kind=stream.kind)

    async def note_derived(self) -> None:
        async with self._single.transaction() as tx:
            await queries.note_derived(tx, form=self._form)

    async def end(
        self, run: Run, outcome: RunOutcome, tally: Tally, *, reason: str | None, watermarks: Mapping[str, datetime]
    ) -> IngestRunEnded:
        event = _ended(run, outcome, tally, reason, self._clock())
        async with self._single.transaction() as tx:
            await queries.move_watermarks(tx, sources=list(watermarks), times=list(watermarks.values()))
            if run.mode == RunMode.FULL and outcome == RunOutcome.COMPLETED:
                await queries.forget_rejections(tx, before=run.started_at)
            await self._close(tx, event)
        return event

    async def _resumed(self, tx: Connection, now: datetime) -> Run | None:
        row = await queries.resumable(tx, not_before=now - _RESUMABLE_FOR)
        return await _reopened(tx, row) if row is not None else None

    async def _end_interrupted(self, tx: Connection, now: datetime, *, but: Run | None) -> None:
        """A run that a dead process left open is over; its counts died with it."""
        rows = [row async for row in queries.unended(tx)]
        for row in rows:
            run = Run(str(row["run_id"]), RunMode(row["mode"]), row["started_at"])
            if but is None or run.run_id != but.run_id:
                await self._close(tx, _ended(run, RunOutcome.INTERRUPTED, Tally(), "process-ended", now))

    async def _close(self, tx: Connection, event: IngestRunEnded) -> None:
        await queries.end_run(
            tx,
            run_id=UUID(event.run_id),
            outcome=event.outcome,
            reason=event.reason,
            counts=event.counts.model_dump_json(),
            now=event.ended_at,
        )
        await self._tell(tx, event)

    async def _tell(self, tx: Connection, event: Event) -> None:
        await self._outbox.append(tx, [Outgoing(TOPIC, SourceSystem.PTV, event)])


async def _is_first(tx: Connection) -> bool:
    return not [row async for row in queries.watermarks(tx)]


async def _reopened(tx: Connection, row: asyncpg.Record) -> Run:
    await queries.reopen_run(tx, run_id=row["run_id"])
    streams = [stream async for stream in queries.streams_of(tx, run_id=row["run_id"])]
    began: dict[str, datetime] = {}
    for stream in streams:
        if stream["began"] is not None:
            began.setdefault(stream["source"], stream["began"])
    return Run(
        str(row["run_id"]),
        RunMode.FULL,
        row["started_at"],
        finished=frozenset(Stream(one["source"], one["kind"]) for one in streams if one["finished"]),
        resume={Stream(one["source"], one["kind"]): one["resume"] for one in streams if one["resume"] is not None},
        began=began,
        resumed=True,
        first=await _is_first(tx),
    )


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as exc:
        raise PermanentError("not-held", "RUN is the id of a run, as `status` prints it") from exc


def _started(run: Run) -> IngestRunStarted:
    return IngestRunStarted(
        run_id=RunId(run.run_id),
        source=SourceSystem.PTV,
        mode=run.mode,
        started_at=run.started_at,
        resumed=run.resumed,
    )


def _ended(run: Run, outcome: RunOutcome, tally: Tally, reason: str | None, now: datetime) -> IngestRunEnded:
    return IngestRunEnded(
        run_id=RunId(run.run_id),
        source=SourceSystem.PTV,
        mode=run.mode,
        started_at=run.started_at,
        ended_at=now,
        outcome=outcome,
        reason=reason,
        counts=_counts(tally),
    )


def _counts(tally: Tally) -> RunCounts:
    rejected = tuple(
        Rejection(reason=code, count=count, examples=tuple(tally.examples.get(code, ())))
        for code, count in sorted(tally.rejected.items())
        if count
    )
    return RunCounts(read=tally.read, changed=len(tally.changed), removed=len(tally.removed), rejected=rejected)
