"""The loop that recomputes marked blocks, until none is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from catalog.app.ports import Blocks, Listings, Tx
from catalog.app.recompute import Recompute
from catalog.domain.entries import Content
from catalog.entrypoints.metrics import count_changes, show_counts
from chassis.core.backoff import Backoff
from chassis.core.clock import Clock
from chassis.core.errors import TemporaryError

log = structlog.get_logger(__name__)


def worker_turn(
    recompute: Recompute[Tx],
    blocks: Blocks[Tx],
    listings: Listings[Tx],
    content: Content,
    *,
    clock: Clock,
    idle: timedelta,
) -> Callable[[], Awaitable[timedelta | None]]:
    """A turn for a loop: first it re-files everything if the content has changed, then it takes marked blocks.

    Each turn shows how many entries the themes have: several projectors all show the same.
    """
    begun = False
    failures = 0

    async def begin() -> None:
        async with blocks.transaction() as tx:
            await listings.refile(tx, content.digest, clock())
        async with blocks.transaction() as tx:
            await blocks.count_again(tx)

    async def work() -> timedelta | None:
        nonlocal begun
        if not begun:
            await begin()
            begun = True
        written = await recompute()
        if written:
            count_changes(written.gained, written.lost)
        async with blocks.transaction() as tx:
            show_counts(await blocks.counts(tx), content.filing)
        return None if written else idle

    async def turn() -> timedelta | None:
        nonlocal failures
        try:
            pause = await work()
        except TemporaryError as exc:
            failures += 1
            log.warning("recompute waits", code=exc.code, attempt=failures)
            return Backoff().wait(failures)
        failures = 0
        return pause

    return turn
