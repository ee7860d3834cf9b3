"""Begin and end a run: told on the topic of runs, and stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError
from event_schemas.ingest_run import RunMode, RunOutcome
from lahella_ingest.app.ports import Run, Store, Work
from lahella_ingest.app.tally import Tally


class NotHeld(PermanentError):
    """The run named is none that waits for an operator."""

    def __init__(self, explanation: str) -> None:
        super().__init__("run-not-held", explanation)


@dataclass(frozen=True)
class Runs:
    """Only the process that holds `store.only_reader()` may begin one: nobody else can be reading then."""

    store: Store
    clock: Clock
    new_id: NewId

    async def begin(self, mode: RunMode) -> Run:
        run = Run(self.new_id(), self.clock(), mode)
        async with self.store.reader_transaction() as work:
            await self._end_dead(work)
            return await work.runs.start(run)

    async def go_on(self, run_id: UUID) -> Run:
        """A run that was held, from where it stopped. Raises NotHeld."""
        async with self.store.reader_transaction() as work:
            await self._end_dead(work)
            held = await work.runs.find(run_id)
            if held is None or held.outcome is not RunOutcome.HELD:
                raise NotHeld("no such run is known" if held is None else f"the run is {held.outcome}, not held")
            return await work.runs.start(replace(held, ended_at=None, outcome=None, reason=None), resumed=True)

    async def end(self, run: Run, tally: Tally, outcome: RunOutcome, reason: str | None) -> Run:
        ended = replace(run, ended_at=self.clock(), outcome=outcome, reason=reason, counts=tally.counts())
        async with self.store.reader_transaction() as work:
            await work.runs.end(ended)
            await work.bodies.forget_superseded()
        return ended

    async def _end_dead(self, work: Work) -> None:
        """Those whose process died."""
        for run in await work.runs.still_open():
            ended = replace(run, ended_at=self.clock(), outcome=RunOutcome.INTERRUPTED, reason="process-ended")
            await work.runs.end(ended)
