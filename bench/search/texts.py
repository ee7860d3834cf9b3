"""The words of an entry that every system searches, in three fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.domain.areas import coverage
from catalog.domain.cards import card_of
from catalog.domain.concepts import ConceptNames
from catalog.domain.documents import TERM_FIELDS
from catalog.domain.entries import Content
from event_schemas.entry import EntryPublished


@dataclass(frozen=True)
class Texts:
    """Of one entry, all languages together; `label` has names of classes, terms and themes."""

    key: str
    name: str
    label: str
    body: str


def texts(key: str, entry: EntryPublished, names: ConceptNames, content: Content) -> Texts:
    parts: Mapping[str, list[str]] = {where: [] for where in TERM_FIELDS}
    for where, _, text in card_of(entry, coverage(entry.areas, content.county)).texts(names, content.filing):
        parts[where].append(text)
    return Texts(key, *(_joined(parts[where]) for where in ("name", "label", "body")))


def _joined(parts: Iterable[str]) -> str:
    # A line of its own for each text, so that no phrase reaches from one into another.
    return "\n".join(dict.fromkeys(parts))
