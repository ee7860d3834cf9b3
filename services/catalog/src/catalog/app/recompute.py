"""Recompute marked blocks: listings in, entries and their events out, in one transaction."""

from __future__ import annotations

from typing import Generic

import structlog

from catalog.app.ports import Blocks, Tx, Written
from catalog.domain.entries import Content, Outcome, outcome
from catalog.domain.listing import concepts_of

log = structlog.get_logger(__name__)


class Recompute(Generic[Tx]):
    """The use case with what it needs; several processes may run it side by side."""

    def __init__(self, blocks: Blocks[Tx], content: Content, *, most: int) -> None:
        self._blocks = blocks
        self._content = content
        self._most = most

    async def __call__(self) -> Written | None:
        """Recomputes up to `most` blocks; None when there was none."""
        async with self._blocks.transaction() as tx:
            taken = await self._blocks.take(tx, self._most)
            if not taken:
                return None
            keys = {key for listings in taken.values() for listing in listings for key in concepts_of(listing)}
            names = await self._blocks.names(tx, sorted(keys))
            outcomes: dict[str, Outcome] = {
                block: outcome(listings, self._content, names) for block, listings in taken.items()
            }
            written = await self._blocks.write(tx, outcomes)
        log.info("blocks recomputed", blocks=len(taken), published=written.published)
        return written
