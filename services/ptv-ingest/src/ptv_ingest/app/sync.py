"""One reading round, whole or since the last one, from its start to its end on the topic of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.ingest_run import IngestRunEnded, RunMode, RunOutcome
from ptv_ingest.app.ports import Listings, Objects, Progress, PtvSource, Run, Runs, Tally
from ptv_ingest.app.read_full import read_full
from ptv_ingest.app.read_incremental import read_incremental
from ptv_ingest.app.read_stream import Report
from ptv_ingest.app.remove_absent import TooManyAbsent

log = structlog.get_logger(__name__)

TOO_MANY_ABSENT = "too-many-absent"


@dataclass(frozen=True, slots=True)
class Rules:
    """`overlap`: how far behind the last reading to look again, since copies from v11 arrive late with old dates.

    `full_every`: age at which a whole reading is due. `most_absent`: share that may vanish in one run.
    """

    overlap: timedelta = timedelta(hours=6)
    full_every: timedelta = timedelta(days=7)
    most_absent: float = 0.05


@dataclass(frozen=True, slots=True)
class Sync:
    """The use case with what it works on."""

    source: PtvSource
    objects: Objects
    listings: Listings
    runs: Runs
    rules: Rules
    clock: Clock

    async def __call__(
        self, *, report: Report, full: bool = False, accept_removals: bool = False
    ) -> IngestRunEnded | None:
        """How the run ended; None when another process is running one.

        A source that cannot be read ends the run as failed: the watermark stays and nothing is removed by absence.

        Raises:
            TemporaryError: `run-lost`, when another process may be running one by now; it tells how this one ended.
        """
        async with self.runs.lock() as free:
            if not free:
                return None
            progress = await self.runs.progress()
            mode = RunMode.FULL if full or self._full_is_due(progress) else RunMode.INCREMENTAL
            run = await self.runs.begin(mode)
            return await self._run(run, progress, report, 1.0 if accept_removals else self.rules.most_absent)

    def _full_is_due(self, progress: Progress) -> bool:
        never = progress.full_at is None or progress.watermark is None
        return never or self.clock() - (progress.full_at or self.clock()) > self.rules.full_every

    async def _run(self, run: Run, progress: Progress, report: Report, most_absent: float) -> IngestRunEnded:
        tally = Tally()
        outcome, reason, watermark = RunOutcome.COMPLETED, None, None
        try:
            watermark = await self._read(run, progress, tally, report, most_absent)
        except TooManyAbsent:
            outcome, reason = RunOutcome.HELD, TOO_MANY_ABSENT
        except (TemporaryError, PermanentError) as exc:
            outcome, reason = RunOutcome.FAILED, exc.code
            log.warning("run failed", run_id=run.run_id, mode=run.mode, code=exc.code, explanation=exc.explanation)
        return await self.runs.end(run, outcome, tally, reason=reason, watermark=watermark)

    async def _read(
        self, run: Run, progress: Progress, tally: Tally, report: Report, most_absent: float
    ) -> datetime | None:
        if run.mode == RunMode.INCREMENTAL and progress.watermark is not None:
            return await read_incremental(
                run,
                progress.watermark - self.rules.overlap,
                source=self.source,
                objects=self.objects,
                listings=self.listings,
                tally=tally,
                report=report,
            )
        return await read_full(
            run,
            source=self.source,
            objects=self.objects,
            listings=self.listings,
            runs=self.runs,
            tally=tally,
            report=report,
            most_absent=most_absent,
            everything=progress.full_at is None,
        )
