"""Which listings are compared at all: those that share a key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from catalog.domain.matching.evidence import Evidence

Two = tuple[Evidence, Evidence]


def comparable(one: Evidence, other: Evidence) -> bool:
    """In two systems; in one, under organisations of one name; or under one organisation by the same name.

    For a source tells of no service twice under one organisation, unless by the same name.
    """
    return next(pairs_to_compare([one], [other]), None) is not None


def pairs_to_compare(taken: Sequence[Evidence], others: Sequence[Evidence] = ()) -> Iterator[Two]:
    """Comparable pairs among those taken, and of one taken and another, each once.

    However many listings share a key, each is met once per listing taken; listings of the same system and organisation
    are met only by their whole names.
    """
    everyone = [*taken, *others]
    holders = _holders(everyone)
    namesakes = _namesakes(everyone)
    for number, one in enumerate(taken):
        found: set[int] = set()
        for key in (*one.wanted, *one.name_keys):
            found.update(holders.get(key, ()))
        found.update(_under_namesakes(one, namesakes.get(one.namesake_key, {}), everyone))
        yield from ((one, everyone[other]) for other in sorted(found) if other > number)


def _holders(everyone: Sequence[Evidence]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(everyone):
        for key in one.keys:
            found[key].append(number)
    return found


def _namesakes(everyone: Sequence[Evidence]) -> dict[str, dict[str, list[int]]]:
    """Name of an organisation in a system → each organisation of that name → its listings."""
    found: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, one in enumerate(everyone):
        if one.namesake_key:
            found[one.namesake_key][one.source_key].append(number)
    return {name: dict(some) for name, some in found.items()}


def _under_namesakes(one: Evidence, organisations: dict[str, list[int]], everyone: Sequence[Evidence]) -> Iterator[int]:
    keys = set(one.keys)
    for source_key, numbers in organisations.items():
        if source_key != one.source_key:
            yield from (number for number in numbers if not keys.isdisjoint(everyone[number].keys))
