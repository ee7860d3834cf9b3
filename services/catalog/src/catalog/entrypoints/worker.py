"""The loop that matches listings and recomputes components, until none is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import structlog

from catalog.app.match import Match
from catalog.app.ports import Components, CuratedListings, Listings, Matching, Tx
from catalog.app.recompute import Recompute
from catalog.app.store_content import store_content
from catalog.domain.entries import Content
from catalog.entrypoints.metrics import OPEN_REVIEWS, count_changes, show_counts
from chassis.core.backoff import Backoff
from chassis.core.clock import Clock
from chassis.core.errors import TemporaryError

log = structlog.get_logger(__name__)

_TURNS_OF_MATCHING = 10
"""Matching goes ahead, for a component that still grows would be recomputed again; but never for long, so that what is
marked does not wait for all that is read."""


def worker_turn(
    match: Match[Tx],
    recompute: Recompute[Tx],
    matching: Matching[Tx],
    components: Components[Tx],
    listings: Listings[Tx],
    curated: CuratedListings[Tx],
    *,
    clock: Clock,
    idle: timedelta,
) -> Callable[[], Awaitable[timedelta | None]]:
    """A turn for a loop: it files and matches everything again if what it goes by is another, and takes what is marked.

    The county's own content is stored at the start, whenever the content is another, and each day for what is to come.

    Each turn shows how many entries the themes have: several projectors all show the same.
    """
    filed_by: Content | None = None
    stored_on: date | None = None
    failures = 0

    async def begin() -> None:
        async with matching.transaction() as tx:
            await matching.begin(tx)
        async with components.transaction() as tx:
            await listings.refile(tx, recompute.content.digest, clock())
        async with components.transaction() as tx:
            await components.count_again(tx)

    async def renew(before: Content) -> None:
        """Whatever others have marked before: they may have worked by the old content since."""
        after = recompute.content
        if after.county != before.county:
            async with matching.transaction() as tx:
                await matching.begin_again(tx)
        if after.digest != before.digest:
            async with components.transaction() as tx:
                await listings.refile_all(tx, after.digest, clock())

    async def follow_content() -> None:
        nonlocal filed_by, stored_on
        content, today = recompute.content, clock().date()
        if content is not filed_by or today != stored_on:
            async with components.transaction() as tx:
                await store_content(tx, content.entries, curated=curated, listings=listings, clock=clock)
            stored_on = today
        if content is not filed_by:
            await (renew(filed_by) if filed_by else begin())
            filed_by = content

    async def match_some() -> bool:
        turns = 0
        while turns < _TURNS_OF_MATCHING and await match():
            turns += 1
        return turns > 0

    async def work() -> timedelta | None:
        await follow_content()
        matched = await match_some()
        written = await recompute()
        if written:
            count_changes(written.gained, written.lost)
        async with components.transaction() as tx:
            show_counts(await components.counts(tx), recompute.content.filing)
            OPEN_REVIEWS.set(await matching.review_count(tx))
        return None if written or matched else idle

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
