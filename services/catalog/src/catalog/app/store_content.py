"""Keep the county's own content as listings like any other's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from catalog.app.ports import CuratedListings, Listings, Tx
from catalog.domain.curated import Curated
from catalog.domain.listing import Listing
from chassis.core.clock import Clock
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished


async def store_content(
    tx: Tx, entries: Iterable[Curated], *, curated: CuratedListings[Tx], listings: Listings[Tx], clock: Clock
) -> int:
    """Makes the stored content what the pack has now; returns how many listings changed."""
    now = clock()
    wanted = {found.listing_id: found for found in (entry.on(now) for entry in entries) if found}
    changes = [*_changes(wanted, await curated.kept(tx), now)]
    return await listings.keep(tx, changes, now) if changes else 0


def _changes(
    wanted: Mapping[ListingId, ListingPublished], kept: Mapping[ListingId, Listing], now: datetime
) -> Iterator[Listing]:
    """Versions only grow: a file that says again what it said before is a newer word all the same."""
    for listing_id in sorted(wanted.keys() | kept.keys()):
        before, after = kept.get(listing_id), wanted.get(listing_id)
        version = max(before.version + 1 if before else 0, int(now.timestamp() * 1_000_000))
        if after is not None and (before is None or not before.live or before.description != after):
            yield Listing(listing_id, version, True, version, after, now)
        elif after is None and before is not None and before.live:
            yield Listing(listing_id, version, live=False)
