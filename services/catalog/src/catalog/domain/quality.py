"""What is to be mended in a description at its source, as the catalogue sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from catalog.domain.addresses import has_unreadable_postal_code
from catalog.domain.filing import COUNTY
from catalog.domain.identity import system_of
from catalog.domain.linking import Group
from catalog.domain.listing import Listing
from catalog.domain.themes import Filing
from catalog.domain.unfiled import Unfiled, unfiled_reason
from catalog.domain.zones import has_unknown_zone
from chassis.finland.business_id import business_id
from event_schemas.entry import EntryPublished
from event_schemas.ids import EntryId, ListingId
from event_schemas.listing import ListingKind, ListingPublished
from event_schemas.quality import Finding, ListingAssessed

WITHOUT_BUSINESS_ID = Finding(code="lahella-without-business-id", field="provider")
"""The organisation has no valid Y-tunnus in Lähellä.fi: its transfer to PTV leaves the activity out, and the
catalogue links it to no description in PTV. Source: lahella.fi, "Lähellä.fi ja PTV", minimum requirements."""

ENDED_AT_ORIGIN = Finding(code="ended-at-origin")
"""The Lähellä.fi activity that this PTV description was linked to is no longer offered; PTV still offers it. A copy of
it has no entry any more; what has a text of its own in PTV has."""

REPORTED = Finding(code="reported-by-visitor")
"""A visitor has reported an error that no curator has closed; `python -m catalog reports --open` has it."""

NO_THEME = Finding(code="no-theme", field="classification")
UNREADABLE_POSTAL_CODE = Finding(code="unreadable-postal-code", field="channels")
UNUSABLE_ADDRESS_OF_CHANNEL = Finding(code="unusable-web-address", field="channels")
"""A web address that makes no working link: shown as it was written, as text."""

UNUSABLE_ADDRESS_OF_PROVIDER = Finding(code="unusable-web-address", field="provider")
UNKNOWN_TIME_ZONE = Finding(code="unknown-time-zone")
"""Opening hours or sessions in a zone of no known name: they are read as Finnish time."""


def assessments(
    group: Group, entry: EntryPublished, filing: Filing, reported: Collection[ListingId] = ()
) -> Iterator[ListingAssessed]:
    """One for each member of the entry; dated by its description, so that nothing new is no event."""
    for listing in group.members:
        if listing.description:
            findings = [*_findings(listing, listing.description, group, entry, filing)]
            findings += _reported(listing, reported)
            yield from _assessed(listing, listing.description, findings, entry.entry_id)


def assessments_of_ended(group: Group, reported: Collection[ListingId] = ()) -> Iterator[ListingAssessed]:
    """One for each member: it belongs to no entry any more, and is to be archived where it is kept."""
    for listing in group.members:
        if listing.description:
            yield from _assessed(listing, listing.description, [ENDED_AT_ORIGIN, *_reported(listing, reported)])


def _reported(listing: Listing, reported: Collection[ListingId]) -> list[Finding]:
    return [REPORTED] if listing.listing_id in reported else []


def _assessed(
    listing: Listing, description: ListingPublished, findings: Sequence[Finding], entry_id: EntryId | None = None
) -> Iterator[ListingAssessed]:
    if listing.changed_at:
        yield ListingAssessed(
            listing_id=listing.listing_id,
            entry_id=entry_id,
            organization_id=description.provider.organization_id,
            business_id=description.provider.business_id,
            findings=tuple(findings),
            assessed_at=listing.changed_at,
        )


def _findings(
    listing: Listing, description: ListingPublished, group: Group, entry: EntryPublished, filing: Filing
) -> Iterator[Finding]:
    if _cannot_reach_ptv(description):
        yield WITHOUT_BUSINESS_ID
    if system_of(listing.listing_id) == "ptv" and _has_ended_at_origin(group):
        yield ENDED_AT_ORIGIN
    filed = any(one.mapping == COUNTY for one in entry.placements)
    if not filed and unfiled_reason(entry.classification, filing) != Unfiled.NOT_FOR_RESIDENTS:
        yield NO_THEME
    if has_unreadable_postal_code(description.channels):
        yield UNREADABLE_POSTAL_CODE
    if any(channel.unlinked for channel in description.channels):
        yield UNUSABLE_ADDRESS_OF_CHANNEL
    if any(provider.unlinked for provider in (description.provider, *description.other_providers)):
        yield UNUSABLE_ADDRESS_OF_PROVIDER
    if has_unknown_zone(description.channels, description.sessions):
        yield UNKNOWN_TIME_ZONE


def _cannot_reach_ptv(description: ListingPublished) -> bool:
    """Voluntary work is never transferred, with a number or without."""
    of_lahella = system_of(description.listing_id) == "lahella" and description.kind != ListingKind.VOLUNTARY
    return of_lahella and business_id(description.provider.business_id) is None


def _has_ended_at_origin(group: Group) -> bool:
    former = any(system_of(listing.listing_id) == "lahella" for listing in group.former)
    return former and not any(system_of(listing.listing_id) == "lahella" for listing in group.members)
