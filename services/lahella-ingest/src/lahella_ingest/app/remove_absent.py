"""Take away what a complete reading has not seen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import structlog

from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.listing import RemovalReason
from lahella_ingest.app.keep_items import keep_items
from lahella_ingest.app.ports import Found, LahellaSource, Missing, Run, Store
from lahella_ingest.app.tally import Tally
from lahella_ingest.domain.rules import Rules

log = structlog.get_logger(__name__)

UNCONFIRMED = "removal-unconfirmed"
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class RemovalGuard:
    """How many published listings one run may take away: `share` of them, but always `least`; never all of them."""

    share: float = 0.05
    least: int = 3

    def check(self, missing: Sequence[Missing], shown: int) -> None:
        """Raises TooManyAbsent. What is not shown may vanish in any number: nobody misses it."""
        lost = sum(each.shown for each in missing)
        if lost > max(self.least, int(self.share * shown)) or (shown and lost == shown):
            raise TooManyAbsent(lost, shown)


class TooManyAbsent(PermanentError):
    """So much is missing that the source is more likely wrong than empty: a person decides."""

    def __init__(self, missing: int, shown: int) -> None:
        super().__init__("too-many-absent", f"{missing} of {shown} published activities are missing")


@dataclass(frozen=True)
class RemoveAbsent:
    """Each missing activity is asked for by its key first: a list may end early, and paging by offset skips items.

    Not found removes it, found takes it as it is now, anything else keeps it and counts as unconfirmed. One that is
    neither shown nor awaited is forgotten unasked: nothing of it is published, and the list brings it back if need be.
    """

    source: LahellaSource
    store: Store
    rules: Rules
    clock: Clock

    async def __call__(self, run: Run, tally: Tally, guard: RemovalGuard | None) -> None:
        """`guard` None accepts any number.

        Raises:
            TooManyAbsent: nothing was removed.
        """
        async with self.store.reader_transaction() as work:
            missing, shown = await work.missing(run), await work.shown_count()
        if guard is not None:
            guard.check(missing, shown)
        waiting = iter(each.key for each in missing if each.shown or each.awaited)
        while batch := list(islice(waiting, _AT_ONCE)):
            await self._settle(batch, run, tally)
        async with self.store.reader_transaction() as work:
            await work.forget([each.key for each in missing if not (each.shown or each.awaited)])
            await work.bodies.forget_rejected(run.started_at)

    async def _settle(self, keys: Sequence[str], run: Run, tally: Tally) -> None:
        answers = dict(zip(keys, await asyncio.gather(*(self._ask(key) for key in keys)), strict=True))
        found = [answer for answer in answers.values() if isinstance(answer, Found)]
        gone = [key for key, answer in answers.items() if answer is None]
        tally.reject(UNCONFIRMED, [key for key, answer in answers.items() if isinstance(answer, Exception)])
        async with self.store.reader_transaction() as work:
            await keep_items(found, run, work=work, rules=self.rules, now=self.clock(), tally=tally)
            # The rows are locked before it is asked what is published: what falls due may be publishing one of them.
            held = sorted(await work.stored(gone))
            tally.removed += await work.remove(held, RemovalReason.ABSENT)
            await work.forget(held)

    async def _ask(self, key: str) -> Found | TemporaryError | PermanentError | None:
        try:
            return await self.source.one(key)
        except (TemporaryError, PermanentError) as exc:
            log.warning("removal not confirmed", key=key, code=exc.code)
            return exc
