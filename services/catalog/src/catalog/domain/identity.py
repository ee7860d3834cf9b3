"""Who an entry is: its id follows from its senior listing, so that every process computes the same."""

from __future__ import annotations

from uuid import UUID, uuid5

from event_schemas.ids import EntryId, ListingId

_ENTRIES = UUID("6d0f2f0e-8f5b-5c0a-9d1b-0c5a3f1f7e21")
"""Namespace of entry ids; for ever, or every deep link breaks."""

_SENIORITY = ("ptv", "lahella", "content")


def entry_id(listing_id: ListingId) -> EntryId:
    """The id of the entry whose senior member is this listing (UUIDv5, RFC 9562)."""
    return EntryId(str(uuid5(_ENTRIES, listing_id)))


def seniority(listing_id: ListingId) -> tuple[int, str]:
    """Sort key: PTV before Lähellä before content before systems not known yet, then by id."""
    system = system_of(listing_id)
    rank = _SENIORITY.index(system) if system in _SENIORITY else len(_SENIORITY)
    return rank, listing_id


def system_of(listing_id: ListingId) -> str:
    """The source system, which a listing's id begins with."""
    return listing_id.partition(":")[0]
