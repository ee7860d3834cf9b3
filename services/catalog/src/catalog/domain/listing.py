"""What is known of one source's description, whatever order its events came in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from catalog.domain.areas import County
from catalog.domain.concepts import concept_keys
from chassis.finland.business_id import business_id
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


def block_of(listing: Listing, county: County) -> str:
    """Within a block listings may be the same service; across blocks never.

    The provider's valid business id and the Finnish name; a listing without either is a block of its own.
    """
    description = listing.description
    provider = business_id(description.provider.business_id) if description else None
    name = normal_name(description, county) if description else ""
    return f"{provider}|{name}" if provider and name else str(listing.listing_id)


def normal_name(description: ListingPublished, county: County) -> str:
    """The Finnish name without what doesn't count: Unicode form, case, white space.

    Lähellä's transfer to PTV adds the municipality to the name ("Tuoliryhmä – Hattula"): that is cut.
    """
    if "fi" not in description.name:
        return ""
    name = unicodedata.normalize("NFC", description.name["fi"].text).casefold()
    name = " ".join(name.split())
    head, dash, tail = _last_part(name)
    return head if dash and county.municipality_named(tail) else name


def _last_part(name: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.+?)( [–-] |, )([^,–]+)", name)
    return (match[1], match[2], match[3]) if match else (name, "", "")


def concepts_of(listing: Listing) -> list[str]:
    """Keys of the service classes and ontology terms whose names the listing's entry shows."""
    return sorted(concept_keys(listing.description.classification)) if listing.description else []
