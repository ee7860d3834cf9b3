"""Reading rounds, replays and forgetting: each alone across replicas, and told on the topic of runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.ingest_run import IngestRunEnded, RunMode, RunOutcome
from ptv_ingest.app.derive_listings import derive_all, derive_listings
from ptv_ingest.app.ports import Listings, Objects, Progress, PtvSource, Run, Runs, Tally
from ptv_ingest.app.read_full import read_full
from ptv_ingest.app.read_incremental import SourceAway, read_incremental
from ptv_ingest.app.read_stream import Report
from ptv_ingest.app.remove_absent import TooManyAbsent

log = structlog.get_logger(__name__)

TOO_MANY_ABSENT = "too-many-absent"
_Work = Callable[[Run, Tally], Awaitable[Mapping[str, datetime]]]


@dataclass(frozen=True, slots=True)
class Rules:
    """`overlap`: how far behind the last reading to look again, since copies from v11 arrive late with old dates.

    `full_every`: age at which a whole reading is due. `full_again`: how long one that failed waits for another.
    `most_absent`: share that may vanish in one run.
    """

    overlap: timedelta = timedelta(hours=6)
    full_every: timedelta = timedelta(days=7)
    full_again: timedelta = timedelta(hours=1)
    most_absent: float = 0.05


@dataclass(frozen=True, slots=True)
class Sync:
    """What PTV's ingest does, with what it works on. `sources`: the first that shows an object wins.

    Each call gives how its run ended, or None when another process is running one. A source that cannot be read ends
    the run as failed: the watermarks stay and nothing is removed by absence.

    Raises:
        TemporaryError: `run-lost`, when another process may be running one by now; it tells how this one ended.
    """

    sources: Sequence[PtvSource]
    objects: Objects
    listings: Listings
    runs: Runs
    rules: Rules
    clock: Clock

    async def __call__(
        self, *, report: Report, full: bool = False, since: datetime | None = None, tally: Tally | None = None
    ) -> IngestRunEnded | None:
        """Reads PTV once: whole when that is asked for or due, else what has changed, or what has since a time."""
        async with self.runs.lock() as free:
            if not free:
                return None
            progress = await self.runs.progress()
            if not progress.derived and progress.full_at is not None:
                await self._run(RunMode.REPLAY, Tally(), lambda _, tally: self._replay(tally, report))
            if full or self._full_is_due(progress):
                return await self._run(RunMode.FULL, tally or Tally(), self._reading(report))
            reading = self._reading_since(progress, since, report)
            return await self._run(RunMode.INCREMENTAL, tally or Tally(), reading)

    async def accept_removals(self, run_id: str, *, report: Report) -> IngestRunEnded | None:
        """Goes on with a held run: what it has missed is removed, however much it is.

        Raises:
            PermanentError: `not-held`.
        """
        async with self.runs.lock() as free:
            if not free:
                return None
            run = await self.runs.accept(run_id)
            return await self._ended(run, Tally(), self._reading(report, most_absent=1.0))

    async def replay(self, *, report: Report, everything: bool) -> IngestRunEnded | None:
        """Derives listings again from what is stored, without calling PTV: all, or those with unreadable parts."""
        async with self.runs.lock() as free:
            if not free:
                return None
            if not everything:
                await self.objects.mark_rejected_changed()
            work = self._replay if everything or not (await self.runs.progress()).derived else self._derive
            return await self._run(RunMode.REPLAY, Tally(), lambda _, tally: work(tally, report))

    async def forget(self, values: Sequence[str], *, report: Report) -> tuple[int, IngestRunEnded] | None:
        """Redacts what a person asked to have removed; gives how many objects held it, and how their replay ended."""
        async with self.runs.lock() as free:
            if not free:
                return None
            redacted = await self.objects.forget(values)
            ended = await self._run(RunMode.REPLAY, Tally(), lambda _, tally: self._derive(tally, report))
            return redacted, ended

    def _full_is_due(self, progress: Progress) -> bool:
        """One that has just failed is not tried again at once: meanwhile the others are followed."""
        if progress.full_at is None or any(source.name not in progress.watermarks for source in self.sources):
            return True
        failed = progress.full_failed_at
        if failed is not None and self.clock() - failed < self.rules.full_again:
            return False
        return self.clock() - progress.full_at > self.rules.full_every

    async def _run(self, mode: RunMode, tally: Tally, work: _Work) -> IngestRunEnded:
        return await self._ended(await self.runs.begin(mode), tally, work)

    async def _ended(self, run: Run, tally: Tally, work: _Work) -> IngestRunEnded:
        outcome, reason, watermarks = RunOutcome.COMPLETED, None, {}
        try:
            watermarks = dict(await work(run, tally))
            await self.objects.forget_superseded()
        except TooManyAbsent:
            outcome, reason = RunOutcome.HELD, TOO_MANY_ABSENT
        except SourceAway as exc:
            outcome, reason, watermarks = RunOutcome.FAILED, exc.cause.code, dict(exc.began)
            log.warning("a source is away", run_id=run.run_id, code=reason, explanation=exc.cause.explanation)
        except (TemporaryError, PermanentError) as exc:
            outcome, reason = RunOutcome.FAILED, exc.code
            log.warning("run failed", run_id=run.run_id, mode=run.mode, code=exc.code, explanation=exc.explanation)
        return await self.runs.end(run, outcome, tally, reason=reason, watermarks=watermarks)

    def _reading(self, report: Report, *, most_absent: float | None = None) -> _Work:
        async def read(run: Run, tally: Tally) -> Mapping[str, datetime]:
            began = await read_full(
                run,
                sources=self.sources,
                objects=self.objects,
                listings=self.listings,
                runs=self.runs,
                tally=tally,
                report=report,
                most_absent=self.rules.most_absent if most_absent is None else most_absent,
            )
            await self.runs.note_derived()
            return began

        return read

    def _reading_since(self, progress: Progress, asked: datetime | None, report: Report) -> _Work:
        """A time asked for that lies after the last reading leaves a gap, so it moves no watermark."""
        since = {source.name: asked or progress.watermarks[source.name] - self.rules.overlap for source in self.sources}
        leaves_gap = asked is not None and any(asked > mark for mark in progress.watermarks.values())

        async def read(run: Run, tally: Tally) -> Mapping[str, datetime]:
            began = await read_incremental(
                run,
                since,
                sources=self.sources,
                objects=self.objects,
                listings=self.listings,
                tally=tally,
                report=report,
            )
            return {} if leaves_gap else began

        return read

    async def _replay(self, tally: Tally, report: Report) -> Mapping[str, datetime]:
        await derive_all(listings=self.listings, tally=tally, report=report)
        await self.runs.note_derived()
        return {}

    async def _derive(self, tally: Tally, report: Report) -> Mapping[str, datetime]:
        await derive_listings(listings=self.listings, tally=tally, report=report)
        return {}
