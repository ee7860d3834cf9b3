"""An entry as the search index takes it: terms by field, and what it can be filtered by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog.domain.areas import County, Coverage, coverage
from catalog.domain.concepts import ConceptNames, concept_keys
from catalog.domain.themes import Filing, Names
from catalog.domain.words.analysis import LANGUAGES, Analyser, folded_forms, surface, telling
from catalog.domain.words.tokens import as_one, words
from event_schemas.channel import Channel, PlaceChannel
from event_schemas.entry import EntryPublished
from event_schemas.place import Address
from event_schemas.text import LocalizedText

TERM_FIELDS = ("name", "label", "body")
"""Fields with terms of whole words, most telling first.

Beside them `part` has terms inside compounds, `form` and `fold` spellings with and without diacritics, `title` names.
"""


@dataclass(frozen=True, slots=True)
class Document:
    """`terms` maps each text field to its tokens; the rest are filters."""

    entry_id: str
    terms: Mapping[str, list[str]]
    cover: Coverage
    municipalities: frozenset[str]
    themes: frozenset[str]
    audience: tuple[str, ...]
    languages: tuple[str, ...]
    sort_key: str


def document(
    entry: EntryPublished, *, names: ConceptNames, filing: Filing, county: County, analyser: Analyser
) -> Document:
    """What the index needs of an entry; labels of its classes, terms and themes count in all three languages."""
    cover = coverage(entry.areas, county)
    here = cover.municipalities & county.codes
    return Document(
        entry_id=entry.entry_id,
        terms=terms_by_field(entry, names=names, filing=filing, analyser=analyser),
        cover=cover,
        municipalities=county.codes if cover.nationwide else here,
        themes=frozenset(_theme_codes(entry)),
        audience=tuple(str(one) for one in entry.audience),
        languages=entry.languages,
        sort_key=collation_key(next((entry.name[lang].text for lang in LANGUAGES if lang in entry.name), "")),
    )


def terms_by_field(
    entry: EntryPublished, *, names: ConceptNames, filing: Filing, analyser: Analyser
) -> dict[str, list[str]]:
    """Tokens per index field."""
    texts = {
        "name": [*_texts(entry.name), *_texts(entry.alternative_name)],
        "label": list(_labels(entry, names, filing)),
        "body": list(_bodies(entry)),
    }
    found: dict[str, list[str]] = {"part": [], "form": [], "fold": []}
    found["title"] = [as_one(telling(words(text))) for _, text in texts["name"]]
    for field, given in texts.items():
        found[field] = []
        for language, text in given:
            wholes, parts = analyser.text_terms(text, language)
            forms = surface(text)
            found[field] += wholes
            found["part"] += parts
            found["form"] += forms
            found["fold"] += folded_forms([*wholes, *parts], forms)
    return found


_Texts = Iterator[tuple[str, str]]


def _texts(texts: LocalizedText) -> _Texts:
    yield from ((language, text.text) for language, text in texts.items())


def _labels(entry: EntryPublished, names: ConceptNames, filing: Filing) -> _Texts:
    for key in sorted(concept_keys(entry.classification)):
        yield from _texts(names.get(key, {}))
    for code in sorted(_theme_codes(entry)):
        yield from _names(filing.names.get(code, {}))
    for language, keywords in entry.classification.keywords.items():
        yield from ((language, keyword) for keyword in keywords)


def _bodies(entry: EntryPublished) -> _Texts:
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


def _names(names: Names) -> _Texts:
    yield from names.items()


def _theme_codes(entry: EntryPublished) -> Iterable[str]:
    for placement in entry.placements:
        yield placement.theme
        if placement.sub_theme:
            yield placement.sub_theme


def collation_key(name: str) -> str:
    """Sorts å, ä, ö after z, as Finnish and Swedish do; other diacritics don't count."""
    placed = unicodedata.normalize("NFC", name).casefold().replace("å", "{").replace("ä", "|").replace("ö", "}")
    plain = unicodedata.normalize("NFD", placed)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))[:80]
