"""Read Lähellä.fi from the first page to the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.ingest_run import RunCounts, RunMode, RunOutcome
from lahella_ingest.app.keep_items import keep_items
from lahella_ingest.app.ports import LahellaSource, Page, Run, Store
from lahella_ingest.app.remove_absent import RemovalGuard, RemoveAbsent, TooManyAbsent
from lahella_ingest.app.runs import Runs
from lahella_ingest.app.tally import Tally
from lahella_ingest.domain.activity import body_id, key_of
from lahella_ingest.domain.rules import Rules

OnProgress = Callable[[RunCounts], None]
KeepGoing = Callable[[], bool]


def forever() -> bool:
    return True


def quietly(_: RunCounts) -> None:
    """No progress is wanted."""


@dataclass(frozen=True)
class ReadSource:
    """One run over the whole source. Only the process that holds `store.only_reader()` may call it.

    Every run reads everything: the source has no change times. A run that does not reach the last page, whose
    `hasMore` is false, removes nothing.
    """

    source: LahellaSource
    store: Store
    rules: Rules
    guard: RemovalGuard
    clock: Clock
    new_id: NewId

    async def __call__(
        self, *, keep_going: KeepGoing = forever, on_progress: OnProgress = quietly, tally: Tally | None = None
    ) -> Run:
        """The ended run; faults of the source end it as failed.

        Raises:
            TemporaryError: `database-away`, or `run-lost` when another process may be reading by now; the next reading
                tells how this one ended.
        """
        run = await self._runs.begin(RunMode.FULL)
        tally = Tally() if tally is None else tally
        outcome, reason = await self._outcome(run, tally, keep_going, on_progress)
        return await self._runs.end(run, tally, outcome, reason)

    async def accept_removals(self, run_id: UUID) -> Run:
        """Goes on with a held run: what it and all later ones have not met is removed, however much it is.

        Raises:
            NotHeld: the run does not wait for this.
        """
        run = await self._runs.go_on(run_id)
        tally = Tally(read=run.counts.read)
        await self._remove_absent(run, tally, None)
        return await self._runs.end(run, tally, RunOutcome.COMPLETED, None)

    @property
    def _runs(self) -> Runs:
        return Runs(self.store, self.clock, self.new_id)

    @property
    def _remove_absent(self) -> RemoveAbsent:
        return RemoveAbsent(self.source, self.store, self.rules, self.clock)

    async def _outcome(
        self, run: Run, tally: Tally, keep_going: KeepGoing, on_progress: OnProgress
    ) -> tuple[RunOutcome, str | None]:
        try:
            if not await self._read_pages(run, tally, keep_going, on_progress):
                return RunOutcome.INTERRUPTED, "process-stops"
            await self._remove_absent(run, tally, self.guard)
        except TooManyAbsent as exc:
            return RunOutcome.HELD, exc.code
        except (PermanentError, TemporaryError) as exc:
            return RunOutcome.FAILED, exc.code
        return RunOutcome.COMPLETED, None

    async def _read_pages(self, run: Run, tally: Tally, keep_going: KeepGoing, on_progress: OnProgress) -> bool:
        """Whether the last page was reached."""
        while keep_going():
            page = await self.source.page(tally.read)
            _check_progress(page, tally)
            async with self.store.reader_transaction() as work:
                await keep_items(page.items, run, work=work, rules=self.rules, now=self.clock(), tally=tally)
            tally.read += len(page.items)
            on_progress(tally.counts())
            if not page.has_more:
                _check_complete(page, tally)
                return True
        return False


def _check_progress(page: Page, tally: Tally) -> None:
    """A page of nothing new: the source repeats itself, and would be read for ever or end where it should not."""
    keys = {key_of(item.raw) or body_id(item.raw) for item in page.items}
    if keys <= tally.seen and (keys or page.has_more):
        raise PermanentError("source-paging", "the source repeats itself")
    tally.seen |= keys


def _check_complete(page: Page, tally: Tally) -> None:
    """The total is no promise; but a list that ends before it tells is not the whole list."""
    if page.total is not None and tally.read < page.total:
        raise PermanentError("source-truncated", f"the list ended after {tally.read} of {page.total} activities")
