"""Keep what a batch of listing and vocabulary events says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import groupby
from typing import TypeVar

from catalog.app.ports import Listings, Tx
from catalog.domain.concepts import Concept
from catalog.domain.listing import Listing, latest
from chassis.core.clock import Clock

T = TypeVar("T")


async def store_listings(tx: Tx, events: Sequence[Listing], *, listings: Listings[Tx], clock: Clock) -> int:
    """Stores the batch, several events of a listing folded into one; returns how many listings changed."""
    folded = [reduce(latest, some) for some in _by_id(events, lambda listing: listing.listing_id)]
    return await listings.keep(tx, folded, clock()) if folded else 0


async def store_concepts(tx: Tx, events: Sequence[Concept], *, listings: Listings[Tx], clock: Clock) -> int:
    """Stores the newest of each concept; returns how many names changed."""
    newest = [max(some, key=lambda concept: concept.version) for some in _by_id(events, lambda c: c.concept_id)]
    return await listings.keep_concepts(tx, newest, clock()) if newest else 0


def _by_id(items: Sequence[T], id_of: Callable[[T], str]) -> list[list[T]]:
    return [list(some) for _, some in groupby(sorted(items, key=id_of), key=id_of)]
