"""Read Lähellä.fi from the first page to the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.ingest_run import Rejection, RunCounts, RunOutcome
from lahella_ingest.app.keep_page import Kept, keep_page
from lahella_ingest.app.ports import Found, LahellaSource, Run, Store
from lahella_ingest.app.remove_absent import RemovalGuard, TooManyAbsent, remove_absent
from lahella_ingest.domain.activity import key_of
from lahella_ingest.domain.regions import Regions

OnProgress = Callable[[RunCounts], None]
KeepGoing = Callable[[], bool]


@dataclass
class _Tally:
    """What one run has done so far."""

    read: int = 0
    changed: int = 0
    removed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    seen: set[str | None] = field(default_factory=set)

    def add(self, items: int, kept: Kept) -> None:
        self.read += items
        self.changed += kept.changes.published
        self.removed += kept.changes.removed
        self.rejected += kept.rejected

    def counts(self) -> RunCounts:
        rejected = tuple(Rejection(reason=reason, count=count) for reason, count in sorted(self.rejected.items()))
        return RunCounts(read=self.read, changed=self.changed, removed=self.removed, rejected=rejected)


@dataclass(frozen=True)
class ReadSource:
    """One run over the whole source. Only the process that holds `store.only_reader()` may call it.

    Every run reads everything: the source has no change times. A run that does not reach the last page, whose
    `hasMore` is false, removes nothing.
    """

    source: LahellaSource
    store: Store
    regions: Regions
    guard: RemovalGuard
    clock: Clock
    new_id: NewId

    async def __call__(
        self, *, keep_going: KeepGoing, on_progress: OnProgress = lambda _: None, accept_removals: bool = False
    ) -> Run:
        """The ended run; faults of the source end it as failed.

        Raises:
            TemporaryError: `database-away`, or `run-lost` when another process may be reading by now; the next reading
                tells how this one ended.
        """
        run = await self._begin()
        tally = _Tally()
        outcome, reason = await self._outcome(run.id, tally, keep_going, on_progress, accept_removals)
        ended = replace(run, ended_at=self.clock(), outcome=outcome, reason=reason, counts=tally.counts())
        async with self.store.reader_transaction() as work:
            await work.end_run(ended)
        return ended

    async def _begin(self) -> Run:
        """Also ends runs whose process died: nobody else can be reading now."""
        run = Run(self.new_id(), self.clock())
        async with self.store.reader_transaction() as work:
            for open_run in await work.open_runs():
                await work.end_run(
                    replace(open_run, ended_at=run.started_at, outcome=RunOutcome.INTERRUPTED, reason="process-ended")
                )
            await work.start_run(run)
        return run

    async def _outcome(
        self, run_id: UUID, tally: _Tally, keep_going: KeepGoing, on_progress: OnProgress, accept_removals: bool
    ) -> tuple[RunOutcome, str | None]:
        try:
            if not await self._read_pages(run_id, tally, keep_going, on_progress):
                return RunOutcome.INTERRUPTED, "process-stops"
            guard = None if accept_removals else self.guard
            tally.removed += await remove_absent(run_id, store=self.store, source=self.source, guard=guard)
        except TooManyAbsent as exc:
            return RunOutcome.HELD, exc.code
        except (PermanentError, TemporaryError) as exc:
            return RunOutcome.FAILED, exc.code
        return RunOutcome.COMPLETED, None

    async def _read_pages(self, run_id: UUID, tally: _Tally, keep_going: KeepGoing, on_progress: OnProgress) -> bool:
        """Whether the last page was reached."""
        while keep_going():
            page = await self.source.page(tally.read)
            _check_progress(page.items, page.has_more, tally)
            async with self.store.reader_transaction() as work:
                kept = await keep_page(page.items, run_id, work=work, regions=self.regions, now=self.clock())
            tally.add(len(page.items), kept)
            on_progress(tally.counts())
            if not page.has_more:
                return True
        return False


def _check_progress(items: Sequence[Found], has_more: bool, tally: _Tally) -> None:
    """A source that says there is more but gives nothing new would be read for ever."""
    keys = {key_of(item.raw) for item in items}
    if has_more and keys <= tally.seen:
        raise PermanentError("source-paging", "the source says there is more but repeats itself")
    tally.seen |= keys
