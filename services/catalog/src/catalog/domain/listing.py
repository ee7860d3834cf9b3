"""What is known of one source's description, whatever order its events came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalog.domain.concepts import concept_keys
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished


@dataclass(frozen=True, slots=True)
class Listing:
    """Two registers that only grow: the newest version with its liveness, and the newest description.

    A removed listing keeps its last description, and one that arrives after the removal is still kept: so the state
    doesn't depend on the order of events, and a removed listing's id can lead to the entry that lives on.
    """

    listing_id: ListingId
    version: int
    live: bool
    described_version: int = -1
    description: ListingPublished | None = None
    changed_at: datetime | None = None


def latest(one: Listing, other: Listing) -> Listing:
    """What two pieces of knowledge of a listing come to; commutative, associative, idempotent."""
    newest = max(one, other, key=lambda listing: listing.version)
    described = max(one, other, key=lambda listing: listing.described_version)
    return Listing(
        listing_id=one.listing_id,
        version=newest.version,
        live=newest.live,
        described_version=described.described_version,
        description=described.description,
        changed_at=described.changed_at,
    )


def concepts_of(listing: Listing) -> list[str]:
    """Keys of the service classes and ontology terms whose names the listing's entry shows."""
    return sorted(concept_keys(listing.description.classification)) if listing.description else []
