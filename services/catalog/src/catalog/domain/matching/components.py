"""Connected components: listings that have, directly or through others, something to do with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from catalog.domain.areas import County
from catalog.domain.identity import seniority
from catalog.domain.linking import Decision
from catalog.domain.listing import Listing
from catalog.domain.matching.candidates import pairs_to_compare
from catalog.domain.matching.evidence import Evidence, evidence_of
from catalog.domain.matching.score import Pair, worth_asking
from event_schemas.ids import ListingId


@dataclass(frozen=True, slots=True)
class Component:
    """Listings that nothing outside has to do with, the pairs among them, and what people have decided of them.

    `reported` are those with an open error report.
    """

    listings: tuple[Listing, ...]
    pairs: tuple[Pair, ...] = ()
    decisions: tuple[Decision, ...] = ()
    reported: frozenset[ListingId] = frozenset()


N = TypeVar("N", bound=Hashable)
Edge = tuple[ListingId, ListingId]


def connected(nodes: Iterable[N], edges: Iterable[tuple[N, N]]) -> list[list[N]]:
    """The components of a graph, in the order of their first nodes."""
    parent = {node: node for node in nodes}

    def root(node: N) -> N:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        parent[root(other)] = root(one)
    found: defaultdict[N, list[N]] = defaultdict(list)
    for node in parent:
        found[root(node)].append(node)
    return list(found.values())


def labelled(listings: Iterable[ListingId], edges: Iterable[Edge]) -> dict[ListingId, ListingId]:
    """Every listing with the label of its component: the id of the senior listing in it."""
    return {
        listing: label
        for some in connected(listings, edges)
        for label in (min(some, key=seniority),)
        for listing in some
    }


def pairs_among(taken: Sequence[Evidence], others: Sequence[Evidence] = ()) -> list[Pair]:
    """Every pair of those taken, and of one taken and another, that a person would at least be asked about; sorted."""
    found = (worth_asking(*two) for two in pairs_to_compare(taken, others))
    return sorted((pair for pair in found if pair), key=lambda pair: (pair.one, pair.other))


def components_of(listings: Iterable[Listing], decisions: Iterable[Decision], county: County) -> list[Component]:
    """Everything at once: what the matcher comes to step by step, whatever the steps were."""
    known = {listing.listing_id: listing for listing in listings}
    described = [listing.description for listing in known.values() if listing.description]
    pairs = pairs_among([evidence_of(description, county) for description in described])
    told = [one for one in decisions if one.one in known and one.other in known]
    edges = [*((one.one, one.other) for one in pairs), *((one.one, one.other) for one in told)]
    labels = labelled(known, edges)
    return [_component(label, labels, known, pairs, told) for label in dict.fromkeys(labels.values())]


def _component(
    label: ListingId,
    labels: Mapping[ListingId, ListingId],
    known: Mapping[ListingId, Listing],
    pairs: Iterable[Pair],
    decisions: Iterable[Decision],
) -> Component:
    return Component(
        tuple(known[one] for one, its in labels.items() if its == label),
        tuple(pair for pair in pairs if labels[pair.one] == label),
        tuple(one for one in decisions if labels[one.one] == label),
    )
