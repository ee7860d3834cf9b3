"""Which listings of a component are one entry: by what people have decided, then by rule; the rest is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.domain.identity import seniority, system_of
from catalog.domain.listing import Listing
from catalog.domain.matching.score import LINK, Pair
from event_schemas.ids import ListingId

_MARGIN = 1.0
"""By how much a pair has to beat the next candidate of either listing: where two fit alike, nobody guesses."""

_TEXT = {"same-text", "similar-text"}


class Verdict(StrEnum):
    """What a person has decided about two listings."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on two listings, the lesser id first; it is kept for ever, and the newest on a pair holds."""

    one: ListingId
    other: ListingId
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """The listings of one entry: `members` live, senior first; `former` removed ones whose ids lead here.

    `decided` are members that a person has put here.
    """

    members: tuple[Listing, ...]
    former: tuple[Listing, ...] = ()
    decided: frozenset[ListingId] = frozenset()


@dataclass(frozen=True, slots=True)
class Linked:
    """What a component's listings amount to, and the pairs that a person is asked about, most likely first.

    `ended` are groups that are no entry any more: see `_has_ended`.
    """

    groups: tuple[Group, ...]
    reviews: tuple[Pair, ...]
    ended: tuple[Group, ...] = ()


def linked(listings: Sequence[Listing], pairs: Sequence[Pair], decisions: Sequence[Decision]) -> Linked:
    """A function of what is given, not of its order."""
    ordered = sorted(listings, key=lambda listing: seniority(listing.listing_id))
    live = [listing.listing_id for listing in ordered if listing.live and listing.description]
    decided = _in_force(decisions)
    forest = _Forest(live, {pair for pair, verdict in decided.items() if verdict == Verdict.DIFFERENT})
    _join_decided(forest, decisions, decided)
    by_rule = [pair for pair in _rule_links(live, pairs, decided) if forest.join(pair.one, pair.other, alone=True)]
    former = _heirs(ordered, forest, pairs, decided)
    by_id = {listing.listing_id: listing for listing in ordered}
    same = {listing for pair, verdict in decided.items() if verdict == Verdict.SAME for listing in pair}
    ruled = {listing for pair in by_rule for listing in (pair.one, pair.other)}
    groups = tuple(
        Group(
            tuple(by_id[one] for one in members),
            tuple(by_id[one] for one in former.get(members[0], ())),
            frozenset(same.intersection(members) - ruled) if len(members) > 1 else frozenset(),
        )
        for members in forest.groups()
    )
    copies = _copies(pairs, decided)
    ended = tuple(group for group in groups if _has_ended(group, copies))
    going_on = tuple(group for group in groups if group not in ended)
    return Linked(going_on, tuple(_reviews(live, pairs, decided, forest)), ended)


_Edge = tuple[ListingId, ListingId]


class _Forest:
    """Groups that grow by joining; two that a person has told apart never end up in one."""

    def __init__(self, live: Sequence[ListingId], apart: Collection[_Edge]) -> None:
        self._members: dict[ListingId, tuple[ListingId, ...]] = {one: (one,) for one in live}
        self._apart = apart

    def join(self, one: ListingId, other: ListingId, *, alone: bool = False) -> bool:
        """Whether they are together now. `alone`: only where the whole has no system twice that neither part has."""
        here, there = self._members.get(one), self._members.get(other)
        if here is None or there is None or here == there:
            return here is not None and here == there
        if self._told_apart(here, there) or (alone and _system_twice(here, there)):
            return False
        whole = tuple(sorted((*here, *there), key=seniority))
        self._members |= dict.fromkeys(whole, whole)
        return True

    def _told_apart(self, here: Sequence[ListingId], there: Sequence[ListingId]) -> bool:
        return any(_edge(one, other) in self._apart for one in here for other in there)

    def of(self, listing: ListingId) -> tuple[ListingId, ...] | None:
        return self._members.get(listing)

    def groups(self) -> list[tuple[ListingId, ...]]:
        """Each senior first, in the order of their seniors."""
        return list(dict.fromkeys(self._members.values()))


def _system_twice(here: Sequence[ListingId], there: Sequence[ListingId]) -> bool:
    return bool({system_of(one) for one in here} & {system_of(one) for one in there})


def _edge(one: ListingId, other: ListingId) -> _Edge:
    return (one, other) if one < other else (other, one)


def _in_force(decisions: Iterable[Decision]) -> dict[_Edge, Verdict]:
    """The newest verdict on each pair."""
    ordered = sorted(decisions, key=lambda one: (one.at, one.verdict))
    return {_edge(one.one, one.other): one.verdict for one in ordered}


def _join_decided(forest: _Forest, decisions: Iterable[Decision], decided: Mapping[_Edge, Verdict]) -> None:
    """Newest first: where two decisions contradict each other through a third listing, the newer one holds."""
    newest = sorted(decisions, key=lambda one: (one.at, one.one, one.other), reverse=True)
    for one in newest:
        if decided[_edge(one.one, one.other)] == Verdict.SAME:
            forest.join(one.one, one.other)


def _possible(pairs: Iterable[Pair], decided: Mapping[_Edge, Verdict]) -> Iterator[Pair]:
    """Pairs that a rule could link."""
    return (pair for pair in pairs if pair.rule and pair.score >= LINK and _edge(pair.one, pair.other) not in decided)


def _rule_links(live: Collection[ListingId], pairs: Iterable[Pair], decided: Mapping[_Edge, Verdict]) -> list[Pair]:
    """Pairs that beat every other candidate of both their listings, the strongest first."""
    known = set(live)
    possible = [pair for pair in _possible(pairs, decided) if pair.one in known and pair.other in known]
    clear = [pair for pair in possible if all(_beats(pair, other) for other in possible if other is not pair)]
    return sorted(clear, key=lambda pair: (-pair.score, pair.one, pair.other))


def _beats(pair: Pair, rival: Pair) -> bool:
    rivals = bool({pair.one, pair.other} & {rival.one, rival.other})
    return not rivals or pair.score >= rival.score + _MARGIN


def _heirs(
    ordered: Sequence[Listing], forest: _Forest, pairs: Iterable[Pair], decided: Mapping[_Edge, Verdict]
) -> dict[ListingId, list[ListingId]]:
    """Senior of a group → removed listings whose ids lead there: those that only this group's listings are like.

    A source may have offered the service anew under another id, so here one system is no hindrance.
    """
    found: dict[ListingId, list[ListingId]] = {}
    likes = [(pair.one, pair.other) for pair in pairs if _would_be_one(pair, decided)]
    likes += [pair for pair, verdict in decided.items() if verdict == Verdict.SAME]
    for listing in ordered:
        if listing.live and listing.description:
            continue
        partners = {other for pair in likes if listing.listing_id in pair for other in pair} - {listing.listing_id}
        heirs = {group for one in partners if (group := forest.of(one))}
        if len(heirs) == 1:
            found.setdefault(next(iter(heirs))[0], []).append(listing.listing_id)
    return found


def _copies(pairs: Iterable[Pair], decided: Mapping[_Edge, Verdict]) -> set[_Edge]:
    """Pairs of which one is the other's copy: by its text, or by the word of a person."""
    by_text = {(pair.one, pair.other) for pair in pairs if _TEXT & {*pair.because} and _would_be_one(pair, decided)}
    return by_text | {pair for pair, verdict in decided.items() if verdict == Verdict.SAME}


def _has_ended(group: Group, copies: Collection[_Edge]) -> bool:
    """Whether all that is left of a service are copies in PTV of an activity that has ended in Lähellä.fi.

    Lähellä.fi's transfer copies one way and lags, so the copies end with their origin. What is written otherwise in PTV
    goes on, and so does what a person tells apart from the activity.
    """
    origins = [listing.listing_id for listing in group.former if system_of(listing.listing_id) == "lahella"]
    return all(
        system_of(member.listing_id) == "ptv" and any(_edge(member.listing_id, one) in copies for one in origins)
        for member in group.members
    )


def _would_be_one(pair: Pair, decided: Mapping[_Edge, Verdict]) -> bool:
    told = {"same-number", "same-place"} <= set(pair.because)
    return told and pair.score >= LINK and _edge(pair.one, pair.other) not in decided


def _reviews(
    live: Collection[ListingId], pairs: Iterable[Pair], decided: Mapping[_Edge, Verdict], forest: _Forest
) -> list[Pair]:
    known = set(live)
    open_pairs = [
        pair
        for pair in pairs
        if pair.one in known
        and pair.other in known
        and _edge(pair.one, pair.other) not in decided
        and forest.of(pair.one) != forest.of(pair.other)
    ]
    return sorted(open_pairs, key=lambda pair: (-pair.score, pair.one, pair.other))
