"""Derive listings again from the stored activities, without calling the source."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError
from event_schemas.ingest_run import RunMode, RunOutcome
from lahella_ingest.app.apply_verdicts import apply_verdicts
from lahella_ingest.app.keep_items import keep_items
from lahella_ingest.app.ports import Found, Rejected, Run, Store, Stored, Work
from lahella_ingest.app.read_source import KeepGoing, OnProgress, forever, quietly
from lahella_ingest.app.runs import Runs
from lahella_ingest.app.tally import Tally
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import Verdict, judge

_BATCH = 200


@dataclass(frozen=True)
class Replay:
    """A run of mode replay. Only the process that holds `store.only_reader()` may call it.

    What was rejected is tried again too; what an older version took and this one does not is rejected now, and its
    listing stays.
    """

    store: Store
    rules: Rules
    clock: Clock
    new_id: NewId

    async def is_due(self) -> bool:
        """Whether listings were made in another form than the present one."""
        async with self.store.transaction() as work:
            return bool(await work.keys(outdated=True))

    async def __call__(
        self, *, everything: bool = False, keep_going: KeepGoing = forever, on_progress: OnProgress = quietly
    ) -> Run:
        """Of all activities, or of those only whose listing was made in another form."""
        runs = Runs(self.store, self.clock, self.new_id)
        run, tally = await runs.begin(RunMode.REPLAY), Tally()
        refused = await self._try_rejected(run, tally)
        async with self.store.reader_transaction() as work:
            waiting = iter(await work.keys(outdated=not everything))
        while keys := list(islice(waiting, _BATCH)):
            if not keep_going():
                return await runs.end(run, tally, RunOutcome.INTERRUPTED, "process-stops")
            async with self.store.reader_transaction() as work:
                await self._derive(keys, refused, work, tally)
            on_progress(tally.counts())
        return await runs.end(run, tally, RunOutcome.COMPLETED, None)

    async def _try_rejected(self, run: Run, tally: Tally) -> frozenset[str]:
        """Ids of those that are refused still: what came last of them is kept, not the older body that was stored."""
        async with self.store.reader_transaction() as work:
            items = [one.item for one in await work.bodies.rejected()]
            await keep_items(items, run, work=work, rules=self.rules, now=self.clock(), tally=tally)
            return frozenset(one.id for one in await work.bodies.rejected())

    async def _derive(self, keys: Sequence[str], refused: Collection[str], work: Work, tally: Tally) -> None:
        activities = await work.stored(keys)
        verdicts = [self._judge(activity) for activity in activities.values()]
        rejected = [
            Rejected(one.key, _found(activities[one.key]), one.rejected, one.explanation)
            for one in verdicts
            if one.rejected and one.key not in refused
        ]
        tally.read += len(activities)
        for one in rejected:
            tally.reject(one.reason, [one.id])
        await work.reschedule(verdicts)
        await work.bodies.reject(rejected)
        tally.add(await apply_verdicts(verdicts, work=work))

    def _judge(self, stored: Stored) -> Verdict:
        try:
            activity = read_activity(stored.raw)
        except PermanentError as exc:
            return Verdict(stored.key, None, rejected=exc.code, explanation=exc.explanation)
        return judge(activity, stored.organization, self.rules, self.clock())


def _found(stored: Stored) -> Found:
    return Found(stored.raw, stored.organization)
