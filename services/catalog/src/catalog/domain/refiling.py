"""What other rules would change of an entry's filing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.domain.concepts import ConceptNames
from catalog.domain.entries import Content
from catalog.domain.filing import placements
from event_schemas.entry import EntryPublished, Placement

Place = tuple[str, str]
"""Mapping, and code of the sub-theme; of the theme where the mapping has no sub-themes."""


@dataclass(frozen=True, slots=True)
class Move:
    """An entry that leaves or enters some theme."""

    entry: EntryPublished
    before: frozenset[Place]
    after: tuple[Placement, ...]

    @property
    def lost(self) -> list[Place]:
        return sorted(self.before - places_of(self.after))

    @property
    def gained(self) -> list[Placement]:
        return [one for one in self.after if place_of(one) not in self.before]


def move(entry: EntryPublished, content: Content, names: ConceptNames) -> Move | None:
    """How the entry would move, as it is filed now; None where it stays."""
    before = places_of(entry.placements)
    after = placements(entry, content.filing, names, content.mappings)
    return Move(entry, before, after) if places_of(after) != before else None


def places_of(placed: Iterable[Placement]) -> frozenset[Place]:
    return frozenset(place_of(one) for one in placed)


def place_of(placement: Placement) -> Place:
    return placement.mapping, placement.sub_theme or placement.theme
