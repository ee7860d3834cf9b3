"""Which listings of a block are the same service: PTV's and Lähellä's, one to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from catalog.domain.areas import County, Coverage, coverage
from catalog.domain.identity import seniority, system_of
from catalog.domain.listing import Listing
from event_schemas.ids import ListingId

METHOD = "business-id+name+municipality"


@dataclass(frozen=True, slots=True)
class Link:
    """One PTV listing and one Lähellä listing that describe one service."""

    ptv: ListingId
    lahella: ListingId


@dataclass(frozen=True, slots=True)
class Group:
    """The listings of one entry: `members` live, senior first; `former` removed ones whose ids lead here."""

    members: tuple[Listing, ...]
    former: tuple[Listing, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Listings with one provider and one name, with what is decided about them."""

    groups: tuple[Group, ...]
    links: tuple[Link, ...]


def linked(listings: Sequence[Listing], county: County) -> Block:
    """Groups and links of a block's listings: a function of the listings, not of their order."""
    ordered = sorted(listings, key=lambda listing: seniority(listing.listing_id))
    covers = {listing.listing_id: _cover(listing, county) for listing in ordered}
    live = [listing for listing in ordered if listing.live and listing.description]
    links = tuple(_links(live, covers))
    groups = _groups(live, links)
    former: dict[int, list[Listing]] = {number: [] for number in range(len(groups))}
    for listing in ordered:
        if not listing.live and (number := _only_heir(listing, groups, covers)) is not None:
            former[number].append(listing)
    return Block(tuple(Group(group, tuple(former[number])) for number, group in enumerate(groups)), links)


def _cover(listing: Listing, county: County) -> Coverage:
    return coverage(listing.description.areas if listing.description else (), county)


def _links(live: Sequence[Listing], covers: Mapping[ListingId, Coverage]) -> Iterator[Link]:
    """Pairs that are each other's only candidate: where several fit, a person has to decide."""
    ptv = [listing.listing_id for listing in live if system_of(listing.listing_id) == "ptv"]
    lahella = [listing.listing_id for listing in live if system_of(listing.listing_id) == "lahella"]
    candidates = [pair for pair in product(ptv, lahella) if covers[pair[0]].overlaps(covers[pair[1]])]
    counts = Counter(listing_id for pair in candidates for listing_id in pair)
    yield from (Link(*pair) for pair in candidates if counts[pair[0]] == counts[pair[1]] == 1)


def _groups(live: Sequence[Listing], links: Sequence[Link]) -> list[tuple[Listing, ...]]:
    by_id = {listing.listing_id: listing for listing in live}
    absorbed = {link.lahella for link in links}
    partners = {link.ptv: by_id[link.lahella] for link in links}
    return [
        (listing, partners[listing.listing_id]) if listing.listing_id in partners else (listing,)
        for listing in live
        if listing.listing_id not in absorbed
    ]


def _only_heir(
    listing: Listing, groups: Sequence[tuple[Listing, ...]], covers: Mapping[ListingId, Coverage]
) -> int | None:
    """The group that a removed listing's id leads to: the only one of its block that overlaps it."""
    cover = covers[listing.listing_id]
    fitting = [
        number
        for number, group in enumerate(groups)
        if any(cover.overlaps(covers[member.listing_id]) for member in group)
    ]
    return fitting[0] if len(fitting) == 1 else None
