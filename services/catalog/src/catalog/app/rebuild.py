"""Rebuild the read model from its log beside the live one, then make the live one equal to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Protocol

from catalog.app.match import Match
from catalog.app.ports import Listings, Tx
from catalog.app.recompute import Recompute
from catalog.app.store_listings import store_concepts, store_listings
from catalog.domain.concepts import Concept
from catalog.domain.listing import Listing
from chassis.core.clock import Clock

_PAUSE = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True)
class Swapped:
    """How many listings and names the swap changed, and how many keys it removed because the log holds them no more."""

    listings: int
    concepts: int
    swept: int


class SecondModel(Protocol[Tx]):
    """A read model beside the live one."""

    async def begin(self) -> None:
        """Makes it anew, empty, and notes which versions the live one has."""

    def beside(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in which storage means the second model's."""

    async def pass_over(self, tx: Tx, keys: Collection[str]) -> None:
        """Notes keys whose records can't be read: of these the live model keeps what it has."""

    async def swap(self, *, accept_removals: bool) -> Swapped:
        """Holds up whoever writes the live model, takes in what it has learned since `begin`, and makes it equal.

        What changed is marked to be matched in the same transaction.

        Raises:
            PermanentError: `many-removals`, as `reconcile` does; nothing is changed then.
        """

    async def mark(self, after: str, most: int) -> Sequence[str]:
        """Marks the next listings after that id, in the order of ids; which."""

    async def waiting(self) -> int:
        """How many listings wait to be matched or recomputed."""

    async def end(self) -> None:
        """Drops it."""


class Rebuild(Generic[Tx]):
    """Its steps, in order: begin, take …, swap, derive. Until `swap` the live model is untouched."""

    def __init__(
        self,
        model: SecondModel[Tx],
        listings: Listings[Tx],
        match: Match[Tx],
        recompute: Recompute[Tx],
        *,
        clock: Clock,
        most: int,
    ) -> None:
        self._model = model
        self._listings = listings
        self._match = match
        self._recompute = recompute
        self._clock = clock
        self._most = most

    async def begin(self) -> None:
        await self._model.begin()

    async def take(self, listings: Sequence[Listing], concepts: Sequence[Concept], unreadable: Collection[str]) -> None:
        """Stores what a part of the log says, as the projector does."""
        async with self._model.beside() as tx:
            await store_concepts(tx, concepts, listings=self._listings, clock=self._clock)
            await store_listings(tx, listings, listings=self._listings, clock=self._clock)
            await self._model.pass_over(tx, unreadable)

    async def swap(self, *, accept_removals: bool) -> Swapped:
        swapped = await self._model.swap(accept_removals=accept_removals)
        await self._model.end()
        return swapped

    async def derive(self) -> AsyncIterator[int]:
        """Matches and recomputes everything, so that pairs, components and entries are right too, as far as they go.

        Part by part, so that a listing that changes meanwhile waits for one part only; the projectors help. Gives how
        many listings each part has.
        """
        after = ""
        while marked := await self._model.mark(after, self._most):
            after = marked[-1]
            while await self._model.waiting() >= self._most:
                await self._turn()
            yield len(marked)
        while await self._model.waiting() and await self._turn():
            pass

    async def _turn(self) -> bool:
        """Whether there was anything to do; when others have all of it, waits a moment for them."""
        matched, written = await self._match(), await self._recompute()
        if matched or written:
            return True
        await asyncio.sleep(_PAUSE.total_seconds())
        return False
