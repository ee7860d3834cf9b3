"""How likely two listings are the same service: evidence weighed, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from catalog.domain.matching.evidence import Evidence
from event_schemas.ids import ListingId

LINK = 6.5
"""From here on two descriptions of one provider in two systems are linked without a person."""

REVIEW = 2.5
"""From here on a person is asked."""

# Each is the weight of a kind of evidence, in the logarithm of odds: two that speak for it add up, and one against it
# takes back what one for it has given. Set on the half of the labelled pairs that is there to tune on.
WEIGHTS: Mapping[str, float] = {
    "same-number": 2.0,
    "other-number": -3.0,
    "same-organisation-name": 1.5,
    "other-organisation-name": -1.5,
    "same-name": 6.5,
    "nearly-same-name": 3.0,
    "similar-name": 1.5,
    "name-within-name": 2.0,
    "other-name": -3.5,
    "other-day": -4.0,
    "other-level": -3.0,
    "other-whom": -3.0,
    "other-where": -2.0,
    "other-numbers": -8.0,
    "one-names-day": -0.7,
    "one-names-level": -1.5,
    "one-names-whom": -0.7,
    "one-names-where": -3.0,
    "one-names-numbers": -0.7,
    "other-place-named": -4.0,
    "same-text": 4.0,
    "similar-text": 1.5,
    "other-text": -3.0,
    "same-place": 1.0,
    "other-place": -9.5,
    "same-contact": 1.5,
    "other-contact": -0.5,
    "same-address": 1.0,
    "other-address": -1.5,
}
_weight = WEIGHTS.__getitem__
_SHORTEST_TEXT = 25
_KINDS = {"number": "numbers", "day": "day", "level": "level", "whom": "whom", "where": "where"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings, the lesser id first; `because` are codes of `WEIGHTS`. `rule` is whether a rule may link them."""

    one: ListingId
    other: ListingId
    score: float
    because: tuple[str, ...]
    rule: bool


def scored(one: Evidence, other: Evidence) -> Pair:
    """The pair with its score; the order of the two does not matter."""
    first, second = sorted((one, other), key=lambda evidence: evidence.listing_id)
    because = [*_weighed(first, second)]
    # Texts cost most to compare: not where they could no longer bring the pair before anyone.
    if _sum(because) + WEIGHTS["same-text"] >= REVIEW:
        because += _texts(first, second)
    return Pair(first.listing_id, second.listing_id, _sum(because), tuple(because), _may_link(first, second))


def worth_asking(one: Evidence, other: Evidence) -> Pair | None:
    """The pair where a person would at least be asked about it.

    Most pairs of a city are nothing of the kind. So evidence is looked at from the cheapest on, and no further than it
    takes to see that all that is left, were it the best, could not bring the pair before anyone.
    """
    total, left = 0.0, sum(most for _, most in _CHEAPEST_FIRST) + WEIGHTS["same-text"]
    for weigh, most in _CHEAPEST_FIRST:
        left -= most
        total += sum(map(_weight, weigh(one, other)))
        if round(total + left, 3) < REVIEW:
            return None
    pair = scored(one, other)
    return pair if pair.score >= REVIEW else None


def _sum(because: Iterable[str]) -> float:
    return round(sum(WEIGHTS[code] for code in because), 3)


def _may_link(one: Evidence, other: Evidence) -> bool:
    """Never on a name alone: two systems, one valid business id, and a place in common."""
    same = bool(one.business_id) and one.business_id == other.business_id
    return same and one.system != other.system and _overlap(one, other) is True


def _weighed(one: Evidence, other: Evidence) -> Iterator[str]:
    yield from _organisations(one, other)
    yield from _names(one, other)
    yield from _telling(one, other)
    yield from _places(one, other)
    yield from _contacts(one, other)


def _organisations(one: Evidence, other: Evidence) -> Iterator[str]:
    if one.business_id and one.business_id == other.business_id:
        yield "same-number"
        return
    if one.business_id and other.business_id:
        yield "other-number"
    if one.organisation and other.organisation:
        alike = fuzz.token_sort_ratio(one.organisation, other.organisation) >= 85
        yield "same-organisation-name" if alike else "other-organisation-name"


def _names(one: Evidence, other: Evidence) -> Iterator[str]:
    shared = sorted(one.names.keys() & other.names.keys())
    if shared:
        yield max((_name(one.names[tag], other.names[tag]) for tag in shared), key=_weight)


def _name(one: str, other: str) -> str:
    if one == other:
        return "same-name"
    whole = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))
    if whole >= 90:
        return "nearly-same-name"
    if min(len(one), len(other)) >= 6 and fuzz.token_set_ratio(one, other) >= 95:
        return "name-within-name"
    return "similar-name" if whole >= 70 else "other-name"


def _telling(one: Evidence, other: Evidence) -> Iterator[str]:
    """Words by which look-alikes differ: another one speaks against, one that only one has speaks a little against."""
    if not one.names.keys() & other.names.keys():
        return
    for kind, code in _KINDS.items():
        here, there = one.telling.get(kind, frozenset()), other.telling.get(kind, frozenset())
        if here and there and not here & there:
            yield f"other-{code}"
        elif here != there:
            yield f"one-names-{code}"
    if one.places_named and other.places_named and not one.places_named & other.places_named:
        yield "other-place-named"


def _texts(one: Evidence, other: Evidence) -> Iterator[str]:
    """A copy may be shortened: what counts is whether the words of the shorter text are among those of the longer."""
    shared = [tag for tag in sorted(one.texts.keys() & other.texts.keys()) if _tells(one.texts[tag], other.texts[tag])]
    if not shared:
        return
    alike = max(fuzz.token_set_ratio(one.texts[tag], other.texts[tag]) for tag in shared)
    if alike >= 90:
        yield "same-text"
    elif alike >= 70:
        yield "similar-text"
    elif alike < 55:
        yield "other-text"


def _tells(one: str, other: str) -> bool:
    """A word or two are within any text, or in none."""
    return min(len(one), len(other)) >= _SHORTEST_TEXT


def _places(one: Evidence, other: Evidence) -> Iterator[str]:
    match _overlap(one, other):
        case True:
            yield "same-place"
        case False:
            yield "other-place"


def _overlap(one: Evidence, other: Evidence) -> bool | None:
    """None where one of them says nothing of where it is offered."""
    if not (one.nationwide or one.municipalities) or not (other.nationwide or other.municipalities):
        return None
    return one.nationwide or other.nationwide or not one.municipalities.isdisjoint(other.municipalities)


def _contacts(one: Evidence, other: Evidence) -> Iterator[str]:
    here, there = one.phones | one.contacts, other.phones | other.contacts
    if here and there:
        yield "same-contact" if here & there else "other-contact"
    if one.addresses and other.addresses:
        yield "same-address" if one.addresses & other.addresses else "other-address"


# Each with the most that it can speak for a pair.
_CHEAPEST_FIRST: tuple[tuple[Callable[[Evidence, Evidence], Iterable[str]], float], ...] = (
    (_places, WEIGHTS["same-place"]),
    (_contacts, WEIGHTS["same-contact"] + WEIGHTS["same-address"]),
    (_organisations, max(WEIGHTS["same-number"], WEIGHTS["same-organisation-name"])),
    (_names, WEIGHTS["same-name"]),
    (_telling, 0.0),
)
