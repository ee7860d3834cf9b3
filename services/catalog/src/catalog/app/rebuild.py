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
    """How many listings and names the swap changed, and how many keys it removed because the log holds them no more.

    `derived` is of how many listings the pairs, component, entry or published states were others.
    """

    listings: int
    concepts: int
    swept: int
    derived: int


class SecondModel(Protocol[Tx]):
    """A read model beside the live one."""

    async def begin(self) -> None:
        """Makes it anew, empty, and notes which versions the live one has.

        Raises:
            PermanentError: `no-privilege`, where storage does not let us.
        """

    def attempt(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in which storage means the second model's."""

    async def pass_over(self, tx: Tx, keys: Collection[str]) -> None:
        """Notes keys whose records can't be read: of these the live model keeps what it has."""

    async def learn(self, *, accept_removals: bool) -> None:
        """Takes in what no log holds, and what the live model has learned since `begin`.

        Raises:
            PermanentError: `many-removals`, as `reconcile` does.
        """

    async def waiting(self) -> int:
        """How many of its listings wait to be matched or recomputed."""

    async def swap(self, *, accept_removals: bool) -> Swapped:
        """Holds up whoever writes the live model, learns once more, and makes it equal.

        Listings and names are changed at once; what is derived from them and differs is marked, for whoever matches and
        recomputes the live model to do and to publish.

        Raises:
            PermanentError: `many-removals`; nothing is changed then.
        """

    async def end(self) -> None:
        """Drops it."""


class Rebuild(Generic[Tx]):
    """Its steps, in order: begin, take …, derive, swap. Until `swap` the live model is untouched.

    `match` and `recompute` work on the second model.
    """

    def __init__(
        self,
        model: SecondModel[Tx],
        listings: Listings[Tx],
        match: Match[Tx],
        recompute: Recompute[Tx],
        *,
        clock: Clock,
    ) -> None:
        self._model = model
        self._listings = listings
        self._match = match
        self._recompute = recompute
        self._clock = clock

    async def begin(self) -> None:
        await self._model.begin()

    async def take(self, listings: Sequence[Listing], concepts: Sequence[Concept], unreadable: Collection[str]) -> None:
        """Stores what a part of the log says, as the projector does."""
        async with self._model.attempt() as tx:
            await store_concepts(tx, concepts, listings=self._listings, clock=self._clock)
            await store_listings(tx, listings, listings=self._listings, clock=self._clock)
            await self._model.pass_over(tx, unreadable)

    async def derive(self, *, accept_removals: bool) -> AsyncIterator[int]:
        """Matches and recomputes everything, part by part, as the projector does; gives how many still wait."""
        await self._model.learn(accept_removals=accept_removals)
        while waiting := await self._model.waiting():
            yield waiting
            matched, written = await self._match(), await self._recompute()
            if not matched and not written:
                # The session of a rebuild that was cut off holds them still.
                await asyncio.sleep(_PAUSE.total_seconds())

    async def swap(self, *, accept_removals: bool) -> Swapped:
        swapped = await self._model.swap(accept_removals=accept_removals)
        await self._model.end()
        return swapped
