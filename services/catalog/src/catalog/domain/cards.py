"""What an answer tells and marks of an entry, kept with the index: it is of the same moment as what was searched."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import normalize

import orjson

from catalog.domain.areas import Coverage
from catalog.domain.concepts import ConceptNames, concept_keys
from catalog.domain.plain import plain
from catalog.domain.themes import Filing
from event_schemas.channel import Channel, PlaceChannel
from event_schemas.entry import EntryPublished
from event_schemas.place import Address
from event_schemas.session import Session
from event_schemas.text import LocalizedText

Texts = Sequence[tuple[str, str]]
"""Language and text, in plain words and NFC."""

_COUNTY = "county"


@dataclass(frozen=True, slots=True)
class Card:
    """Texts of an entry, and what is needed for saying where and when it is.

    `concepts` and `themes` are keys of labels, `named` and `through` those of its coverage. `sessions` are the ones not
    cancelled, as JSON; `starts` are when they begin, in seconds since 1970, ascending.
    """

    names: Texts
    bodies: Texts
    keywords: Texts
    concepts: Sequence[str]
    themes: Sequence[str]
    named: Sequence[str]
    through: Sequence[str]
    starts: Sequence[float]
    sessions: Sequence[Mapping[str, Any]]

    def texts(self, names: ConceptNames, filing: Filing) -> Iterator[tuple[str, str, str]]:
        """Everything that is searched: field, language and text."""
        yield from (("name", language, text) for language, text in self.names)
        yield from (("label", language, text) for language, text in self.labels(names, filing))
        yield from (("body", language, text) for language, text in self.bodies)

    def labels(self, names: ConceptNames, filing: Filing) -> Iterator[tuple[str, str]]:
        """Names of its classes, terms and themes, and its keywords."""
        for key in self.concepts:
            yield from _texts(names.get(key, {}))
        for code in self.themes:
            yield from filing.names.get(code, {}).items()
        yield from self.keywords

    def next_session(self, at: datetime) -> Session | None:
        """The first that is yet to begin, or begins in the minute of `at`."""
        position = bisect_left(self.starts, at.replace(second=0, microsecond=0).timestamp())
        return Session.model_validate(self.sessions[position]) if position < len(self.sessions) else None

    def packed(self) -> bytes:
        return orjson.dumps([getattr(self, name) for name in self.__slots__])

    @classmethod
    def unpacked(cls, data: bytes) -> Card:
        return cls(*orjson.loads(data))


def card_of(entry: EntryPublished, cover: Coverage) -> Card:
    sessions = sorted((one for one in entry.sessions if not one.cancelled), key=lambda one: one.start)
    return Card(
        names=[pair for texts in (entry.name, entry.alternative_name) for pair in _texts(texts)],
        bodies=[(language, plain(text)) for language, text in _bodies(entry)],
        keywords=[
            (tag, normalize("NFC", word)) for tag, said in entry.classification.keywords.items() for word in said
        ],
        concepts=sorted(concept_keys(entry.classification)),
        themes=sorted(set(theme_codes(entry))),
        named=sorted(cover.named),
        through=sorted(cover.through),
        starts=[one.start.timestamp() for one in sessions],
        sessions=[one.model_dump(mode="json", exclude_none=True) for one in sessions],
    )


def theme_codes(entry: EntryPublished) -> Iterator[str]:
    """Themes and sub-themes of the county's own list: those of other lists are no filters."""
    for placement in entry.placements:
        if placement.mapping == _COUNTY:
            yield placement.theme
            if placement.sub_theme:
                yield placement.sub_theme


def _texts(texts: LocalizedText) -> Iterable[tuple[str, str]]:
    return ((language, normalize("NFC", text.text)) for language, text in texts.items())


def _bodies(entry: EntryPublished) -> Iterator[tuple[str, str]]:
    for texts in (entry.summary, entry.description, entry.instructions, entry.provider.name):
        yield from _texts(texts)
    for channel in entry.channels:
        yield from _texts(channel.name)
        for address in _visited(channel):
            yield from _texts(address.street)


def _visited(channel: Channel) -> Iterator[Address]:
    """Addresses one can go to."""
    if isinstance(channel, PlaceChannel):
        given = (channel.address, *(place.address for place in channel.further_places))
        yield from (address for address in given if address)
