"""Entries as a pure function of listings, concept names and content: no order, no clock, no memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from catalog.domain.addresses import with_clean_postal_codes
from catalog.domain.areas import County, current_areas
from catalog.domain.concepts import ConceptNames
from catalog.domain.curated import Curated
from catalog.domain.filing import placements
from catalog.domain.identity import entry_id, system_of
from catalog.domain.linking import Group, linked
from catalog.domain.listing import Listing
from catalog.domain.matching.components import Component
from catalog.domain.matching.score import Pair
from catalog.domain.merging import merged
from catalog.domain.quality import assessments, assessments_of_ended
from catalog.domain.talking_card import TalkingCard
from catalog.domain.themes import Filing, ThemeMapping
from catalog.domain.unfiled import Count, counted_under
from event_schemas.classification import Classification
from event_schemas.entry import EntryPublished, Freshness, LinkOrigin, Member
from event_schemas.ids import EntryId, ListingId
from event_schemas.quality import ListingAssessed


@dataclass(frozen=True, slots=True)
class Content:
    """What the county has decided: its area, themes, talking card and own content.

    `digest` changes when what files entries does.
    """

    county: County
    filing: Filing
    digest: str
    card: TalkingCard
    mappings: tuple[ThemeMapping, ...] = ()
    entries: tuple[Curated, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a component amounts to.

    `gone` has every id that a member could have had as an entry of its own, with the entry that took it in, or None.
    `reviews` are pairs that a person is asked about, `counts` tell what each entry counts under, `withdrawn` are
    listings not live.
    """

    entries: tuple[EntryPublished, ...] = ()
    reviews: tuple[Pair, ...] = ()
    gone: Mapping[EntryId, EntryId | None] = field(default_factory=dict)
    counts: Mapping[EntryId, tuple[Count, ...]] = field(default_factory=dict)
    assessments: tuple[ListingAssessed, ...] = ()
    withdrawn: tuple[ListingId, ...] = ()


def outcome(component: Component, content: Content, names: ConceptNames) -> Outcome:
    """Entries of one component.

    An entry's id is that of its senior *live* member, so a description archived in PTV never takes down what is still
    offered in Lähellä; the ids of all its other members, live or removed, are its aliases and always lead to it.
    An activity that ends in Lähellä ends the entry though PTV still has a copy.
    """
    listings = component.listings
    together = linked(listings, component.pairs, component.decisions)
    entries = tuple(_entry(group, content, names) for group in together.groups)
    heirs = {alias: entry.entry_id for entry in entries for alias in entry.aliases}
    present = {entry.entry_id for entry in entries}
    possible = {entry_id(listing.listing_id) for listing in listings}
    filing = content.filing
    return Outcome(
        entries=entries,
        reviews=together.reviews,
        gone={gone: heirs.get(gone) for gone in sorted(possible - present)},
        counts={one.entry_id: counted_under(one.classification, one.placements, filing) for one in entries},
        assessments=(
            *chain.from_iterable(
                assessments(*pair, filing, component.reported) for pair in zip(together.groups, entries, strict=True)
            ),
            *chain.from_iterable(assessments_of_ended(group, component.reported) for group in together.ended),
        ),
        withdrawn=tuple(sorted(listing.listing_id for listing in listings if not listing.live)),
    )


def _entry(group: Group, content: Content, names: ConceptNames) -> EntryPublished:
    merge = merged(group.members)
    senior, *others = group.members
    classification = Classification.model_validate(merge.fields["classification"])
    aliases = sorted(entry_id(listing.listing_id) for listing in (*others, *group.former))
    entry = EntryPublished.model_validate(
        {
            **merge.fields,
            "areas": current_areas(merge.fields.get("areas") or (), content.county),
            "channels": with_clean_postal_codes(merge.fields.get("channels") or ()),
            "entry_id": entry_id(senior.listing_id),
            "aliases": aliases,
            "members": [_member(listing, group) for listing in group.members],
            "provenance": merge.provenance,
            "classification": classification,
            "freshness": Freshness(changed_at=merge.changed_at),
        }
    )
    return entry.model_copy(update={"placements": placements(entry, content.filing, names, content.mappings)})


def _member(listing: Listing, group: Group) -> Member:
    source = listing.description.source if listing.description else None
    return Member(
        listing_id=listing.listing_id,
        system=system_of(listing.listing_id),
        origin=_origin(listing, group),
        url=source.url if source else None,
        published_at=source.published_at if source else None,
    )


def _origin(listing: Listing, group: Group) -> LinkOrigin:
    if listing is group.members[0]:
        return LinkOrigin.SENIOR
    return LinkOrigin.REVIEW if listing.listing_id in group.decided else LinkOrigin.RULE
