"""Recompute marked components: listings in, entries and their events out, in one transaction."""

from __future__ import annotations

from typing import Generic

import structlog

from catalog.app.ports import Components, Tx, Written
from catalog.domain.entries import Content, outcome
from catalog.domain.listing import concepts_of

log = structlog.get_logger(__name__)


class Recompute(Generic[Tx]):
    """The use case with what it needs; several processes may run it side by side.

    `content` may be replaced by another between two calls.
    """

    def __init__(self, components: Components[Tx], content: Content, *, most: int) -> None:
        self._components = components
        self.content = content
        self._most = most

    async def __call__(self) -> Written | None:
        """Recomputes the components of up to `most` listings; None when there was none to be had."""
        async with self._components.transaction() as tx:
            taken = await self._components.take(tx, self._most)
            if not taken:
                return None
            keys = {key for component in taken for listing in component.listings for key in concepts_of(listing)}
            names = await self._components.names(tx, sorted(keys))
            outcomes = [(component, outcome(component, self.content, names)) for component in taken]
            written = await self._components.write(tx, outcomes)
        log.info("components recomputed", components=len(taken), published=written.published)
        return written
